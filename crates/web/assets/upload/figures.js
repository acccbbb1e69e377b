// Figures as people read them.
import { language, say } from "../words.js";

const unit = (name, digits = 0) =>
  new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits });
const kilobytes = unit("kilobyte");
const megabytes = unit("megabyte", 1);
const seconds = unit("second", 1);

export const size = (bytes) => (bytes < 100_000 ? kilobytes.format(bytes / 1000) : megabytes.format(bytes / 1_000_000));
export const length = (value) => seconds.format(value);
export const count = (value) => new Intl.NumberFormat(language).format(value);
export const percent = (share) => new Intl.NumberFormat(language, { style: "percent" }).format(share);

// Roughly: nobody needs the seconds of an hour.
export function timeLeft(value) {
  if (!Number.isFinite(value)) return say("upload-left-unknown");
  if (value < 5) return say("upload-left-moment");
  if (value < 90) return say("upload-left", { time: unit("second").format(Math.ceil(value / 5) * 5) });
  if (value < 5400) return say("upload-left", { time: unit("minute").format(Math.round(value / 60)) });
  return say("upload-left", { time: unit("hour", 1).format(value / 3600) });
}

// How fast bytes go, by the last few seconds.
export class Pace {
  static #SPAN_MS = 8000;
  #seen = [];

  note(bytes, now = performance.now()) {
    this.#seen.push({ bytes, now });
    while (this.#seen.length > 2 && now - this.#seen[0].now > Pace.#SPAN_MS) this.#seen.shift();
  }

  // Seconds until `bytes` more have gone.
  until(bytes) {
    const [first, last] = [this.#seen.at(0), this.#seen.at(-1)];
    const moved = (last?.bytes ?? 0) - (first?.bytes ?? 0);
    return moved > 0 ? (bytes * (last.now - first.now)) / 1000 / moved : Infinity;
  }
}
