"""A release server on a data folder of its own, and a client for it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from client import Client

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "target" / "release" / "anb-video"
PAGE = os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server(Client):
    """`anb-video run` or `web`, from start to SIGTERM. The time until
    `/health` answers is `started_ms`."""

    def __init__(self, folder: Path, command: str = "run"):
        super().__init__(free_port())
        self.folder, self.command = folder, command

    def __enter__(self) -> Server:
        if not OURS.exists():
            sys.exit("build it first: cargo build --release --package anb-video (script/bench does)")
        command = [
            OURS, self.command, "--listen", f"127.0.0.1:{self.port}", "--data-dir", self.folder / "data",
            "--set", "console.listen=127.0.0.1:0", "--set", "web.uploads_per_minute=100000",
        ]
        with open(self.folder / "server.log", "ab") as log:
            began = time.monotonic()
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while not self.healthy():
            if self.process.poll() is not None or time.monotonic() - began > 30:
                sys.exit(f"the server does not start:\n{(self.folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.001)
        self.started_ms = (time.monotonic() - began) * 1000
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait(30)

    def resident_mb(self) -> float:
        """Resident memory of the server itself, its ffmpegs not counted."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE / 1e6

    def attempts(self, video: str) -> list[dict]:
        shown = subprocess.run(
            [OURS, "admin", "video", "show", video, "--json", "--data-dir", self.folder / "data"],
            check=True, capture_output=True, text=True,
        )
        return json.loads(shown.stdout)["attempts"]
