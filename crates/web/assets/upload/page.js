// The upload page: takes files in, shows how they fare, goes on where it was left.
import * as api from "./api.js";
import { Item } from "./item.js";
import * as kept from "./kept.js";
import { Slots } from "./slots.js";

// Files that travel at the same time.
const FILES_AT_ONCE = 2;

const form = document.getElementById("upload-form");
const input = document.getElementById("files");
const send = document.getElementById("send");
const items = new Set();

const board = {
  player: form.dataset.player,
  rules: JSON.parse(document.getElementById("clip-rules").textContent),
  template: document.getElementById("upload-item"),
  list: document.getElementById("uploads"),
  slots: new Slots(FILES_AT_ONCE),
  changed: () => {
    send.hidden = ![...items].some((item) => item.state === "ready" && !item.isBusy);
  },
  removed: (item) => {
    items.delete(item);
    board.changed();
    input.focus();
  },
};

function add(facts) {
  const item = new Item(board, facts);
  items.add(item);
  return item;
}

function take(files) {
  for (const file of files) add({ name: file.name, size: file.size, file }).check();
}

// From here on each file has a title of its own.
function prepare() {
  form.dataset.scripted = "";
  form.elements.title.disabled = true;
  if (form.elements.category) form.elements.category.disabled = true;
  input.labels[0].className = "button primary";
  input.multiple = true;
  input.required = false;
  board.changed();
}

function listen() {
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const item of items) if (!item.start()) break;
  });
  // Anywhere on the page: whoever misses the frame must not lose the page.
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.dataset.over = "";
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) delete form.dataset.over;
  });
  addEventListener("drop", (event) => {
    delete form.dataset.over;
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  addEventListener("beforeunload", (event) => {
    if ([...items].some((item) => item.isBusy)) event.preventDefault();
  });
}

// What this browser was sending, and what others have begun and not finished.
async function goOn() {
  const open = await api.list().catch(() => null);
  const elsewhere = new Map(open?.map((upload) => [upload.upload_id, upload]));
  for (const facts of await kept.keptBy(board.player)) {
    const mayBeOpen = elsewhere.delete(facts.id) || open === null;
    if (!(await kept.claim(facts.key))) continue;
    const file = await kept.keptFile(facts.key);
    if (file || mayBeOpen) add({ ...facts, file }).restore(facts);
    else kept.forget(facts.key);
  }
  for (const { upload_id: id, title, size } of elsewhere.values()) {
    add({ id, title, size }).restore({ paused: true });
  }
}

prepare();
listen();
goOn();
