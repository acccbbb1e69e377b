"""script/deploy, run as an operator would: on moto, where only images and tasks are missing."""

from __future__ import annotations

import functools
import json
import os
import re
import shlex
import subprocess
import urllib.request
from pathlib import Path

import pytest

from stack import ROOT, TOOLS, Stack

SCRIPT = ROOT / "script" / "deploy"
PROGRAM = ROOT / "target" / "debug" / "anb-video"
COMMIT = subprocess.run(
    ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True
).stdout.strip()
# Nobody answers there, so whatever asks AWS fails.
NOWHERE = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
}


def script(*words: str, env: dict[str, str], typed: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(
        [SCRIPT, *words], env=os.environ | env, input=typed, capture_output=True, text=True
    )


class Account(Stack):
    """An account of AWS without anything in it."""

    def start_postgres(self) -> None:
        """RDS is moto's."""

    def moto_command(self) -> list:
        return [TOOLS / "python", Path(__file__).parent / "fake_aws", str(self.moto_port)]

    def furnish(self) -> None:
        """The script does."""

    def deploy(
        self, *words: str, path: str = os.environ["PATH"], typed: str = ""
    ) -> subprocess.CompletedProcess:
        return script(*words, env=self.aws | {"PATH": path}, typed=typed)

    def ask(self, *words: str):
        command = [TOOLS / "aws", *words, "--output", "json"]
        done = subprocess.run(
            command, env=os.environ | self.aws, check=True, capture_output=True, text=True
        )
        return json.loads(done.stdout)

    def task(self, role: str) -> dict:
        """What a service is to run."""
        (service,) = self.ask(
            "ecs",
            "describe-services",
            "--cluster",
            "anb-video-cluster",
            "--services",
            f"anb-video-{role}-service",
        )["services"]
        return self.definition(service["taskDefinition"])

    def definition(self, name: str) -> dict:
        return self.ask("ecs", "describe-task-definition", "--task-definition", name)[
            "taskDefinition"
        ]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """What the smoke test goes to, in place of tasks."""
    with Stack(tmp_path_factory.mktemp("site") / "stack", PROGRAM) as site:
        site.start("web", "web")
        site.start("worker", "worker")
        site.address = f"http://localhost:{site.web_port}"
        yield site


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    with Account(tmp_path_factory.mktemp("account") / "stack", PROGRAM) as account:
        yield account


@pytest.fixture(scope="module")
def deployed(account, site):
    done = account.deploy("cloudformation", "--address", site.address)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- on moto -------------------------------------------------------------------------------------


def test_it_goes_from_nothing_to_a_tested_site(deployed, site):
    steps = re.findall(r"==> (\w+)", deployed)
    assert steps == [
        "Account",
        "Infrastructure",
        "Images",
        "Static",
        "Migrations",
        "Services",
        "Smoke",
        "anb",
    ]
    assert "completed, and the result can be fetched" in deployed
    assert f"serves at {site.address}" in deployed


def test_what_an_emulator_cannot_do_is_told(deployed):
    skipped = re.findall(r"skipped: ([\w ]+)", deployed)
    assert [words.strip() for words in skipped] == [
        "building and pushing web console worker",
        "starting the migration task",
        "waiting for tasks",
    ]


def test_the_services_are_to_run_the_images_of_this_commit(deployed, account):
    for role in ("web", "console", "worker"):
        assert account.task(role)["containerDefinitions"][0]["image"].endswith(
            f"/anb-{role}:{COMMIT}"
        )


def test_the_files_of_the_pages_are_in_the_static_bucket(deployed, account, site):
    """Those that the very page at the site's address names."""
    with urllib.request.urlopen(f"{site.address}/") as answer:
        files = set(re.findall(r'"/assets/([0-9a-f]{16}/[^"]+)"', answer.read().decode()))
    assert any(name.endswith(".css") for name in files)
    bucket = "anb-video-static-123456789012-us-east-1"
    listed = account.ask("s3api", "list-objects-v2", "--bucket", bucket)["Contents"]
    assert files <= {one["Key"] for one in listed}
    assert f"in s3://{bucket}: {len(listed)} files published" in deployed
    assert "the first page has its files" in deployed


def test_the_migration_is_web_with_another_command(deployed, account):
    migration = account.definition("anb-video-migrate")
    container = migration["containerDefinitions"][0]
    assert container["command"] == ["migrate"] and container["image"].endswith(f"/anb-web:{COMMIT}")
    assert {secret["name"] for secret in container["secrets"]} == {"DATABASE_URL", "SECRET_KEY"}
    assert container["environment"] == account.task("web")["containerDefinitions"][0]["environment"]
    assert migration["volumes"] == account.task("web")["volumes"]


def test_the_player_of_the_smoke_test_is_gone(deployed, site):
    assert "smoke-" not in site.run("admin", "user", "list")


def test_it_may_run_again(deployed, account):
    before = account.ask("cloudformation", "list-stack-resources", "--stack-name", "anb-video")
    done = account.deploy("cloudformation")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Infrastructure\S*\n    is there", done.stdout)
    assert "skipped: nothing serves here" in done.stdout
    assert identities(
        account.ask("cloudformation", "list-stack-resources", "--stack-name", "anb-video")
    ) == identities(before)


def identities(listed: dict) -> dict[str, str]:
    """Task definitions have no identity that lasts: each change is another one."""
    resources = (
        one
        for one in listed["StackResourceSummaries"]
        if "TaskDefinition" not in one["ResourceType"]
    )
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources}


