"""What one clip costs: ours, the job as it is usually written, bare ffmpeg."""

from __future__ import annotations

import argparse

import backlog
import clips
import compare
import contenders
import pareto

FOLDER = contenders.ROOT / "target" / "bench"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench media", description=__doc__)
    parser.add_argument("what", nargs="?", default="compare", choices=["compare", "pareto", "threads"])
    parser.add_argument("--clips", default=",".join(k.name for k in clips.KINDS), help="kinds, separated by commas")
    parser.add_argument("--repeat", type=int, help="repetitions (compare 3, pareto 2, threads 1)")
    parser.add_argument("--seconds", type=float, help="seconds of each clip (30; pareto: 6)")
    parser.add_argument("--only", default="ours,MoviePy,bare ffmpeg", help="contenders, separated by commas")
    parser.add_argument("--quality", default="balanced", choices=["economy", "balanced", "best"])
    parser.add_argument("--setting", action="append", default=[], help="pareto: only this one; may be repeated")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    kinds = [kind for kind in clips.KINDS if kind.name in args.clips.split(",")]
    names = args.only.split(",")
    match args.what:
        case "pareto":
            pareto.run(FOLDER, kinds, args.seconds or 6, args.repeat or 2, args.setting)
        case "threads":
            names = [name for name in names if name != "MoviePy"]
            backlog.run(FOLDER, kinds, args.seconds or 30, args.repeat or 1, names)
        case "compare":
            compare.run(FOLDER, kinds, args.seconds or 30, args.repeat or 3, args.quality, names)


if __name__ == "__main__":
    main()
