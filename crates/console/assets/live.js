// A page whose parts follow what happens: an element [data-live=address], and
// elements [data-part=name]. Each event is a part as the server has drawn it.
// Whoever reads a table or has moved to a link by keyboard is not disturbed: what
// is open stays open, what has the focus keeps it.
import { localize } from "./moments.js";

const RETRY_MS = 10_000;
const TYPED = "input, textarea, select";
const CONTROLS = "a, button, summary, [tabindex]";

const live = document.querySelector("[data-live]");
if (live) listen();

function listen() {
  const events = new EventSource(live.dataset.live);
  for (const part of document.querySelectorAll("[data-part]")) {
    events.addEventListener(part.dataset.part, ({ data }) => replace(part, data));
  }
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) again();
  });
}

// The stream was refused: the session has ended, or nobody is there to answer.
async function again() {
  const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (page?.type === "opaqueredirect") location.reload();
  else setTimeout(listen, RETRY_MS);
}

function replace(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  if (focused?.matches(TYPED)) return;
  const at = [...part.querySelectorAll(CONTROLS)].indexOf(focused);
  const open = [...part.querySelectorAll("details[open][id]")].map(({ id }) => id);
  const scrolled = [...part.querySelectorAll(".scroll")].map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]);
  part.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  [...part.querySelectorAll(".scroll")].forEach((box, nth) => scrolled[nth] && box.scrollTo(...scrolled[nth]));
  focusAgain(part, focused?.id, at);
  localize(part);
}

// By name where there is one: rows come and go above it.
function focusAgain(part, id, at) {
  const again = id ? document.getElementById(id) : part.querySelectorAll(CONTROLS)[at];
  again?.focus({ preventScroll: true });
}
