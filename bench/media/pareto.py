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

DEAD_ZONES = "deadzone-inter=12:deadzone-intra=8"

# name → (preset, x264 options beside it, CRFs; two where the curve matters).
SETTINGS: dict[str, tuple[str, str, list[float]]] = {
    "ultrafast": ("ultrafast", "", [20, 23]),
    "superfast": ("superfast", "", [20, 23]),
    "veryfast": ("veryfast", "", [20, 23]),
    "faster": ("faster", "", [20, 23]),
    "fast": ("fast", "", [20, 23]),
    "medium": ("medium", "", [20, 23]),
    # One option each, beside veryfast.
    "veryfast, CRF of the others": ("veryfast", "", [22]),
    "aq-mode 2": ("veryfast", "aq-mode=2", [22]),
    "aq-mode 3": ("veryfast", "aq-mode=3", [22]),
    "aq-strength 0.6": ("veryfast", "aq-strength=0.6", [22]),
    "no mbtree": ("veryfast", "mbtree=0", [22]),
    "rc-lookahead 20": ("veryfast", "rc-lookahead=20", [22]),
    "subme 1": ("veryfast", "subme=1", [22]),
    "subme 3": ("veryfast", "subme=3", [22]),
    "subme 4": ("veryfast", "subme=4", [22]),
    "ref 2": ("veryfast", "ref=2", [22]),
    "trellis 1": ("veryfast", "trellis=1", [22]),
    "weightp 0": ("veryfast", "weightp=0", [22]),
    "bframes 2": ("veryfast", "bframes=2", [22]),
    "b-adapt 0": ("veryfast", "b-adapt=0", [22]),
    "me dia": ("veryfast", "me=dia", [22]),
    "no 8x8dct": ("veryfast", "8x8dct=0", [22]),
    "intra partitions only": ("veryfast", "partitions=i4x4,i8x8", [22]),
    "dead zones 12 and 8": ("veryfast", DEAD_ZONES, [22]),
    # Together.
    "subme 3, ref 2": ("veryfast", "subme=3:ref=2", [22]),
    "subme 3, trellis 1": ("veryfast", "subme=3:trellis=1", [22]),
    "subme 4, ref 2": ("veryfast", "subme=4:ref=2", [21]),
    "subme 3, dead zones": ("veryfast", f"subme=3:{DEAD_ZONES}", [23.5]),
    "dead zones": ("veryfast", DEAD_ZONES, [22.5, 23]),
    # What quality = economy, balanced and best stand for.
    "economy": ("superfast", "", [23]),
    "balanced": ("veryfast", f"subme=3:me=dia:partitions=i8x8,i4x4:{DEAD_ZONES}", [23.75]),
    "best": ("faster", "", [20]),
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


def run(folder: Path, kinds: list[clips.Kind], seconds: float, repeat: int, only: list[str]) -> None:
    work = folder / "pareto"
    work.mkdir(parents=True, exist_ok=True)
    # An interrupted run goes on where it was; a different length starts anew.
    kept = work / f"points-{seconds:g}s.json"
    points = [Point(**p) for p in json.loads(kept.read_text())] if kept.exists() else []
    done = {(p.clip, p.setting, p.crf) for p in points}
    for setting, (preset, options, crfs) in SETTINGS.items():
        if only and setting not in only:
            continue
        for crf in crfs:
            for kind in kinds:
                if (kind.name, setting, crf) in done:
                    continue
                source = raw(clips.make(kind, folder / "clips"), work, seconds)
                result = work / "out.mp4"
                # The least of some tries: what the neighbours took is not ours.
                cpu_s = min(encode(source, result, preset, options, crf).cpu_s for _ in range(repeat))
                seen = fidelity.compare(
                    result, ["-i", source], "null", round(seconds * clips.RATE), every=3, crop="null"
                )
                size = result.stat().st_size / 1e6
                points.append(Point(kind.name, setting, crf, cpu_s, size, seen.vmaf, seen.ssim))
                kept.write_text(json.dumps([asdict(p) for p in points], indent=1))
                print(f"{kind.name:9} {setting:34} {crf:4g} {cpu_s:6.2f} s {size:6.2f} MB {seen.vmaf:6.2f} {seen.ssim:.4f}", flush=True)
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
