"""The job as it is usually written: MoviePy 2, trim, resize, text, encode.

    python moviepy_job.py IN OUT SECONDS
"""

import sys

from moviepy import CompositeVideoClip, TextClip, VideoFileClip

source, result, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])

with VideoFileClip(source) as video:
    clip = video.subclipped(0, min(seconds, video.duration)).resized((1280, 720))
    text = (
        TextClip(
            font="/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
            text="ANB Rising Stars",
            font_size=30,
            color="white",
        )
        .with_duration(clip.duration)
        .with_position((0.73, 0.03), relative=True)
        .with_opacity(0.85)
    )
    CompositeVideoClip([clip, text]).write_videofile(
        result, codec="libx264", preset="medium", fps=30, audio=False, logger=None
    )
