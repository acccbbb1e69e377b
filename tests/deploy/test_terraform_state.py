"""State in S3 with both locks, as `bootstrap` makes them, against moto."""

import json
import time
from pathlib import Path

import boto3
import pytest

from terraform.aws import moto
from terraform.platform import applied, bare_copy_of
from terraform.tool import Terraform

# The first run holds its locks until the file `go` is there.
CONFIGURATION = """
variable "generation" {
  type = number
}

resource "terraform_data" "slow" {
  input = var.generation

  provisioner "local-exec" {
    command = "touch begun; while [ ! -e go ]; do sleep 0.05; done"
  }
  triggers_replace = [var.generation]
}
"""
KEY = "test/terraform.tfstate"
LIMIT_S = 60


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """moto with bucket and table as the applied bootstrap describes them."""
    with moto(tmp_path_factory.mktemp("moto")) as env:
        state = applied("bootstrap")
        session = boto3.Session("local", "local", region_name=env["AWS_REGION"])
        clients = {
            name: session.client(name, endpoint_url=env["AWS_ENDPOINT_URL"])
            for name in ("s3", "dynamodb")
        }
        make_bucket(clients["s3"], state)
        make_table(clients["dynamodb"], state)
        yield env, clients, state


def make_bucket(s3, state):
    name = state.only("aws_s3_bucket")["bucket"]
    s3.create_bucket(Bucket=name)
    versioning = state.only("aws_s3_bucket_versioning")["versioning_configuration"][0]
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": versioning["status"]})
    (rule,) = state.only("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    (default,) = rule["apply_server_side_encryption_by_default"]
    s3.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": default["sse_algorithm"]}}
            ]
        },
    )
    s3.put_bucket_policy(Bucket=name, Policy=state.only("aws_s3_bucket_policy")["policy"])


def make_table(dynamodb, state):
    table = state.only("aws_dynamodb_table")
    dynamodb.create_table(
        TableName=table["name"],
        BillingMode=table["billing_mode"],
        KeySchema=[{"AttributeName": table["hash_key"], "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": it["name"], "AttributeType": it["type"]} for it in table["attribute"]
        ],
    )


def configured(folder: Path, cloud, locks: dict[str, str], key: str = KEY) -> Terraform:
    """A small configuration in a folder of its own, with its state in the bucket."""
    env, _, state = cloud
    settings = {
        "bucket": state.outputs["bucket"],
        "key": key,
        "region": env["AWS_REGION"],
        # moto's bucket is a part of the path, not of the host.
        "use_path_style": True,
        "encrypt": True,
    } | locks
    block = "".join(f"    {name} = {json.dumps(value)}\n" for name, value in settings.items())
    folder.mkdir()
    (folder / "main.tf").write_text(CONFIGURATION)
    (folder / "backend.tf").write_text(f'terraform {{\n  backend "s3" {{\n{block}  }}\n}}\n')
    terraform = Terraform(folder, env)
    terraform.run("init", "-no-color")
    return terraform


def apply(terraform: Terraform, generation: int):
    return terraform.start(
        "apply", "-auto-approve", "-no-color", "-lock-timeout=0s", f"-var=generation={generation}"
    )


def wait_for(there):
    began = time.monotonic()
    while not there():
        assert time.monotonic() - began < LIMIT_S, "waited in vain"
        time.sleep(0.05)


def keys(cloud) -> set[str]:
    _, clients, state = cloud
    listed = clients["s3"].list_objects_v2(Bucket=state.outputs["bucket"])
    return {it["Key"] for it in listed.get("Contents", [])}


def items(cloud) -> dict[str, dict]:
    _, clients, state = cloud
    found = clients["dynamodb"].scan(TableName=state.outputs["table"])["Items"]
    return {item["LockID"]["S"]: item for item in found}


def test_state_lies_in_the_bucket_in_versions(cloud, tmp_path):
    _, clients, state = cloud
    bucket, table = state.outputs["bucket"], state.outputs["table"]
    locks = {"dynamodb_table": table, "use_lockfile": True}
    terraform = configured(tmp_path / "only", cloud, locks, key="alone/terraform.tfstate")
    (terraform.folder / "go").touch()
    for generation in (1, 2):
        terraform.run("apply", "-auto-approve", f"-var=generation={generation}")

    stored = clients["s3"].get_object(Bucket=bucket, Key="alone/terraform.tfstate")
    (slow,) = json.loads(stored["Body"].read())["resources"]
    assert slow["instances"][0]["attributes"]["output"] == {"value": 2, "type": "number"}
    assert stored["ServerSideEncryption"] == "AES256"
    versions = clients["s3"].list_object_versions(Bucket=bucket, Prefix="alone/terraform.tfstate")
    kept = [it for it in versions["Versions"] if it["Key"] == "alone/terraform.tfstate"]
    assert len(kept) >= 2
    assert not (terraform.folder / "terraform.tfstate").exists()


LOCKS = {
    "both": ({"dynamodb_table": "anb-video-terraform-locks", "use_lockfile": True}, True, True),
    "table alone": ({"dynamodb_table": "anb-video-terraform-locks"}, True, False),
    "file alone": ({"use_lockfile": True}, False, True),
}


@pytest.mark.parametrize("kind", LOCKS)
def test_the_second_of_two_applies_is_refused(cloud, tmp_path, kind):
    locks, in_table, in_bucket = LOCKS[kind]
    key = f"{kind.replace(' ', '-')}/terraform.tfstate"
    state = cloud[2]
    lock_id = f"{state.outputs['bucket']}/{key}"
    first = configured(tmp_path / "first", cloud, locks, key)
    second = configured(tmp_path / "second", cloud, locks, key)

    running = apply(first, 1)
    wait_for((first.folder / "begun").exists)
    assert (lock_id in items(cloud)) == in_table
    assert (f"{key}.tflock" in keys(cloud)) == in_bucket

    refused = second.refuses(
        "apply", "-auto-approve", "-no-color", "-lock-timeout=0s", "-var=generation=2"
    )
    assert "Error acquiring the state lock" in refused
    assert lock_id in refused
    assert not (second.folder / "begun").exists()

    (first.folder / "go").touch()
    said, _ = running.communicate(timeout=LIMIT_S)
    assert running.returncode == 0, said
    assert lock_id not in items(cloud)
    assert f"{key}.tflock" not in keys(cloud)

    # The lock is free again: now it is the second one's turn.
    (second.folder / "go").touch()
    second.run("apply", "-auto-approve", "-no-color", "-var=generation=2")


@pytest.mark.parametrize("name", ["staging", "production"])
def test_the_environments_keep_their_state_there(cloud, name):
    """As they are committed, with nothing added but where moto is."""
    env, clients, state = cloud
    with bare_copy_of(f"environments/{name}", **env) as terraform:
        backend = terraform.folder / "backend.hcl"
        backend.write_text(state.outputs["backend"] + "use_path_style = true\n")
        terraform.run("init", "-no-color", "-backend-config=backend.hcl")
        terraform.run("apply", "-auto-approve", "-no-color")
        assert not (terraform.folder / "terraform.tfstate").exists()
    key = f"{name}/terraform.tfstate"
    stored = clients["s3"].get_object(Bucket=state.outputs["bucket"], Key=key)
    assert len(json.loads(stored["Body"].read())["resources"]) > 40
    assert f"{state.outputs['bucket']}/{key}-md5" in items(cloud)
