"""A release server on a data folder of its own, and a client for it."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "target" / "release" / "anb-video"
PAGE = os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`anb-video run` or `web`, from start to SIGTERM. The time until
    `/health` answers is `started_ms`."""

    def __init__(self, folder: Path, command: str = "run"):
        self.folder, self.command, self.port = folder, command, free_port()

    def __enter__(self) -> Server:
        if not OURS.exists():
            sys.exit("build it first: cargo build --release --package anb-video (script/bench does)")
        command = [OURS, self.command, "--listen", f"127.0.0.1:{self.port}", "--data-dir", self.folder / "data"]
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

    def healthy(self) -> bool:
        try:
            return self.ask("GET", "/health", timeout=5)[0] == 200
        except OSError:
            return False

    def resident_mb(self) -> float:
        """Resident memory of the server itself, its ffmpegs not counted."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE / 1e6

    def ask(self, method: str, path: str, body=None, token: str | None = None, headers=(), timeout: float = 120):
        """Status and JSON of an answer, and the wall clock when its last byte had come."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = dict(headers)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if isinstance(body, dict):
            body, headers["Content-Type"] = json.dumps(body), "application/json"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None, time.time()
        finally:
            connection.close()

    def player(self) -> str:
        """Signs somebody up; returns the access token."""
        email, password = f"{secrets.token_hex(6)}@example.com", secrets.token_hex(12)
        profile = {
            "first_name": "Ana", "last_name": "Gómez", "email": email, "city": "Bogotá", "country": "Colombia",
            "password1": password, "password2": password,
        }
        expect(201, self.ask("POST", "/api/auth/signup", profile))
        return expect(200, self.ask("POST", "/api/auth/login", {"email": email, "password": password}))["access_token"]

    def upload(self, clip: Path, token: str) -> tuple[str, float]:
        """The new video's id, and when the answer had come."""
        with Form(clip) as form:
            answer = self.ask("POST", "/api/videos/upload", form, token, form.headers)
        return expect(201, answer)["video_id"], answer[2]

    def status(self, video: str, token: str) -> str:
        return expect(200, self.ask("GET", f"/api/videos/{video}", token=token))["status"]

    def attempts(self, video: str) -> list[dict]:
        shown = subprocess.run(
            [OURS, "admin", "video", "show", video, "--json", "--data-dir", self.folder / "data"],
            check=True, capture_output=True, text=True,
        )
        return json.loads(shown.stdout)["attempts"]


class Form:
    """An upload form, read from disk as it is sent."""

    def __init__(self, clip: Path):
        mark = secrets.token_hex(16)
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="title"\r\n\r\nBench\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="video_file"; filename="clip.mp4"\r\n'
            "Content-Type: video/mp4\r\n\r\n"
        ).encode()
        tail = f"\r\n--{mark}--\r\n".encode()
        self.clip, self.pieces = clip, [head, tail]
        self.headers = {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Content-Length": str(len(head) + clip.stat().st_size + len(tail)),
        }

    def __enter__(self) -> Form:
        self.file = open(self.clip, "rb")
        return self

    def __exit__(self, *_) -> None:
        self.file.close()

    def __iter__(self):
        yield self.pieces[0]
        while piece := self.file.read(256 * 1024):
            yield piece
        yield self.pieces[1]


def expect(status: int, answer: tuple) -> dict:
    if answer[0] != status:
        sys.exit(f"expected {status}, got {answer[0]}: {answer[1]}")
    return answer[1]
