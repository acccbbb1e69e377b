"""What the task definitions tell the program, against what the program knows and needs."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from functools import cache
from typing import Any

import pytest

import cfn
from cloud import PROGRAM
from stack import ROOT

TEMPLATE = cfn.load()
STACK = cfn.Rendered(TEMPLATE)
SERVICES = ("Web", "Console", "Worker")
# Read by what the program is made of: the AWS SDK.
OF_LIBRARIES = {"AWS_REGION"}

# What references become, once the stack is there.
MADE = {
    "<MediaBucket>": STACK.properties("MediaBucket")["BucketName"],
    "<ProcessingQueue>": "https://sqs.us-east-1.amazonaws.com/123456789012/anb-video-processing-queue",
    "<DeadLetterQueue>": "https://sqs.us-east-1.amazonaws.com/123456789012/anb-video-processing-dlq",
    "<LoadBalancer.DNSName>": "anb-video-alb-1234567890.us-east-1.elb.amazonaws.com",
    "<DatabaseUrlSecret>": "postgres://anb:9vK2mQx7RtYp4LwZ@anb-video-db.c1.us-east-1.rds.amazonaws.com:5432/anb",
    "<SecretKeySecret>": "Zk3vQ9tXbL7mPw2RyH5cJd8NfGs4AeUiKo6TgVnBhWq1YxCz0MrLpSjDaFuEtIv",
}

# Without one of these a task would work beside the others, or not at all (docs/operations.md).
EVERYWHERE = {
    "database.url",
    "database.ssl_mode",
    "database.ca_file",
    "database.max_connections",
    "auth.secret_key",
    "storage.bucket",
    "queue.url",
    "queue.dlq_url",
    "log.format",
    "metrics.emf_project",
}
NEEDED = {
    "Web": EVERYWHERE
    | {
        "web.public_url",
        "web.trusted_proxies",
        "web.header_timeout_s",
        "web.drain_timeout_s",
    },
    "Console": EVERYWHERE
    | {
        "web.public_url",
        "console.trusted_proxies",
        "console.header_timeout_s",
        "console.drain_timeout_s",
        "ecs.cluster",
        "ecs.web_service",
        "ecs.console_service",
        "ecs.worker_service",
        "cost.task_vcpus",
        "cost.task_memory_gb",
        "cost.vcpu_hour_usd",
        "cost.gb_hour_usd",
    },
    "Worker": EVERYWHERE
    | {
        "worker.listen",
        "worker.drain_timeout_s",
        "cost.task_vcpus",
        "cost.task_memory_gb",
        "cost.vcpu_hour_usd",
        "cost.gb_hour_usd",
    },
}


def program(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """In an empty folder and with nothing but this environment, as in an image."""
    return subprocess.run([PROGRAM, *words], env=env or {}, cwd="/", capture_output=True, text=True)


def made(value: str) -> str:
    for reference, what in MADE.items():
        value = value.replace(reference, what)
    assert "<" not in value, f"what is {value}?"
    return value


def plain(service: str) -> dict[str, str]:
    entries = STACK.container(service)["Environment"]
    names = [entry["Name"] for entry in entries]
    assert len(names) == len(set(names)), f"{service} is told something twice"
    return {entry["Name"]: made(entry["Value"]) for entry in entries}


def secrets(service: str) -> dict[str, str]:
    return {
        entry["Name"]: made(entry["ValueFrom"]) for entry in STACK.container(service)["Secrets"]
    }


def with_option(service: str, variable: str, **parameters: str) -> dict[str, str]:
    """Its environment, with this variable as these parameters make it."""
    entries = cfn.Rendered(TEMPLATE, **parameters).container(service)["Environment"]
    (value,) = [entry["Value"] for entry in entries if entry["Name"] == variable]
    return environment(service) | {variable: value}


def environment(service: str) -> dict[str, str]:
    return plain(service) | secrets(service)


@cache
def settings() -> dict[str, bool]:
    """Every setting's key, and whether it is a secret, as the program itself has it."""
    schema = json.loads(program("config", "schema").stdout)
    return dict(leaves(schema, schema["$defs"], ""))


