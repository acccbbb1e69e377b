"""Our configurations, applied without AWS: what would be made, in full."""

from __future__ import annotations

import atexit
import functools
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terraform import bindings, provider
from terraform.tool import SOURCE, Terraform

ROOTS = ("bootstrap", "environments/staging", "environments/production")

# State in a file instead of a bucket: the backend has tests of its own.
LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'

NAMES = re.compile(r'^(resource|data|ephemeral) "(aws_\w+)"', re.MULTILINE)


@functools.cache
def used() -> dict[str, frozenset[str]]:
    """Types of AWS that our configurations name, by kind."""
    found = {kind: set() for kind in ("resource", "data", "ephemeral")}
    for file in SOURCE.rglob("*.tf"):
        for kind, name in NAMES.findall(file.read_text()):
            found[kind].add(name)
    return {kind: frozenset(names) for kind, names in found.items()}


@functools.cache
def aws() -> dict[str, str]:
    """The environment in which our own provider plays `hashicorp/aws`, from the
    first call to the end of the tests."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(provider.serving(bindings.schemas(**used())))


@contextmanager
def bare_copy_of(root: str, **env: str) -> Iterator[Terraform]:
    """All of deploy/terraform in a folder of its own, as it is committed."""
    with tempfile.TemporaryDirectory(prefix="anb-terraform-") as folder:
        tree = Path(folder) / "terraform"
        shutil.copytree(SOURCE, tree, ignore=shutil.ignore_patterns(".terraform*", "*.tfvars"))
        yield Terraform(tree / root, aws() | env)


@contextmanager
def copy_of(root: str) -> Iterator[Terraform]:
    """The same with its state in a file, ready to be planned and to be changed."""
    with bare_copy_of(root) as terraform:
        (terraform.folder / "backend_override.tf").write_text(LOCAL_BACKEND)
        terraform.run("init", "-no-color")
        yield terraform


@dataclass(frozen=True)
class State:
    """Every resource by its address, without the module that holds them all."""

    resources: dict[str, dict]
    outputs: dict
    text: str

    def __getitem__(self, address: str) -> dict:
        return self.resources[address]

    def of(self, kind: str) -> dict[str, dict]:
        """Resources of a type, by address."""
        part = re.compile(rf"(^|\.){kind}\.")
        return {address: it for address, it in self.resources.items() if part.search(address)}

    def only(self, kind: str) -> dict:
        (found,) = self.of(kind).values()
        return found


def resources_in(module: dict) -> Iterator[tuple[str, dict]]:
    for resource in module.get("resources", []):
        if resource["mode"] == "managed":
            yield resource["address"].removeprefix("module.platform."), resource["values"]
    for child in module.get("child_modules", []):
        yield from resources_in(child)


def apply(terraform: Terraform, *arguments: str) -> State:
    terraform.run("apply", "-auto-approve", "-no-color", *arguments)
    values = terraform.json("show", "-json")["values"]
    outputs = {name: output["value"] for name, output in values.get("outputs", {}).items()}
    text = (terraform.folder / "terraform.tfstate").read_text()
    return State(dict(resources_in(values["root_module"])), outputs, text)


def override(terraform: Terraform, **arguments) -> None:
    """Gives the platform other values than the environment does."""
    lines = "".join(f"  {name} = {json.dumps(value)}\n" for name, value in arguments.items())
    path = terraform.folder / "platform_override.tf"
    path.write_text(f'module "platform" {{\n{lines}}}\n')


@functools.cache
def applied(root: str, *arguments: str, overridden: tuple[tuple[str, Any], ...] = ()) -> State:
    """The state of a root as it is committed, made once for all tests."""
    with copy_of(root) as terraform:
        if overridden:
            override(terraform, **dict(overridden))
        return apply(terraform, *arguments)


def production() -> State:
    """Production with images, otherwise by its defaults."""
    return applied("environments/production", "-var=image_tag=v1")
