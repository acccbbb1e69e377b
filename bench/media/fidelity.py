"""How much a result looks like its source."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

# Debian's ffmpeg has no libvmaf; the one that PyPI carries has.
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
RATE = 30
# The watermark lies in the upper right corner. Only what is below it is
# compared, for everybody alike.
BELOW_WATERMARK = "crop=1280:600:0:120"
REFERENCE = "scale=1280:720:flags=lanczos+accurate_rnd+full_chroma_int,format=yuv420p"


@dataclass(frozen=True)
class Fidelity:
    vmaf: float
    ssim: float


def compare(result: Path, reference: list, prepare: str, pictures: int, skip: int = 0, every: int = 1,
            crop: str = BELOW_WATERMARK) -> Fidelity:
    """VMAF (model 0.6.1) and SSIM (luma) of `result`, picture by picture.

    `reference` are ffmpeg's input arguments and `prepare` the filters that make
    1280×720 of it; the first `skip` pictures of the result are its opening
    card. `every` looks at each n-th picture only."""
    numbered = f"settb=1/{RATE},setpts=N"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "vmaf.json"
        graph = (
            f"[0:v]trim=start_frame={skip}:end_frame={skip + pictures},{crop},{numbered},split[a][b];"
            f"[1:v]{prepare},trim=end_frame={pictures},{crop},{numbered},split[c][d];"
            f"[a][c]libvmaf=log_fmt=json:log_path={log}:n_threads=2:n_subsample={every},nullsink;"
            "[b][d]ssim[out]"
        )
        said = subprocess.run(
            [FFMPEG, "-nostdin", "-hide_banner", "-i", result, *reference,
             "-filter_complex", graph, "-map", "[out]", "-f", "null", "-"],
            check=True, capture_output=True, text=True,
        ).stderr
        pooled = json.loads(log.read_text())
    compared = len(pooled["frames"]) * every
    if abs(compared - pictures) > every:
        raise RuntimeError(f"{result.name}: compared {compared} pictures instead of {pictures}")
    return Fidelity(
        vmaf=pooled["pooled_metrics"]["vmaf"]["mean"],
        ssim=float(re.findall(r"SSIM Y:([\d.]+)", said)[-1]),
    )
