// Only so many at the same time; the others wait in the order in which they came.
export class Slots {
  #free;
  #line = [];

  constructor(most) {
    this.#free = most;
  }

  // Does `work` when there is a slot for it; nothing when it is called off before.
  async use(signal, work) {
    await this.#take(signal);
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  #take(signal) {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiting = { resolve };
      this.#line.push(waiting);
      signal.addEventListener("abort", () => {
        const at = this.#line.indexOf(waiting);
        if (at < 0) return;
        this.#line.splice(at, 1);
        reject(signal.reason);
      });
    });
  }

  #give() {
    const next = this.#line.shift();
    if (next) next.resolve();
    else this.#free += 1;
  }
}
