"""The template, created by the real AWS CLI, and the platform that runs on what came out of it.

What this proves and what not: `fake_aws/resource_types.py` makes, through the services' own APIs,
the types that moto's CloudFormation ignores (they are listed in `test_what_moto_leaves_out`). Of
types that it knows, moto keeps no more than a part of the properties: of tasks no sizes and roles,
of buckets neither CORS nor lifecycle, of load balancers no attributes. Those are held by
test_cfn_template.py, and by cfn-lint against the schemas of AWS."""

from __future__ import annotations

import base64
import hmac
import json
import re
import struct
import subprocess
import time
from functools import partial

import pytest
import requests
from moto.cloudformation import parsing

import cfn
from client import Client
from cloud import Cloud
from player import publish
from stack import Child, answers

STACK = "anb-video"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    with Cloud(tmp_path_factory.mktemp("cloud") / "stack") as cloud:
        yield cloud


@pytest.fixture(scope="module")
def outputs(cloud):
    return cloud.deploy(STACK)


@pytest.fixture(scope="module")
def platform(cloud, outputs):
    """Schema brought up by a one-off task, then a task of each service."""
    cloud.make_database(cloud.secret(outputs["DatabaseUrlSecretArn"]))
    one_off(cloud, outputs, "migrate")
    ports = {"Web": cloud.web_port, "Console": cloud.console_port, "Worker": cloud.worker_port}
    tasks = {name: task(cloud, outputs, name) for name in ports}
    for name, port in ports.items():
        tasks[name].wait_until(partial(answers, port, "/ready"))
    yield tasks


def task(cloud: Cloud, outputs: dict[str, str], name: str) -> Child:
    definition, role = (outputs[f"{name}{what}Arn"] for what in ("TaskDefinition", "TaskRole"))
    return cloud.start_task(name.lower(), definition, role)


def one_off(cloud: Cloud, outputs: dict[str, str], *command: str) -> None:
    """The task that `aws ecs run-task` starts, to its end."""
    web = outputs["WebTaskDefinitionArn"], outputs["WebTaskRoleArn"]
    child = cloud.start_task("one-off", *web, command=list(command))
    assert child.process.wait(60) == 0, child.log.read_text()


class Browser(requests.Session):
    """Keeps cookies, follows redirects, and sends forms from a page of the site itself."""

    def __init__(self, port: int):
        super().__init__()
        self.site = f"http://127.0.0.1:{port}"
        self.headers["Origin"] = self.site

    def request(self, method, url, **more):
        answer = super().request(method, self.site + url, **more)
        assert answer.status_code == 200, answer.text
        return answer


def test_what_moto_leaves_out():
    """Should moto learn one of these, ours goes."""
    used = {resource["Type"] for resource in cfn.load()["Resources"].values()}
    assert used - set(parsing.get_model_map()) == {
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::CloudWatch::Alarm",
        "AWS::S3::BucketPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SecretsManager::Secret",
    }


def load_balancer(cloud: Cloud, name: str) -> str:
    told = cloud.ask("elbv2", "describe_load_balancers", Names=[name])
    return told["LoadBalancers"][0]["LoadBalancerArn"]


def made(cloud: Cloud, stack: str) -> set[str]:
    told = cloud.ask("cloudformation", "describe_stack_resources", StackName=stack)
    # Of what it has not made, moto tells nothing but a status.
    return {resource.get("LogicalResourceId") for resource in told["StackResources"]} - {None}


def test_everything_is_there(cloud, outputs):
    """Each resource of the template, and none whose condition does not hold."""
    assert made(cloud, STACK) == set(cfn.Rendered(cfn.load()).resources)
    assert set(outputs) == set(cfn.load()["Outputs"])


def running(cloud: Cloud, outputs: dict[str, str]) -> list[int]:
    """How many tasks ECS is to run of web, console and worker."""
    names = [outputs[f"{name}ServiceName"] for name in ("Web", "Console", "Worker")]
    told = cloud.ask("ecs", "describe_services", cluster=outputs["ClusterName"], services=names)
    return [service["desiredCount"] for service in told["services"]]


