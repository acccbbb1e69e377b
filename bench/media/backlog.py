"""Six clips: one after the other with all threads, or one per core with one
thread each."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import clips
import contenders
import report


def run(folder: Path, kinds: list[clips.Kind], seconds: float, repeat: int, names: list[str]) -> None:
    cores = os.cpu_count()
    sources = [clips.make(kind, folder / "clips") for kind in kinds]
    queue = [sources[i % len(sources)] for i in range(6)]
    work = folder / "threads"
    work.mkdir(parents=True, exist_ok=True)
    mark = contenders.watermark(folder)

    def contender(name: str, threads: int | None) -> contenders.Contender:
        if name == "ours":
            return contenders.ours(seconds, folder, threads=threads)
        return contenders.bare_ffmpeg(mark, threads=threads)

    def batch(name: str, at_once: int, threads: int | None) -> float:
        """Wall seconds for all six."""
        began = time.monotonic()
        with ThreadPoolExecutor(at_once) as pool:
            jobs = [
                pool.submit(contender(name, threads).run, clip, work / f"{i}.mp4", seconds)
                for i, clip in enumerate(queue)
            ]
            for job in jobs:
                job.result()
        return time.monotonic() - began

    ways = [("one at a time, all threads", 1, None), (f"{cores} at a time, one thread each", cores, 1)]
    rows, record = [], []
    for name in names:
        if name == "ours":
            contenders.require_ours()
            contender("ours", None).run(queue[0], work / "warm-up.mp4", seconds)
        walls: dict[str, list[float]] = {way: [] for way, *_ in ways}
        for _ in range(repeat):
            for way, at_once, threads in ways:
                walls[way].append(batch(name, at_once, threads))
        for way, *_ in ways:
            rows.append([name, way, report.spread(walls[way]),
                         report.spread([3600 * len(queue) / w for w in walls[way]], 0)])
            record.append({"contender": name, "way": way, "wall_s": walls[way]})
    report.table(["", "six clips", "wall s", "clips per hour"], rows)
    (folder / "threads.json").write_text(json.dumps(record, indent=1))
