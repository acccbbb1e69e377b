"""Terraform and CloudFormation make the same: both are resolved with their
defaults and one image tag, and compared value by value."""

from __future__ import annotations

import json
import re

import pytest
from cfn import Rendered, load

from terraform.platform import applied, production

APPLICATIONS = ("web", "console")
SERVICES = (*APPLICATIONS, "worker")


@pytest.fixture(scope="module")
def cfn() -> Rendered:
    return Rendered(load(), ImageTag="v1")


@pytest.fixture(scope="module")
def tf():
    return production()


def of(cfn: Rendered, kind: str) -> list[dict]:
    return list(cfn.of_type(f"AWS::{kind}").values())


def tf_service(tf, name: str, part: str) -> dict:
    return tf[f'module.service["{name}"].{part}']


def same(cfn_values, tf_values):
    """Both as JSON, where 5 and "5" are alike: each side has its own types."""
    assert plain(tf_values) == plain(cfn_values)


def plain(value):
    if isinstance(value, dict):
        return {key: plain(it) for key, it in value.items()}
    if isinstance(value, (list, tuple, set)):
        return type(value)(plain(it) for it in value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("gateways, endpoints", [(0, False), (1, True), (2, False)])
def test_network(gateways, endpoints):
    cfn = Rendered(
        load(), NatGateways=str(gateways), InterfaceEndpoints=plain(endpoints), ImageTag="v1"
    )
    options = (("nat_gateways", gateways), ("interface_endpoints", endpoints))
    tf = applied("environments/production", overridden=options)

    (vpc,) = of(cfn, "EC2::VPC")
    same(vpc["CidrBlock"], tf.only("aws_vpc")["cidr_block"])
    same(
        {(it["CidrBlock"], it["AvailabilityZone"]) for it in of(cfn, "EC2::Subnet")},
        {(it["cidr_block"], it["availability_zone"]) for it in tf.of("aws_subnet").values()},
    )
    same(
        {(it["ServiceName"], it["VpcEndpointType"]) for it in of(cfn, "EC2::VPCEndpoint")},
        {(it["service_name"], it["vpc_endpoint_type"]) for it in tf.of("aws_vpc_endpoint").values()},
    )
    assert len(of(cfn, "EC2::NatGateway")) == len(tf.of("aws_nat_gateway")) == gateways
    for name in SERVICES:
        network = cfn.properties(f"{name.title()}Service")["NetworkConfiguration"]
        ours = tf_service(tf, name, "aws_ecs_service.this")["network_configuration"][0]
        public = network["AwsvpcConfiguration"]["AssignPublicIp"] == "ENABLED"
        assert public == ours["assign_public_ip"] == (gateways == 0)


def test_load_balancer(cfn, tf):
    (theirs,) = of(cfn, "ElasticLoadBalancingV2::LoadBalancer")
    ours = tf.only("aws_lb")
    attributes = {it["Key"]: it["Value"] for it in theirs["LoadBalancerAttributes"]}
    same(theirs["Name"], ours["name"])
    same(attributes["idle_timeout.timeout_seconds"], ours["idle_timeout"])
    same(
        attributes["routing.http.drop_invalid_header_fields.enabled"],
        ours["drop_invalid_header_fields"],
    )
    same(attributes["deletion_protection.enabled"], ours["enable_deletion_protection"])


def test_target_groups_and_health_checks(cfn, tf):
    def theirs(it):
        attributes = {pair["Key"]: pair["Value"] for pair in it["TargetGroupAttributes"]}
        return (
            it["Name"],
            it["Port"],
            it["Protocol"],
            it["TargetType"],
            it["HealthCheckPath"],
            it["HealthCheckIntervalSeconds"],
            it["HealthCheckTimeoutSeconds"],
            it["HealthyThresholdCount"],
            it["UnhealthyThresholdCount"],
            it["Matcher"]["HttpCode"],
            attributes["deregistration_delay.timeout_seconds"],
        )

    def ours(it):
        check = it["health_check"][0]
        return (
            it["name"],
            it["port"],
            it["protocol"],
            it["target_type"],
            check["path"],
            check["interval"],
            check["timeout"],
            check["healthy_threshold"],
            check["unhealthy_threshold"],
            check["matcher"],
            it["deregistration_delay"],
        )

    same(
        {theirs(it) for it in of(cfn, "ElasticLoadBalancingV2::TargetGroup")},
        {ours(it) for it in tf.of("aws_lb_target_group").values()},
    )


def test_rules_and_their_paths(cfn, tf):
    (theirs,) = of(cfn, "ElasticLoadBalancingV2::ListenerRule")
    ours = tf.only("aws_lb_listener_rule")
    same(theirs["Priority"], ours["priority"])
    same(
        set(theirs["Conditions"][0]["PathPatternConfig"]["Values"]),
        set(ours["condition"][0]["path_pattern"][0]["values"]),
    )
    assert theirs["Actions"][0]["TargetGroupArn"] == "<ConsoleTargetGroup>"
    console = tf['module.load_balancer.aws_lb_target_group.application["console"]']
    assert ours["action"][0]["target_group_arn"] == console["arn"]


def test_firewall(cfn, tf):
    """Who reaches whom, by which port."""
    names = {
        "<LoadBalancerSecurityGroup>": "anb-video-alb",
        "<DatabaseSecurityGroup>": "anb-video-db",
        **{f"<{name.title()}SecurityGroup>": f"anb-video-{name}" for name in SERVICES},
    }
    theirs = {
        (names[it["SourceSecurityGroupId"]], names[it["GroupId"]], it["FromPort"], it["ToPort"])
        for it in of(cfn, "EC2::SecurityGroupIngress")
    }
    by_id = {it["id"]: it["name"] for it in tf.of("aws_security_group").values()}
    ours = {
        (
            by_id[it["referenced_security_group_id"]],
            by_id[it["security_group_id"]],
            it["from_port"],
            it["to_port"],
        )
        for it in tf.of("aws_vpc_security_group_ingress_rule").values()
        if it["referenced_security_group_id"]
    }
    same(theirs, ours)


def test_queues(cfn, tf):
    theirs = {it["QueueName"]: it for it in of(cfn, "SQS::Queue")}
    ours = {it["name"]: it for it in tf.of("aws_sqs_queue").values()}
    assert set(theirs) == set(ours)
    for name, queue in theirs.items():
        same(queue["MessageRetentionPeriod"], ours[name]["message_retention_seconds"])
        same(queue["SqsManagedSseEnabled"], ours[name]["sqs_managed_sse_enabled"])
    jobs, mine = theirs["anb-video-processing-queue"], ours["anb-video-processing-queue"]
    same(jobs["VisibilityTimeout"], mine["visibility_timeout_seconds"])
    same(jobs["ReceiveMessageWaitTimeSeconds"], mine["receive_wait_time_seconds"])
    redrive = json.loads(mine["redrive_policy"])
    same(jobs["RedrivePolicy"]["maxReceiveCount"], redrive["maxReceiveCount"])
    assert redrive["deadLetterTargetArn"] == ours["anb-video-processing-dlq"]["arn"]


def test_tasks(cfn, tf):
    for name in SERVICES:
        theirs = cfn.properties(f"{name.title()}TaskDefinition")
        ours = tf_service(tf, name, "aws_ecs_task_definition.this")
        platform = ours["runtime_platform"][0]
        same(
            [
                theirs["Family"],
                theirs["Cpu"],
                theirs["Memory"],
                theirs["RuntimePlatform"]["CpuArchitecture"],
                theirs.get("EphemeralStorage", {}).get("SizeInGiB"),
            ],
            [
                ours["family"],
                ours["cpu"],
                ours["memory"],
                platform["cpu_architecture"],
                next((it["size_in_gib"] for it in ours["ephemeral_storage"]), None),
            ],
        )


def lowered(value):
    """CloudFormation's names of a container's fields as ECS and Terraform spell
    them; what Docker is handed (options of logging) is spelled alike."""
    if isinstance(value, dict):
        return {
            key[0].lower() + key[1:] if key[0].isupper() and "_" not in key else key: lowered(it)
            for key, it in value.items()
        }
    return [lowered(it) for it in value] if isinstance(value, list) else value


# What a task is told, and only one of both sides knows before creation.
ONLY_KNOWN_LATER = re.compile(r"<|-of-|amazonaws|arn:")


def as_told(container: dict) -> dict:
    told = dict(container)
    told["environment"] = {
        it["name"]: "later" if ONLY_KNOWN_LATER.search(it["value"]) else it["value"]
        for it in container["environment"]
    }
    told["secrets"] = {it["name"] for it in container["secrets"]}
    told["logConfiguration"] = container["logConfiguration"]["options"]["awslogs-stream-prefix"]
    told.pop("image")
    told["portMappings"] = container.get("portMappings", [])
    for mount in told["mountPoints"]:
        mount.pop("readOnly", None)
    return told


@pytest.mark.parametrize("name", SERVICES)
def test_containers_and_what_they_are_told(cfn, tf, name):
    theirs = as_told(lowered(cfn.container(name.title())))
    theirs["environment"]["AWS_S3_BUCKET"] = cfn.properties("MediaBucket")["BucketName"]
    task = tf_service(tf, name, "aws_ecs_task_definition.this")
    (container,) = json.loads(task["container_definitions"])
    ours = as_told(container)
    assert set(plain(theirs)) == set(plain(ours))
    for field in theirs:
        same(theirs[field], ours[field])


def test_services(cfn, tf):
    for name in SERVICES:
        theirs = cfn.properties(f"{name.title()}Service")
        ours = tf_service(tf, name, "aws_ecs_service.this")
        same(
            [
                theirs["ServiceName"],
                theirs["DesiredCount"],
                theirs["DeploymentConfiguration"]["MinimumHealthyPercent"],
                theirs["DeploymentConfiguration"]["MaximumPercent"],
                theirs["DeploymentConfiguration"]["DeploymentCircuitBreaker"]["Rollback"],
                theirs.get("HealthCheckGracePeriodSeconds"),
                theirs["CapacityProviderStrategy"][0]["CapacityProvider"],
                theirs["NetworkConfiguration"]["AwsvpcConfiguration"]["AssignPublicIp"]
                == "ENABLED",
                [
                    (it["ContainerName"], it["ContainerPort"])
                    for it in theirs.get("LoadBalancers", [])
                ],
            ],
            [
                ours["name"],
                ours["desired_count"],
                ours["deployment_minimum_healthy_percent"],
                ours["deployment_maximum_percent"],
                ours["deployment_circuit_breaker"][0]["rollback"],
                ours["health_check_grace_period_seconds"],
                ours["capacity_provider_strategy"][0]["capacity_provider"],
                ours["network_configuration"][0]["assign_public_ip"],
                [(it["container_name"], it["container_port"]) for it in ours["load_balancer"]],
            ],
        )


def test_fewest_and_most_tasks(cfn, tf):
    for name in SERVICES:
        theirs = cfn.properties(f"{name.title()}Scaling")
        ours = tf_service(tf, name, "aws_appautoscaling_target.this")
        same(
            [theirs["MinCapacity"], theirs["MaxCapacity"], theirs["ScalableDimension"]],
            [ours["min_capacity"], ours["max_capacity"], ours["scalable_dimension"]],
        )


def test_scaling_policies(cfn, tf):
    def theirs(it):
        config = it["TargetTrackingScalingPolicyConfiguration"]
        metric = config.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
        cooldowns = (config["ScaleOutCooldown"], config["ScaleInCooldown"])
        return (it["PolicyName"], config["TargetValue"], *cooldowns, metric)

    def ours(it):
        config = it["target_tracking_scaling_policy_configuration"][0]
        metric = [it["predefined_metric_type"] for it in config["predefined_metric_specification"]]
        cooldowns = (config["scale_out_cooldown"], config["scale_in_cooldown"])
        return (it["name"], config["target_value"], *cooldowns, next(iter(metric), None))

    same(
        {theirs(it) for it in of(cfn, "ApplicationAutoScaling::ScalingPolicy")},
        {ours(it) for it in tf.of("aws_appautoscaling_policy").values()},
    )


def test_backlog_of_the_worker(cfn, tf):
    def theirs(it):
        stat = it.get("MetricStat", {})
        metric = stat.get("Metric", {})
        return (
            it["Id"],
            it.get("Expression"),
            it["ReturnData"],
            stat.get("Stat"),
            metric.get("Namespace"),
            metric.get("MetricName"),
            tuple(sorted(pair["Name"] for pair in metric.get("Dimensions", []))),
        )

    def ours(it):
        stat = next(iter(it["metric_stat"]), {})
        metric = next(iter(stat.get("metric", [])), {})
        return (
            it["id"],
            it["expression"],
            it["return_data"],
            stat.get("stat"),
            metric.get("namespace"),
            metric.get("metric_name"),
            tuple(sorted(pair["name"] for pair in metric.get("dimensions", []))),
        )

    policy = cfn.properties("WorkerBacklogScaling")["TargetTrackingScalingPolicyConfiguration"]
    mine = tf_service(tf, "worker", "aws_appautoscaling_policy.backlog[0]")
    config = mine["target_tracking_scaling_policy_configuration"][0]
    same(
        {theirs(it) for it in policy["CustomizedMetricSpecification"]["Metrics"]},
        {ours(it) for it in config["customized_metric_specification"][0]["metrics"]},
    )


def test_database(cfn, tf):
    (theirs,) = of(cfn, "RDS::DBInstance")
    ours = tf.only("aws_db_instance")
    pairs = {
        "DBInstanceIdentifier": "identifier",
        "DBName": "db_name",
        "Engine": "engine",
        "EngineVersion": "engine_version",
        "DBInstanceClass": "instance_class",
        "MultiAZ": "multi_az",
        "AllocatedStorage": "allocated_storage",
        "MaxAllocatedStorage": "max_allocated_storage",
        "StorageType": "storage_type",
        "StorageEncrypted": "storage_encrypted",
        "MasterUsername": "username",
        "PubliclyAccessible": "publicly_accessible",
        "BackupRetentionPeriod": "backup_retention_period",
        "CACertificateIdentifier": "ca_cert_identifier",
        "DeletionProtection": "deletion_protection",
        "CopyTagsToSnapshot": "copy_tags_to_snapshot",
        "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    }
    same({name: theirs[name] for name in pairs}, {name: ours[key] for name, key in pairs.items()})
    same(set(theirs["EnableCloudwatchLogsExports"]), set(ours["enabled_cloudwatch_logs_exports"]))
    (parameters,) = of(cfn, "RDS::DBParameterGroup")
    group = tf.only("aws_db_parameter_group")
    same(parameters["Family"], group["family"])
    same(parameters["Parameters"], {it["name"]: it["value"] for it in group["parameter"]})


def test_buckets(cfn, tf):
    theirs = {it["BucketName"]: it for it in of(cfn, "S3::Bucket")}
    assert set(theirs) == {it["bucket"] for it in tf.of("aws_s3_bucket").values()}
    media = theirs["anb-video-media-123456789012-us-east-1"]
    (rule,) = media["CorsConfiguration"]["CorsRules"]
    (mine,) = tf["module.storage.aws_s3_bucket_cors_configuration.this"]["cors_rule"]
    same(
        [
            set(rule["AllowedMethods"]),
            set(rule["AllowedHeaders"]),
            set(rule["ExposedHeaders"]),
            rule["MaxAge"],
        ],
        [
            set(mine["allowed_methods"]),
            set(mine["allowed_headers"]),
            set(mine["expose_headers"]),
            mine["max_age_seconds"],
        ],
    )


def test_who_may_fetch_static_files(cfn, tf):
    (rule,) = cfn.properties("StaticBucket")["CorsConfiguration"]["CorsRules"]
    (mine,) = tf["module.static_files.aws_s3_bucket_cors_configuration.this"]["cors_rule"]
    same(set(rule["AllowedMethods"]), set(mine["allowed_methods"]))
    same(rule["MaxAge"], mine["max_age_seconds"])
    assert not mine["allowed_headers"] and "AllowedHeaders" not in rule


def test_pages_and_the_address_of_a_cdn():
    address = "https://static.example.com"
    cfn = Rendered(load(), ImageTag="v1", AssetsUrl=address)
    tf = applied("environments/production", overridden=(("assets_url", address),))
    for name in SERVICES:
        entries = cfn.container(name.title())["Environment"]
        theirs = [it["Value"] for it in entries if it["Name"] == "ANB_SITE__ASSETS_URL"]
        task = tf_service(tf, name, "aws_ecs_task_definition.this")
        (container,) = json.loads(task["container_definitions"])
        ours = [
            it["value"] for it in container["environment"] if it["name"] == "ANB_SITE__ASSETS_URL"
        ]
        assert theirs == ours == ([address] if name == "web" else [])


def test_life_of_objects():
    """With originals that move and go; by default they do neither."""
    cfn = Rendered(load(), OriginalsToColdStorageDays="30", OriginalsDeletedDays="90")
    days = {"archive_originals_after_days": 30, "delete_originals_after_days": 90}
    tf = applied("environments/production", overridden=tuple(days.items()))

    def theirs(it):
        moves = [
            (move["StorageClass"], move["TransitionInDays"]) for move in it.get("Transitions", [])
        ]
        aborts = it.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")
        return (
            it["Id"],
            it["Status"],
            it.get("Prefix", ""),
            moves,
            aborts,
            it.get("ExpirationInDays"),
        )

    def ours(it):
        prefix = it["filter"][0]["prefix"] or ""
        moves = [(move["storage_class"], move["days"]) for move in it["transition"]]
        aborts = next(
            (x["days_after_initiation"] for x in it["abort_incomplete_multipart_upload"]), None
        )
        ends = next((x["days"] for x in it["expiration"]), None)
        return (it["id"], it["status"], prefix, moves, aborts, ends)

    media = cfn.properties("MediaBucket")["LifecycleConfiguration"]["Rules"]
    mine = tf["module.storage.aws_s3_bucket_lifecycle_configuration.this"]["rule"]
    assert sorted(map(plain, map(theirs, media))) == sorted(map(plain, map(ours, mine)))


def test_names(cfn, tf):
    kinds = {
        "ECS::Cluster": ("ClusterName", "aws_ecs_cluster", "name"),
        "ECR::Repository": ("RepositoryName", "aws_ecr_repository", "name"),
        "Logs::LogGroup": ("LogGroupName", "aws_cloudwatch_log_group", "name"),
        "SecretsManager::Secret": ("Name", "aws_secretsmanager_secret", "name"),
        "RDS::DBSubnetGroup": ("DBSubnetGroupName", "aws_db_subnet_group", "name"),
        "CloudWatch::Dashboard": ("DashboardName", "aws_cloudwatch_dashboard", "dashboard_name"),
    }
    for kind, (theirs, type_, ours) in kinds.items():
        names = {it[ours] for it in tf.of(type_).values()}
        assert {it[theirs] for it in of(cfn, kind)} == names, kind
    same(
        {it["RetentionInDays"] for it in of(cfn, "Logs::LogGroup")},
        {it["retention_in_days"] for it in tf.of("aws_cloudwatch_log_group").values()},
    )


def test_alarms(cfn, tf):
    def theirs(it):
        return (
            it["AlarmName"],
            it["Namespace"],
            it["MetricName"],
            it.get("Statistic") or it["ExtendedStatistic"],
            it["Period"],
            it["EvaluationPeriods"],
            it["ComparisonOperator"],
            it["Threshold"],
            it["TreatMissingData"],
            tuple(sorted(pair["Name"] for pair in it["Dimensions"])),
        )

    def ours(it):
        return (
            it["alarm_name"],
            it["namespace"],
            it["metric_name"],
            it.get("statistic") or it["extended_statistic"],
            it["period"],
            it["evaluation_periods"],
            it["comparison_operator"],
            it["threshold"],
            it["treat_missing_data"],
            tuple(sorted(it["dimensions"])),
        )

    same(
        {theirs(it) for it in of(cfn, "CloudWatch::Alarm")},
        {ours(it) for it in tf.of("aws_cloudwatch_metric_alarm").values()},
    )


def actions(statements: list[dict], places: dict[str, str]) -> set[tuple[str, str]]:
    """Every action with the place where it is allowed."""

    def listed(value):
        return value if isinstance(value, list) else [value]

    def place(resource: str) -> str:
        for name, short in places.items():
            resource = resource.replace(name, short)
        return resource

    return {
        (action, place(resource))
        for it in statements
        for action in listed(it["Action"])
        for resource in listed(it["Resource"])
    }


@pytest.mark.parametrize("name", SERVICES)
def test_what_tasks_may_do(cfn, tf, name):
    (policy,) = cfn.properties(f"{name.title()}TaskRole")["Policies"]
    theirs = actions(
        policy["PolicyDocument"]["Statement"],
        {
            "<MediaBucket.Arn>": "media",
            "<ProcessingQueue.Arn>": "jobs",
            "<DeadLetterQueue.Arn>": "dead",
            "arn:aws:ecs:us-east-1:123456789012:task/anb-video-cluster": "tasks",
        },
    )
    queues = tf.of("aws_sqs_queue")
    places = {
        tf["module.storage.module.bucket.aws_s3_bucket.this"]["arn"]: "media",
        queues["module.queue.aws_sqs_queue.jobs"]["arn"]: "jobs",
        queues["module.queue.aws_sqs_queue.dead_letters"]["arn"]: "dead",
        tf.only("aws_ecs_cluster")["arn"].replace(":cluster/", ":task/"): "tasks",
    }
    document = json.loads(tf_service(tf, name, "aws_iam_role_policy.task[0]")["policy"])
    assert actions(document["Statement"], places) == theirs
