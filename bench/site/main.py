"""The pages of a showcase with 20,000 videos: how long the server takes, and how
many bytes a browser loads."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from browser import Browser
from client import percentile
from fill import Showcase, into_postgres, into_sqlite
from stack import ROOT, Stack

RESULTS = ROOT / "target" / "bench" / "site.json"
PROGRAM = ROOT / "target" / "release" / "anb-video"
DEEP = 300
# After this, nothing that the server keeps for the next visitor is left.
FORGOTTEN_S = 3.2
GOAL_MS, GOAL_BYTES = 5, 60_000


class Site(Stack):
    """One web process on either database, with storage in a folder."""

    def __init__(self, folder: Path, database: str):
        super().__init__(folder, PROGRAM)
        self.database = database

    def start_postgres(self) -> None:
        if self.database == "postgres":
            super().start_postgres()

    def start_moto(self) -> None:
        pass

    @property
    def sqlite(self) -> Path:
        return self.folder / "anb.sqlite3"

    @property
    def settings(self) -> dict[str, str]:
        url = self.database_url if self.database == "postgres" else f"sqlite://{self.sqlite}"
        return {
            "DATABASE_URL": url, "SECRET_KEY": self.secret_key, "ANB_LOG__FORMAT": "json",
            "ANB_WEB__LISTEN": f"127.0.0.1:{self.web_port}", "ANB_WEB__PUBLIC_URL": f"http://localhost:{self.web_port}",
        }

    def fill(self, showcase: Showcase) -> None:
        self.run("migrate")
        if self.database == "postgres":
            into_postgres(showcase, self.socket)
        else:
            into_sqlite(showcase, self.sqlite)


def walk(browser: Browser, pages: int) -> str:
    """The address of a page as a visitor gets there; no video comes twice."""
    path, seen = "/", set()
    for _ in range(pages - 1):
        html = browser.text(path)
        cards = set(re.findall(r'href="(/videos/[^"/]+)"', html))
        if seen & cards:
            raise SystemExit(f"{path} repeats a video of a page before")
        seen |= cards
        [path] = re.findall(r'<a\b(?=[^>]*\brel="next")[^>]*\bhref="([^"]+)"', html)
        path = path.replace("&amp;", "&")
    return path


def addresses(browser: Browser, showcase: Showcase) -> dict[str, str]:
    city = next(row for row in showcase.rows["players"] if row["city"] == "Ciudad 7")
    place = f"country={quote(city['country'])}&city={quote(city['city'])}"
    return {
        "`/`": "/",
        "`/?sort=votes`": "/?sort=votes",
        "`/?city=…`": f"/?{place}",
        "`/?q=…`, found often": "/?q=mate",
        "`/?q=…`, found never": "/?q=zzzz",
        f"page {DEEP} by cursor": walk(browser, DEEP),
        "`/rankings`": "/rankings",
        "`/rankings?city=…`": f"/rankings?{place}",
        "`/videos/{id}`": f"/videos/{showcase.rows['videos'][-1]['id']}",
        "`/players/{id}`": f"/players/{showcase.rows['videos'][-1]['owner_id']}",
    }


def cpu_ms(process: int) -> float:
    """Of all threads of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def measure(browser: Browser, process: int, pages: dict[str, str], times: int, rounds: int) -> dict[str, dict]:
    """Milliseconds of each page: one visit after the other, and the first
    after a while without visitors; and the CPU time that a visit costs the
    web process, which neighbours lengthen least."""
    busy, cpu = {}, {}
    for name, path in pages.items():
        for _ in range(10):
            browser.get(path)
        began = cpu_ms(process)
        busy[name] = [browser.get(path).ms for _ in range(times)]
        cpu[name] = (cpu_ms(process) - began) / times
    first = {name: [] for name in pages}
    for _ in range(rounds):
        for name, path in pages.items():
            time.sleep(FORGOTTEN_S)
            first[name].append(browser.get(path).ms)
    return {name: {"busy_ms": busy[name], "first_ms": first[name], "cpu_ms": cpu[name]} for name in pages}


def bench(database: str, showcase: Showcase, parent: Path, args) -> dict:
    with Site(parent / database, database) as site:
        site.fill(showcase)
        web = site.start("web", "web")
        browser = Browser(site.web_port)
        pages = addresses(browser, showcase)
        health = {"`/health`, for comparison": "/health"}
        figures = measure(browser, web.process.pid, health | pages, args.times, args.rounds)
        for name, path in pages.items():
            figures[name]["bytes"] = browser.weight(path)
        figures["resident_mb"] = web.resident_mb()
        return figures


def table(figures: dict) -> None:
    print(f"\n| {'':26} | median | p95 | CPU | first, median | compressed bytes |")
    print(f"|{'-' * 28}|---:|---:|---:|---:|---:|")
    for name, page in figures.items():
        if name == "resident_mb":
            continue
        size = f"{sum(page['bytes'].values()):,}" if "bytes" in page else ""
        busy, first = page["busy_ms"], page["first_ms"]
        print(f"| {name:26} | {statistics.median(busy):.2f} ms | {percentile(busy, .95):.2f} ms "
              f"| {page['cpu_ms']:.2f} ms | {statistics.median(first):.2f} ms | {size} |")


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench site", description=__doc__)
    parser.add_argument("--videos", type=int, default=20_000)
    parser.add_argument("--players", type=int, default=5_000)
    parser.add_argument("--cities", type=int, default=60)
    parser.add_argument("--times", type=int, default=200, help="visits to each page")
    parser.add_argument("--rounds", type=int, default=5, help="visits after a while without any")
    parser.add_argument("--database", choices=["sqlite", "postgres"], help="only this one")
    args = parser.parse_args()

    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    parent = Path(tempfile.mkdtemp(prefix="site-", dir=RESULTS.parent))
    kept = {"at": time.strftime("%FT%TZ", time.gmtime()), "load_before": os.getloadavg()}
    try:
        showcase = Showcase(args.videos, args.players, args.cities)
        for database in [args.database] if args.database else ["sqlite", "postgres"]:
            kept[database] = bench(database, showcase, parent, args)
            print(f"\n{database}: {args.videos} videos of {args.players} players, "
                  f"{kept[database]['resident_mb']:.0f} MB resident, load {os.getloadavg()[0]:.1f}")
            table(kept[database])
            judge(database, kept[database])
    finally:
        shutil.rmtree(parent, ignore_errors=True)
    kept["load_after"] = os.getloadavg()
    RESULTS.write_text(json.dumps(kept, indent=1))
    print(f"\nkept in {RESULTS.relative_to(ROOT)}")


def judge(database: str, figures: dict) -> None:
    showcase = statistics.median(figures["`/`"]["busy_ms"])
    pages = {name: sum(page["bytes"].values()) for name, page in figures.items() if isinstance(page, dict) and "bytes" in page}
    heaviest = max(pages, key=pages.get)
    print(f"\nshowcase in {showcase:.2f} ms on {database}: {'met' if showcase < GOAL_MS else 'MISSED'} (< {GOAL_MS} ms); "
          f"heaviest page {heaviest}, {pages[heaviest]:,} bytes: {'met' if pages[heaviest] <= GOAL_BYTES else 'MISSED'} (≤ {GOAL_BYTES:,})")


if __name__ == "__main__":
    main()
