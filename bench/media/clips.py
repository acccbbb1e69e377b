"""The clips that everything is measured on.

They are drawn by ffmpeg's own sources with fixed seeds, so every machine gets
the same pictures. Each is 1080p30 with sound, tagged like a phone's recording;
`busy` ones are encoded the way a phone's chip does it: short GOPs, no
B-frames, and at the bit rate of a minute that fills the limit of 100 MB.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

RATE = 30
# Longer than the 30 s that are kept.
SECONDS = 34
# 100 MB in 60 s are 13.3 Mbit/s, sound included.
BUSY_MBIT = 12.5
GRAIN = "noise=alls={strength}:allf=t+u:all_seed={seed}"


@dataclass(frozen=True)
class Kind:
    """One sort of picture: a still drawn first, and the film made of it."""

    name: str
    what: str
    still: str
    film: str
    busy: bool = True


def texture(width: int, height: int, seed: int, contrast: float, saturation: float) -> str:
    """Coloured 1/f noise: as much detail at every scale as a natural picture has."""
    sizes = [(30, 17), (120, 68), (480, 270), (1440, 810)]
    octaves = ";".join(
        f"color=c=gray:s={w}x{h}:r=1:d=1,format=yuv444p,"
        f"noise=alls=100:all_seed={seed + i},scale={width}:{height}:flags=bicubic[o{i}]"
        for i, (w, h) in enumerate(sizes)
    )
    inputs = "".join(f"[o{i}]" for i in range(len(sizes)))
    return f"{octaves};{inputs}mix=inputs={len(sizes)}:weights=9 5 3 2,eq=contrast={contrast}:saturation={saturation}"


def boxes(count: int, width: int, height: int) -> str:
    """Things with hard edges, scattered by a fixed rule."""
    colours = ["white", "black", "0x30506a", "0xc8a070", "0x902020", "0x206030"]
    return ",".join(
        f"drawbox=x={(i * 733) % (width - 300)}:y={(i * 419) % (height - 200)}"
        f":w={40 + (i * 97) % 240}:h={30 + (i * 61) % 170}:color={colours[i % 6]}@0.8:t={'fill' if i % 3 else 6}"
        for i in range(count)
    )


def pan(across: str, down: str, grain: str) -> str:
    """A camera moving over a still twice as wide as the picture. Four pixels of
    the still become three, so that the motion is finer than whole pixels."""
    return (
        f"[still]crop=2560:1440:x='{across}':y='{down}':exact=1,"
        f"scale=1920:1080:flags=bicubic,format=yuv420p,{grain}"
    )


def player(i: int, colour: str) -> tuple[str, str]:
    """A running figure: a head and a body with a striped shirt; returns the
    sprite's graph and the overlay that moves it."""
    depth = 300 + (i * 53) % 330
    speed = 0.55 + 0.17 * i
    sprite = (
        f"color=c={colour}:s=120x320:r=1:d=1,format=rgba,noise=alls=30:all_seed={70 + i},"
        "geq=r='r(X,Y)*(0.6+0.4*lt(mod(Y,36),18))':g='g(X,Y)':b='b(X,Y)*(0.5+0.5*lt(mod(X,30),15))'"
        ":a='255*(lte(hypot((X-60)/46,(Y-190)/125),1)+lte(hypot(X-60,Y-38),32))',"
        f"loop=loop=-1:size=1,fps={RATE}[p{i}]"
    )
    x = f"1300+1150*sin({speed:.2f}*t+{i * 1.7:.1f})*cos(0.31*t+{i})"
    y = f"{depth}+60*sin(0.9*t+{i})-34*abs(sin({5 + 0.4 * i:.1f}*t))"
    return sprite, f"overlay=x='{x}':y='{y}':eval=frame:shortest=0"


def sport() -> str:
    """Eight players and a ball on a court, filmed by hand from the side line."""
    shirts = ["red", "0x2040c0", "red", "0x2040c0", "0xd03020", "0x1838a0", "0xe04030", "0x3050d0"]
    sprites, moves = zip(*(player(i, c) for i, c in enumerate(shirts)))
    ball = (
        "color=c=0xe07020:s=52x52:r=1:d=1,format=rgba,noise=alls=25:all_seed=99,"
        f"geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*lte(hypot(X-26,Y-26),24)',loop=loop=-1:size=1,fps={RATE}[ball]"
    )
    chain, last = "", "still"
    for i, move in enumerate(moves):
        chain += f"[{last}][p{i}]{move}[c{i}];"
        last = f"c{i}"
    chain += f"[{last}][ball]overlay=x='1400+1200*sin(0.8*t)':y='820-480*abs(sin(3.3*t))':eval=frame[game];"
    shake_x = "480+400*sin(0.45*t)+9*sin(7.3*t)+5*sin(17.1*t+1)"
    shake_y = "60+20*sin(0.7*t)+8*sin(8.9*t)+5*sin(15.7*t+2)"
    return (
        ";".join(sprites) + ";" + ball + ";" + chain +
        f"[game]crop=1920:1080:x='{shake_x}':y='{shake_y}':exact=1,format=yuv420p,"
        + GRAIN.format(strength=7, seed=5)
    )


