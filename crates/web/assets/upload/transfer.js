// One file on its way: opens the upload or finds it again, sends the parts that
// are missing, and completes it.
import * as api from "./api.js";
import { persist } from "./persist.js";
import { mediaType } from "./rules.js";

// Parts that travel at the same time.
const LANES = 3;

// The file can no longer be read: it was changed, moved or removed.
export class FileGone extends Error {}

export class Transfer {
  #file;
  #title;
  #category;
  #told;
  #signal;
  #arrived = 0;
  #onTheWay = new Map();

  // `told` hears what goes on: `begun`, `progress`, `waiting`, `finishing`.
  constructor({ file, title, category, id, told }) {
    this.#file = file;
    this.#title = title;
    this.#category = category;
    this.#told = told;
    this.id = id;
  }

  // Ends when the video is accepted.
  async run(signal) {
    this.#signal = signal;
    const upload = await this.#persist(() => this.#open());
    if (upload.status === "completed") return;
    await this.#send(upload.parts);
    this.#told.finishing();
    await this.#persist(() => this.#complete());
  }

  #persist(work) {
    return persist(work, { signal: this.#signal, waiting: (error, pause) => this.#told.waiting(error, pause) });
  }

  // What has expired begins anew: the file is here.
  async #open() {
    if (this.id) {
      try {
        return await api.show(this.id, this.#signal);
      } catch (error) {
        if (error.status !== 404) throw error;
      }
    }
    const file = { title: this.#title, category: this.#category, size: this.#file.size, content_type: mediaType(this.#file) };
    const upload = await api.begin(file, this.#signal);
    this.id = upload.upload_id;
    await this.#told.begun(this.id);
    return upload;
  }

  async #send(parts) {
    const missing = parts.filter((part) => !part.uploaded);
    this.#arrived = this.#file.size - missing.reduce((sum, part) => sum + part.size, 0);
    this.#report();
    const lane = async () => {
      for (let part = missing.shift(); part; part = missing.shift()) await this.#deliver(part);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  async #deliver(part) {
    const bytes = this.#file.slice(part.offset, part.offset + part.size);
    const progress = (sent) => {
      this.#onTheWay.set(part.number, sent);
      this.#report();
    };
    try {
      await this.#persist(async (failures) => {
        const link = failures ? await this.#freshLink(part, bytes) : part.url;
        if (link) await api.put(link, bytes, { signal: this.#signal, progress });
      });
      this.#arrived += part.size;
    } finally {
      this.#onTheWay.delete(part.number);
    }
    this.#report();
  }

  // After a failure: perhaps the link has expired, perhaps only the answer was
  // lost, perhaps it is the file that is not there.
  async #freshLink(part, bytes) {
    await bytes.slice(0, 1).arrayBuffer().catch(() => {
      throw new FileGone();
    });
    const upload = await api.show(this.id, this.#signal);
    return upload.parts?.find(({ number }) => number === part.number)?.url;
  }

  // Should a part be missing after all, it is sent before the next try.
  async #complete() {
    try {
      await api.complete(this.id, this.#signal);
    } catch (error) {
      if (error.code === "parts_missing") {
        const upload = await api.show(this.id, this.#signal);
        await this.#send(upload.parts);
        error.passing = true;
      }
      throw error;
    }
  }

  #report() {
    const sent = [...this.#onTheWay.values()].reduce((sum, bytes) => sum + bytes, this.#arrived);
    this.#told.progress(Math.min(sent, this.#file.size));
  }
}
