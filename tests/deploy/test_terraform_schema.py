"""Every argument, block, type and reference is one that the provider knows:
Terraform itself holds our configurations against the schema of its published
version."""

import pytest

from terraform import bindings
from terraform.platform import ROOTS, copy_of, used
from terraform.tool import SOURCE


@pytest.mark.parametrize("root", ROOTS)
def test_terraform_finds_every_argument_in_the_schema(root):
    with copy_of(root) as terraform:
        assert "The configuration is valid" in terraform.run("validate", "-no-color")


def test_the_schema_is_that_of_the_pinned_provider():
    for root in ROOTS:
        pinned = f'version = "{bindings.provider_version()}"'
        assert pinned in (SOURCE / root / "versions.tf").read_text(), root


def test_the_schema_knows_every_type_that_is_used():
    schemas = bindings.schemas(**used())
    assert set(schemas.resources) == used()["resource"]
    assert len(schemas.resources) > 40
    assert set(schemas.data_sources) == used()["data"]
    assert set(schemas.ephemeral) == used()["ephemeral"]


def test_a_type_that_the_provider_does_not_have_is_noticed():
    with pytest.raises(bindings.UnknownType, match="aws_sqs_line"):
        bindings.schemas(resource=frozenset({"aws_sqs_line"}))


MISTAKES = {
    "unknown argument": (
        'resource "aws_sqs_queue" "x" { visibility_timeout = 120 }',
        'An argument named "visibility_timeout" is not expected here',
    ),
    "unknown argument in a nested block": (
        'resource "aws_lb_target_group" "x" {\n health_check { threshold = 2 }\n}',
        'An argument named "threshold" is not expected here',
    ),
    "missing argument": (
        'resource "aws_s3_bucket_policy" "x" { bucket = "b" }',
        'The argument "policy" is required, but no definition was found',
    ),
    "missing argument in a nested block": (
        'resource "aws_s3_bucket_ownership_controls" "x" {\n bucket = "b"\n rule {}\n}',
        'The argument "object_ownership" is required, but no definition was found',
    ),
    "missing block": (
        'resource "aws_s3_bucket_ownership_controls" "x" { bucket = "b" }',
        'At least 1 "rule" blocks are required',
    ),
    "argument of a nested block outside of it": (
        'resource "aws_lb_target_group" "x" { unhealthy_threshold = 3 }',
        'An argument named "unhealthy_threshold" is not expected here',
    ),
    "block at the wrong level": (
        'resource "aws_appautoscaling_policy" "x" {\n'
        ' name = "x"\n resource_id = "x"\n scalable_dimension = "x"\n service_namespace = "ecs"\n'
        " customized_metric_specification {}\n}",
        'Blocks of type "customized_metric_specification" are not expected here',
    ),
    "block twice": (
        'resource "aws_lb_target_group" "x" {\n health_check {}\n health_check {}\n}',
        'No more than 1 "health_check" blocks are allowed',
    ),
    "block written as an argument": (
        'resource "aws_lb_target_group" "x" { health_check = { path = "/health" } }',
        'An argument named "health_check" is not expected here',
    ),
    "argument written as a block": (
        'resource "aws_sqs_queue" "x" {\n tags {}\n}',
        'Blocks of type "tags" are not expected here',
    ),
    "wrong type": (
        'resource "aws_sqs_queue" "x" { visibility_timeout_seconds = "two minutes" }',
        'Inappropriate value for attribute "visibility_timeout_seconds": a number is required',
    ),
    "wrong type of an element": (
        'resource "aws_lb" "x" { subnets = "one" }',
        'Inappropriate value for attribute "subnets": set of string required',
    ),
    "argument that only AWS decides": (
        'resource "aws_sqs_queue" "x" { arn = "arn:aws:sqs:::x" }',
        '"arn" is decided by AWS, not by us',
    ),
    "reference to what is not there": (
        'resource "aws_sqs_queue" "x" {}\noutput "x" { value = aws_sqs_queue.x.telephone }',
        'This object has no argument, nested block, or exported attribute named "telephone"',
    ),
    "unknown resource": (
        'resource "aws_sqs_line" "x" {}',
        'does not support resource type "aws_sqs_line"',
    ),
    "unknown data source": (
        'data "aws_regions_of_the_moon" "x" {}',
        'does not support data source "aws_regions_of_the_moon"',
    ),
}


@pytest.fixture(scope="module")
def scratch():
    with copy_of("bootstrap") as terraform:
        yield terraform


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_found(scratch, mistake):
    text, complaint = MISTAKES[mistake]
    (scratch.folder / "mistake.tf").write_text(text)
    assert complaint in scratch.refuses("validate", "-no-color")
