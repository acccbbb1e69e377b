// Without this script the browser's own controls lie over each picture.
for (const video of document.querySelectorAll(".screen video")) {
  const play = document.createElement("button");
  play.className = "play";
  play.type = "button";
  play.setAttribute("aria-label", "▶ " + video.getAttribute("aria-label"));
  play.addEventListener("click", () => {
    play.remove();
    video.controls = true;
    video.focus();
    video.play();
  });
  video.controls = false;
  video.after(play);
  video.addEventListener("play", () => {
    for (const other of document.querySelectorAll(".screen video")) if (other !== video) other.pause();
  });
}
