"""What the environments would make: planned and applied by Terraform, with a
provider that knows AWS's schema and makes up what AWS would decide."""

import json

import pytest

from terraform.platform import applied, apply, copy_of, override, production
from terraform.provider import SECRET
from terraform.tool import SOURCE, Terraform

THREE = ("console", "web", "worker")


def container(state, name: str) -> dict:
    task = state[f'module.service["{name}"].aws_ecs_task_definition.this']
    (only,) = json.loads(task["container_definitions"])
    return only


def service(state, name: str) -> dict:
    return state[f'module.service["{name}"].aws_ecs_service.this']


@pytest.fixture(scope="module")
def changed():
    """Production, which each test changes in its own way."""
    with copy_of("environments/production") as terraform:
        yield terraform


def planned(terraform: Terraform, *arguments: str) -> list[dict]:
    terraform.run("plan", "-no-color", "-out=it.tfplan", *arguments)
    changes = terraform.json("show", "-json", "it.tfplan").get("resource_changes", [])
    return [it for it in changes if it["change"]["actions"] not in (["no-op"], ["read"])]


def test_one_entry_each_for_three_services():
    state = production()
    assert {it["name"] for it in state.of("aws_ecs_service").values()} == {
        f"anb-video-{name}-service" for name in THREE
    }
    assert {it["name"] for it in state.of("aws_ecr_repository").values()} == {
        f"anb-{name}" for name in THREE
    }
    assert container(state, "web")["image"].endswith(":v1")


THIRD = """
    reports = {
      cpu      = 256
      memory   = 512
      port     = 8002
      paths    = ["/reports", "/reports/*"]
      priority = 20
      access   = "operate"
      scaling  = { min = 1, max = 2, cpu_percent = 70, memory_percent = 75 }
    }
"""


def write_third_application(terraform: Terraform, entry: str):
    text = (SOURCE / "modules/platform/services.tf").read_text()
    services = terraform.folder / "../../modules/platform/services.tf"
    services.write_text(text.replace("    worker = {", f"{entry}\n    worker = {{"))


def test_a_third_application_is_one_more_entry():
    with copy_of("environments/production") as terraform:
        before = apply(terraform, "-var=image_tag=v1")
        write_third_application(terraform, THIRD)
        changes = planned(terraform, "-var=image_tag=v1")
        # A dashboard names every service; everything else stays as it is.
        altered = {it["address"] for it in changes if it["change"]["actions"] != ["create"]}
        assert altered == {"module.platform.module.observability.aws_cloudwatch_dashboard.this"}

        state = apply(terraform, "-var=image_tag=v1")
        # It gets whatever the console has, piece by piece.
        assert pieces(state, "reports") - pieces(before, "reports") == pieces(state, "console")
        rule = state['module.load_balancer.aws_lb_listener_rule.application["reports"]']
        assert rule["condition"][0]["path_pattern"][0]["values"] == ["/reports", "/reports/*"]
        assert container(state, "reports")["portMappings"][0]["containerPort"] == 8002
        assert container(state, "reports")["command"] == ["reports"]


def pieces(state, name: str) -> set[str]:
    """What is there for a service, with its name left out."""
    return {address.replace(name, "NAME") for address in state.resources if f'"{name}' in address}


def test_nothing_starts_before_there_are_images():
    state = applied("environments/production")
    for name in THREE:
        assert service(state, name)["desired_count"] == 0
        target = state[f'module.service["{name}"].aws_appautoscaling_target.this']
        assert (target["min_capacity"], target["max_capacity"]) == (0, 0)


def test_a_life_first_images_then_nothing_then_a_new_password():
    with copy_of("environments/production") as terraform:
        apply(terraform)
        changes = {it["address"]: it["change"] for it in planned(terraform, "-var=image_tag=v1")}
        target = changes['module.platform.module.service["web"].aws_appautoscaling_target.this']
        assert (target["before"]["min_capacity"], target["after"]["min_capacity"]) == (0, 2)
        started = changes.get('module.platform.module.service["web"].aws_ecs_service.this')
        assert started is None or started["after"]["desired_count"] == 0

        # Whoever applies once more changes nothing.
        apply(terraform, "-var=image_tag=v1")
        terraform.run("plan", "-no-color", "-detailed-exitcode", "-var=image_tag=v1")

        # A new password reaches its secret, the database and DATABASE_URL together.
        override(terraform, secret_generation={"database_password": 2})
        changes = planned(terraform, "-var=image_tag=v1")
        assert {
            it["address"].removeprefix("module.platform.module.database.") for it in changes
        } == {
            "module.password.aws_secretsmanager_secret_version.this",
            "aws_db_instance.this",
            "aws_secretsmanager_secret_version.url",
        }