def test_services_start_at_zero(cloud, outputs):
    assert running(cloud, outputs) == [0, 0, 0]
    for repository in ("anb-web", "anb-console", "anb-worker"):
        assert cloud.ask("ecr", "list_images", repositoryName=repository)["imageIds"] == []


def test_scaling_follows_the_services(cloud, outputs):
    told = cloud.ask("application-autoscaling", "describe_scalable_targets", ServiceNamespace="ecs")
    targets = {target["ResourceId"]: target for target in told["ScalableTargets"]}
    names = ("Web", "Console", "Worker")
    assert set(targets) == {
        f"service/{outputs['ClusterName']}/{outputs[f'{name}ServiceName']}" for name in names
    }
    told = cloud.ask("application-autoscaling", "describe_scaling_policies", ServiceNamespace="ecs")
    assert {policy["PolicyName"] for policy in told["ScalingPolicies"]} == {
        "anb-video-web-cpu",
        "anb-video-web-memory",
        "anb-video-console-cpu",
        "anb-video-console-memory",
        "anb-video-worker-backlog",
    }
    assert {policy["ResourceId"] for policy in told["ScalingPolicies"]} == set(targets)


def test_alarms_watch_what_was_made(cloud, outputs):
    """No dimension is a name that nothing has."""
    alarms = cloud.ask("cloudwatch", "describe_alarms", AlarmNamePrefix="anb-video-")[
        "MetricAlarms"
    ]
    watched = {
        (dimension["Name"], dimension["Value"])
        for alarm in alarms
        for dimension in alarm["Dimensions"]
    }
    balancer = load_balancer(cloud, "anb-video-alb")
    groups = cloud.ask("elbv2", "describe_target_groups", LoadBalancerArn=balancer)["TargetGroups"]
    assert len(groups) == 2
    assert watched == {
        ("QueueName", "anb-video-processing-queue"),
        ("QueueName", "anb-video-processing-dlq"),
        ("LoadBalancer", balancer.split(":loadbalancer/")[1]),
        *(("TargetGroup", group["TargetGroupArn"].split(":")[-1]) for group in groups),
        ("ClusterName", outputs["ClusterName"]),
        ("ServiceName", outputs["WebServiceName"]),
        ("ServiceName", outputs["ConsoleServiceName"]),
        ("DBInstanceIdentifier", "anb-video-db"),
        # Of what the program tells by itself.
        ("Project", "anb-video"),
    }
    body = cloud.ask("cloudwatch", "get_dashboard", DashboardName="anb-video")["DashboardBody"]
    assert json.loads(body)["widgets"]
    assert balancer.split(":loadbalancer/")[1] in body


def test_listener_sends_the_console_its_paths(cloud):
    balancer = load_balancer(cloud, "anb-video-alb")
    (listener,) = cloud.ask("elbv2", "describe_listeners", LoadBalancerArn=balancer)["Listeners"]
    rules = cloud.ask("elbv2", "describe_rules", ListenerArn=listener["ListenerArn"])["Rules"]
    ways = {rule["Priority"]: rule["Actions"][0]["TargetGroupArn"].split("/")[1] for rule in rules}
    assert ways == {"10": "anb-video-console-tg", "default": "anb-video-web-tg"}


def test_secrets_are_random_and_fit_together(cloud, outputs):
    url, key = (cloud.secret(outputs[f"{name}SecretArn"]) for name in ("DatabaseUrl", "SecretKey"))
    password = json.loads(cloud.secret("anb-video/database-password"))["password"]
    assert len(password) == 40 and len(key) == 64 and password.isalnum() and key.isalnum()
    assert url == f"postgres://anb:{password}@{outputs['DatabaseEndpoint']}:5432/anb"


def test_tasks_are_told_what_the_outputs_say(cloud, outputs):
    for name in ("Web", "Console", "Worker"):
        env = cloud.container(outputs[f"{name}TaskDefinitionArn"])["env"]
        assert env["AWS_S3_BUCKET"] == outputs["MediaBucketName"]
        assert env["SQS_QUEUE_URL"] == outputs["QueueUrl"]
        assert env["SQS_DLQ_URL"] == outputs["DeadLetterQueueUrl"]
        assert env["SECRET_KEY"] == cloud.secret(outputs["SecretKeySecretArn"])
        if name != "Worker":
            assert env["ANB_WEB__PUBLIC_URL"] == outputs["SiteUrl"]


