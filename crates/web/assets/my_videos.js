// Keeps the list up to date while somebody looks at it, and asks before a video is
// deleted without leaving the page.
import { localize } from "./site.js";
import { say } from "./words.js";

const list = document.querySelector("#my-videos[data-source]");
const news = document.getElementById("my-videos-news");
const dialog = document.getElementById("confirm");
const UNFINISHED = ['[data-status="pending"]', '[data-status="processing"]', '[data-status="completed"][data-visibility="awaiting"]'];

let stream = null;

const row = (id) => document.getElementById(`video-${id}`);

// What has changed but little is changed in place; the rest comes from the server,
// as it would after a reload.
function tell({ video_id: id, status, progress, place_in_line: place, visibility: seen }) {
  const item = row(id);
  if (!item || item.dataset.status !== status || (seen && item.dataset.visibility !== seen)) return refresh(id);
  const bar = item.querySelector("progress");
  if (bar) {
    bar.value = progress;
    item.querySelector("[data-part='percent']").textContent = `${progress} %`;
  }
  const line = item.querySelector("[data-part='place']");
  if (line && place) line.textContent = place === 1 ? say("my-videos-next") : say("my-videos-place", { place });
}

// One at a time: events that come together are answered by one page.
let refreshing = null;
function refresh(id) {
  refreshing ??= fetch(location.href, { headers: { Accept: "text/html" } })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject(new Error(answer.status))))
    .then((html) => replace(new DOMParser().parseFromString(html, "text/html")))
    .catch(() => {})
    .finally(() => (refreshing = null));
  refreshing.then(() => announce(id));
}

function replace(page) {
  const fresh = page.querySelector("#my-videos[data-source]");
  if (!fresh) return location.reload();
  const focused = document.activeElement?.closest("#my-videos") ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(...fresh.children);
  localize(list);
  if (focused) list.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  listen();
}

function announce(id) {
  const item = row(id);
  if (!item) return;
  const title = item.querySelector("h2").textContent;
  news.textContent = say("my-videos-news", { title, status: item.querySelector(".badge").textContent });
}

// One stream for all videos, and none when nothing more is to come or nobody looks.
function listen() {
  const isWaiting = list.querySelector(UNFINISHED.join());
  if (isWaiting && document.visibilityState === "visible") {
    if (stream) return;
    stream = new EventSource(list.dataset.source);
    stream.addEventListener("status", (event) => tell(JSON.parse(event.data)));
  } else {
    stream?.close();
    stream = null;
  }
}

if (list) {
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  listen();

  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-delete]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.querySelector("[data-part='title']").textContent = link.dataset.delete;
    dialog.querySelector("form").action = link.href;
    dialog.showModal();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}
