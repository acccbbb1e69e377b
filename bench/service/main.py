"""Start, memory, and the way from an upload to the worker, against the goals."""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from client import large_clip, percentile, tiny_clip
from server import ROOT, Server

RESULTS = ROOT / "target" / "bench" / "service.json"


def fresh(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder


def cold_start(folder: Path, times: int) -> tuple[float, list[float]]:
    """Milliseconds to `/health`: of the first start, which makes database and
    key, and of those that follow."""
    started = []
    for _ in range(times + 1):
        with Server(folder) as server:
            started.append(server.started_ms)
    return started[0], started[1:]


def idle_memory(folder: Path) -> float:
    """Megabytes resident, ten seconds after start."""
    with Server(folder) as server:
        time.sleep(10)
        return server.resident_mb()


def claims(folder: Path, clip: Path, uploads: int) -> list[float]:
    """Milliseconds from the upload's answer to the attempt's row, one video at
    a time; the worker may well be faster than the answer's way to us."""
    with Server(folder) as server:
        token = server.player()
        waits = []
        # The first waits for the worker's own preparations.
        for i in range(uploads + 1):
            video, answered = server.upload(clip, token)
            while (status := server.status(video, token)) in ("pending", "processing"):
                time.sleep(0.05)
            if status != "completed":
                raise SystemExit(f"the tiny clip ended {status}")
            claimed = datetime.fromisoformat(server.attempts(video)[0]["started_at"]).timestamp()
            if i:
                waits.append((claimed - answered) * 1000)
        return waits


def upload_growth(folder: Path, clip: Path, at_once: int) -> tuple[float, float, float]:
    """Resident megabytes before, at the peak of the uploads, and how long they took."""
    with Server(folder, "web") as server:
        token = server.player()
        server.upload(clip.with_name("tiny.mp4"), token)
        time.sleep(1)
        before, peak, done = server.resident_mb(), [0.0], threading.Event()

        def watch() -> None:
            while not done.wait(0.02):
                peak[0] = max(peak[0], server.resident_mb())

        watcher = threading.Thread(target=watch)
        watcher.start()
        began = time.monotonic()
        with ThreadPoolExecutor(at_once) as pool:
            for upload in [pool.submit(server.upload, clip, token) for _ in range(at_once)]:
                upload.result()
        took = time.monotonic() - began
        done.set()
        watcher.join()
        return before, peak[0], took


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench service", description=__doc__)
    parser.add_argument("--starts", type=int, default=20)
    parser.add_argument("--claims", type=int, default=30, help="uploads of a tiny clip")
    parser.add_argument("--uploads", type=int, default=16, help="uploads at the same time")
    parser.add_argument("--upload-mb", type=float, default=100)
    args = parser.parse_args()

    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    parent = Path(tempfile.mkdtemp(prefix="service-", dir=RESULTS.parent))
    try:
        clip = tiny_clip(parent)
        print(f"{args.starts} starts …", flush=True)
        first, starts = cold_start(fresh(parent, "starts"), args.starts)
        print("idle …", flush=True)
        idle = idle_memory(fresh(parent, "idle"))
        print(f"{args.claims} uploads of a tiny clip …", flush=True)
        waits = claims(fresh(parent, "claims"), clip, args.claims)
        print(f"{args.uploads} uploads of {args.upload_mb:g} MB at once …\n", flush=True)
        large = large_clip(clip, round(args.upload_mb * 1e6))
        before, peak, took = upload_growth(fresh(parent, "uploads"), large, args.uploads)
    finally:
        shutil.rmtree(parent, ignore_errors=True)

    rows = [
        ("cold start to /health, median", "< 150 ms", statistics.median(starts), 150, "ms"),
        ("resident memory of `run`, idle", "< 40 MB", idle, 40, "MB"),
        ("upload's answer to claim, median", "< 50 ms", statistics.median(waits), 50, "ms"),
        (f"growth in {args.uploads} uploads of {args.upload_mb:g} MB", "< 64 MB", peak - before, 64, "MB"),
    ]
    print(f"| {'':38} | {'goal':>8} | {'measured':>10} |        |")
    print(f"|{'-' * 40}|{'-' * 9}:|{'-' * 11}:|--------|")
    for what, goal, value, bound, unit in rows:
        print(f"| {what:38} | {goal:>8} | {value:>7.1f} {unit} | {'met' if value < bound else 'MISSED':6} |")
    print(
        f"\nstarts {min(starts):.0f}–{max(starts):.0f} ms, the very first {first:.0f} ms; "
        f"claims {min(waits):.1f}–{max(waits):.1f} ms, p95 {percentile(waits, 0.95):.1f} ms; "
        f"uploads from {before:.1f} to {peak:.1f} MB in {took:.1f} s"
    )
    RESULTS.write_text(json.dumps({
        "at": time.strftime("%FT%TZ", time.gmtime()), "starts_ms": starts, "first_start_ms": first,
        "idle_mb": idle, "claims_ms": waits, "uploads_before_mb": before, "uploads_peak_mb": peak, "uploads_s": took,
    }, indent=1))
    print(f"kept in {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
