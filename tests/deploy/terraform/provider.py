"""A provider that knows the schema of AWS and nothing of AWS.

The real one cannot be fetched where only package registries are reached. This
one answers Terraform with the same schema, so that Terraform itself checks every
argument, block, type and reference, plans, and applies: into a state in which
what AWS would decide is made up.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import grpc
import msgpack

from terraform.schema import Attribute, Block, Nested, Schemas, Type

protos, services = grpc.protos_and_services("terraform/provider.proto")

ACCOUNT = "123456789012"
REGION = "us-east-1"
ADDRESS = "registry.terraform.io/hashicorp/aws"

# For what has no name.
NUMBERS = itertools.count(1)

# Known only after apply: the extension type 0 of cty's MessagePack.
UNKNOWN = msgpack.ExtType(0, b"\0")

# What is drawn where a secret is wanted.
SECRET = "drawn-by-nobody"

# What the data sources find.
FOUND: dict[str, dict[str, Any]] = {
    "aws_availability_zones": {"names": [f"{REGION}{zone}" for zone in "abc"]},
    "aws_caller_identity": {"account_id": ACCOUNT},
    "aws_region": {"region": REGION},
    "aws_secretsmanager_random_password": {"random_password": SECRET},
    "aws_secretsmanager_secret_version": {"secret_string": SECRET},
}


def decode(value) -> Any:
    """A value as Python has it; `UNKNOWN` wherever something is not known yet,
    or only in part."""

    def extension(_code: int, _data: bytes) -> Any:
        return UNKNOWN

    return msgpack.unpackb(value.msgpack, ext_hook=extension, strict_map_key=False)


def encode(value: Any):
    return protos.DynamicValue(msgpack=msgpack.packb(value))


def walk(block: Block, value: dict, change: Callable[[str, Attribute, Any], Any]) -> dict:
    """The value of a block with every attribute changed, nested ones too."""
    done = dict(value)
    for name, attribute in block.attributes.items():
        done[name] = change(name, attribute, value.get(name))
    for name, nested in block.blocks.items():
        inner = value.get(name)
        if isinstance(inner, dict):
            done[name] = walk(nested.block, inner, change)
        elif isinstance(inner, list):
            done[name] = [
                walk(nested.block, item, change) if isinstance(item, dict) else item
                for item in inner
            ]
    return done


def planned(block: Block, proposed: dict, creates: bool) -> dict:
    """What AWS would decide is unknown as long as the resource is not there."""

    def change(_name: str, attribute: Attribute, value: Any) -> Any:
        if attribute.write_only:
            return None
        return UNKNOWN if creates and attribute.computed and value is None else value

    return walk(block, proposed, change)


def made_up(kind: str, label: str, name: str, type_: Type) -> Any:
    """A value that AWS might have chosen for an attribute."""
    if type_ == "string":
        service, _, thing = kind.removeprefix("aws_").replace("_", "-").partition("-")
        if name == "arn":
            return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{thing or service}/{label}"
        return f"{thing or service}-{name.replace('_', '-')}-of-{label}"
    if type_ in ("number", "bool"):
        return 0 if type_ == "number" else False
    return {} if type_[0] in ("map", "object") else []


def label_of(value: dict) -> str:
    """What tells a resource from others of its type."""
    keys = ("name", "bucket", "identifier", "family")
    names = [*(value.get(key) for key in keys), (value.get("tags") or {}).get("Name")]
    return next((name for name in names if isinstance(name, str)), str(next(NUMBERS)))


def applied(kind: str, block: Block, plan: dict) -> dict:
    label = label_of(plan)

    def change(name: str, attribute: Attribute, value: Any) -> Any:
        return made_up(kind, label, name, attribute.type) if value == UNKNOWN else value

    return walk(block, plan, change)


def found(kind: str, block: Block, config: dict) -> dict:
    """What is looked up, as `FOUND` knows it; nothing else is."""
    answers = FOUND[kind]
    return walk(block, config, lambda name, _, value: answers.get(name, value))


def validated(blocks: dict[str, Block], request):
    """Terraform has held the configuration against the schema before it asks;
    what is left to a provider is to refuse what only AWS decides."""
    refused = []

    def check(name: str, attribute: Attribute, value: Any) -> None:
        if value is not None and not (attribute.required or attribute.optional or name == "id"):
            refused.append(name)

    walk(blocks[request.type_name], decode(request.config), check)
    return protos.Validate.Response(
        diagnostics=[
            protos.Diagnostic(severity="ERROR", summary=f'"{name}" is decided by AWS, not by us')
            for name in refused
        ]
    )


def described(block: Block):
    """A schema as the protocol has it."""
    attributes = [
        protos.Schema.Attribute(
            name=name,
            type=json.dumps(it.type).encode(),
            required=it.required,
            optional=it.optional,
            computed=it.computed,
            write_only=it.write_only,
        )
        for name, it in block.attributes.items()
    ]
    return protos.Schema.Block(
        attributes=attributes,
        block_types=[nested_block(name, nested) for name, nested in block.blocks.items()],
    )


def nested_block(name: str, nested: Nested):
    return protos.Schema.NestedBlock(
        type_name=name,
        block=described(nested.block),
        nesting=nested.nesting.upper(),
        min_items=nested.min_items,
        max_items=nested.max_items,
    )


class Provider(services.ProviderServicer):
    """The methods are the protocol's, and so are their names."""

    def __init__(self, schemas: Schemas):
        self.schemas = schemas

    def GetSchema(self, _request, _context):
        def all_of(blocks: dict[str, Block]) -> dict:
            return {name: protos.Schema(block=described(block)) for name, block in blocks.items()}

        return protos.GetProviderSchema.Response(
            provider=protos.Schema(block=described(self.schemas.provider)),
            resource_schemas=all_of(self.schemas.resources),
            data_source_schemas=all_of(self.schemas.data_sources),
            ephemeral_resource_schemas=all_of(self.schemas.ephemeral),
        )

    def PrepareProviderConfig(self, request, _context):
        return protos.PrepareProviderConfig.Response(prepared_config=request.config)

    def Configure(self, _request, _context):
        return protos.Configure.Response()

    def ValidateResourceTypeConfig(self, request, _context):
        return validated(self.schemas.resources, request)

    def ValidateDataSourceConfig(self, request, _context):
        return validated(self.schemas.data_sources, request)

    def ValidateEphemeralResourceConfig(self, request, _context):
        return validated(self.schemas.ephemeral, request)

    def UpgradeResourceState(self, request, _context):
        state = protos.DynamicValue(json=request.raw_state.json)
        return protos.UpgradeResourceState.Response(upgraded_state=state)

    def ReadResource(self, request, _context):
        return protos.ReadResource.Response(new_state=request.current_state)

    def PlanResourceChange(self, request, _context):
        proposed = decode(request.proposed_new_state)
        if proposed is not None:
            creates = decode(request.prior_state) is None
            proposed = planned(self.schemas.resources[request.type_name], proposed, creates)
        return protos.PlanResourceChange.Response(planned_state=encode(proposed))

    def ApplyResourceChange(self, request, _context):
        plan = decode(request.planned_state)
        if plan is not None:
            plan = applied(request.type_name, self.schemas.resources[request.type_name], plan)
        return protos.ApplyResourceChange.Response(new_state=encode(plan))

    def ReadDataSource(self, request, _context):
        block = self.schemas.data_sources[request.type_name]
        state = found(request.type_name, block, decode(request.config))
        return protos.ReadDataSource.Response(state=encode(state))

    def OpenEphemeralResource(self, request, _context):
        block = self.schemas.ephemeral[request.type_name]
        result = found(request.type_name, block, decode(request.config))
        return protos.OpenEphemeralResource.Response(result=encode(result))

    def CloseEphemeralResource(self, _request, _context):
        return protos.CloseEphemeralResource.Response()

    def Stop(self, _request, _context):
        return protos.Stop.Response()


def serve(schemas: Schemas, socket: Path) -> None:
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    services.add_ProviderServicer_to_server(Provider(schemas), server)
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    server.wait_for_termination()


@contextmanager
def serving(schemas: Schemas) -> Iterator[dict[str, str]]:
    """The environment in which Terraform asks our provider instead of starting
    one. It is a process of its own: threads and the forks of tests do not mix."""
    with tempfile.TemporaryDirectory(prefix="anb-tf-") as folder:
        socket = Path(folder) / "provider"
        process = get_context("spawn").Process(target=serve, args=(schemas, socket), daemon=True)
        process.start()
        try:
            while not socket.exists():
                assert process.is_alive(), "the provider does not start"
                time.sleep(0.02)
            here = {
                "Protocol": "grpc",
                "ProtocolVersion": 5,
                "Pid": process.pid,
                "Test": True,
                "Addr": {"Network": "unix", "String": str(socket)},
            }
            yield {"TF_REATTACH_PROVIDERS": json.dumps({ADDRESS: here})}
        finally:
            process.terminate()
            process.join()
