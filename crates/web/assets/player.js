// A link to a video is good for a while only. Whoever comes back to an open
// page after that gets a fresh one, and goes on where they were.

const player = document.querySelector("video[data-refresh]");

player?.addEventListener("error", async () => {
  const { currentTime, paused } = player;
  const answer = await fetch(player.dataset.refresh);
  if (!answer.ok) return;
  player.src = (await answer.json()).processed_url;
  player.currentTime = currentTime;
  if (!paused) await player.play();
}, { once: true });
