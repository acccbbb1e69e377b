// A page whose parts follow what happens: <main data-live="address"> with
// elements [data-part=name]. Each event is a part as the server has drawn it.
import { localize } from "./moments.js";

const live = document.querySelector("[data-live]");
if (live) follow(new EventSource(live.dataset.live));

function follow(source) {
  for (const part of document.querySelectorAll("[data-part]")) {
    source.addEventListener(part.dataset.part, (event) => replace(part, event.data));
  }
}

// The focus stays where it was, if that is still there; open details too.
function replace(part, html) {
  if (part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...part.querySelectorAll("details[open][id]")].map((details) => details.id);
  part.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus();
  localize(part);
}
