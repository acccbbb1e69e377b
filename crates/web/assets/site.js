// Moments are told in UTC by the server; here, in the visitor's own time zone.

const language = document.documentElement.lang;
const moments = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
const days = new Intl.DateTimeFormat(language, { dateStyle: "long" });

export function localize(root) {
  for (const time of root.querySelectorAll("time[data-moment]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.getTime())) {
      time.title = time.textContent;
      time.textContent = (time.dataset.moment === "day" ? days : moments).format(moment);
      time.removeAttribute("data-moment");
    }
  }
}

localize(document);
