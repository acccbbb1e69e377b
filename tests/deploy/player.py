"""A clip's way through a running platform, as its player sees it."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from pathlib import Path

from client import Client, tiny_clip

PROCESSING_LIMIT_S = 120


def publish(port: int, folder: Path, worker_log: Path) -> str:
    """Uploads a clip, waits for its result and fetches it: codec, width, height."""
    client = Client(port)
    token = client.player()
    video, _ = client.upload(tiny_clip(folder), token)
    deadline = time.monotonic() + PROCESSING_LIMIT_S
    while (status := client.status(video, token)) in ("pending", "processing"):
        assert time.monotonic() < deadline, worker_log.read_text()[-3000:]
        time.sleep(0.5)
    assert status == "completed", worker_log.read_text()[-3000:]
    _, told, _ = client.ask("GET", f"/api/videos/{video}", token=token)
    result = folder / "result.mp4"
    with urllib.request.urlopen(told["processed_url"]) as answer:
        result.write_bytes(answer.read())
    return probe(result)


def probe(clip: Path) -> str:
    entries = ["-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0"]
    command = ["ffprobe", "-v", "error", "-select_streams", "v", *entries, clip]
    probed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return probed.stdout.strip()
