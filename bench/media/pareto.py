"""Which encoder settings are worth their CPU seconds.

The encoder alone: it is fed raw 1280×720 pictures, so that decoding and scaling
hide nothing. A point is on the front of its clip when no other one is cheaper,
smaller and truer at the same time.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import clips
import fidelity
import measure
import report

BASE = ["-profile:v", "high", "-pix_fmt", "yuv420p", "-g", "60"]

# name → (preset, x264 options beside it)
SETTINGS: dict[str, tuple[str, str]] = {
    "ultrafast": ("ultrafast", ""),
    "superfast": ("superfast", ""),
    "superfast lookahead+mbtree": ("superfast", "rc-lookahead=10:mbtree=1"),
    "veryfast": ("veryfast", ""),
    "faster": ("faster", ""),
    "fast": ("fast", ""),
    "medium": ("medium", ""),
    "veryfast aq 2": ("veryfast", "aq-mode=2"),
    "veryfast aq 3": ("veryfast", "aq-mode=3"),
    "veryfast aq 0.6": ("veryfast", "aq-strength=0.6"),
    "veryfast no mbtree": ("veryfast", "mbtree=0"),
    "veryfast lookahead 20": ("veryfast", "rc-lookahead=20"),
    "veryfast subme 1": ("veryfast", "subme=1"),
    "veryfast subme 3": ("veryfast", "subme=3"),
    "veryfast subme 4": ("veryfast", "subme=4"),
    "veryfast ref 2": ("veryfast", "ref=2"),
    "veryfast trellis 1": ("veryfast", "trellis=1"),
    "veryfast weightp 0": ("veryfast", "weightp=0"),
    "veryfast bframes 2": ("veryfast", "bframes=2"),
    "veryfast b-adapt 0": ("veryfast", "b-adapt=0"),
    "veryfast no 8x8dct": ("veryfast", "8x8dct=0"),
    "veryfast me dia": ("veryfast", "me=dia"),
    "veryfast dead zones 12, 8": ("veryfast", "deadzone-inter=12:deadzone-intra=8"),
    "veryfast no fast p-skip": ("veryfast", "fast-pskip=0"),
    "veryfast no decimation": ("veryfast", "dct-decimate=0"),
    "veryfast subme 3 ref 2": ("veryfast", "subme=3:ref=2"),
    "veryfast subme 3 me dia": ("veryfast", "subme=3:me=dia"),
    "veryfast subme 3 dead zones": ("veryfast", "subme=3:deadzone-inter=12:deadzone-intra=8"),
    "veryfast subme 3 lookahead 20": ("veryfast", "subme=3:rc-lookahead=20"),
    "veryfast subme 3 bframes 2": ("veryfast", "subme=3:bframes=2"),
    "superfast lookahead+mbtree subme 2": ("superfast", "rc-lookahead=10:mbtree=1:subme=2"),
    "superfast lookahead+mbtree subme 3 ref 2": ("superfast", "rc-lookahead=10:mbtree=1:subme=3:ref=2"),
    "superfast lookahead+mbtree subme 3 hex": ("superfast", "rc-lookahead=10:mbtree=1:subme=3:me=hex"),
    "superfast subme 3": ("superfast", "subme=3"),
    "superfast lookahead+mbtree subme 3": ("superfast", "rc-lookahead=10:mbtree=1:subme=3"),
    "veryfast subme 3 trellis 1": ("veryfast", "subme=3:trellis=1"),
    "veryfast subme 4 trellis 1": ("veryfast", "subme=4:trellis=1"),
    "faster trellis 0": ("faster", "trellis=0"),
    "faster subme 3": ("faster", "subme=3"),
    "faster ref 1": ("faster", "ref=1"),
}


@dataclass
class Point:
    clip: str
    setting: str
    crf: float
    cpu_s: float
    size_mb: float
    vmaf: float
    ssim: float
    front: bool = False


def raw(clip: Path, folder: Path, seconds: float) -> Path:
    """The clip's pictures at 1280×720, undamaged."""
    file = folder / f"{clip.stem}-{seconds:g}.nut"
    if not file.exists():
        measure.run([
            "ffmpeg", "-nostdin", "-v", "error", "-y", "-ss", "4", "-t", f"{seconds:g}", "-i", clip, "-an",
            "-vf", fidelity.REFERENCE, "-c:v", "rawvideo", file,
        ])
    return file


def encode(source: Path, result: Path, preset: str, options: str, crf: float) -> measure.Cost:
    x264 = ["-x264-params", options] if options else []
    return measure.run([
        "ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source, "-c:v", "libx264",
        "-preset", preset, "-crf", f"{crf:g}", *x264, *BASE, result,
    ])


def mark_front(points: list[Point]) -> None:
    def beats(a: Point, b: Point) -> bool:
        as_good = a.cpu_s <= b.cpu_s and a.size_mb <= b.size_mb and a.vmaf >= b.vmaf
        return as_good and (a.cpu_s, a.size_mb, a.vmaf) != (b.cpu_s, b.size_mb, b.vmaf)

    for point in points:
        point.front = not any(beats(other, point) for other in points if other.clip == point.clip)


def run(folder: Path, kinds: list[clips.Kind], seconds: float, crfs: list[float], only: list[str]) -> None:
    work = folder / "pareto"
    work.mkdir(parents=True, exist_ok=True)
    kept = work / "points.json"
    points = [Point(**p) for p in json.loads(kept.read_text())] if kept.exists() else []
    done = {(p.clip, p.setting, p.crf) for p in points}
    for setting, (preset, options) in SETTINGS.items():
        if only and setting not in only:
            continue
        for crf in crfs:
            for kind in kinds:
                if (kind.name, setting, crf) in done:
                    continue
                source = raw(clips.make(kind, folder / "clips"), work, seconds)
                result = work / "out.mp4"
                cost = encode(source, result, preset, options, crf)
                seen = fidelity.compare(
                    result, ["-i", source], "null", round(seconds * clips.RATE), every=3, crop="null"
                )
                size = result.stat().st_size / 1e6
                points.append(Point(kind.name, setting, crf, cost.cpu_s, size, seen.vmaf, seen.ssim))
                kept.write_text(json.dumps([asdict(p) for p in points], indent=1))
                print(f"{kind.name:9} {setting:28} {crf:4g} {cost.cpu_s:6.2f} s {size:6.2f} MB {seen.vmaf:6.2f} {seen.ssim:.4f}", flush=True)
    mark_front(points)
    kept.write_text(json.dumps([asdict(p) for p in points], indent=1))
    for kind in kinds:
        print(f"\n{kind.name}: {seconds:g} s of it, encoder alone")
        rows = sorted((p for p in points if p.clip == kind.name), key=lambda p: p.cpu_s)
        report.table(
            ["setting", "CRF", "CPU s", "MB", "VMAF", "SSIM", "front"],
            [[p.setting, f"{p.crf:g}", f"{p.cpu_s:.2f}", f"{p.size_mb:.2f}", f"{p.vmaf:.2f}", f"{p.ssim:.4f}",
              "*" if p.front else ""] for p in rows],
        )
