"""How the configurations are written: format, versions, descriptions, reasons."""

import json
import re
import shutil
import subprocess

import hcl2
import pytest

from terraform.platform import ROOTS
from terraform.tool import ROOT, SOURCE, Terraform

MODULES = sorted(path.name for path in (SOURCE / "modules").iterdir())
FOLDERS = [*ROOTS, *(f"modules/{name}" for name in MODULES)]
CHECKOV = ROOT / "target" / "tools" / "checkov" / "bin" / "checkov"


def blocks(folder: str, kind: str) -> dict[str, dict]:
    """Variables or outputs of a folder, by name."""
    found = {}
    for file in sorted((SOURCE / folder).glob("*.tf")):
        for block in hcl2.loads(file.read_text()).get(kind, []):
            ((name, body),) = ((name, body) for name, body in block.items() if name[0] == '"')
            found[name.strip('"')] = body
    return found


def test_it_is_formatted():
    Terraform(SOURCE).run("fmt", "-check", "-recursive", "-diff")


def test_the_modules_are_there():
    assert {
        "network",
        "load-balancer",
        "service",
        "database",
        "storage",
        "static-files",
        "queue",
        "observability",
    } <= set(MODULES)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_module_has_its_four_files_and_small_ones(folder):
    files = {path.name: path.read_text() for path in (SOURCE / folder).glob("*.tf")}
    assert {"main.tf", "variables.tf", "outputs.tf", "versions.tf"} <= set(files)
    assert {name for name, text in files.items() if len(text.splitlines()) > 240} == set()


@pytest.mark.parametrize("name", ["staging", "production"])
def test_an_environment_is_only_modules_and_values(name):
    folder = SOURCE / "environments" / name
    text = "".join(file.read_text() for file in folder.glob("*.tf"))
    assert not re.search(r"^(resource|data|locals)", text, re.MULTILINE)
    assert len((folder / "main.tf").read_text().splitlines()) < 40
    for line in (
        'backend "s3"',
        'dynamodb_table = "anb-video-terraform-locks"',
        "use_lockfile   = true",
    ):
        assert line in text


@pytest.mark.parametrize("folder", FOLDERS)
def test_versions_are_required_and_the_provider_is_pinned(folder):
    text = (SOURCE / folder / "versions.tf").read_text()
    assert 'required_version = "~> 1.11"' in text
    pin = "6.25.0" if folder in ROOTS else "~> 6.25"
    assert f'aws = {{ source = "hashicorp/aws", version = "{pin}" }}' in text


@pytest.mark.parametrize("folder", FOLDERS)
def test_variables_are_typed_and_described(folder):
    for name, variable in blocks(folder, "variable").items():
        assert variable.get("type"), name
        assert len(variable.get("description", "")) > 10, name


@pytest.mark.parametrize("folder", FOLDERS)
def test_validations_say_what_is_wanted(folder):
    for name, variable in blocks(folder, "variable").items():
        for validation in variable.get("validation", []):
            message = validation["error_message"].strip('"')
            assert message[0].isupper() and message[-1] in ".…", name


@pytest.mark.parametrize("folder", ROOTS)
def test_whatever_a_user_can_set_is_validated(folder):
    for name, variable in blocks(folder, "variable").items():
        assert variable.get("validation"), name


@pytest.mark.parametrize("folder", FOLDERS)
def test_outputs_are_described(folder):
    outputs = blocks(folder, "output")
    assert outputs
    for name, output in outputs.items():
        assert len(output.get("description", "")) > 10, name


def test_autoscaling_rules_the_number_of_tasks():
    (service,) = (
        body
        for block in hcl2.loads((SOURCE / "modules/service/main.tf").read_text())["resource"]
        for kind, bodies in block.items()
        if kind == '"aws_ecs_service"'
        for body in bodies.values()
    )
    assert service["lifecycle"][0]["ignore_changes"] == ["desired_count"]


def test_every_suppression_gives_its_reason():
    for file in SOURCE.rglob("*.tf"):
        for skip in re.findall(r"checkov:skip=(.*)", file.read_text()):
            assert re.fullmatch(r"CKV2?_AWS_\d+:\S.{20,}[.]", skip), f"{file.name}: {skip}"


BAD = 'resource "aws_db_instance" "open" {\n  publicly_accessible = true\n}\n'


def test_checkov_finds_nothing_but_what_was_put_there(tmp_path):
    shutil.copytree(SOURCE, tmp_path / "terraform")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "main.tf").write_text(BAD)
    arguments = ["--framework", "terraform", "--quiet", "--skip-download", "--output", "json"]
    done = subprocess.run(
        [CHECKOV, "--directory", tmp_path, *arguments], stdout=subprocess.PIPE, text=True
    )
    report = json.loads(done.stdout)
    failed = {(it["file_path"], it["check_id"]) for it in report["results"]["failed_checks"]}
    assert ("/bad/main.tf", "CKV_AWS_17") in failed
    assert {it for it in failed if it[0] != "/bad/main.tf"} == set()
    assert report["summary"]["passed"] > 100
    assert report["summary"]["parsing_errors"] == 0