def test_a_tag_leads_back_to_a_release(deployed, account):
    done = account.deploy("cloudformation", "--tag", "0123456789ab")
    assert done.returncode == 0, done.stdout + done.stderr
    for role in ("web", "console", "worker"):
        assert account.task(role)["containerDefinitions"][0]["image"].endswith(
            f"/anb-{role}:0123456789ab"
        )


def test_terraform_goes_the_same_way(deployed, account, tmp_path):
    """Its provider cannot be had everywhere: a stand-in notes what it is told, and what it would
    have made is there from before."""
    (tmp_path / "terraform").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/told\n')
    (tmp_path / "terraform").chmod(0o755)
    done = account.deploy(
        "terraform", "--tag", "0123456789ab", path=f"{tmp_path}:{os.environ['PATH']}"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    bootstrap, production = (
        "-chdir=deploy/terraform/bootstrap",
        "-chdir=deploy/terraform/environments/production",
    )
    region = "-input=false -auto-approve -var region=us-east-1"
    assert (tmp_path / "told").read_text().splitlines() == [
        f"{bootstrap} init -input=false",
        f"{bootstrap} apply {region}",
        f"{production} init -input=false"
        " -backend-config=bucket=anb-video-terraform-state-123456789012-us-east-1"
        " -backend-config=region=us-east-1",
        f"{production} apply {region} -var image_tag=0123456789ab",
    ]


def test_destroying_asks_for_the_name(deployed, account):
    done = account.deploy("cloudformation", "--destroy", typed="yes\n")
    assert done.returncode == 1 and "nothing was removed" in done.stderr
    assert account.ask("cloudformation", "describe-stacks", "--stack-name", "anb-video")["Stacks"]


def test_destroying_removes_all_but_what_is_kept(deployed, account):
    done = account.deploy("cloudformation", "--destroy", typed="anb-video\n")
    assert done.returncode == 0, done.stdout + done.stderr
    (stack,) = account.ask("cloudformation", "list-stacks")["StackSummaries"]
    assert stack["StackStatus"] == "DELETE_COMPLETE"
    assert not account.ask("ecr", "describe-repositories")["repositories"]
    buckets = {bucket["Name"] for bucket in account.ask("s3api", "list-buckets")["Buckets"]}
    kept = {"anb-video-media-123456789012-us-east-1", "anb-video-static-123456789012-us-east-1"}
    assert buckets == kept and all(name in done.stdout for name in kept)


# --- told, and not done --------------------------------------------------------------------------

BUILD = "(docker buildx|podman|buildah) build"
PUBLISH = "(docker|podman|buildah) run .* assets publish --bucket anb-video-static-"
# What happens, in this order.
STEPS = {
    "cloudformation": [
        "aws sts get-caller-identity",
        "aws cloudformation deploy",
        BUILD,
        PUBLISH,
        "aws ecs register-task-definition",
        "aws ecs run-task",
        "aws ecs wait tasks-stopped",
        "aws cloudformation deploy",
        "aws ecs wait services-stable",
        "curl",
        "ffmpeg",
        "curl .* video_file=@",
    ],
    "terraform": [
        "aws sts get-caller-identity",
        "terraform -chdir=deploy/terraform/bootstrap apply",
        "terraform -chdir=deploy/terraform/environments/production apply",
        BUILD,
        PUBLISH,
        "aws ecs register-task-definition",
        "aws ecs run-task",
        "aws ecs wait tasks-stopped",
        "terraform -chdir=deploy/terraform/environments/production apply",
        "aws ecs wait services-stable",
        "curl",
        "ffmpeg",
        "curl .* video_file=@",
    ],
}


@functools.cache
def told(*words: str) -> list[str]:
    done = script(*words, "--dry-run", env=NOWHERE)
    assert done.returncode == 0, done.stderr
    return [
        line.removeprefix("  $ ") for line in done.stdout.splitlines() if line.startswith("  $ ")
    ]


@pytest.mark.parametrize("way", STEPS)
def test_a_dry_run_tells_every_command_in_order_and_runs_none(way):
    commands = iter(told(way))
    for step in STEPS[way]:
        assert any(re.match(step, command) for command in commands), step


@pytest.mark.parametrize("way", STEPS)
def test_commands_that_are_told_can_be_typed(way):
    for command in told(way):
        program = shlex.split(command)[0]
        assert program in (
            "aws",
            "bash",
            "curl",
            "docker",
            "ffmpeg",
            "podman",
            "buildah",
            "terraform",
        ), command


@pytest.mark.parametrize("name", ["run-task", "describe-tasks"])
def test_what_no_emulator_runs_is_still_a_command_that_aws_knows(name):
    command = next(line for line in told("cloudformation") if line.startswith(f"aws ecs {name} "))
    words = [TOOLS / "aws", *shlex.split(command)[1:], "--generate-cli-skeleton", "output"]
    done = subprocess.run(
        words,
        env=os.environ | NOWHERE | {"AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_images_are_for_amd64_unless_arm64_is_asked_for():
    platforms = {
        word
        for line in told("cloudformation")
        for word in shlex.split(line)
        if word.startswith("linux/")
    }
    assert platforms == {"linux/amd64"}
    arm = told("cloudformation", "--arm64")
    assert {word for line in arm for word in shlex.split(line) if word.startswith("linux/")} == {
        "linux/arm64"
    }
    assert any("CpuArchitecture=ARM64" in line for line in arm)


@pytest.mark.parametrize("way", STEPS)
def test_staging_has_names_of_its_own(way):
    commands = "\n".join(told(way, "--environment", "staging"))
    assert "anb-video-staging-cluster" in commands and "/anb-staging-web:" in commands
    assert "anb-video-cluster" not in commands and "/anb-web:" not in commands


def test_a_dry_run_of_destroying_asks_nothing():
    assert any(
        line.startswith("aws cloudformation delete-stack")
        for line in told("cloudformation", "--destroy")
    )
    assert any(
        "terraform" in line and " destroy " in line for line in told("terraform", "--destroy")
    )


# --- the command line ----------------------------------------------------------------------------


def test_help_has_examples():
    done = script("--help", env={})
    assert done.returncode == 0 and "Examples:" in done.stdout and "--destroy" in done.stdout


@pytest.mark.parametrize(
    "words, complaint",
    [
        ((), "say which way"),
        (("cloudfront",), "unknown: cloudfront"),
        (("cloudformation", "--tag"), "--tag needs a word"),
        (("terraform", "--project", "other"), "are for cloudformation"),
        (("terraform", "--environment", "test"), "staging or production"),
    ],
)
def test_a_wrong_command_line_is_explained(words, complaint):
    done = script(*words, env=NOWHERE)
    assert done.returncode == 2 and complaint in done.stderr and not done.stdout


def test_without_credentials_it_says_what_to_do(tmp_path):
    nobody = {
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "",
        "AWS_PROFILE": "",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    done = script("cloudformation", env=NOWHERE | nobody)
    assert done.returncode == 1 and "AWS does not know you" in done.stderr