def court() -> str:
    """Stands full of people over a wooden floor with its lines."""
    crowd = (
        "color=c=gray:s=320x60:r=1:d=1,format=yuv444p,noise=alls=100:all_seed=41,"
        "scale=2880:420:flags=bicubic,eq=contrast=1.0:saturation=0.8:brightness=-0.12[crowd]"
    )
    floor = (
        "color=c=0xb98a58:s=180x400:r=1:d=1,format=yuv444p,noise=c0s=34:c1s=6:c2s=6:all_seed=42,"
        "scale=2880:800:flags=bicubic,eq=contrast=1.1[floor]"
    )
    lines = ",".join(
        f"drawbox=x={x}:y={y}:w={w}:h={h}:color=white@0.9:t={t}"
        for x, y, w, h, t in [
            (100, 500, 2680, 620, 10), (1436, 500, 8, 620, "fill"), (100, 640, 420, 300, 8),
            (2360, 640, 420, 300, 8), (1290, 700, 300, 200, 8), (0, 400, 2880, 36, "fill"),
        ]
    )
    adverts = ",".join(
        f"drawbox=x={60 + 480 * i}:y=404:w=300:h=28:color={c}:t=fill"
        for i, c in enumerate(["0x101060", "0x901010", "0x107030", "0x806010", "0x501070", "0x303030"])
    )
    return f"{crowd};{floor};[crowd][floor]vstack,{lines},{adverts}"


def graphics() -> str:
    """A scoreboard: flat colours, sharp edges, text, things that slide."""
    bars = ";".join(
        f"color=c={c}:s={260 + 40 * i}x64:r={RATE}[b{i}]"
        for i, c in enumerate(["0xff8c1a", "0x1ab2ff", "0x40d060", "0xf04060"])
    )
    chain, last = "", "still"
    for i in range(4):
        x = f"mod({180 + 90 * i}*t\\,2300)-360" if i % 2 else f"800+700*sin({0.5 + 0.2 * i:.1f}*t)"
        chain += f"[{last}][b{i}]overlay=x='{x}':y={300 + 130 * i}:eval=frame[g{i}];"
        last = f"g{i}"
    text = "drawtext=font=DejaVu Sans:fontcolor=white"
    return (
        f"{bars};{chain}[{last}]"
        f"{text}:fontsize=120:x=760:y=60:text='%{{eif\\:t\\:d\\:2}} - %{{eif\\:t*0.8\\:d\\:2}}',"
        f"{text}:fontsize=54:x=140:y=930:text='%{{pts\\:hms}}',"
        "hue=h='60*floor(t/5)',format=yuv420p"
    )


KINDS = [
    Kind(
        "noise", "film grain over a slowly moving picture",
        texture(3840, 2160, 100, 1.5, 0.7) + "," + boxes(24, 3840, 2160),
        pan("640+300*sin(t/9)", "360+200*sin(t/6)", GRAIN.format(strength=14, seed=3)),
    ),
    Kind(
        "graphics", "flat graphics: a scoreboard with sliding bars",
        "color=c=0x14243c:s=1920x1080:r=1:d=1,format=yuv444p,drawgrid=w=160:h=120:t=2:c=0x2c4468,"
        "drawbox=x=700:y=40:w=520:h=160:color=0x0a1220:t=fill,drawbox=x=700:y=40:w=520:h=160:color=white:t=5",
        graphics(), busy=False,
    ),
    Kind(
        "pan", "a camera sweeping over a rich still",
        texture(3840, 2160, 200, 1.8, 0.8) + "," + boxes(60, 3840, 2160),
        pan("640+620*sin(t/2.2)+6*sin(9*t)", "360+340*sin(t/3.1)+5*sin(11*t)", GRAIN.format(strength=4, seed=4)),
    ),
    Kind(
        "sport", "eight players and a ball on a court, hand-held",
        court(), sport(),
    ),
]


def make(kind: Kind, folder: Path, seconds: float = SECONDS) -> Path:
    """The clip of that kind, drawn now or on an earlier run."""
    clip = folder / f"{kind.name}-{seconds:g}s-{BUSY_MBIT:g}M.mp4"
    if clip.exists():
        return clip
    folder.mkdir(parents=True, exist_ok=True)
    still = folder / f"{kind.name}.png"
    quiet = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    subprocess.run(
        [*quiet, "-filter_complex", f"{kind.still},format=rgb24[out]", "-map", "[out]", "-frames:v", "1", still],
        check=True,
    )
    rate = (
        ["-preset", "superfast", "-b:v", f"{BUSY_MBIT}M", "-maxrate", f"{BUSY_MBIT * 1.2}M", "-bufsize", f"{BUSY_MBIT * 1.2}M", "-bf", "0"]
        if kind.busy else ["-preset", "veryfast", "-crf", "17"]
    )
    graph = (
        f"movie={still},format=gbrp,loop=loop=-1:size=1,setpts=N/{RATE}/TB,fps={RATE},"
        f"scale=out_color_matrix=bt709:out_range=tv,format=yuv444p[still];{kind.film}[out]"
    )
    unfinished = clip.with_suffix(".part.mp4")
    subprocess.run(
        [
            *quiet, "-filter_complex", graph, "-f", "lavfi", "-i", "sine=f=330:r=48000,volume=0.2",
            "-map", "[out]", "-map", "0:a", "-t", f"{seconds:g}", "-r", str(RATE),
            "-c:v", "libx264", "-profile:v", "high", *rate, "-g", "30", "-threads", "2", "-pix_fmt", "yuv420p",
            "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv",
            "-c:a", "aac", "-b:a", "128k", "-fflags", "+bitexact", unfinished,
        ],
        check=True,
    )
    unfinished.rename(clip)
    return clip
