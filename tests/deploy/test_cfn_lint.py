"""The template, as cfn-lint and checkov see it: without complaint, and with a reason wherever one
of them was told to be quiet."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

import cfn
from stack import ROOT, TOOLS

CHECKOV = ROOT / "target" / "tools" / "checkov" / "bin" / "checkov"


def with_every_option(folder: Path) -> Path:
    """Checkov passes over what a condition leaves out; here none does."""
    text = cfn.TEMPLATE.read_text()
    for parameter, value in cfn.EVERY_OPTION.items():
        default = re.compile(rf"(\n  {parameter}:\n(?:    .*\n)*?    Default: ).*")
        text, times = default.subn(rf'\g<1>"{value}"', text, count=1)
        assert times == 1, parameter
    path = folder / "every-option.yaml"
    path.write_text(text)
    return path


def checkov(template: Path) -> dict:
    command = [CHECKOV, "--framework", "cloudformation", "--skip-download", "--output", "json"]
    done = subprocess.run([*command, "--file", template], capture_output=True, text=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return checkov(with_every_option(tmp_path_factory.mktemp("checkov")))


def suppressions(tool: str) -> dict[str, list]:
    return {
        name: resource["Metadata"][tool]
        for name, resource in cfn.load()["Resources"].items()
        if tool in resource.get("Metadata", {})
    }


def test_cfn_lint_has_nothing_to_say():
    done = subprocess.run([TOOLS / "cfn-lint", cfn.TEMPLATE], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_cfn_lint_is_kept_quiet_in_one_place_with_a_reason():
    assert suppressions("cfn-lint") == {"Database": {"config": {"ignore_checks": ["W3691"]}}}
    # The reason stands above it, where cfn-lint has no room for one.
    assert re.search(r"# .+\n\s+ignore_checks: \[W3691]", cfn.TEMPLATE.read_text())


def test_checkov_has_nothing_to_say(told):
    failed = [f"{one['check_id']} {one['resource']}" for one in told["results"]["failed_checks"]]
    assert failed == [] and told["results"]["parsing_errors"] == []
    assert told["summary"]["passed"] > 100
    assert told["summary"]["resource_count"] == len(cfn.load()["Resources"])


def test_checkov_has_nothing_to_say_of_the_defaults_either():
    assert checkov(cfn.TEMPLATE)["results"]["failed_checks"] == []


def test_each_suppression_has_a_reason_and_is_needed(told):
    written = {
        (skip["id"], name): skip["comment"]
        for name, metadata in suppressions("checkov").items()
        for skip in metadata["skip"]
    }
    assert all(len(reason) > 10 for reason in written.values())
    skipped = {
        (one["check_id"], one["resource"].split(".")[1])
        for one in told["results"]["skipped_checks"]
    }
    assert set(written) == skipped
