"""A player's side of the API, and what players send."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path


class Client:
    """Asks the server on `port` of this machine."""

    def __init__(self, port: int):
        self.port = port

    def healthy(self) -> bool:
        try:
            return self.ask("GET", "/health", timeout=5)[0] == 200
        except OSError:
            return False

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


def tiny_clip(folder: Path) -> Path:
    clip = folder / "tiny.mp4"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=1",
         "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", clip],
        check=True,
    )
    return clip


def large_clip(tiny: Path, size: int) -> Path:
    """The same clip behind an MP4 `free` box that fills it up to `size` bytes."""
    clip = tiny.with_name("large.mp4")
    content = tiny.read_bytes()
    free = size - len(content)
    with open(clip, "wb") as out:
        out.write(content)
        out.write(free.to_bytes(4, "big") + b"free")
        for _ in range((free - 8) // 1_000_000):
            out.write(os.urandom(1_000_000))
        out.truncate(size)
    return clip


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
