"""moto, for what speaks to AWS."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from terraform.tool import ROOT

sys.path.append(str(ROOT / "deploy" / "local"))
from stack import REGION, TOOLS, Child, answers, free_port  # noqa: E402


@contextmanager
def moto(folder: Path) -> Iterator[dict[str, str]]:
    """moto until the end of the block; the environment for those who ask it."""
    port = free_port()
    env = {
        "AWS_ENDPOINT_URL": f"http://localhost:{port}",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    command = [TOOLS / "moto_server", "--host", "127.0.0.1", "--port", str(port)]
    child = Child("moto", command, folder, env=os.environ | env)
    try:
        child.wait_until(lambda: answers(port, "/moto-api/"))
        yield env
    finally:
        child.stop()
