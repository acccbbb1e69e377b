"""Who is measured: ways to make the same video of the same clip."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import measure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OURS = ROOT / "target" / "release" / "anb-video"

# x264 as `quality = balanced` sets it: docs/decisions/0011.
BALANCED = ["-preset", "veryfast", "-crf", "23.75", "-x264-params",
            "subme=3:me=dia:partitions=i8x8,i4x4:deadzone-inter=12:deadzone-intra=8"]
# The same for pictures that were drawn, which get another scaler, too.
BALANCED_DRAWN = ["-preset", "slower", "-crf", "25.75", "-x264-params",
                  "no-psy=1:aq-mode=0:subme=10:ref=3:bframes=7:rc-lookahead=12:sync-lookahead=0:threads=1"]
SCALER, SCALER_DRAWN = "bicubic", "lanczos+accurate_rnd+full_chroma_int"


@dataclass(frozen=True)
class Contender:
    name: str
    command: list
    environment: dict = field(default_factory=dict)

    def run(self, source: Path, result: Path, seconds: float) -> measure.Cost:
        words = {"IN": source, "OUT": result, "SECONDS": f"{seconds:g}"}
        command = [words.get(word, word) for word in self.command]
        return measure.run(command, env={**os.environ, **self.environment}, cwd=result.parent)


def ours(seconds: float, folder: Path, quality: str = "balanced", cards: bool = True, threads: int | None = None) -> Contender:
    """`anb-video process` with its own cache, so that what is encoded once per
    brand is encoded once."""
    environment = {
        "ANB_DATA_DIR": str(folder / "data"),
        "ANB_MEDIA__CACHE_DIR": str(folder / "cache"),
        "ANB_MEDIA__TRIM_S": f"{seconds:g}",
        "ANB_MEDIA__QUALITY": quality,
    }
    if not cards:
        environment |= {"ANB_MEDIA__OPENING_S": "0", "ANB_MEDIA__CLOSING_S": "0"}
    limit = ["--threads", threads] if threads else []
    return Contender("ours", [OURS, "process", "IN", "OUT", *limit], environment)


def moviepy() -> Contender:
    return Contender("MoviePy", [sys.executable, HERE / "moviepy_job.py", "IN", "OUT", "SECONDS"])


def bare_ffmpeg(mark: Path, drawn: bool = False, threads: int | None = None) -> Contender:
    """One line: trim, scale, a mark in the corner, our encoder settings."""
    encoder, scaler = (BALANCED_DRAWN, SCALER_DRAWN) if drawn else (BALANCED, SCALER)
    limit = ["-threads", threads] if threads else []
    return Contender("bare ffmpeg", [
        "ffmpeg", "-nostdin", "-v", "error", "-y", *limit, "-t", "SECONDS", "-i", "IN", "-i", mark, "-filter_complex",
        f"[0:v]scale=1280:720:flags={scaler}[v];[v][1:v]overlay=W-w-24:24,format=yuv420p[out]",
        "-map", "[out]", "-an", "-c:v", "libx264", *limit, "-profile:v", "high", "-g", "60", *encoder,
        "-movflags", "+faststart", "OUT",
    ])


def watermark(folder: Path) -> Path:
    """A mark of the size of ours, for the bare ffmpeg."""
    file = folder / "mark.png"
    if not file.exists():
        measure.run([
            "ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i",
            "color=c=0x0a1020@0.6:s=240x68,format=rgba,"
            "drawtext=font=DejaVu Sans:text=ANB Rising Stars:fontsize=24:fontcolor=white:x=12:y=20",
            "-frames:v", "1", file,
        ])
    return file


def require_ours() -> None:
    if not OURS.exists():
        sys.exit("build it first: cargo build --release --package anb-video (script/bench does)")
    if not shutil.which("ffmpeg"):
        sys.exit("ffmpeg is missing: script/bench installs it")
