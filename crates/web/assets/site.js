// Moments are told in UTC by the server; here, in the visitor's own time zone.

const told = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "long",
  timeStyle: "short",
});

export function localize(root) {
  for (const time of root.querySelectorAll("time[data-moment]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.getTime())) {
      time.title = time.textContent;
      time.textContent = told.format(moment);
      time.removeAttribute("data-moment");
    }
  }
}

localize(document);
