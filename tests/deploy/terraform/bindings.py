"""Reads the AWS provider's schema out of the bindings that were generated from it.

`@cdktf/provider-aws` has a module for each resource and data source. Its
declarations name the arguments, whether they are required, and which are blocks:

    /**
    * rule block
    *
    * Docs at Terraform Registry: {@link …#rule S3BucketOwnershipControls#rule}
    */
    readonly rule: S3BucketOwnershipControlsRule;

and its code has a getter or a class, with the type, for these and for whatever
AWS decides:

    get bucket() {
        return this.getStringAttribute('bucket');
"""

from __future__ import annotations

import functools
import json
import re
import tarfile

from terraform.schema import Attribute, Block, Nested, Schemas, Type
from terraform.tool import ROOT

VERSION = "21.22.1"
PACKAGE = ROOT / "target" / "tools" / f"cdktf-provider-aws-{VERSION}.tgz"

# What a configuration may say to the provider itself, as far as ours do: its
# module is written in another way than all others.
PROVIDER = Block(
    {"region": Attribute("string", optional=True)},
    {"default_tags": Nested(Block({"tags": Attribute(["map", "string"], optional=True)}), "list")},
)

CLASS = re.compile(r"^class (\w+) extends cdktf\.\w+ \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
INTERFACE = re.compile(r"^export interface (\w+) .*?\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
ARGUMENT = re.compile(r"#(\w+) \w+#\w+\}(?:(?!\*/).)*\*/\s+readonly \w+(\??):", re.DOTALL)
BLOCK = re.compile(r"^ +\* (\w+) block$", re.MULTILINE)
GETTER = re.compile(r"return (cdktf\.Fn\.tolist\()?this\.get(\w*?)Attribute\('(\w+)'\)")
NESTED = re.compile(
    r'= new (?:cdktf\.)?(\w+?)(List|OutputReference|Map)\(this, "(\w+)"(?:, (true|false))?\)'
)
TYPES: dict[str, Type] = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
}


class UnknownType(Exception):
    """The provider has no such resource or data source."""


def schemas(
    resource: frozenset[str] = frozenset(),
    data: frozenset[str] = frozenset(),
    ephemeral: frozenset[str] = frozenset(),
) -> Schemas:
    """The schema of these types. The bindings know no ephemeral resources; those
    have the shape of the data sources of the same names."""
    looked_up = {module(name, "data-aws-"): name for name in data | ephemeral}
    made = {module(name, ""): name for name in resource}
    blocks = read(frozenset(looked_up | made))
    found = {name: blocks[path] for path, name in looked_up.items()}
    return Schemas(
        provider=PROVIDER,
        resources={name: blocks[path] for path, name in made.items()},
        data_sources={name: found[name] for name in data},
        ephemeral={name: found[name] for name in ephemeral},
    )


def module(name: str, prefix: str) -> str:
    return prefix + name.removeprefix("aws_").replace("_", "-")


@functools.cache
def read(modules: frozenset[str]) -> dict[str, Block]:
    wanted = {
        f"package/lib/{name}/index{end}": (name, end)
        for name in modules
        for end in (".js", ".d.ts")
    }
    found: dict[str, dict[str, str]] = {name: {} for name in modules}
    for path, text in members(frozenset(wanted)):
        name, end = wanted[path]
        found[name][end] = text
    missing = [name for name, texts in found.items() if len(texts) < 2]
    if missing:
        names = ", ".join(f"aws_{name.replace('-', '_')}" for name in sorted(missing))
        raise UnknownType(f"the provider does not know {names}")
    return {name: Module(texts[".js"], texts[".d.ts"]).block() for name, texts in found.items()}


def members(paths: frozenset[str]):
    """Files of the package with their texts, in one go through it."""
    wanted = set(paths)
    with tarfile.open(PACKAGE, "r|gz") as package:
        for member in package:
            if member.name in wanted:
                yield member.name, package.extractfile(member).read().decode()
                wanted.remove(member.name)
            if not wanted:
                return


@functools.cache
def provider_version() -> str:
    """The version of the provider whose schema this is."""
    ((_, text),) = members(frozenset({"package/package.json"}))
    return json.loads(text)["cdktf"]["provider"]["version"]


class Module:
    """One resource or data source."""

    def __init__(self, code: str, declarations: str):
        self.classes = dict(CLASS.findall(code))
        self.interfaces = dict(INTERFACE.findall(declarations))

    def block(self) -> Block:
        (main,) = (name for name in self.classes if f"{name}Config" in self.interfaces)
        return self.of(self.classes[main], self.interfaces[f"{main}Config"])

    def of(self, code: str, interface: str) -> Block:
        block, block_names = Block(), set(BLOCK.findall(interface))
        required = {name: not mark for name, mark in ARGUMENT.findall(interface)}
        for to_list, getter, name in GETTER.findall(code):
            type_ = TYPES[getter]
            block.attributes[name] = attribute(
                name, ["set", type_[1]] if to_list else type_, required
            )
        for class_, kind, name, is_set in NESTED.findall(code):
            if name in block_names:
                block.blocks[name] = self.nested(class_, kind, is_set == "true", required[name])
            else:
                type_ = self.structure(class_, kind, is_set == "true")
                block.attributes[name] = attribute(name, type_, required)
        lost = set(required) - set(block.attributes) - set(block.blocks)
        assert not lost, f"arguments of unknown type: {lost}"
        return block

    def inner(self, class_: str) -> Block:
        return self.of(self.classes[f"{class_}OutputReference"], self.interfaces[class_])

    def nested(self, class_: str, kind: str, is_set: bool, required: bool) -> Nested:
        if class_.endswith("Timeouts"):
            return Nested(self.inner(class_), "single")
        # One that may be there only once is still a list in Terraform.
        most = 1 if kind == "OutputReference" else 0
        return Nested(self.inner(class_), "set" if is_set else "list", int(required), most)

    def structure(self, class_: str, kind: str, is_set: bool) -> Type:
        """The type of an attribute that is no block and yet has parts."""
        if kind == "Map":
            return ["map", TYPES[class_]]
        fields = {name: it.type for name, it in self.inner(class_).attributes.items()}
        return ["set" if is_set else "list", ["object", fields]]


def attribute(name: str, type_: Type, required: dict[str, bool]) -> Attribute:
    """`required` names the arguments. What is no argument is decided by AWS, and so
    is the id, which can be given only to be looked up."""
    return Attribute(
        type_,
        required=required.get(name, False),
        optional=not required.get(name, True),
        computed=name not in required or (name == "id" and not required[name]),
        write_only=name.endswith("_wo"),
    )
