// `<time datetime="…" data-moment>`: the moment to the second, in the reader's
// own time zone. Pages that receive new rows localize them too.

const moments = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "short",
  timeStyle: "medium",
});

export function localize(root) {
  for (const time of root.querySelectorAll("time[data-moment]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.getTime())) {
      time.title = time.textContent;
      time.textContent = moments.format(moment);
      time.removeAttribute("data-moment");
    }
  }
}
