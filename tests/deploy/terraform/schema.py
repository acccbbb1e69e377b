"""What a provider says of its resources: attributes and nested blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

# As in Terraform's own JSON: "string", ["list", "string"], ["object", {…}].
Type = str | list


@dataclass(frozen=True)
class Attribute:
    type: Type
    required: bool = False
    optional: bool = False
    computed: bool = False
    # Goes to the provider, and into neither plan nor state.
    write_only: bool = False


@dataclass(frozen=True)
class Nested:
    block: Block
    nesting: Literal["single", "list", "set"]
    min_items: int = 0
    max_items: int = 0


@dataclass(frozen=True)
class Block:
    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: dict[str, Nested] = field(default_factory=dict)


@dataclass(frozen=True)
class Schemas:
    """By type, as in `aws_sqs_queue`."""

    provider: Block
    resources: dict[str, Block]
    data_sources: dict[str, Block]
    ephemeral: dict[str, Block]
