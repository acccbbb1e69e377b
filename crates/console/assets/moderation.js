// Moderation by keyboard. Every key presses a button that is on the page; without
// this script the buttons do the same, and a reason is asked for on a page of its own.

const form = document.getElementById("moderate");
const rows = [...document.querySelectorAll("[data-row]")];
const dialog = document.getElementById("ask");
const keys = document.getElementById("keys");
const switched = document.getElementById("keys-on");
const OFF = "moderation-keys-off";

keys.hidden = false;
switched.checked = localStorage.getItem(OFF) === null;
switched.addEventListener("change", () => {
  if (switched.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
});

const here = () => rows.indexOf(document.activeElement?.closest("[data-row]"));

function move(step) {
  const next = Math.min(Math.max(here() + step, 0), rows.length - 1);
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: "nearest" });
}

function select() {
  const box = rows[here()]?.querySelector("input[type=checkbox]");
  if (box) box.checked = !box.checked;
}

// What is selected, or else the row that has the focus.
function press(key) {
  const button = form?.querySelector(`[data-key="${key}"]`);
  if (!button) return;
  if (!form.querySelector("input[name=video]:checked")) select();
  form.requestSubmit(button);
}

const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, dialog[open], [contenteditable]");

const ACTIONS = {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  x: select,
  a: () => press("a"),
  d: () => press("d"),
  u: () => press("u"),
  z: () => document.querySelector("[data-undo]")?.requestSubmit(),
  "?": () => {
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
  },
};

document.addEventListener("keydown", (event) => {
  const action = ACTIONS[event.key];
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (!action || modified || !switched.checked || typing(event.target)) return;
  event.preventDefault();
  action();
});

// The owner is owed a reason: ask here, before the form goes.
form?.addEventListener("submit", (event) => {
  const ruling = event.submitter?.value;
  const reason = form.elements.reason;
  if (!["unpublish", "disqualify"].includes(ruling) || reason.value.trim() || !form.querySelector("input[name=video]:checked")) return;
  event.preventDefault();
  const button = event.submitter;
  dialog.returnValue = "";
  dialog.onclose = () => {
    if (dialog.returnValue !== "go") return;
    reason.value = document.getElementById("ask-reason").value;
    form.requestSubmit(button);
  };
  dialog.showModal();
});
