// Has the clip made in place, tells how far it is, and plays it. Without this,
// the link leads to the clip itself.

const link = document.querySelector("#clip");
const place = document.querySelector("#clip-place");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function make() {
  const [status, progress, video] = ["[role=status]", "progress", "video"].map((part) => place.querySelector(part));
  place.hidden = false;
  status.textContent = status.dataset.wait;
  progress.hidden = false;
  video.hidden = true;
  try {
    let answer = await fetch(link.href);
    while (answer.status === 202) {
      progress.value = Number(answer.headers.get("x-percent"));
      await pause(1000);
      answer = await fetch(link.href);
    }
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(answer.status);
    status.textContent = "";
    video.src = link.href;
    video.hidden = false;
    video.play().catch(() => {});
  } catch {
    status.textContent = status.dataset.failed;
  }
  progress.hidden = true;
}

link?.addEventListener("click", (event) => {
  event.preventDefault();
  if (link.getAttribute("aria-disabled") === "true") return;
  link.setAttribute("aria-disabled", "true");
  make().finally(() => link.removeAttribute("aria-disabled"));
});