def test_no_secret_in_plan_or_state(changed):
    state = production()
    assert SECRET not in state.text
    assert state.only("aws_db_instance")["password_wo"] is None
    assert state.only("aws_db_instance")["password"] is None
    changed.run("plan", "-no-color", "-out=it.tfplan", "-var=image_tag=v1")
    assert SECRET not in changed.run("show", "-json", "it.tfplan")
    for name in THREE:
        assert {it["name"] for it in container(state, name)["secrets"]} == {
            "DATABASE_URL",
            "SECRET_KEY",
        }


def test_nobody_comes_in_to_a_worker_and_only_tasks_to_the_database():
    state = production()
    ways = {
        (it["referenced_security_group_id"], it["security_group_id"], it["from_port"])
        for it in state.of("aws_vpc_security_group_ingress_rule").values()
        if it["referenced_security_group_id"]
    }
    group = {
        it["name"].removeprefix("anb-video-"): it["id"]
        for it in state.of("aws_security_group").values()
    }
    assert ways == {
        (group["alb"], group["web"], 8000),
        (group["alb"], group["console"], 8001),
        *((group[name], group["db"], 5432) for name in THREE),
    }
    open_to_all = {
        (it["security_group_id"], it["from_port"])
        for it in state.of("aws_vpc_security_group_ingress_rule").values()
        if it["cidr_ipv4"]
    }
    assert open_to_all == {(group["alb"], 80), (group["alb"], 443)}
    assert not state.only("aws_db_instance")["publicly_accessible"]


def test_only_the_public_subnets_have_a_way_out():
    state = production()
    public = state["module.network.aws_route_table.public"]["id"]
    assert [it["route_table_id"] for it in state.of("aws_route").values()] == [public]


