// Tries again what may succeed another time, ever less often.
import { Refusal, Unreachable } from "./api.js";

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
// So often somebody who answers may say no. Silence is waited out.
const MOST_REFUSALS = 8;

// Does `work` until it is done, or cannot be. `waiting` is told why and for how
// long before each pause.
export async function persist(work, { signal, waiting }) {
  let refusals = 0;
  for (let failures = 0; ; failures++) {
    try {
      return await work(failures);
    } catch (error) {
      if (signal.aborted || !passes(error)) throw error;
      if (error instanceof Refusal && ++refusals >= MOST_REFUSALS) throw error;
      const pause = Math.max(backOff(failures), (error.retryAfter ?? 0) * 1000);
      waiting(error, pause);
      await rest(pause, signal);
    }
  }
}

const passes = (error) => error instanceof Unreachable || (error instanceof Refusal && error.passing);

// Spread, so that those who were cut off together do not return together.
function backOff(failures) {
  return Math.min(FIRST_MS * 2 ** failures, LONGEST_MS) * (0.75 + Math.random() / 2);
}

// Ends early when the connection is back.
function rest(pause, signal) {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, pause);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}
