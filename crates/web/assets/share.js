// Ways to pass a link on, where the browser has them. The link itself is there
// to be copied by hand.

const share = document.querySelector("[data-share]");
const { share: url, title, copied } = share.dataset;

function offer(way, possible, act) {
  const button = share.querySelector(way);
  button.hidden = !possible;
  button.addEventListener("click", act);
}

const link = share.querySelector("input");
link.addEventListener("focus", () => link.select());

offer("[data-copy]", navigator.clipboard, async () => {
  try {
    await navigator.clipboard.writeText(url);
    share.querySelector("[data-said]").textContent = copied;
  } catch {
    // Not allowed here: it is ready to be copied by hand.
    link.focus();
  }
});

// To close the system's dialogue is an answer too.
offer("[data-native]", navigator.share, () => navigator.share({ title, url }).catch(() => {}));
