"""Runs the real `terraform`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "deploy" / "terraform"


def program() -> str:
    found = shutil.which("terraform")
    if not found:
        pytest.fail(
            "terraform is missing: script/setup --test says how to install it", pytrace=False
        )
    return found


def environment() -> dict[str, str]:
    """Nothing of the user's own configuration, and no look at the newest version."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TF_", "AWS_"))}
    ours = {"TF_CLI_CONFIG_FILE": os.devnull, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    return kept | ours


class Terraform:
    """The program in one folder."""

    def __init__(self, folder: Path, env: dict[str, str] | None = None):
        self.folder, self.env = folder, environment() | (env or {})

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [program(), *arguments],
            cwd=self.folder,
            env=self.env,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *arguments: str) -> str:
        """What it prints; fails where it fails."""
        process = self.start(*arguments)
        said = process.communicate()[0]
        assert process.returncode == 0, f"terraform {' '.join(arguments)}:\n{said}"
        return said

    def refuses(self, *arguments: str) -> str:
        """What it prints when it fails, as one line: it wraps its sentences."""
        process = self.start(*arguments)
        said = process.communicate()[0]
        assert process.returncode != 0, f"terraform {' '.join(arguments)} went well:\n{said}"
        return unwrapped(said)

    def json(self, *arguments: str) -> dict:
        return json.loads(self.run(*arguments))


def unwrapped(said: str) -> str:
    return " ".join(said.replace("│", " ").split())
