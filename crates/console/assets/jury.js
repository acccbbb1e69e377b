// Keeps what a juror marks as soon as it is marked: one write after the other,
// so that an older one never comes last. Without this script, the buttons do.

const form = document.querySelector("#sheet");
const saved = document.querySelector("#saved");
const words = JSON.parse(form.dataset.words);
const PAUSE_MS = 600;
const AGAIN_MS = 5000;

let timer = null;
let changed = false;
let writing = null;

const say = (id) => {
  saved.textContent = words[id].replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang));
};

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(keep, pause);
}

async function write() {
  changed = false;
  const body = new URLSearchParams(new FormData(form));
  body.set("intent", "keep");
  body.set("auto", "yes");
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.status === 204) return say("jury-saved");
    changed = true;
    if (answer.type === "opaqueredirect") return say("jury-signed-out");
    say("jury-unsaved");
    if (answer.status >= 500) later(AGAIN_MS);
  } catch {
    changed = true;
    say("jury-unsaved");
    later(AGAIN_MS);
  }
}

async function keep() {
  if (writing) await writing;
  if (!changed) return;
  writing = write();
  await writing;
  writing = null;
}

form.addEventListener("input", (event) => {
  changed = true;
  later(event.target.type === "radio" ? 0 : PAUSE_MS);
});

// A button comes after what is on its way.
form.addEventListener("submit", async (event) => {
  clearTimeout(timer);
  if (!writing) {
    changed = false;
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  await writing;
  changed = false;
  form.requestSubmit(button);
});

addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
