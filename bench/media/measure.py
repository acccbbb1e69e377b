"""Runs a command and says what it took, children included."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
SAMPLE_S = 0.05


@dataclass(frozen=True)
class Cost:
    """`wall_s` and `cpu_s` (user + system) of the whole tree; `peak_mb`: the
    most resident memory that its processes had at the same time, in 10⁶ bytes."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def descendants(pid: int) -> list[int]:
    """The process and everything below it, as far as it is still there."""
    found, todo = [], [pid]
    while todo:
        process = todo.pop()
        found.append(process)
        try:
            for task in os.listdir(f"/proc/{process}/task"):
                todo += map(int, Path(f"/proc/{process}/task/{task}/children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def resident_bytes(pids: list[int]) -> int:
    """Resident memory of these processes; shared pages count in each."""
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


class Peak(threading.Thread):
    """Watches a process tree's resident memory until told to stop."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.bytes, self.done = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(SAMPLE_S):
            self.bytes = max(self.bytes, resident_bytes(descendants(self.pid)))


def run(command: list, **options) -> Cost:
    """Runs a command to its end; raises with its last words when it fails."""
    began = time.monotonic()
    process = subprocess.Popen(
        list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
    )
    peak = Peak(process.pid)
    peak.start()
    said = process.stdout.read()
    # wait4 counts the process and all children that it has waited for.
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    peak.done.set()
    peak.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}:\n{said.decode(errors='replace')[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(peak.bytes, usage.ru_maxrss * 1024) / 1e6)
