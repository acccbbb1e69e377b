// The part uploads of the API.
import { language } from "../words.js";

// Joining a file takes storage a while; nobody is waited for longer than this.
const PATIENCE_MS = 120_000;

// The server, or storage, has said no.
export class Refusal extends Error {
  constructor(status, { code, detail } = {}, retryAfter = 0, passing = [408, 429].includes(status) || status >= 500) {
    super(detail ?? `status ${status}`);
    Object.assign(this, { status, code, detail, retryAfter, passing });
  }
}

// Nobody has answered.
export class Unreachable extends Error {}

async function ask(method, path, { body, signal, keepalive } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": language };
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal: within(signal), keepalive });
  } catch (error) {
    throw signal?.aborted ? error : new Unreachable();
  }
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => null);
  if (answer.ok && said) return said;
  if (answer.ok) throw new Unreachable();
  throw new Refusal(answer.status, said ?? {}, Number(answer.headers.get("Retry-After")) || 0);
}

function within(signal) {
  const late = AbortSignal.timeout(PATIENCE_MS);
  return signal ? (AbortSignal.any?.([signal, late]) ?? signal) : late;
}

export const begin = (file, signal) => ask("POST", "/api/uploads", { body: file, signal });
export const list = () => ask("GET", "/api/uploads");
export const show = (id, signal) => ask("GET", `/api/uploads/${id}`, { signal });
export const complete = (id, signal) => ask("POST", `/api/uploads/${id}/complete`, { signal });
// Also on the way out.
export const giveUp = (id) => ask("DELETE", `/api/uploads/${id}`, { keepalive: true });

// A link that leads to ourselves does so under whichever name this page has.
const own = document.querySelector("#upload-form")?.dataset.origin;
const near = (link) => (link.startsWith(`${own}/`) ? link.slice(own.length) : link);

// Longer than this without a byte moving, and the connection counts as lost.
const STALLED_MS = 30_000;

// Sends a part to its link, which may lead to storage elsewhere. (XMLHttpRequest
// tells how far it is; fetch does not.)
export function put(link, bytes, { signal, progress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let watchdog;
    const lost = () => request.abort();
    const stir = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(lost, STALLED_MS);
    };
    const settle = (act, value) => {
      clearTimeout(watchdog);
      signal.removeEventListener("abort", lost);
      removeEventListener("offline", lost);
      act(value);
    };
    request.upload.onprogress = (event) => {
      stir();
      progress(event.loaded);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return settle(resolve);
      const wait = Number(request.getResponseHeader("Retry-After")) || 0;
      // The link may have expired: another one may do.
      settle(reject, new Refusal(request.status, {}, wait, true));
    };
    request.onerror = () => settle(reject, new Unreachable());
    request.onabort = () => settle(reject, signal.aborted ? signal.reason : new Unreachable());
    signal.addEventListener("abort", lost);
    addEventListener("offline", lost);
    request.open("PUT", near(link));
    stir();
    request.send(bytes);
  });
}
