// One file in the list: what is known of it, how far it is, what can be done.
import { say } from "../words.js";
import * as api from "./api.js";
import * as figures from "./figures.js";
import * as kept from "./kept.js";
import { judgeFile, judgePicture, measure } from "./rules.js";
import { FileGone, Transfer } from "./transfer.js";

// Which buttons there are in which state.
const ACTIONS = {
  checking: ["cancel"],
  ready: ["cancel"],
  sending: ["pause", "cancel"],
  offline: ["retry", "pause", "cancel"],
  paused: ["resume", "cancel"],
  refused: ["cancel"],
  done: [],
};

// Refusals that another try cannot change.
const FINAL = ["category", "empty_file", "invalid_title", "not_a_video", "submissions_closed", "too_large", "validation_failed"];

const DRAW_MS = 250;

export class Item {
  #board;
  #controller = null;
  #pace = new figures.Pace();
  #sent = 0;
  #drawn = 0;

  constructor(board, { key = `${Date.now()}-${Math.random()}`, id, title, category, name, size, file = null }) {
    this.#board = board;
    Object.assign(this, { key, id, title, category, name, size, file });
    this.element = board.template.content.firstElementChild.cloneNode(true);
    this.element.dataset.upload = key;
    this.#label();
    for (const button of this.element.querySelectorAll("[data-action]")) {
      button.addEventListener("click", () => this[button.dataset.action]());
    }
    this.#part("again").addEventListener("change", (event) => this.#chosenAgain(event.target));
    board.list.append(this.element);
  }

  get state() {
    return this.element.dataset.state;
  }

  // Whether leaving the page would interrupt it.
  get isBusy() {
    return this.#controller !== null;
  }

