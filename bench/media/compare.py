"""Ours, MoviePy and bare ffmpeg, side by side on the same clips."""

from __future__ import annotations

import json
import platform
import statistics
import time
from dataclasses import asdict
from pathlib import Path

import clips
import contenders
import fidelity
import measure
import report

# The goals for 1080p30 at the default setting, as bounds on ratios.
GOALS = [
    ("wall / MoviePy", "MoviePy", "wall_s", 1 / 6),
    ("CPU / MoviePy", "MoviePy", "cpu_s", 1 / 5),
    ("peak memory / MoviePy", "MoviePy", "peak_mb", 1 / 2),
    ("wall / bare ffmpeg", "bare ffmpeg", "wall_s", 1.05),
    ("CPU / bare ffmpeg", "bare ffmpeg", "cpu_s", 1.05),
]


def machine() -> str:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    import os

    return f"{os.cpu_count()} cores, {model}"


def median(costs: list[measure.Cost], field: str) -> float:
    return statistics.median(getattr(cost, field) for cost in costs)


def one_kind(kind: clips.Kind, folder: Path, seconds: float, repeat: int, quality: str, names: list[str]) -> dict:
    clip = clips.make(kind, folder / "clips")
    work = folder / "compare"
    work.mkdir(parents=True, exist_ok=True)
    mark = contenders.watermark(folder)
    everybody = {
        "ours": contenders.ours(seconds, folder, quality),
        "MoviePy": contenders.moviepy(),
        "bare ffmpeg": contenders.bare_ffmpeg(mark, drawn=not kind.busy),
    }
    field = {name: everybody[name] for name in everybody if name in names}
    if "ours" in field:
        field["ours"].run(clip, work / "warm-up.mp4", 1)  # fills the cache of cards
    costs: dict[str, list[measure.Cost]] = {name: [] for name in field}
    # Interleaved, so that a slow minute of the machine hits everybody.
    for _ in range(repeat):
        for name, contender in field.items():
            costs[name].append(contender.run(clip, work / f"{name.split()[0]}.mp4", seconds))
            print(f"  {kind.name:9} {name:12} {costs[name][-1]}", flush=True)
    results = {}
    for name in field:
        file = work / f"{name.split()[0]}.mp4"
        if name == "ours":  # cards are content that nobody else has
            file = work / "ours-without-cards.mp4"
            contenders.ours(seconds, folder, quality, cards=False).run(clip, file, seconds)
        seen = fidelity.compare(file, ["-i", clip], fidelity.REFERENCE, round(seconds * clips.RATE))
        results[name] = {
            "costs": [asdict(c) for c in costs[name]], "size_mb": file.stat().st_size / 1e6, **asdict(seen),
        }
    print_kind(kind, costs, results)
    return {"clip": kind.name, "source_mb": clip.stat().st_size / 1e6, "contenders": results}


def print_kind(kind: clips.Kind, costs: dict, results: dict) -> None:
    print(f"\n{kind.name}: {kind.what}")
    report.table(
        ["", "wall s", "CPU s", "peak MB", "MB", "VMAF", "SSIM"],
        [
            [
                name, *(report.spread([getattr(c, f) for c in costs[name]], d)
                        for f, d in [("wall_s", 1), ("cpu_s", 1), ("peak_mb", 0)]),
                f"{r['size_mb']:.2f}", f"{r['vmaf']:.2f}", f"{r['ssim']:.4f}",
            ]
            for name, r in results.items()
        ],
    )
    ours = results.get("ours")
    if not ours:
        return
    rows = []
    for title, yardstick, field, bound in GOALS:
        if yardstick in costs:
            # Neighbours in time are compared with each other.
            ratios = [getattr(a, field) / getattr(b, field) for a, b in zip(costs["ours"], costs[yardstick])]
            rows.append([title, f"≤ {bound:.3f}", report.spread(ratios, 3), verdict(statistics.median(ratios) <= bound)])
    if yardstick := results.get("MoviePy"):
        size, lost = ours["size_mb"] / yardstick["size_mb"], yardstick["vmaf"] - ours["vmaf"]
        rows.append(["bytes / MoviePy", "≤ 1.100", f"{size:.3f}", verdict(size <= 1.1)])
        rows.append(["VMAF below MoviePy", "≤ 2.00", f"{lost:.2f}", verdict(lost <= 2)])
    print()
    report.table(["goal", "bound", "measured", ""], rows)
    print(flush=True)


def verdict(holds: bool) -> str:
    return "met" if holds else "MISSED"


def run(folder: Path, kinds: list[clips.Kind], seconds: float, repeat: int, quality: str, names: list[str]) -> None:
    if "ours" in names:
        contenders.require_ours()
    print(f"{machine()}; the first {seconds:g} s of 1080p30 clips; quality = {quality}; {repeat} repetitions\n", flush=True)
    record = {
        "at": time.strftime("%FT%TZ", time.gmtime()), "machine": machine(), "seconds": seconds, "quality": quality,
        "clips": [one_kind(kind, folder, seconds, repeat, quality, names) for kind in kinds],
    }
    file = folder / "media.json"
    file.write_text(json.dumps(record, indent=1))
    print(f"kept in {file.relative_to(contenders.ROOT)}")
