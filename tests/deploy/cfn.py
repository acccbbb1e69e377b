"""Reads a CloudFormation template: its tags as functions, its functions decided for a set of
parameters, so that tests can ask what would be created."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).parents[2] / "deploy/cloudformation/infrastructure-fargate.yaml"
PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackName": "anb-video",
    "AWS::URLSuffix": "amazonaws.com",
}
NOTHING = object()

# With these, no condition leaves out a resource.
EVERY_OPTION = {
    "AccessLogs": "true",
    "NatGateways": "2",
    "InterfaceEndpoints": "true",
    "PublicUrl": "https://anb.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "AssetsUrl": "https://static.example.com",
    "CdnDistributionArn": "arn:aws:cloudfront::123456789012:distribution/1",
    "ConsoleSourceRanges": "203.0.113.0/24,198.51.100.7/32",
    "AlarmTopicArn": "arn:aws:sns:us-east-1:123456789012:operators",
    "OriginalsToColdStorageDays": "90",
    "OriginalsDeletedDays": "365",
    "ImageTag": "3f2c1ab",
}


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags."""


def _function(loader: Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


Loader.add_multi_constructor("!", _function)


def load(path: Path = TEMPLATE) -> dict[str, Any]:
    return yaml.load(path.read_text(), Loader)


class Rendered:
    """The template with these parameters. What is known only after creation stays a name: a
    reference to `Vpc` is `<Vpc>`, its attribute `Arn` is `<Vpc.Arn>`."""

    def __init__(self, template: dict[str, Any], **parameters: str):
        self.template = template
        unknown = set(parameters) - set(template["Parameters"])
        assert not unknown, f"no such parameters: {unknown}"
        self.parameters = {
            name: parameters.get(name, slot.get("Default"))
            for name, slot in template["Parameters"].items()
        }
        self.resources = {
            name: self.value(resource)
            for name, resource in template["Resources"].items()
            if self.holds(resource.get("Condition"))
        }
        self.outputs = {
            name: self.value(output["Value"])
            for name, output in template["Outputs"].items()
            if self.holds(output.get("Condition"))
        }

    def properties(self, name: str) -> dict[str, Any]:
        return self.resources[name]["Properties"]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of all resources of a type, by their names."""
        return {
            name: resource["Properties"]
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def container(self, service: str) -> dict[str, Any]:
        (container,) = self.properties(f"{service}TaskDefinition")["ContainerDefinitions"]
        return container

    def holds(self, condition: str | None) -> bool:
        return condition is None or self.decide(self.template["Conditions"][condition])

    def decide(self, rule: dict[str, Any]) -> bool:
        ((function, operands),) = rule.items()
        if function == "Condition":
            return self.holds(operands)
        if function == "Fn::Not":
            return not self.decide(operands[0])
        if function == "Fn::And":
            return all(map(self.decide, operands))
        left, right = (str(self.value(operand)) for operand in operands)
        assert function == "Fn::Equals", f"conditions know no {function}"
        return left == right

    def value(self, node: Any) -> Any:
        if isinstance(node, list):
            return [kept for kept in map(self.value, node) if kept is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((key, argument),) = node.items()
            if key == "Ref":
                return self.reference(argument)
            if key.startswith("Fn::"):
                return self.function(key.removeprefix("Fn::"), argument)
        values = {key: self.value(value) for key, value in node.items()}
        return {key: value for key, value in values.items() if value is not NOTHING}

    def reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.parameters:
            value = self.parameters[name]
            is_list = self.template["Parameters"][name]["Type"] == "CommaDelimitedList"
            return value.split(",") if is_list else value
        if name in PSEUDO:
            return PSEUDO[name]
        assert name in self.template["Resources"], f"nothing is called {name}"
        return f"<{name}>"

    def function(self, name: str, argument: Any) -> Any:
        if name == "If":
            condition, then, otherwise = argument
            return self.value(then if self.holds(condition) else otherwise)
        if name == "GetAtt":
            resource, attribute = argument
            assert resource in self.template["Resources"], f"nothing is called {resource}"
            return f"<{resource}.{attribute}>"
        if name == "Sub":
            return self.substituted(*(argument if isinstance(argument, list) else [argument, {}]))
        if name == "GetAZs":
            return [PSEUDO["AWS::Region"] + zone for zone in "abc"]
        operands = self.value(argument)
        if name == "Join":
            return operands[0].join(operands[1])
        if name == "Select":
            return operands[1][int(operands[0])]
        if name == "FindInMap":
            table, row, column = operands
            return self.template["Mappings"][table][row][column]
        raise AssertionError(f"Fn::{name} is not known here")

    def substituted(self, text: str, names: dict[str, Any]) -> str:
        def filled(match: re.Match[str]) -> str:
            name = match[1]
            if name in names:
                return str(self.value(names[name]))
            if "." in name:
                return self.function("GetAtt", name.split(".", 1))
            return str(self.reference(name))

        return re.sub(r"\$\{([^!}]+)\}", filled, text)
