"""Web and workers apart, on PostgreSQL, S3 and SQS (moto): latency, overhead,
throughput, memory, and what a clip costs."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from client import Client, large_clip, percentile, tiny_clip
from stack import ROOT, Child, Stack

RESULTS = ROOT / "target" / "bench" / "pipeline.json"
# What an attempt does outside of ffmpeg and ffprobe; verifying is part of the
# download.
OUTSIDE = ("download", "upload")
ENDED = ("completed", "rejected", "failed")


def match_clip(folder: Path, seconds: float) -> Path:
    """As a phone sends it: 1080p30, 20 Mbit/s, with grain."""
    clip = folder / "match.mp4"
    source = f"testsrc2=s=1920x1080:r=30:d={seconds},noise=alls=12:allf=t:all_seed=1"
    rate = ["-b:v", "20M", "-maxrate", "20M", "-bufsize", "20M"]
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", source,
         "-c:v", "libx264", "-preset", "ultrafast", *rate, "-pix_fmt", "yuv420p", clip],
        check=True,
    )
    return clip


class Platform(Client):
    """A stack with one web process, and a player who has logged in."""

    def __init__(self, stack: Stack):
        super().__init__(stack.web_port)
        self.stack, self.web, self.workers = stack, stack.start("web", "web"), []
        self.token = self.player()

    def start_workers(self, count: int) -> None:
        self.workers = [self.stack.start("worker", f"worker-{number}") for number in range(count)]

    def wait_for(self, videos: list[str]) -> None:
        for video in videos:
            while (status := self.status(video, self.token)) not in ENDED:
                time.sleep(0.1)
            if status != "completed":
                raise SystemExit(f"video {video} ended {status}: {self.attempts(video)}")

    def attempts(self, video: str) -> list[dict]:
        return json.loads(self.stack.run("admin", "video", "show", video, "--json"))["attempts"]

    def published(self, video: str) -> dict:
        return next(attempt for attempt in self.attempts(video) if attempt["outcome"] == "published")


@contextmanager
def platform(parent: Path, name: str, program: Path, **settings: str):
    # One player sends more here than any person would.
    settings = {"ANB_WEB__UPLOADS_PER_MINUTE": "100000", **settings}
    with Stack(parent / name, program, settings=settings) as stack:
        yield Platform(stack)


def seconds_of(attempt: dict) -> float:
    return (moment(attempt["finished_at"]) - moment(attempt["started_at"]))


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def latencies(site: Platform, clip: Path, uploads: int) -> list[float]:
    """Milliseconds from the upload's answer to the attempt's row, one video at
    a time, with an idle worker that waits."""
    site.start_workers(1)
    waits = []
    # The first waits for the worker's own preparations.
    for i in range(uploads + 1):
        video, answered = site.upload(clip, site.token)
        site.wait_for([video])
        if i:
            waits.append((moment(site.attempts(video)[0]["started_at"]) - answered) * 1000)
    return waits


def throughput(site: Platform, clip: Path, clips: int, workers: int) -> tuple[float, list[dict]]:
    """Videos per minute from the first claim to the last result, of a queue
    that is full when the workers come; and the attempts."""
    videos = [site.upload(clip, site.token)[0] for _ in range(clips)]
    site.start_workers(workers)
    site.wait_for(videos)
    attempts = [site.published(video) for video in videos]
    first = min(moment(attempt["started_at"]) for attempt in attempts)
    last = max(moment(attempt["finished_at"]) for attempt in attempts)
    return clips / (last - first) * 60, attempts


def overhead(attempts: list[dict]) -> float:
    """The share of the time from claim to result in which no ffmpeg ran."""
    wall = sum(seconds_of(attempt) for attempt in attempts) * 1000
    steps = [step for attempt in attempts for step in attempt["steps"]]
    return (wall - sum(step["duration_ms"] for step in steps if step["step"] not in OUTSIDE)) / wall


def step_times(attempts: list[dict]) -> dict[str, float]:
    """The median of each step, in milliseconds."""
    names = dict.fromkeys(step["step"] for attempt in attempts for step in attempt["steps"])
    of = lambda attempt, name: sum(step["duration_ms"] for step in attempt["steps"] if step["step"] == name)
    return {name: statistics.median(of(attempt, name) for attempt in attempts) for name in names}


class Watch:
    """The most that processes have resident, sampled every 20 ms."""

    def __init__(self, children: list[Child]):
        self.before = [child.resident_mb() for child in children]
        self.peak, self.children, self.done = list(self.before), children, threading.Event()

    def __enter__(self) -> Watch:
        self.thread = threading.Thread(target=self.sample)
        self.thread.start()
        return self

    def sample(self) -> None:
        while not self.done.wait(0.02):
            self.peak = [max(peak, child.resident_mb()) for peak, child in zip(self.peak, self.children)]

    def __exit__(self, *_) -> None:
        self.done.set()
        self.thread.join()

    @property
    def growth(self) -> list[float]:
        return [peak - before for peak, before in zip(self.peak, self.before)]


def memory(site: Platform, tiny: Path, large: Path, uploads: int) -> tuple[Watch, float]:
    """Growth of web and worker while `uploads` large clips come in at once and
    are worked on."""
    site.start_workers(1)
    site.wait_for([site.upload(tiny, site.token)[0]])
    time.sleep(1)
    with Watch([site.web, *site.workers]) as watch:
        began = time.monotonic()
        with ThreadPoolExecutor(uploads) as pool:
            sent = [pool.submit(site.upload, large, site.token) for _ in range(uploads)]
            videos = [upload.result()[0] for upload in sent]
        took = time.monotonic() - began
        site.wait_for(videos)
    return watch, took


def dollars(busy_s: float, args: argparse.Namespace) -> float:
    """For a thousand clips, each of which keeps a task busy for so long."""
    return 1000 * busy_s * (args.vcpus * args.vcpu_hour + args.memory_gb * args.gb_hour) / 3600


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench pipeline", description=__doc__)
    parser.add_argument("--latencies", type=int, default=30, help="uploads of a tiny clip")
    parser.add_argument("--clips", type=int, default=6, help="clips per number of workers")
    parser.add_argument("--clip-seconds", type=float, default=10)
    parser.add_argument("--uploads", type=int, default=32, help="uploads at the same time")
    parser.add_argument("--upload-mb", type=float, default=100)
    parser.add_argument("--vcpus", type=float, default=os.cpu_count(), help="of a task; default: this machine's")
    parser.add_argument("--memory-gb", type=float, default=4, help="of a task")
    parser.add_argument("--vcpu-hour", type=float, default=0.04048, help="dollars; default: Fargate, us-east-1")
    parser.add_argument("--gb-hour", type=float, default=0.004445, help="dollars; default: Fargate, us-east-1")
    parser.add_argument("--program", type=Path, default=ROOT / "target" / "release" / "anb-video")
    args = parser.parse_args()
    if not args.program.exists():
        sys.exit(f"{args.program} is missing: script/bench builds it")

    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    parent = Path(tempfile.mkdtemp(prefix="pipeline-", dir=RESULTS.parent))
    try:
        tiny, match = tiny_clip(parent), match_clip(parent, args.clip_seconds)
        print(f"{args.latencies} uploads of a tiny clip …", flush=True)
        with platform(parent, "latency", args.program) as site:
            waits = latencies(site, tiny, args.latencies)
        rates, lone = {}, []
        for workers in (1, 2, 3):
            print(f"{args.clips} clips of {args.clip_seconds:g} s, {workers} workers …", flush=True)
            with platform(parent, f"workers-{workers}", args.program, ANB_WORKER__SLOTS="1") as site:
                rates[workers], attempts = throughput(site, match, args.clips, workers)
            lone = lone or attempts
        print(f"{args.uploads} uploads of {args.upload_mb:g} MB at once …\n", flush=True)
        large = large_clip(tiny, round(args.upload_mb * 1e6))
        with platform(parent, "memory", args.program) as site:
            watch, took = memory(site, tiny, large, args.uploads)
    finally:
        shutil.rmtree(parent, ignore_errors=True)

    busy_s = statistics.median(seconds_of(attempt) for attempt in lone)
    share, cost = overhead(lone), dollars(busy_s, args)
    print(f"| {'':44} | {'measured':>12} |")
    print(f"|{'-' * 46}|{'-' * 13}:|")
    rows = [
        ("upload's answer to claim, p50", f"{statistics.median(waits):.1f} ms"),
        ("upload's answer to claim, p95", f"{percentile(waits, 0.95):.1f} ms"),
        ("time of a clip outside of ffmpeg", f"{share:.1%}"),
        *((f"videos per minute, {workers} worker{'s' * (workers > 1)}", f"{rate:.1f}") for workers, rate in rates.items()),
        (f"web's growth in {args.uploads} × {args.upload_mb:g} MB (< 64)", f"{watch.growth[0]:.1f} MB"),
        (f"worker's growth in {args.uploads} × {args.upload_mb:g} MB (< 64)", f"{watch.growth[1]:.1f} MB"),
        ("a clip keeps a task busy, median", f"{busy_s:.2f} s"),
        (f"1,000 clips on {args.vcpus:g} vCPU, {args.memory_gb:g} GB", f"${cost:.3f}"),
    ]
    for what, measured in rows:
        print(f"| {what:44} | {measured:>12} |")
    steps = step_times(lone)
    print("\nsteps, median: " + ", ".join(f"{name} {ms:.0f} ms" for name, ms in steps.items()))
    print(f"web from {watch.before[0]:.1f} MB, worker from {watch.before[1]:.1f} MB; uploads took {took:.1f} s")
    RESULTS.write_text(json.dumps({
        "at": time.strftime("%FT%TZ", time.gmtime()), "latencies_ms": waits, "clip_s": args.clip_seconds,
        "videos_per_minute": rates, "outside_share": share, "steps_ms": steps, "busy_s": busy_s,
        "dollars_per_1000": cost, "before_mb": watch.before, "peak_mb": watch.peak, "uploads_s": took,
    }, indent=1))
    print(f"kept in {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
