"""What a changed parameter changes. moto looks for the parameter's name in each resource and finds
it neither behind a condition nor behind another resource that is replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from moto.cloudformation.parsing import ResourceMap
from moto.ecs.models import TaskDefinition

# Every change makes another one of these, so what refers to it changes as well.
REPLACED = "AWS::ECS::TaskDefinition"


def names_in(node: Any, conditions: dict[str, Any]) -> Iterator[str]:
    """Every parameter and resource that a part of a template depends on."""
    if isinstance(node, list):
        for item in node:
            yield from names_in(item, conditions)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key == "Ref":
            yield value
        elif key == "Fn::Sub":
            yield from re.findall(r"\$\{([\w:]+)", value if isinstance(value, str) else value[0])
        elif key == "Fn::If":
            yield from names_in(conditions[value[0]], conditions)
        elif key == "Condition" and isinstance(value, str):
            yield from names_in(conditions[value], conditions)
        yield from names_in(value, conditions)


def changed_by(template: dict[str, Any], parameters: set[str]) -> list[str]:
    """The resources that depend on these parameters."""
    resources, conditions = template["Resources"], template.get("Conditions", {})
    depends = {name: set(names_in(resource, conditions)) for name, resource in resources.items()}
    direct = {name for name, names in depends.items() if names & parameters}
    replaced = {name for name in direct if resources[name]["Type"] == REPLACED}
    return [name for name in resources if name in direct or depends[name] & replaced]


def with_conditions(build_resource_diff):
    def diff(self, other_template, parameters=None) -> dict[str, Any]:
        told = build_resource_diff(self, other_template, parameters)
        if parameters and "Resources" in self._template:
            before = self.input_parameters
            changed = {name for name, value in parameters.items() if before.get(name) != value}
            old = self._resource_json_map
            told["Modify"] = [
                name
                for name in other_template["Resources"]
                if name in told["Modify"]
                or (name in old and name in changed_by(other_template, changed))
            ]
        return told

    return diff


def register_again(
    cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
) -> TaskDefinition:
    """moto's own way takes over names as CloudFormation spells them, which ECS does not."""
    return cls.create_from_cloudformation_json(
        new_resource_name, cloudformation_json, account_id, region_name
    )


def add_to_moto() -> None:
    ResourceMap.build_resource_diff = with_conditions(ResourceMap.build_resource_diff)
    TaskDefinition.update_from_cloudformation_json = classmethod(register_again)
