"""What readers are told: links lead somewhere, sums are right, commands can be typed, and every
alarm has its answer."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from stack import ROOT

GUIDE = ROOT / "deploy" / "deployment-instructions.md"
OPERATIONS = ROOT / "docs" / "operations.md"
PAGES = [GUIDE, OPERATIONS, ROOT / "deploy" / "docker" / "README.md"]
TEMPLATE = ROOT / "deploy" / "cloudformation" / "infrastructure-fargate.yaml"


def section(page: Path, title: str) -> str:
    """From a heading to the next one of the same rank."""
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |\Z)", page.read_text(), re.M | re.S)
    assert found, f"{page.name} has no section {title}"
    return found[2]


# --- links ---------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


# --- commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_can_be_typed(page):
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", page.read_text(), re.M | re.S)
    assert blocks
    for block in blocks:
        done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
        assert done.returncode == 0, f"{block}\n{done.stderr}"


def test_options_of_the_script_that_are_named_exist():
    usage = subprocess.run(
        [ROOT / "script/deploy", "--help"], check=True, capture_output=True, text=True
    ).stdout
    for line in re.findall(r"script/deploy [^`\n]+", GUIDE.read_text() + OPERATIONS.read_text()):
        for option in re.findall(r" (--[a-z-]+)", line):
            assert option in usage, line


# --- money ---------------------------------------------------------------------------------------


def rows(table: str) -> list[tuple[str, str, float]]:
    """Item, arithmetic and dollars of each line of a table."""
    found = re.findall(r"^\| (.+?) \| ?(.*?) ?\| \**([\d.]+)\** \|$", table, re.M)
    return [(item, arithmetic, float(dollars)) for item, arithmetic, dollars in found]


def reckon(arithmetic: str) -> float:
    """`2 × (0.5 vCPU × 0.04048 + 1 GB × 0.004445) × 730`, without its words."""
    bare = re.sub(r"[A-Za-z]+", "", arithmetic).replace("×", "*")
    assert re.fullmatch(r"[\d.+*/() ]+", bare), arithmetic
    return eval(bare)


@pytest.mark.parametrize("beginning", ["**Idle**", "**Per 1,000 clips**"])
def test_costs_are_reckoned_right(beginning):
    table = section(GUIDE, "Monthly cost").split(beginning)[1].split("\n\n")[1]
    *items, (_, _, total) = rows(table)
    assert len(items) >= 6
    for item, arithmetic, dollars in items:
        assert reckon(arithmetic) == pytest.approx(dollars, abs=0.0051), item
    assert sum(dollars for _, _, dollars in items) == pytest.approx(total, abs=0.01)


# --- alarms --------------------------------------------------------------------------------------


def test_every_alarm_has_a_runbook():
    named = set(re.findall(r"AlarmName: !Sub \$\{ProjectName\}-([\w-]+)", TEMPLATE.read_text()))
    first_cells = re.findall(r"^\| (`.+?) \|", section(OPERATIONS, "Alarms"), re.M)
    answered = set(re.findall(r"`([\w-]+)`", " ".join(first_cells)))
    assert named and named == answered


# --- GitHub --------------------------------------------------------------------------------------


def test_github_deploys_without_a_key():
    text = (ROOT / ".github/workflows/deploy.yml").read_text()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read", "id-token": "write"}
    steps = workflow["jobs"]["deploy"]["steps"]
    (credentials,) = [
        step["with"] for step in steps if "configure-aws-credentials" in step.get("uses", "")
    ]
    assert "role-to-assume" in credentials and "secrets." not in text and "access-key" not in text
    (run,) = [step["run"] for step in steps if step.get("name") == "Deploy"]
    assert run.startswith("script/deploy ")
