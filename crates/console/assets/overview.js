// Keeps the overview up to date: the server sends the pieces of the page that
// have changed. Whoever reads a table or has moved to a link by keyboard is not
// disturbed: what is open stays open, what has the focus keeps it.

const RETRY_MS = 10_000;
const CONTROLS = "a, summary, [tabindex]";

const root = document.querySelector("[data-events]");

function swap(element, html) {
  const open = [...element.querySelectorAll("details[open]")].map((details) => details.id);
  const scrolled = [...element.querySelectorAll(".scroll")].map(({ scrollTop, scrollLeft }) => [scrollLeft, scrollTop]);
  const focused = [...element.querySelectorAll(CONTROLS)].indexOf(document.activeElement);
  const made = document.createElement("template");
  made.innerHTML = html;
  for (const details of made.content.querySelectorAll("details")) {
    details.open = open.includes(details.id);
  }
  element.replaceChildren(made.content);
  [...element.querySelectorAll(".scroll")].forEach((box, at) => scrolled[at] && box.scrollTo(...scrolled[at]));
  if (focused >= 0) {
    element.querySelectorAll(CONTROLS)[focused]?.focus({ preventScroll: true });
  }
}

function update({ data }) {
  for (const [id, html] of Object.entries(JSON.parse(data))) {
    const element = document.getElementById(id);
    if (element) swap(element, html);
  }
}

// The stream was refused: the session has ended, or nobody is there to answer.
async function again() {
  const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (page?.type === "opaqueredirect") location.reload();
  else setTimeout(listen, RETRY_MS);
}

function listen() {
  const events = new EventSource(root.dataset.events);
  events.addEventListener("overview", update);
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) again();
  });
}

if (root) listen();