def leaves(node: dict[str, Any], definitions: dict[str, Any], prefix: str):
    for name, child in node["properties"].items():
        variants = [child, *child.get("anyOf", [])]
        targets = [definitions[one["$ref"].split("/")[-1]] for one in variants if "$ref" in one]
        section = next((target for target in targets if "properties" in target), None)
        if section:
            yield from leaves(section, definitions, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", child.get("writeOnly", False)


@cache
def variables() -> dict[str, str]:
    """Every variable that is a setting, and which."""
    own = {f"ANB_{key.upper().replace('.', '__')}": key for key in settings()}
    listed = (ROOT / "docs" / "settings.md").read_text().split("\n## ")[0]
    return own | dict(re.findall(r"^- `(\w+)`: `([\w.]+)`$", listed, re.MULTILINE))


def test_the_program_tells_its_settings():
    assert variables()["DATABASE_URL"] == "database.url" and settings()["database.url"]
    assert (
        variables()["ANB_WEB__PUBLIC_URL"] == "web.public_url" and not settings()["web.public_url"]
    )


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_is_known(service):
    told = {*plain(service), *secrets(service)}
    assert told - OF_LIBRARIES <= set(variables())


@pytest.mark.parametrize("service", SERVICES)
def test_secrets_are_handed_over_as_secrets(service):
    secret = {name for name in variables() if settings()[variables()[name]]}
    assert set(secrets(service)) == {"DATABASE_URL", "SECRET_KEY"} <= secret
    assert not secret & set(plain(service))


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("address", ["", "https://anb.example.com"])
def test_the_program_accepts_them(service, address):
    env = environment(service)
    if address and "ANB_WEB__PUBLIC_URL" in env:
        env["ANB_WEB__PUBLIC_URL"] = cfn.Rendered(TEMPLATE, PublicUrl=address).outputs["SiteUrl"]
    checked = program("config", "check", env=env)
    assert checked.returncode == 0, checked.stderr


def test_the_program_accepts_the_address_of_a_cdn():
    address = "https://static.example.com"
    env = with_option("Web", "ANB_SITE__ASSETS_URL", AssetsUrl=address)
    assert set(in_force(env)) - NEEDED["Web"] == {"site.assets_url"}
    shown = tomllib.loads(program("config", "show", env=env).stdout)
    assert shown["site"]["assets_url"].rstrip("/") == address


def in_force(env: dict[str, str]) -> dict[str, str]:
    """The settings that come from the environment, and the variable of each."""
    shown = program("config", "show", env=env)
    assert shown.returncode == 0, shown.stderr
    section, told = "", {}
    for line in shown.stdout.splitlines():
        if match := re.fullmatch(r"\[(.+)]", line):
            section = f"{match[1]}."
        elif match := re.fullmatch(r"(\w+) = .* # environment variable (\w+)", line):
            told[section + match[1]] = match[2]
    return told


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_that_is_needed_is_there_and_no_other(service):
    told = in_force(environment(service))
    assert set(told) == NEEDED[service]
    assert set(told.values()) == {*plain(service), *secrets(service)} - OF_LIBRARIES


@pytest.mark.parametrize("service", SERVICES)
def test_settings_fit_what_the_stack_has_made(service):
    """Where a default of the program and a number of the template have to agree."""
    shown = tomllib.loads(program("config", "show", env=environment(service)).stdout)
    assert shown["storage"]["upload_prefix"] == "uploads"
    assert shown["storage"]["processed_prefix"] == "processed"
    assert (
        shown["queue"]["visibility_s"] == STACK.properties("ProcessingQueue")["VisibilityTimeout"]
    )
    assert (
        shown["queue"]["wait_s"]
        == STACK.properties("ProcessingQueue")["ReceiveMessageWaitTimeSeconds"]
    )
    assert shown["log"]["format"] == "json"
    container = STACK.container(service)
    kind = service.lower()
    # The program is done before it is killed.
    assert shown[kind]["drain_timeout_s"] < container["StopTimeout"]
    if service == "Worker":
        # Nobody else than the health check in the same container.
        assert shown["worker"]["listen"].startswith("127.0.0.1:")
    else:
        assert shown[kind]["listen"] == f"0.0.0.0:{container['PortMappings'][0]['ContainerPort']}"
        assert shown[kind]["trusted_proxies"] == 1
        # Idle connections outlive those of the load balancer, or it would answer 502.
        idle = STACK.properties("LoadBalancer")["LoadBalancerAttributes"]
        (idle_s,) = [
            int(one["Value"]) for one in idle if one["Key"] == "idle_timeout.timeout_seconds"
        ]
        assert shown[kind]["header_timeout_s"] > idle_s


@pytest.mark.parametrize("missing", ["DATABASE_URL", "SECRET_KEY", "AWS_S3_BUCKET", "SQS_DLQ_URL"])
def test_what_is_missing_would_be_noticed(missing):
    """The program would go on with what it has built in, and so would prove nothing by starting."""
    env = environment("Web")
    del env[missing]
    assert NEEDED["Web"] - set(in_force(env)) == {variables()[missing]}


@pytest.mark.parametrize("service", SERVICES)
def test_commands_are_commands_of_the_program(service):
    container = STACK.container(service)
    # `--help` instead of doing it; an unknown word is refused all the same.
    started = program(*container["Command"], "--help")
    assert started.returncode == 0, started.stderr
    kind, name, *words = container["HealthCheck"]["Command"]
    assert (kind, name) == ("CMD", "anb-video")
    checked = program(*words, "--help")
    assert checked.returncode == 0, checked.stderr