def test_a_certificate_turns_port_80_into_a_redirect():
    with copy_of("environments/production") as terraform:
        site = {
            "public_url": "https://anb.example.com",
            "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/it",
            "console_cidrs": ["203.0.113.0/24"],
        }
        (terraform.folder / "terraform.tfvars.json").write_text(json.dumps({"site": site}))
        state = apply(terraform)
    http = state["module.load_balancer.aws_lb_listener.http"]["default_action"][0]
    assert http["type"] == "redirect"
    assert http["redirect"][0]["status_code"] == "HTTP_301"
    https = state["module.load_balancer.aws_lb_listener.https[0]"]
    assert https["ssl_policy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    rule = state['module.load_balancer.aws_lb_listener_rule.application["console"]']
    assert rule["listener_arn"] == https["arn"]
    assert {"203.0.113.0/24"} == set(rule["condition"][1]["source_ip"][0]["values"])


def test_an_existing_role_is_used_and_none_is_made(changed):
    role = "arn:aws:iam::123456789012:role/LabRole"
    override(changed, existing_role_arn=role)
    made = [it for it in planned(changed) if it["type"].startswith("aws_iam_")]
    assert made == []
    tasks = [it["change"] for it in planned(changed) if it["type"] == "aws_ecs_task_definition"]
    assert {(it["after"]["task_role_arn"], it["after"]["execution_role_arn"]) for it in tasks} == {
        (role, role)
    }


def test_staging_is_small_disposable_and_beside_production():
    staging, other = applied("environments/staging", "-var=image_tag=v1"), production()
    assert not staging.only("aws_db_instance")["multi_az"]
    assert not staging.only("aws_db_instance")["deletion_protection"]
    assert staging.only("aws_db_instance")["skip_final_snapshot"]
    assert other.only("aws_db_instance")["multi_az"]
    assert other.only("aws_db_instance")["deletion_protection"]
    assert not other.only("aws_db_instance")["skip_final_snapshot"]
    assert all(it["force_destroy"] for it in staging.of("aws_s3_bucket").values())
    assert not any(it["force_destroy"] for it in other.of("aws_s3_bucket").values())
    for kind, key in NAMED.items():
        names = {it[key] for it in staging.of(kind).values()}
        assert names and not names & {it[key] for it in other.of(kind).values()}, kind


# Names that are taken once in an account and region.
NAMED = {
    "aws_s3_bucket": "bucket",
    "aws_sqs_queue": "name",
    "aws_ecs_cluster": "name",
    "aws_ecr_repository": "name",
    "aws_lb": "name",
    "aws_lb_target_group": "name",
    "aws_db_instance": "identifier",
    "aws_secretsmanager_secret": "name",
    "aws_cloudwatch_log_group": "name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_cloudwatch_dashboard": "dashboard_name",
    "aws_iam_role": "name",
}


def test_bootstrap_makes_a_private_bucket_with_versions_and_a_table_of_locks():
    state = applied("bootstrap")
    bucket = state.only("aws_s3_bucket")["bucket"]
    assert bucket == "anb-video-terraform-state-123456789012-us-east-1"
    versioning = state.only("aws_s3_bucket_versioning")["versioning_configuration"]
    assert versioning[0]["status"] == "Enabled"
    (rule,) = state.only("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    assert rule["apply_server_side_encryption_by_default"][0]["sse_algorithm"] == "AES256"
    block = state.only("aws_s3_bucket_public_access_block")
    closed = (
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
    )
    assert all(block[key] for key in closed)
    table = state.only("aws_dynamodb_table")
    assert (table["name"], table["hash_key"]) == ("anb-video-terraform-locks", "LockID")
    assert table["deletion_protection_enabled"]


REFUSED = [
    ({"project": "Anb"}, "2 to 21 lower-case letters"),
    ({"project": "a" * 22}, "2 to 21 lower-case letters"),
    ({"public_url": "https://anb.example.com/"}, "without a path or a slash at the end"),
    (
        {"certificate_arn": "arn:aws:acm:us-east-1:1:certificate/x"},
        "must say the name that it is for",
    ),
    (
        {"certificate_arn": "x", "public_url": "https://a.b"},
        "named by its ARN in Certificate Manager",
    ),
    ({"cidr": "10.20.0.0/20"}, "IPv4 network of size /16"),
    ({"source_cidrs": {"web": ["203.0.113.0/24"]}}, "Only applications with paths of their own"),
    ({"source_cidrs": {"console": ["203.0.113.300/24"]}}, "Sources are address ranges"),
    ({"source_cidrs": {"console": ["10.0.0.0/8"] * 4}}, "room for five values"),
    ({"tasks": {"wep": {"min": 1, "max": 2}}}, "Only services that are there have tasks"),
    ({"tasks": {"web": {"min": 3, "max": 2}}}, "1 <= min <= max"),
    ({"architecture": "arm"}, "Fargate has X86_64 and ARM64"),
    ({"image_tag": "a tag"}, "A tag has letters, digits"),
    ({"log_retention_days": 31}, "CloudWatch keeps logs for"),
    ({"disposable": True}, "protected from deletion is not disposable"),
    ({"database_instance_class": "t3.micro"}, "Classes of RDS begin with db."),
    (
        {"delete_originals_after_days": 5, "archive_originals_after_days": 9},
        "only be deleted later",
    ),
    ({"existing_role_arn": "LabRole"}, "A role is named by its ARN"),
    ({"alarm_topic_arn": "operators"}, "A topic is named by its ARN"),
    ({"assets_url": "https://static.example.com/"}, "no slash at the end"),
    ({"cdn_distribution_arn": "E123"}, "A distribution is named by its ARN"),
]


@pytest.mark.parametrize("arguments, message", REFUSED, ids=lambda it: str(it)[:40])
def test_impossible_values_are_refused_with_a_reason(changed, arguments, message):
    override(changed, **arguments)
    assert message in changed.refuses("plan", "-no-color")


@pytest.fixture(scope="module")
def extended():
    with copy_of("environments/production") as terraform:
        yield terraform


@pytest.mark.parametrize(
    "line, worse, message",
    [
        ("memory   = 512", "memory   = 3000", "2 to 8 MiB for each CPU unit"),
        ("cpu      = 256", "cpu      = 300", "Fargate has 256, 512"),
        ("port     = 8002", "port     = 80", "between 1024 and 65535"),
        ('"/reports/*"', '"reports/*"', "Paths begin with a slash"),
        ("priority = 20", "priority = 10", "a priority of its own"),
        ('["/reports", "/reports/*"]', "[]", "Exactly one application has no paths"),
        ('"operate"', '"rule"', "access is submit, operate or process"),
        ("cpu_percent = 70", "cpu_percent = 99", "Between 10 and 90 percent"),
    ],
)
def test_impossible_services_are_refused_with_a_reason(extended, line, worse, message):
    assert line in THIRD
    write_third_application(extended, THIRD.replace(line, worse))
    assert message in extended.refuses("plan", "-no-color")