def test_the_platform_processes_a_clip(cloud, outputs, platform, tmp_path):
    """Web and worker with what their task definitions say, the keys of their roles, and no right
    that those do not give."""
    log = platform["Worker"].log
    assert publish(cloud.web_port, tmp_path, log) == "h264,1280,720"
    listed = cloud.ask("s3", "list_objects_v2", Bucket=outputs["MediaBucketName"])
    assert {entry["Key"].split("/")[0] for entry in listed["Contents"]} == {"uploads", "processed"}
    assert "AccessDenied" not in (cloud.folder / "moto.log").read_text()


def totp(key):
    """What an authenticator shows now: RFC 6238 with its defaults, six digits of SHA-1."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    step = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(secret, step, "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, offset)[0] & 0x7FFFFFFF) % 10**6:06}"


def test_an_operator_redrives_in_the_console(cloud, outputs, platform):
    """What the console's role is for: dead letters are read, sent again, and removed."""
    player = {"email": "operator@example.com", "password": "aro-tablero-red"}
    profile = {"first_name": "Ana", "last_name": "Ruiz", "city": "Bogotá", "country": "Colombia"}
    twice = {"password1": player["password"], "password2": player["password"]}
    signup = profile | twice | {"email": player["email"]}
    assert Client(cloud.web_port).ask("POST", "/api/auth/signup", signup)[0] == 201
    one_off(cloud, outputs, "admin", "user", "grant", player["email"], "operator")

    dead, job = (
        outputs["DeadLetterQueueUrl"],
        '{"v":1,"video_id":"0190f5a2-0000-7000-8000-000000000000"}',
    )
    cloud.ask("sqs", "send_message", QueueUrl=dead, MessageBody=job)
    browser = Browser(cloud.console_port)
    assert browser.get("/console").url.endswith("/console/sign-in")
    enrolment = browser.post("/console/sign-in", player)
    assert enrolment.url.endswith("/console/sign-in/enrol")
    key = re.search(r'id="secret">([A-Z2-7]+)<', enrolment.text)[1]
    assert "recovery" in browser.post("/console/sign-in/enrol", {"code": totp(key)}).text
    assert browser.get("/console").url.endswith("/console")
    assert "0190f5a2" in browser.get("/console/dead-letters").text
    browser.post("/console/dead-letters/redrive", {"retry_failed": "on"})
    attributes = {"QueueUrl": dead, "AttributeNames": ["ApproximateNumberOfMessages"]}
    told = cloud.ask("sqs", "get_queue_attributes", **attributes)["Attributes"]
    assert told["ApproximateNumberOfMessages"] == "0"
    assert "AccessDenied" not in (cloud.folder / "moto.log").read_text()


def test_the_database_takes_nothing_but_tls(cloud, platform, outputs):
    url = cloud.secret(outputs["DatabaseUrlSecretArn"])
    told = cloud.psql(
        "SELECT bool_and(ssl), count(*) > 1 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
        "WHERE usename = 'anb'"
    )
    assert told == "t|t"
    plain = cloud.moved_here({"DATABASE_URL": url}, "plain")["DATABASE_URL"] + "?sslmode=disable"
    refused = subprocess.run(["psql", plain, "-c", "SELECT 1"], capture_output=True, text=True)
    assert refused.returncode != 0 and "no encryption" in refused.stderr


def test_a_role_can_do_nothing_beyond_its_policies(cloud, outputs):
    """Otherwise the clip would prove nothing about them."""
    bucket, static = outputs["MediaBucketName"], outputs["StaticBucketName"]
    letter = ("--queue-url", outputs["DeadLetterQueueUrl"], "--receipt-handle", "x")
    attempts = [
        ("Web", "s3", "cp", "-", f"s3://{bucket}/processed/forged.mp4"),
        ("Web", "s3", "cp", "-", f"s3://{static}/0123456789abcdef/site.js"),
        ("Console", "s3", "rm", f"s3://{bucket}/uploads/evidence"),
        ("Worker", "sqs", "delete-message", *letter),
    ]
    for name, *words in attempts:
        refused = cloud.as_role(outputs[f"{name}TaskRoleArn"], *words)
        assert refused.returncode != 0 and "AccessDenied" in refused.stderr, refused


