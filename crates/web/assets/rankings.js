// Keeps the ranking up to date while somebody looks at it.

const PAUSE = 20_000;
const LONGEST_PAUSE = 300_000;

const ranking = document.querySelector("#ranking");
const news = document.querySelector("#ranking-news");
let tag = ranking.dataset.tag;
let failures = 0;
let asked = Date.now();
let timer;

// A thousand pages that were opened together do not ask together.
function pause() {
  const wait = Math.min(PAUSE * 2 ** failures, LONGEST_PAUSE);
  return wait * (0.8 + 0.4 * Math.random());
}

// Nobody asks for what nobody sees, or for what does not change any more.
function schedule(wait = pause()) {
  clearTimeout(timer);
  const final = ranking.firstElementChild.dataset.standing === "final";
  if (!final && document.visibilityState === "visible") timer = setTimeout(ask, wait);
}

async function ask() {
  asked = Date.now();
  try {
    const headers = { "If-None-Match": tag };
    const answer = await fetch(ranking.dataset.source, { headers, signal: AbortSignal.timeout(15_000) });
    if (answer.status === 200) {
      show(await answer.text());
      tag = answer.headers.get("ETag") ?? "";
    } else if (answer.status !== 304) {
      throw new Error(`the server answers ${answer.status}`);
    }
    failures = 0;
    tellTime();
  } catch {
    failures += 1;
  }
  schedule();
}

function show(html) {
  const before = new Map(rows().map((row) => [row.dataset.player, row.dataset.votes]));
  const said = ranking.firstElementChild.dataset.news;
  const focused = ranking.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;

  ranking.innerHTML = html;

  for (const row of rows()) {
    if (before.get(row.dataset.player) !== row.dataset.votes) row.classList.add("changed");
  }
  if (focused) ranking.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  const saying = ranking.firstElementChild.dataset.news;
  if (saying !== said) news.textContent = saying;
}

function rows() {
  return [...ranking.querySelectorAll("tr[data-player]")];
}

function tellTime() {
  const updated = ranking.querySelector(".updated");
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  updated.textContent = ranking.dataset.updated.replace("{time}", time);
  updated.hidden = false;
}

document.addEventListener("visibilitychange", () => schedule(Math.max(0, asked + PAUSE - Date.now())));

schedule();