  async check() {
    this.#show("checking", say("upload-checking"));
    let fault = judgeFile(this.file, this.#board.rules);
    const picture = fault ? null : await measure(this.file);
    if (picture) this.#describe(picture);
    fault ??= picture && judgePicture(picture, this.#board.rules);
    if (fault) return this.#turnDown(broken(fault));
    this.#show("ready", picture ? say("upload-ready") : say("upload-unmeasured"));
  }

  // Sends what has been checked, if it has a title. Whether it has.
  start() {
    const field = this.#part("title");
    if (this.state !== "ready" || this.isBusy) return true;
    this.title = field.value.trim();
    field.setCustomValidity(this.title ? "" : say("upload-title-missing"));
    const category = this.#part("category");
    this.category = category?.value;
    category?.setCustomValidity(this.category ? "" : say("upload-category-missing"));
    if (!field.reportValidity() || (category && !category.reportValidity())) return false;
    kept.keepFile(this.key, this.file);
    this.#send();
    return true;
  }

  // Goes on after a reload.
  restore({ paused }) {
    this.#settleTitle();
    if (!this.file) this.#askForFile(this.name ? say("upload-same-file", { name: this.name }) : this.#ofOtherBrowser());
    else if (paused) this.#show("paused", say("upload-paused"));
    else this.#send();
  }

  // Nobody here knows what the file is called.
  #ofOtherBrowser() {
    return say("upload-elsewhere", { title: this.title, size: figures.size(this.size) });
  }

  pause() {
    this.#controller?.abort();
    this.#keep(true);
    this.#show("paused", say("upload-paused"));
  }

  resume() {
    this.#send();
  }

  retry() {
    this.#controller?.abort();
    this.#send();
  }

  async cancel() {
    this.#controller?.abort();
    this.element.remove();
    this.#board.removed(this);
    if (this.id) await api.giveUp(this.id).catch(() => {});
    await kept.forget(this.key);
  }

  async #send() {
    const controller = new AbortController();
    const { signal } = controller;
    this.#controller = controller;
    kept.claim(this.key);
    this.#settleTitle();
    this.#keep(false);
    this.#show("ready", say("upload-waiting"));
    try {
      await this.#board.slots.use(signal, () => {
        this.#sending();
        return this.#transfer(signal).run(signal);
      });
      this.#finish();
    } catch (error) {
      // Whoever has called it off has said so.
      if (!signal.aborted) this.#fail(error);
    } finally {
      // Ends what else is under way.
      controller.abort();
      if (this.#controller === controller) this.#controller = null;
    }
  }

  #transfer(signal) {
    const { file, title, category, id } = this;
    const unless = (act) => (...args) => signal.aborted || act(...args);
    const begun = (newId) => {
      this.id = newId;
      return this.#keep(false);
    };
    const told = {
      begun,
      progress: unless((sent) => this.#progress(sent)),
      waiting: unless((error, pause) => this.#waiting(error, pause)),
      finishing: unless(() => this.#show("sending", say("upload-finishing"))),
    };
    return new Transfer({ file, title, category, id, told });
  }

  #sending() {
    this.#pace = new figures.Pace();
    this.#show("sending", say("upload-sending"));
  }

  #progress(sent) {
    const moved = sent > this.#sent;
    this.#sent = sent;
    this.#pace.note(sent);
    if (moved && this.state === "offline") this.#sending();
    if (sent === this.size || performance.now() - this.#drawn > DRAW_MS) this.#draw();
  }

  #waiting(error, pause) {
    const seconds = figures.count(Math.ceil(pause / 1000));
    const id = error instanceof api.Unreachable ? "upload-offline" : "upload-busy";
    this.#show("offline", say(id, { seconds }));
  }

  #finish() {
    this.#sent = this.size;
    this.#show("done", say("upload-done"));
    kept.forget(this.key);
  }

  #fail(error) {
    if (error instanceof FileGone) {
      this.file = null;
      return this.#askForFile(say("upload-file-gone", { name: this.name ?? this.title }));
    }
    if (error.status === 401) {
      this.#show("paused", "", say("upload-session-over"));
      this.#part("sign-in").hidden = false;
      return;
    }
    if (error.code === "upload_not_found" || error.code === "upload_expired") this.id = undefined;
    this.#show("refused", "", error.detail ?? say("upload-trouble"));
    if (FINAL.includes(error.code)) kept.forget(this.key);
    else this.#button("retry").hidden = false;
  }

  // Nothing to give a title to.
  #turnDown(reason) {
    this.#hideFields();
    this.#show("refused", "", reason);
  }

  #askForFile(message) {
    this.#show("paused", message);
    this.#button("resume").hidden = true;
    this.#part("choose").hidden = false;
  }

  #chosenAgain(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (file.size !== this.size || (this.name && file.name !== this.name)) {
      this.#part("error").textContent = say("upload-other-file", { size: figures.size(this.size) });
      return;
    }
    this.file = file;
    this.name = file.name;
    kept.keepFile(this.key, file);
    this.#send();
  }

  #keep(paused) {
    const { key, id, title, category, name, size } = this;
    return kept.keepFacts({ key, id, title, category, name, size, paused, player: this.#board.player });
  }

  #show(state, message, error = "") {
    const active = this.element.contains(document.activeElement) ? document.activeElement : null;
    this.element.dataset.state = state;
    for (const button of this.element.querySelectorAll("[data-action]")) {
      button.hidden = !ACTIONS[state].includes(button.dataset.action);
    }
    this.#part("choose").hidden = true;
    this.#part("sign-in").hidden = true;
    this.#part("mine").hidden = state !== "done";
    this.#part("status").textContent = message;
    this.#part("error").textContent = error;
    this.#draw();
    // A button that goes away under the finger leaves its place to the next.
    if (active && !active.checkVisibility?.()) this.element.querySelector("button:not([hidden])")?.focus();
    this.#board.changed();
  }

  #draw() {
    this.#drawn = performance.now();
    const isOnTheWay = ["sending", "offline", "paused"].includes(this.state) && this.#sent > 0;
    const progress = this.#part("progress");
    progress.hidden = !isOnTheWay;
    progress.max = this.size || 1;
    progress.value = this.#sent;
    this.#part("figures").textContent = isOnTheWay ? this.#figures() : "";
  }

  #figures() {
    const left = this.size - this.#sent;
    const parts = [
      figures.percent(Math.floor((100 * this.#sent) / this.size) / 100),
      say("upload-bytes", { sent: figures.size(this.#sent), total: figures.size(this.size) }),
    ];
    if (this.state === "sending" && left > 0) parts.push(figures.timeLeft(this.#pace.until(left)));
    return parts.join(" · ");
  }

  #label() {
    this.title ??= titleOf(this.name);
    this.#part("facts").textContent = figures.size(this.size);
    const field = this.#part("title");
    field.value = this.title;
    field.addEventListener("input", () => field.setCustomValidity(""));
    const name = this.#part("name");
    name.textContent = this.name ?? this.title;
    name.id = `name-${this.key}`;
    field.id = `title-${this.key}`;
    this.#part("title-label").htmlFor = field.id;
    const category = this.#part("category");
    if (category) {
      category.id = `category-${this.key}`;
      category.addEventListener("input", () => category.setCustomValidity(""));
      this.#part("category-label").htmlFor = category.id;
    }
    this.#part("progress").setAttribute("aria-labelledby", name.id);
    for (const button of this.element.querySelectorAll("button")) {
      button.setAttribute("aria-describedby", name.id);
    }
  }

  #describe({ duration, width, height }) {
    const facts = [figures.size(this.size), figures.length(duration), `${width} × ${height}`];
    this.#part("facts").textContent = facts.join(" · ");
  }

  // Once it is on its way its title is what it is.
  #settleTitle() {
    this.#hideFields();
    this.#part("name").textContent = this.title;
  }

  #hideFields() {
    this.#part("title-field").hidden = true;
    const category = this.#part("category-field");
    if (category) category.hidden = true;
  }

  #part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  #button(action) {
    return this.element.querySelector(`[data-action="${action}"]`);
  }
}

// "VID_2026-final.mp4" → "VID 2026-final"
function titleOf(name) {
  const title = name.replace(/\.[^.]*$/, "").replace(/[_\s]+/g, " ").trim();
  return [...title].slice(0, 120).join("");
}

function broken({ code, actual, limit }) {
  const figure = { size: figures.size, short: figures.length, long: figures.length }[code] ?? figures.count;
  const values = actual === undefined ? {} : { actual: figure(actual), limit: figure(limit) };
  return say(`upload-broken-${code}`, values);
}