def scaled_between(cloud: Cloud, outputs: dict[str, str]) -> list[tuple[int, int]]:
    told = cloud.ask("application-autoscaling", "describe_scalable_targets", ServiceNamespace="ecs")
    ranges = {
        target["ResourceId"].split("/")[2]: (target["MinCapacity"], target["MaxCapacity"])
        for target in told["ScalableTargets"]
    }
    return [ranges[outputs[f"{name}ServiceName"]] for name in ("Web", "Console", "Worker")]


# --- more stacks beside the first: nothing collides, and what is above has it alone ---


def test_images_start_the_services(cloud, outputs):
    names = ("ProjectName=league", "RepositoryPrefix=league")
    empty = cloud.deploy("league", *names)
    assert empty["MediaBucketName"] != outputs["MediaBucketName"]
    assert running(cloud, empty) == [0, 0, 0]
    assert scaled_between(cloud, empty) == [(0, 0)] * 3

    started = cloud.deploy("league", *names, "ImageTag=3f2c1ab")
    assert running(cloud, started) == [2, 1, 1]
    assert scaled_between(cloud, started) == [(2, 10), (1, 3), (1, 20)]
    image = cloud.container(started["WorkerTaskDefinitionArn"])["image"]
    assert image == f"{started['WorkerRepositoryUri']}:3f2c1ab"


def test_a_release_leaves_the_counts_to_autoscaling(cloud, outputs):
    names = ("ProjectName=cup", "RepositoryPrefix=cup")
    started = cloud.deploy("cup", *names, "ImageTag=1")
    busy = {"cluster": started["ClusterName"], "service": started["WorkerServiceName"]}
    cloud.ask("ecs", "update_service", **busy, desiredCount=9)
    released = cloud.deploy("cup", *names, "ImageTag=2", "TaskCounts=current")
    assert running(cloud, released) == [2, 1, 9]
    assert cloud.container(released["WorkerTaskDefinitionArn"])["image"].endswith(":2")


def test_an_existing_role_is_used_and_none_made(cloud, outputs):
    trust = {"Version": "2012-10-17", "Statement": []}
    made = cloud.ask(
        "iam", "create_role", RoleName="LabRole", AssumeRolePolicyDocument=json.dumps(trust)
    )
    role = made["Role"]["Arn"]
    before = cloud.ask("iam", "list_roles")["Roles"]
    third = cloud.deploy(
        "lab", "ProjectName=lab", "RepositoryPrefix=lab", f"ExistingRoleArn={role}"
    )
    assert {third[f"{name}RoleArn"] for name in ("Execution", "WebTask", "WorkerTask")} == {role}
    assert len(cloud.ask("iam", "list_roles")["Roles"]) == len(before)


def test_every_option_can_be_had(cloud, outputs):
    certificate = cloud.ask("acm", "request_certificate", DomainName="anb.example.com")
    own = {
        "ProjectName": "grand",
        "RepositoryPrefix": "grand",
        "CertificateArn": certificate["CertificateArn"],
    }
    words = [f"{name}={value}" for name, value in (cfn.EVERY_OPTION | own).items()]
    grand = cloud.deploy("grand", *words)
    assert made(cloud, "grand") == set(cfn.load()["Resources"])
    assert grand["SiteUrl"] == cfn.EVERY_OPTION["PublicUrl"]
    balancer = load_balancer(cloud, "grand-alb")
    listeners = cloud.ask("elbv2", "describe_listeners", LoadBalancerArn=balancer)["Listeners"]
    kinds = {
        (listener["Port"], listener["Protocol"], listener["DefaultActions"][0]["Type"])
        for listener in listeners
    }
    assert kinds == {(80, "HTTP", "redirect"), (443, "HTTPS", "forward")}
