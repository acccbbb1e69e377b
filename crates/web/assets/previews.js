// Three silent seconds of a play, once, where pointer or focus rests on its
// card. Not for who wants no motion, nor for who saves data.

class Preview {
  // Who merely passes by does not load it.
  static PATIENCE_MS = 150;

  constructor(screen) {
    this.screen = screen;
  }

  begin() {
    this.end();
    this.waiting = setTimeout(() => this.play(), Preview.PATIENCE_MS);
  }

  play() {
    const video = Object.assign(document.createElement("video"), {
      src: this.screen.dataset.preview,
      muted: true,
      playsInline: true,
    });
    video.setAttribute("aria-hidden", "true");
    video.addEventListener("playing", () => this.screen.classList.add("playing"));
    video.addEventListener("ended", () => this.end());
    this.video = video;
    this.screen.append(video);
    // Left before it has begun, or no longer there: the picture stays.
    video.play().catch(() => video === this.video && this.end());
  }

  end() {
    clearTimeout(this.waiting);
    this.screen.classList.remove("playing");
    this.video?.remove();
    this.video = undefined;
  }
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const spare = () => calm.matches || navigator.connection?.saveData;

for (const card of document.querySelectorAll(".card:has([data-preview])")) {
  const preview = new Preview(card.querySelector("[data-preview]"));
  const begin = () => spare() || preview.begin();
  card.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && begin());
  card.addEventListener("pointerleave", () => preview.end());
  card.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && begin());
  card.addEventListener("focusout", () => preview.end());
}
