"""The resource types of our template that moto's CloudFormation ignores, with a warning at most,
though moto knows the services. Each is made by a call to the service's own API, so that its
properties are checked against the API's model (botocore) and can be asked for afterwards."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3
from moto.cloudformation import parsing
from moto.cloudformation.models import ChangeSet
from moto.core.common_models import CloudFormationModel
from moto.ec2.models.vpcs import VPC
from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup
from moto.iam.access_control import PermissionResult
from moto.rds.models import DBParameterGroup
from moto.s3.models import FakeBucket

Properties = dict[str, Any]


def alarm(properties: Properties) -> str:
    boto3.client("cloudwatch").put_metric_alarm(**properties)
    return properties["AlarmName"]


def scalable_target(properties: Properties) -> str:
    boto3.client("application-autoscaling").register_scalable_target(**properties)
    return "|".join(
        properties[key] for key in ("ResourceId", "ScalableDimension", "ServiceNamespace")
    )


def scaling_policy(properties: Properties) -> str:
    resource, dimension, namespace = properties.pop("ScalingTargetId").split("|")
    place = {"ResourceId": resource, "ScalableDimension": dimension, "ServiceNamespace": namespace}
    made = boto3.client("application-autoscaling").put_scaling_policy(**properties, **place)
    return made["PolicyARN"]


def secret(properties: Properties) -> str:
    client = boto3.client("secretsmanager")
    if generated := properties.pop("GenerateSecretString", None):
        key, fields = generated.pop("GenerateStringKey", None), generated.pop(
            "SecretStringTemplate", "{}"
        )
        password = client.get_random_password(**generated)["RandomPassword"]
        value = json.dumps(json.loads(fields) | {key: password}) if key else password
        properties["SecretString"] = value
    return client.create_secret(**properties)["ARN"]


def bucket_policy(properties: Properties) -> str:
    document = json.dumps(properties["PolicyDocument"])
    boto3.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=document)
    return properties["Bucket"]


def queue_policy(properties: Properties) -> str:
    policy = {"Policy": json.dumps(properties["PolicyDocument"])}
    for url in properties["Queues"]:
        boto3.client("sqs").set_queue_attributes(QueueUrl=url, Attributes=policy)
    return properties["Queues"][0]


MADE_BY = {
    "AWS::ApplicationAutoScaling::ScalableTarget": scalable_target,
    "AWS::ApplicationAutoScaling::ScalingPolicy": scaling_policy,
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::SQS::QueuePolicy": queue_policy,
    "AWS::SecretsManager::Secret": secret,
}


class ThroughApi:
    """What such a resource is to moto: its `Ref`."""

    def __init__(self, reference: str):
        self.physical_resource_id = reference

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return False

    def is_created(self) -> bool:
        return True

    def delete(self, account_id: str, region_name: str) -> None:
        """Nothing asks for it afterwards."""


def model(kind: str) -> type:
    """moto finds its models among the direct subclasses of `CloudFormationModel`."""

    def create(cls, name, json_, account, region, **_) -> ThroughApi:
        return cls(MADE_BY[kind](json_.get("Properties", {})))

    def update(cls, original_resource, cloudformation_json, **_) -> ThroughApi:
        """All but a secret may be put again."""
        if kind != "AWS::SecretsManager::Secret":
            MADE_BY[kind](cloudformation_json["Properties"])
        return original_resource

    members = {
        "cloudformation_type": staticmethod(lambda: kind),
        "create_from_cloudformation_json": classmethod(create),
        "update_from_cloudformation_json": classmethod(update),
    }
    return type(kind.replace("::", ""), (ThroughApi, CloudFormationModel), members)


def dynamic_reference(match: re.Match[str]) -> str:
    value = boto3.client("secretsmanager").get_secret_value(SecretId=match[1])["SecretString"]
    return json.loads(value)[match[2]]


DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:secretsmanager:(arn:.+?):SecretString:(\w+)\}\}")


def follow_references(clean_json):
    """What moto's own leaves in templates: references to secrets, and in lists the places of what
    is `AWS::NoValue`."""

    def followed(node: Any, resources: Any) -> Any:
        cleaned = clean_json(node, resources)
        if isinstance(cleaned, str):
            return DYNAMIC_REFERENCE.sub(dynamic_reference, cleaned)
        if isinstance(cleaned, list):
            return [item for item in cleaned if item is not None]
        return cleaned

    return followed


def teach_full_name(cls: type, attribute: str, kind: str) -> None:
    """The attribute that metrics know load balancers and target groups by."""
    of_moto = getattr(cls, "get_cfn_attribute", None)

    def get(self, name: str) -> Any:
        return self.arn.split(kind)[-1] if name == attribute else of_moto(self, name)

    cls.get_cfn_attribute = get


def with_outputs(apply):
    """moto forgets to work out the outputs of what a change set has changed."""

    def apply_with_outputs(self) -> None:
        apply(self)
        self.stack.template_dict = self.template_dict
        self.stack.output_map = self.stack._create_output_map()

    return apply_with_outputs


def keeping(update):
    """moto forgets a changed resource whose type it cannot change, and stumbles over one whose
    condition does not hold."""

    def update_or_keep(logical_id: str, resource: Any, resources: Any, **more: Any) -> Any:
        original = resources[logical_id]
        return original and (update(logical_id, resource, resources, **more) or original)

    return update_or_keep


def joining_lists(update):
    """What moto has split, as it keeps parameters, it splits again in the change after the next."""

    def joined(value: Any) -> Any:
        return ",".join(value) if isinstance(value, list) else value

    def update_joined(self, template: dict, parameters: dict | None = None) -> None:
        update(self, template, {name: joined(value) for name, value in (parameters or {}).items()})

    return update_joined


# Held here: moto finds classes only as long as somebody holds them.
MODELS = [model(kind) for kind in MADE_BY]


def add_to_moto() -> None:
    parsing.clean_json = follow_references(parsing.clean_json)
    ChangeSet.apply = with_outputs(ChangeSet.apply)
    parsing.parse_and_update_resource = keeping(parsing.parse_and_update_resource)
    parsing.ResourceMap.update = joining_lists(parsing.ResourceMap.update)
    # It is asked over HTTP, as no bucket of ours may be, and knows no conditions in policies.
    FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL
    # What `Ref` says of it; moto says an object, and then fails to make an instance with it.
    DBParameterGroup.physical_resource_id = property(lambda self: self.name)
    # What is in it stays in part, for want of ways to remove gateways and route tables.
    VPC.delete_from_cloudformation_json = classmethod(lambda cls, *_: None)
    teach_full_name(FakeLoadBalancer, "LoadBalancerFullName", ":loadbalancer/")
    teach_full_name(FakeTargetGroup, "TargetGroupFullName", ":")
