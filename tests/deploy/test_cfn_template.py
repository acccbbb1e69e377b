"""Every number and name that the CloudFormation template has to keep: those of DESIGN.md section 8,
of docs/operations.md, and of docs/decisions/0024-cloudformation.md."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import cfn

TEMPLATE = cfn.load()
DEFAULT = cfn.Rendered(TEMPLATE)
SERVICES = {"Web": 8000, "Console": 8001, "Worker": None}
APPLICATIONS = {name: port for name, port in SERVICES.items() if port}


def rendered(**parameters: str) -> cfn.Rendered:
    return cfn.Rendered(TEMPLATE, **parameters)


def attributes(pairs: list[dict[str, str]]) -> dict[str, str]:
    return {pair["Key"]: pair["Value"] for pair in pairs}


def named(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {item["Name"]: item["Value"] for item in items}


def options(parameter: str) -> tuple[str, list[str]]:
    slot = TEMPLATE["Parameters"][parameter]
    return slot["Default"], slot["AllowedValues"]


# --- names -----------------------------------------------------------------

NAMES = [
    ("Cluster", "ClusterName", "anb-video-cluster"),
    ("WebService", "ServiceName", "anb-video-web-service"),
    ("ConsoleService", "ServiceName", "anb-video-console-service"),
    ("WorkerService", "ServiceName", "anb-video-worker-service"),
    ("WebTaskDefinition", "Family", "anb-video-web"),
    ("ConsoleTaskDefinition", "Family", "anb-video-console"),
    ("WorkerTaskDefinition", "Family", "anb-video-worker"),
    ("WebRepository", "RepositoryName", "anb-web"),
    ("ConsoleRepository", "RepositoryName", "anb-console"),
    ("WorkerRepository", "RepositoryName", "anb-worker"),
    ("ProcessingQueue", "QueueName", "anb-video-processing-queue"),
    ("DeadLetterQueue", "QueueName", "anb-video-processing-dlq"),
    ("WebLogs", "LogGroupName", "/ecs/anb-video-web"),
    ("ConsoleLogs", "LogGroupName", "/ecs/anb-video-console"),
    ("WorkerLogs", "LogGroupName", "/ecs/anb-video-worker"),
    ("LoadBalancer", "Name", "anb-video-alb"),
    ("WebTargetGroup", "Name", "anb-video-web-tg"),
    ("ConsoleTargetGroup", "Name", "anb-video-console-tg"),
    ("MediaBucket", "BucketName", "anb-video-media-123456789012-us-east-1"),
    ("StaticBucket", "BucketName", "anb-video-static-123456789012-us-east-1"),
    ("Database", "DBInstanceIdentifier", "anb-video-db"),
    ("Database", "DBName", "anb"),
    ("Database", "MasterUsername", "anb"),
    ("DatabaseUrlSecret", "Name", "anb-video/database-url"),
    ("SecretKeySecret", "Name", "anb-video/secret-key"),
    ("DatabasePasswordSecret", "Name", "anb-video/database-password"),
    ("DatabaseSubnetGroup", "DBSubnetGroupName", "anb-video-db"),
    ("ExecutionRole", "RoleName", "anb-video-execution"),
    ("WebTaskRole", "RoleName", "anb-video-web-task"),
    ("ConsoleTaskRole", "RoleName", "anb-video-console-task"),
    ("WorkerTaskRole", "RoleName", "anb-video-worker-task"),
    ("WebCpuScaling", "PolicyName", "anb-video-web-cpu"),
    ("WebMemoryScaling", "PolicyName", "anb-video-web-memory"),
    ("ConsoleCpuScaling", "PolicyName", "anb-video-console-cpu"),
    ("ConsoleMemoryScaling", "PolicyName", "anb-video-console-memory"),
    ("WorkerBacklogScaling", "PolicyName", "anb-video-worker-backlog"),
    ("Dashboard", "DashboardName", "anb-video"),
]


@pytest.mark.parametrize(("resource", "key", "name"), NAMES)
def test_names(resource, key, name):
    assert DEFAULT.properties(resource)[key] == name


def test_another_project_shares_no_name():
    """Two stacks fit into one account and region."""
    other = rendered(ProjectName="league", RepositoryPrefix="league")
    for resource, key, name in NAMES:
        if key not in ("DBName", "MasterUsername"):
            assert other.properties(resource)[key] != name, resource


def test_the_longest_project_still_fits():
    pattern = TEMPLATE["Parameters"]["ProjectName"]["AllowedPattern"]
    longest = "p" * 21
    assert re.match(pattern, longest) and not re.match(pattern, longest + "p")
    stack = rendered(ProjectName=longest)
    for resource in ("LoadBalancer", "WebTargetGroup", "ConsoleTargetGroup"):
        assert len(stack.properties(resource)["Name"]) <= 32
    far = {bucket["BucketName"] for bucket in stack.of_type("AWS::S3::Bucket").values()}
    # The longest name of a region, instead of us-east-1.
    assert all(len(name.replace("us-east-1", "ap-southeast-1")) <= 63 for name in far)


def test_what_has_a_fixed_name_is_named_after_the_project():
    """No name is written out, so that none collides."""
    for name, resource in TEMPLATE["Resources"].items():
        for key, value in resource.get("Properties", {}).items():
            if key.endswith("Name") and "anb" in str(value):
                assert (name, key, value) == ("Database", "DBName", "anb")


# --- network ---------------------------------------------------------------


def test_two_zones_of_public_and_isolated_subnets():
    assert DEFAULT.properties("Vpc")["CidrBlock"] == "10.20.0.0/16"
    subnets = DEFAULT.of_type("AWS::EC2::Subnet")
    assert {
        name: (subnet["CidrBlock"], subnet["AvailabilityZone"]) for name, subnet in subnets.items()
    } == {
        "PublicSubnetA": ("10.20.0.0/24", "us-east-1a"),
        "PublicSubnetB": ("10.20.1.0/24", "us-east-1b"),
        "IsolatedSubnetA": ("10.20.10.0/24", "us-east-1a"),
        "IsolatedSubnetB": ("10.20.11.0/24", "us-east-1b"),
    }
    assert not any(subnet.get("MapPublicIpOnLaunch") for subnet in subnets.values())


def routes(stack: cfn.Rendered) -> dict[str, str]:
    """Where what leaves a subnet goes to."""
    tables = {
        association["SubnetId"]: association["RouteTableId"]
        for association in stack.of_type("AWS::EC2::SubnetRouteTableAssociation").values()
    }
    ways = {
        route["RouteTableId"]: route.get("GatewayId") or route["NatGatewayId"]
        for route in stack.of_type("AWS::EC2::Route").values()
        if route["DestinationCidrBlock"] == "0.0.0.0/0"
    }
    return {subnet: ways.get(table, "nowhere") for subnet, table in tables.items()}


def test_only_public_subnets_reach_the_internet():
    assert routes(DEFAULT) == {
        "<PublicSubnetA>": "<InternetGateway>",
        "<PublicSubnetB>": "<InternetGateway>",
        "<IsolatedSubnetA>": "nowhere",
        "<IsolatedSubnetB>": "nowhere",
    }


def test_only_the_free_endpoint_of_s3_by_default():
    ((_, endpoint),) = DEFAULT.of_type("AWS::EC2::VPCEndpoint").items()
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"] == "com.amazonaws.us-east-1.s3"
    assert endpoint["RouteTableIds"] == ["<PublicRouteTable>"]
    assert not DEFAULT.of_type("AWS::EC2::NatGateway")


@pytest.mark.parametrize(("gateways", "second"), [("1", "<NatGatewayA>"), ("2", "<NatGatewayB>")])
def test_nat_gateways_are_an_option(gateways, second):
    stack = rendered(NatGateways=gateways)
    assert len(stack.of_type("AWS::EC2::NatGateway")) == int(gateways)
    assert len(stack.of_type("AWS::EC2::EIP")) == int(gateways)
    subnets = {name: stack.properties(name) for name in ("PrivateSubnetA", "PrivateSubnetB")}
    assert [subnet["CidrBlock"] for subnet in subnets.values()] == [
        "10.20.20.0/24",
        "10.20.21.0/24",
    ]
    zones = [subnet["AvailabilityZone"] for subnet in subnets.values()]
    assert zones == ["us-east-1a", "us-east-1b"]
    ways = routes(stack)
    assert ways["<PrivateSubnetA>"] == "<NatGatewayA>"
    assert ways["<PrivateSubnetB>"] == second
    for name in SERVICES:
        network = stack.properties(f"{name}Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
        assert network["Subnets"] == ["<PrivateSubnetA>", "<PrivateSubnetB>"]
        assert network["AssignPublicIp"] == "DISABLED"
    assert stack.outputs["TaskSubnetIds"] == "<PrivateSubnetA>,<PrivateSubnetB>"
    assert stack.outputs["TaskAssignPublicIp"] == "DISABLED"
    tables = stack.properties("S3Endpoint")["RouteTableIds"]
    assert tables == ["<PublicRouteTable>", "<PrivateRouteTableA>", "<PrivateRouteTableB>"]


@pytest.mark.parametrize(("gateways", "kind"), [("0", "Public"), ("1", "Private")])
def test_interface_endpoints_are_an_option(gateways, kind):
    """In the subnets of the tasks, and open to them alone."""
    stack = rendered(InterfaceEndpoints="true", NatGateways=gateways)
    endpoints = [
        endpoint
        for endpoint in stack.of_type("AWS::EC2::VPCEndpoint").values()
        if endpoint["VpcEndpointType"] == "Interface"
    ]
    services = {
        endpoint["ServiceName"].removeprefix("com.amazonaws.us-east-1.") for endpoint in endpoints
    }
    assert services == {
        "application-autoscaling",
        "ecr.api",
        "ecr.dkr",
        "ecs",
        "logs",
        "secretsmanager",
        "sqs",
    }
    for endpoint in endpoints:
        assert endpoint["PrivateDnsEnabled"] is True
        assert endpoint["SubnetIds"] == [f"<{kind}SubnetA>", f"<{kind}SubnetB>"]
        assert endpoint["SecurityGroupIds"] == ["<InterfaceEndpointSecurityGroup>"]
    group = "<InterfaceEndpointSecurityGroup>"
    assert ways_in(stack) - ways_in(DEFAULT) == {(group, "10.20.0.0/16", 443)}
    assert ways_out(stack) - ways_out(DEFAULT) == {(group, "127.0.0.1/32", None)}


def test_options_that_cost_say_how_much():
    text = cfn.TEMPLATE.read_text()
    for option in ("NatGateways", "InterfaceEndpoints", "AccessLogs", "DatabaseInstanceClass"):
        slot = re.search(rf"\n  {option}:\n((?:    .*\n)+)", text)
        assert slot and re.search(r"# .*\d", slot[1]), option


# --- who may talk to whom --------------------------------------------------


def ways_in(stack: cfn.Rendered) -> set[tuple[str, str, int]]:
    """(whom, from where, port) of everything that is let in."""
    inline = {
        (f"<{name}>", rule["CidrIp"], rule["FromPort"])
        for name, group in stack.of_type("AWS::EC2::SecurityGroup").items()
        for rule in group.get("SecurityGroupIngress", [])
    }
    rules = stack.of_type("AWS::EC2::SecurityGroupIngress").values()
    apart = {(rule["GroupId"], rule["SourceSecurityGroupId"], rule["FromPort"]) for rule in rules}
    return inline | apart


def ways_out(stack: cfn.Rendered) -> set[tuple[str, str, int | None]]:
    return {
        (
            f"<{name}>",
            rule.get("CidrIp") or rule["DestinationSecurityGroupId"],
            rule.get("FromPort"),
        )
        for name, group in stack.of_type("AWS::EC2::SecurityGroup").items()
        for rule in group["SecurityGroupEgress"]
    }


def test_who_is_let_in():
    assert ways_in(DEFAULT) == {
        ("<LoadBalancerSecurityGroup>", "0.0.0.0/0", 80),
        ("<LoadBalancerSecurityGroup>", "0.0.0.0/0", 443),
        ("<WebSecurityGroup>", "<LoadBalancerSecurityGroup>", 8000),
        ("<ConsoleSecurityGroup>", "<LoadBalancerSecurityGroup>", 8001),
        ("<DatabaseSecurityGroup>", "<WebSecurityGroup>", 5432),
        ("<DatabaseSecurityGroup>", "<ConsoleSecurityGroup>", 5432),
        ("<DatabaseSecurityGroup>", "<WorkerSecurityGroup>", 5432),
    }


def test_who_may_go_where():
    tasks = ("<WebSecurityGroup>", "<ConsoleSecurityGroup>", "<WorkerSecurityGroup>")
    assert ways_out(DEFAULT) == {
        ("<LoadBalancerSecurityGroup>", "<WebSecurityGroup>", 8000),
        ("<LoadBalancerSecurityGroup>", "<ConsoleSecurityGroup>", 8001),
        ("<DatabaseSecurityGroup>", "127.0.0.1/32", None),
        *((group, "0.0.0.0/0", 443) for group in tasks),
        *((group, "<DatabaseSecurityGroup>", 5432) for group in tasks),
    }


def test_ports_are_single_and_tcp():
    groups = DEFAULT.of_type("AWS::EC2::SecurityGroup").values()
    rules = [
        rule
        for group in groups
        for key in ("SecurityGroupIngress", "SecurityGroupEgress")
        for rule in group.get(key, [])
    ]
    rules += DEFAULT.of_type("AWS::EC2::SecurityGroupIngress").values()
    for rule in rules:
        if rule.get("CidrIp") != "127.0.0.1/32":
            assert rule["IpProtocol"] == "tcp" and rule["FromPort"] == rule["ToPort"]


# --- load balancer ---------------------------------------------------------


def test_load_balancer():
    balancer = DEFAULT.properties("LoadBalancer")
    assert balancer["Scheme"] == "internet-facing" and balancer["Type"] == "application"
    assert balancer["Subnets"] == ["<PublicSubnetA>", "<PublicSubnetB>"]
    assert attributes(balancer["LoadBalancerAttributes"]) == {
        "idle_timeout.timeout_seconds": "60",
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "deletion_protection.enabled": "true",
        "access_logs.s3.enabled": "false",
    }


@pytest.mark.parametrize(("name", "port"), APPLICATIONS.items())
def test_target_groups(name, port):
    group = DEFAULT.properties(f"{name}TargetGroup")
    expected = {
        "TargetType": "ip",
        "Protocol": "HTTP",
        "Port": port,
        "HealthCheckPath": "/health",
        "HealthCheckIntervalSeconds": 15,
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 3,
        "Matcher": {"HttpCode": "200"},
    }
    assert {key: group[key] for key in expected} == expected
    # Nothing but this: slow start stays off.
    assert attributes(group["TargetGroupAttributes"]) == {
        "deregistration_delay.timeout_seconds": "30"
    }
    (target,) = DEFAULT.properties(f"{name}Service")["LoadBalancers"]
    assert target == {
        "ContainerName": name.lower(),
        "ContainerPort": port,
        "TargetGroupArn": f"<{name}TargetGroup>",
    }


TO_WEB = [{"Type": "forward", "TargetGroupArn": "<WebTargetGroup>"}]


def test_without_a_certificate_port_80_serves():
    (listener,) = DEFAULT.of_type("AWS::ElasticLoadBalancingV2::Listener").values()
    assert (listener["Port"], listener["Protocol"], listener["DefaultActions"]) == (
        80,
        "HTTP",
        TO_WEB,
    )
    assert DEFAULT.properties("ConsoleListenerRule")["ListenerArn"] == "<HttpListener>"
    assert DEFAULT.outputs["SiteUrl"] == "http://<LoadBalancer.DNSName>"


def test_with_a_certificate_port_80_redirects():
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    stack = rendered(CertificateArn=certificate, PublicUrl="https://anb.example.com")
    assert stack.properties("HttpListener")["DefaultActions"] == [
        {
            "Type": "redirect",
            "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
        }
    ]
    https = stack.properties("HttpsListener")
    assert (https["Port"], https["Protocol"], https["DefaultActions"]) == (443, "HTTPS", TO_WEB)
    assert https["Certificates"] == [{"CertificateArn": certificate}]
    assert https["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert stack.properties("ConsoleListenerRule")["ListenerArn"] == "<HttpsListener>"
    assert stack.outputs["SiteUrl"] == "https://anb.example.com"
    assert stack.outputs["ConsoleUrl"] == "https://anb.example.com/console"


def test_a_certificate_asks_for_the_name_it_is_for():
    rule = TEMPLATE["Rules"]["CertificateNeedsName"]
    assert rendered(CertificateArn="arn").decide(rule["RuleCondition"])
    (assertion,) = rule["Assertions"]
    assert not rendered(CertificateArn="arn").decide(assertion["Assert"])
    assert rendered(PublicUrl="https://anb.example.com").decide(assertion["Assert"])


def test_console_has_its_path():
    rule = DEFAULT.properties("ConsoleListenerRule")
    assert rule["Priority"] == 10
    assert rule["Conditions"] == [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/console", "/console/*"]}},
    ]
    assert rule["Actions"] == [{"Type": "forward", "TargetGroupArn": "<ConsoleTargetGroup>"}]
    assert len(DEFAULT.of_type("AWS::ElasticLoadBalancingV2::ListenerRule")) == 1


def test_console_may_be_limited_to_ranges():
    rule = rendered(ConsoleSourceRanges="203.0.113.0/24,198.51.100.7/32").properties(
        "ConsoleListenerRule"
    )
    paths, sources = rule["Conditions"]
    assert paths["PathPatternConfig"]["Values"] == ["/console", "/console/*"]
    assert sources == {
        "Field": "source-ip",
        "SourceIpConfig": {"Values": ["203.0.113.0/24", "198.51.100.7/32"]},
    }


def test_access_logs_are_an_option():
    assert "AccessLogsBucket" not in DEFAULT.resources
    assert "LoggingConfiguration" not in DEFAULT.properties("MediaBucket")
    stack = rendered(AccessLogs="true")
    told = attributes(stack.properties("LoadBalancer")["LoadBalancerAttributes"])
    assert told["access_logs.s3.enabled"] == "true"
    for name in ("LoadBalancer", "MediaBucket", "StaticBucket"):
        assert stack.resources[name]["Metadata"]["WaitsFor"] == "<AccessLogsBucketPolicy>"
    assert told["access_logs.s3.bucket"] == "<AccessLogsBucket>"
    for bucket in ("MediaBucket", "StaticBucket"):
        logging = stack.properties(bucket)["LoggingConfiguration"]
        assert logging["DestinationBucketName"] == "<AccessLogsBucket>"
    (statement,) = stack.properties("AccessLogsBucketPolicy")["PolicyDocument"]["Statement"]
    senders = ["logdelivery.elasticloadbalancing.amazonaws.com", "logging.s3.amazonaws.com"]
    assert statement["Principal"] == {"Service": senders}
    assert (statement["Effect"], statement["Action"]) == ("Allow", "s3:PutObject")
    assert statement["Resource"] == "<AccessLogsBucket.Arn>/*"
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    logs = stack.properties("AccessLogsBucket")
    assert logs["BucketName"] == "anb-video-logs-123456789012-us-east-1"
    (rule,) = logs["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 90)


# --- objects and messages --------------------------------------------------


def test_no_bucket_is_public():
    buckets = rendered(AccessLogs="true").of_type("AWS::S3::Bucket")
    assert set(buckets) == {"MediaBucket", "StaticBucket", "AccessLogsBucket"}
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_old_static_files_can_be_had_back_for_a_month():
    bucket = DEFAULT.properties("StaticBucket")
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled"
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    # What a player has deleted cannot.
    assert "VersioningConfiguration" not in DEFAULT.properties("MediaBucket")


def test_buckets_outlive_the_stack():
    for name in ("MediaBucket", "StaticBucket"):
        resource = TEMPLATE["Resources"][name]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize(
    ("url", "origin"),
    [("", "http://<LoadBalancer.DNSName>"), ("https://anb.example.com", "https://anb.example.com")],
)
def test_browsers_may_send_parts_from_the_site(url, origin):
    (rule,) = rendered(PublicUrl=url).properties("MediaBucket")["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == [origin]
    assert rule["AllowedMethods"] == ["GET", "HEAD", "PUT"]
    assert rule["ExposedHeaders"] == ["ETag"]
    assert rule["AllowedHeaders"] == ["*"]


def lifecycle(stack: cfn.Rendered) -> dict[str, dict[str, Any]]:
    rules = stack.properties("MediaBucket")["LifecycleConfiguration"]["Rules"]
    assert {rule["Status"] for rule in rules} == {"Enabled"}
    return {rule["Id"]: rule for rule in rules}


def test_forgotten_parts_are_gone_after_a_day():
    rules = lifecycle(DEFAULT)
    assert list(rules) == ["abort-forgotten-uploads"]
    forgotten = rules["abort-forgotten-uploads"]
    assert forgotten["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert "Prefix" not in forgotten


def test_originals_may_get_cheaper_or_go():
    rules = lifecycle(rendered(OriginalsToColdStorageDays="90", OriginalsDeletedDays="365"))
    cold, deleted = rules["originals-to-cold-storage"], rules["originals-deleted"]
    assert cold["Prefix"] == deleted["Prefix"] == "uploads/"
    assert cold["Transitions"] == [{"StorageClass": "GLACIER_IR", "TransitionInDays": "90"}]
    assert deleted["ExpirationInDays"] == "365"


def test_queue():
    queue, dead = DEFAULT.properties("ProcessingQueue"), DEFAULT.properties("DeadLetterQueue")
    assert queue["VisibilityTimeout"] == 120
    assert queue["ReceiveMessageWaitTimeSeconds"] == 20
    assert queue["MessageRetentionPeriod"] == 4 * 24 * 3600
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": "<DeadLetterQueue.Arn>",
        "maxReceiveCount": 3,
    }
    assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert "RedrivePolicy" not in dead
    for one in (queue, dead):
        assert one["SqsManagedSseEnabled"] is True
        # Standard queues.
        assert "FifoQueue" not in one and not one["QueueName"].endswith(".fifo")


@pytest.mark.parametrize(
    ("policy", "resources"),
    [
        ("ProcessingQueuePolicy", "<ProcessingQueue.Arn>"),
        ("DeadLetterQueuePolicy", "<DeadLetterQueue.Arn>"),
        ("MediaBucketPolicy", ["<MediaBucket.Arn>", "<MediaBucket.Arn>/*"]),
        ("StaticBucketPolicy", ["<StaticBucket.Arn>", "<StaticBucket.Arn>/*"]),
    ],
)
def test_only_over_tls(policy, resources):
    statement, *more = DEFAULT.properties(policy)["PolicyDocument"]["Statement"]
    assert not more
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == resources
    assert statement["Action"] in ("sqs:*", "s3:*")


def test_static_files_may_be_read_by_a_cdn():
    distribution = "arn:aws:cloudfront::123456789012:distribution/E1"
    policy = rendered(CdnDistributionArn=distribution).properties("StaticBucketPolicy")
    _, read = policy["PolicyDocument"]["Statement"]
    assert read["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert (read["Effect"], read["Action"]) == ("Allow", "s3:GetObject")
    assert read["Resource"] == "<StaticBucket.Arn>/*"
    assert read["Condition"] == {"StringEquals": {"aws:SourceArn": distribution}}


@pytest.mark.parametrize(
    ("url", "origin"),
    [("", "http://<LoadBalancer.DNSName>"), ("https://anb.example.com", "https://anb.example.com")],
)
def test_pages_of_the_site_may_fetch_modules(url, origin):
    (rule,) = rendered(PublicUrl=url).properties("StaticBucket")["CorsConfiguration"]["CorsRules"]
    assert rule == {"AllowedOrigins": [origin], "AllowedMethods": ["GET", "HEAD"], "MaxAge": 3600}


def test_no_task_may_touch_the_static_files():
    """Whoever deploys publishes them: a web task that is broken into changes nobody's page."""
    for name, resource in rendered(**cfn.EVERY_OPTION).resources.items():
        if resource["Type"].startswith("AWS::IAM::"):
            assert "StaticBucket" not in json.dumps(resource), name
            assert '"s3:*"' not in json.dumps(resource), name


def test_pages_link_to_a_cdn_only_if_there_is_one():
    def told(service: str, **parameters: str) -> dict[str, str]:
        return named(rendered(**parameters).container(service)["Environment"])

    address = "https://static.example.com"
    assert told("Web", AssetsUrl=address)["ANB_SITE__ASSETS_URL"] == address
    assert "ANB_SITE__ASSETS_URL" not in told("Web")
    for service in ("Console", "Worker"):
        assert "ANB_SITE__ASSETS_URL" not in told(service, AssetsUrl=address)


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("", True),
        ("https://d111111abcdef8.cloudfront.net", True),
        ("https://cdn.example.com/anb-video", True),
        ("https://cdn.example.com/", False),
        ("//cdn.example.com", False),
        ("cdn.example.com", False),
    ],
)
def test_addresses_of_a_cdn(address, fits):
    pattern = TEMPLATE["Parameters"]["AssetsUrl"]["AllowedPattern"]
    assert bool(re.search(pattern, address)) == fits


# --- database and secrets --------------------------------------------------


def test_database():
    database = DEFAULT.properties("Database")
    expected = {
        "Engine": "postgres",
        "EngineVersion": "17",
        "DBInstanceClass": "db.t3.micro",
        "MultiAZ": "true",
        "AllocatedStorage": "20",
        "MaxAllocatedStorage": 100,
        "StorageType": "gp3",
        "StorageEncrypted": True,
        "PubliclyAccessible": False,
        "BackupRetentionPeriod": 7,
        "DeletionProtection": "true",
        "Port": "5432",
        "CACertificateIdentifier": "rds-ca-rsa2048-g1",
        "CopyTagsToSnapshot": True,
        "AutoMinorVersionUpgrade": True,
        "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
        "DBSubnetGroupName": "<DatabaseSubnetGroup>",
        "VPCSecurityGroups": ["<DatabaseSecurityGroup>"],
        "DBParameterGroupName": "<DatabaseParameters>",
    }
    assert {key: database[key] for key in expected} == expected
    resource = TEMPLATE["Resources"]["Database"]
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Snapshot"
    subnets = DEFAULT.properties("DatabaseSubnetGroup")["SubnetIds"]
    assert subnets == ["<IsolatedSubnetA>", "<IsolatedSubnetB>"]


def test_database_takes_nothing_but_tls():
    parameters = DEFAULT.properties("DatabaseParameters")
    assert parameters["Family"] == "postgres17"
    assert parameters["Parameters"] == {"rds.force_ssl": "1"}


def test_zones_and_protection_are_parameters():
    assert options("MultiAZ") == ("true", ["true", "false"])
    assert options("DeletionProtection") == ("true", ["true", "false"])
    stack = rendered(MultiAZ="false", DeletionProtection="false")
    assert stack.properties("Database")["MultiAZ"] == "false"
    assert stack.properties("Database")["DeletionProtection"] == "false"
    told = attributes(stack.properties("LoadBalancer")["LoadBalancerAttributes"])
    assert told["deletion_protection.enabled"] == "false"


def test_connections_of_all_tasks_fit_the_smallest_database():
    """Some 80 on db.t3.micro: by its formula, a connection for each 9531392 bytes of memory."""
    total = 0
    for name in SERVICES:
        settings = named(DEFAULT.container(name)["Environment"])
        most = DEFAULT.properties(f"{name}Scaling")
        tasks = int(rendered(ImageTag="1").properties(f"{name}Scaling")["MaxCapacity"])
        total += tasks * int(settings["ANB_DATABASE__MAX_CONNECTIONS"])
        assert most["MaxCapacity"] == 0
    assert total == 76


def test_secrets_are_made_and_never_written_down():
    password = DEFAULT.properties("DatabasePasswordSecret")["GenerateSecretString"]
    assert password["PasswordLength"] == 40 and password["ExcludePunctuation"] is True
    key = DEFAULT.properties("SecretKeySecret")["GenerateSecretString"]
    assert key["PasswordLength"] == 64 and key["ExcludePunctuation"] is True
    reference = "{{resolve:secretsmanager:<DatabasePasswordSecret>:SecretString:password}}"
    assert DEFAULT.properties("Database")["MasterUserPassword"] == reference
    url = DEFAULT.properties("DatabaseUrlSecret")["SecretString"]
    assert url == f"postgres://anb:{reference}@<Database.Endpoint.Address>:5432/anb"
    assert not any("password" in name.lower() for name in TEMPLATE["Parameters"])


# --- tasks and services ----------------------------------------------------

SIZES = {"Web": ("512", "1024", 60), "Console": ("256", "512", 60), "Worker": ("2048", "4096", 120)}
HEALTH = {"Web": [], "Console": ["--console"], "Worker": ["--worker"]}


@pytest.mark.parametrize("name", SERVICES)
def test_tasks(name):
    task = DEFAULT.properties(f"{name}TaskDefinition")
    cpu, memory, stop_timeout_s = SIZES[name]
    assert (task["Cpu"], task["Memory"]) == (cpu, memory)
    assert task["RequiresCompatibilities"] == ["FARGATE"] and task["NetworkMode"] == "awsvpc"
    assert task["RuntimePlatform"] == {
        "OperatingSystemFamily": "LINUX",
        "CpuArchitecture": "X86_64",
    }
    assert task.get("EphemeralStorage") == ({"SizeInGiB": 30} if name == "Worker" else None)
    container = DEFAULT.container(name)
    assert container["Name"] == name.lower() and container["Command"] == [name.lower()]
    assert container["StopTimeout"] == stop_timeout_s
    assert container["Essential"] is True
    assert container["HealthCheck"] == {
        "Command": ["CMD", "anb-video", "healthcheck", *HEALTH[name]],
        "Interval": 15,
        "Timeout": 5,
        "Retries": 3,
        "StartPeriod": 60,
    }
    port = SERVICES[name]
    ports = [{"ContainerPort": port, "Protocol": "tcp"}] if port else None
    assert container.get("PortMappings") == ports


@pytest.mark.parametrize("name", SERVICES)
def test_tasks_can_do_little(name):
    container = DEFAULT.container(name)
    assert container["ReadonlyRootFilesystem"] is True
    # As deploy/docker/README.md has it.
    assert container["User"] == "65532:65532"
    assert container["MountPoints"] == [{"SourceVolume": "data", "ContainerPath": "/data"}]
    assert DEFAULT.properties(f"{name}TaskDefinition")["Volumes"] == [{"Name": "data"}]
    assert container["LinuxParameters"] == {"Capabilities": {"Drop": ["ALL"]}}


@pytest.mark.parametrize("name", SERVICES)
def test_dead_connections_are_noticed_within_two_minutes(name):
    """docs/decisions/0021-worker-on-ecs.md"""
    controls = DEFAULT.container(name)["SystemControls"]
    assert controls == [{"Namespace": "net.ipv4.tcp_retries2", "Value": "8"}]


@pytest.mark.parametrize("name", SERVICES)
def test_logs(name):
    assert DEFAULT.properties(f"{name}Logs")["RetentionInDays"] == 30
    logging = DEFAULT.container(name)["LogConfiguration"]
    assert logging["LogDriver"] == "awslogs"
    assert logging["Options"] == {
        "awslogs-group": f"<{name}Logs>",
        "awslogs-region": "us-east-1",
        "awslogs-stream-prefix": name.lower(),
        # A log that cannot be written holds nobody up.
        "mode": "non-blocking",
    }


def test_arm_is_an_option():
    for name in SERVICES:
        task = rendered(CpuArchitecture="ARM64").properties(f"{name}TaskDefinition")
        assert task["RuntimePlatform"]["CpuArchitecture"] == "ARM64"


def test_the_cost_of_a_video_follows_the_task():
    settings = named(DEFAULT.container("Worker")["Environment"])
    assert (settings["ANB_COST__TASK_VCPUS"], settings["ANB_COST__TASK_MEMORY_GB"]) == ("2", "4")
    arm = rendered(CpuArchitecture="ARM64", WorkerCpu="4096", WorkerMemory="8192").container(
        "Worker"
    )
    settings = named(arm["Environment"])
    assert (settings["ANB_COST__TASK_VCPUS"], settings["ANB_COST__TASK_MEMORY_GB"]) == ("4", "8")
    assert settings["ANB_COST__VCPU_HOUR_USD"] == "0.03238"
    assert settings["ANB_COST__GB_HOUR_USD"] == "0.00356"


@pytest.mark.parametrize(
    ("parameter", "setting"),
    [("WorkerCpu", "ANB_COST__TASK_VCPUS"), ("WorkerMemory", "ANB_COST__TASK_MEMORY_GB")],
)
def test_every_size_of_a_worker_has_its_figures(parameter, setting):
    for size in options(parameter)[1]:
        settings = named(rendered(**{parameter: size}).container("Worker")["Environment"])
        assert int(settings[setting]) * 1024 == int(size)


@pytest.mark.parametrize("name", SERVICES)
def test_services(name):
    service = DEFAULT.properties(f"{name}Service")
    assert service["Cluster"] == "<Cluster>"
    assert service["TaskDefinition"] == f"<{name}TaskDefinition>"
    # New tasks are healthy before old ones go, and a release that does not get there is taken back.
    assert service["DeploymentConfiguration"] == {
        "MinimumHealthyPercent": 100,
        "MaximumPercent": 200,
        "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
    }
    grace_s = 60 if name in APPLICATIONS else None
    assert service.get("HealthCheckGracePeriodSeconds") == grace_s
    assert service["PropagateTags"] == "SERVICE"
    assert service["CapacityProviderStrategy"] == [{"CapacityProvider": "FARGATE", "Weight": 1}]
    assert service["NetworkConfiguration"]["AwsvpcConfiguration"] == {
        "Subnets": ["<PublicSubnetA>", "<PublicSubnetB>"],
        "AssignPublicIp": "ENABLED",
        "SecurityGroups": [f"<{name}SecurityGroup>"],
    }


def test_what_has_to_be_there_first():
    """Where nothing refers to it: ways out, and the load balancer of a target group."""
    waits = {
        name: set(as_list(resource["DependsOn"]))
        for name, resource in TEMPLATE["Resources"].items()
        if "DependsOn" in resource
    }
    assert waits == {
        "PublicDefaultRoute": {"InternetGatewayAttachment"},
        "NatAddressA": {"InternetGatewayAttachment"},
        "NatAddressB": {"InternetGatewayAttachment"},
        "LoadBalancer": {"PublicDefaultRoute"},
        "WebService": {"ConsoleListenerRule", "PublicDefaultRoute"},
        "ConsoleService": {"ConsoleListenerRule", "PublicDefaultRoute"},
        "WorkerService": {"PublicDefaultRoute"},
    }


def test_workers_may_run_on_spot():
    assert DEFAULT.properties("Cluster")["CapacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    stack = rendered(WorkerCapacity="FARGATE_SPOT")
    for name, provider in {
        "Web": "FARGATE",
        "Console": "FARGATE",
        "Worker": "FARGATE_SPOT",
    }.items():
        (strategy,) = stack.properties(f"{name}Service")["CapacityProviderStrategy"]
        assert strategy["CapacityProvider"] == provider


def test_container_insights():
    settings = DEFAULT.properties("Cluster")["ClusterSettings"]
    assert settings == [{"Name": "containerInsights", "Value": "enabled"}]


@pytest.mark.parametrize("name", SERVICES)
def test_repositories(name):
    repository = DEFAULT.properties(f"{name}Repository")
    assert repository["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert repository["ImageTagMutability"] == "IMMUTABLE"
    (rule,) = json.loads(repository["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert rule["selection"]["countNumber"] == 20 and rule["action"] == {"type": "expire"}


# --- first creation, and scaling -------------------------------------------

CAPACITY = {"Web": (2, 10), "Console": (1, 3), "Worker": (1, 20)}


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_until_there_are_images(name):
    assert DEFAULT.properties(f"{name}Service")["DesiredCount"] == 0
    scaling = DEFAULT.properties(f"{name}Scaling")
    assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == (0, 0)
    assert rendered(TaskCounts="current").properties(f"{name}Service")["DesiredCount"] == 0


@pytest.mark.parametrize("name", SERVICES)
def test_images_start_the_services(name):
    stack = rendered(ImageTag="3f2c1ab")
    least, most = CAPACITY[name]
    assert stack.container(name)["Image"] == f"<{name}Repository.RepositoryUri>:3f2c1ab"
    assert stack.properties(f"{name}Service")["DesiredCount"] == least
    scaling = stack.properties(f"{name}Scaling")
    assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == (least, most)
    assert scaling["ResourceId"] == f"service/<Cluster>/<{name}Service.Name>"
    assert scaling["ServiceNamespace"] == "ecs"
    assert scaling["ScalableDimension"] == "ecs:service:DesiredCount"


@pytest.mark.parametrize("name", SERVICES)
def test_later_updates_may_leave_the_counts_to_autoscaling(name):
    stack = rendered(ImageTag="3f2c1ab", TaskCounts="current")
    assert "DesiredCount" not in stack.properties(f"{name}Service")


@pytest.mark.parametrize("name", SERVICES)
def test_minimum_and_maximum_are_parameters(name):
    stack = rendered(ImageTag="1", **{f"{name}MinTasks": "4", f"{name}MaxTasks": "7"})
    scaling = stack.properties(f"{name}Scaling")
    assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == ("4", "7")


def policy(name: str) -> dict[str, Any]:
    policy = DEFAULT.properties(name)
    assert policy["PolicyType"] == "TargetTrackingScaling"
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    assert (tracking["ScaleOutCooldown"], tracking["ScaleInCooldown"]) == (60, 300)
    return policy | {"Tracking": tracking}


@pytest.mark.parametrize("name", APPLICATIONS)
@pytest.mark.parametrize(("resource", "target"), [("Cpu", 70), ("Memory", 75)])
def test_applications_scale_by_cpu_and_memory(name, resource, target):
    scaling = policy(f"{name}{resource}Scaling")
    kind = {
        "Cpu": "ECSServiceAverageCPUUtilization",
        "Memory": "ECSServiceAverageMemoryUtilization",
    }[resource]
    assert scaling["ScalingTargetId"] == f"<{name}Scaling>"
    assert scaling["Tracking"]["TargetValue"] == target
    assert scaling["Tracking"]["PredefinedMetricSpecification"] == {"PredefinedMetricType": kind}


def backlog_metrics() -> dict[str, dict[str, Any]]:
    tracking = policy("WorkerBacklogScaling")["Tracking"]
    return {metric["Id"]: metric for metric in tracking["CustomizedMetricSpecification"]["Metrics"]}


def test_workers_scale_by_backlog_per_task():
    scaling = policy("WorkerBacklogScaling")
    assert scaling["ScalingTargetId"] == "<WorkerScaling>"
    assert scaling["Tracking"]["TargetValue"] == 5
    metrics = backlog_metrics()
    assert [name for name, metric in metrics.items() if metric["ReturnData"]] == [
        "backlog_per_task"
    ]
    told = {
        name: (
            metric["MetricStat"]["Metric"]["Namespace"],
            metric["MetricStat"]["Metric"]["MetricName"],
            named(metric["MetricStat"]["Metric"]["Dimensions"]),
        )
        for name, metric in metrics.items()
        if "MetricStat" in metric
    }
    stats = {metric["MetricStat"]["Stat"] for metric in metrics.values() if "MetricStat" in metric}
    assert stats == {"Average"}
    queue = {"QueueName": "<ProcessingQueue.QueueName>"}
    assert told == {
        "visible": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", queue),
        "in_flight": ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", queue),
        "running": (
            "ECS/ContainerInsights",
            "RunningTaskCount",
            {"ClusterName": "<Cluster>", "ServiceName": "<WorkerService.Name>"},
        ),
    }


@pytest.mark.parametrize(
    ("visible", "in_flight", "running", "per_task"),
    [(30, 10, 4, 10), (10, 0, 2, 5), (0, 0, 1, 0), (7, 0, 0, 7)],
)
def test_the_metric_math_of_the_backlog(visible, in_flight, running, per_task):
    """Decided as CloudWatch decides it; no running task is no division by zero."""
    expression = backlog_metrics()["backlog_per_task"]["Expression"]
    chosen = {"IF": lambda condition, then, otherwise: then if condition else otherwise}
    counts = {"visible": visible, "in_flight": in_flight, "running": running}
    assert eval(expression, {"__builtins__": {}}, chosen | counts) == per_task  # noqa: S307


# --- roles -----------------------------------------------------------------

MEDIA = "<MediaBucket.Arn>"
QUEUE, DEAD = "<ProcessingQueue.Arn>", "<DeadLetterQueue.Arn>"
OBJECT_RIGHTS = {
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
}
SERVICES_OF_THE_CLUSTER = "arn:aws:ecs:us-east-1:123456789012:service/anb-video-cluster/anb-video"
TASKS_OF_THE_CLUSTER = "arn:aws:ecs:us-east-1:123456789012:task/anb-video-cluster/*"


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def rights(role: str) -> dict[str, set[str]]:
    """What a role may do, by resource."""
    allowed: dict[str, set[str]] = {}
    for policy in DEFAULT.properties(role)["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            for resource in as_list(statement["Resource"]):
                allowed.setdefault(resource, set()).update(as_list(statement["Action"]))
    return allowed


def test_the_execution_role_starts_tasks_and_no_more():
    images = {"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}
    logs = {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert rights("ExecutionRole") == {
        # Knows no resource.
        "*": {"ecr:GetAuthorizationToken"},
        **{f"<{name}Repository.Arn>": images for name in SERVICES},
        **{f"<{name}Logs.Arn>": logs for name in SERVICES},
        "<DatabaseUrlSecret>": {"secretsmanager:GetSecretValue"},
        "<SecretKeySecret>": {"secretsmanager:GetSecretValue"},
    }


def test_what_the_web_tasks_may_do():
    assert rights("WebTaskRole") == {
        f"{MEDIA}/uploads/*": OBJECT_RIGHTS,
        f"{MEDIA}/processed/*": {"s3:GetObject", "s3:DeleteObject"},
        MEDIA: {"s3:ListBucket", "s3:ListBucketMultipartUploads"},
        QUEUE: {"sqs:SendMessage", "sqs:GetQueueAttributes"},
        DEAD: {"sqs:GetQueueAttributes"},
    }


def test_what_the_console_tasks_may_do():
    assert rights("ConsoleTaskRole") == {
        f"{MEDIA}/uploads/*": {"s3:GetObject"},
        f"{MEDIA}/processed/*": {"s3:GetObject"},
        MEDIA: {"s3:ListBucket"},
        QUEUE: {"sqs:SendMessage", "sqs:GetQueueAttributes"},
        DEAD: {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueAttributes",
        },
        **{f"{SERVICES_OF_THE_CLUSTER}-{name}-service": {"ecs:DescribeServices"} for name in ("web", "console", "worker")},
        # Knows no resource.
        "*": {"application-autoscaling:DescribeScalingActivities"},
    }


def test_what_the_worker_tasks_may_do():
    receive = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"}
    assert rights("WorkerTaskRole") == {
        f"{MEDIA}/uploads/*": OBJECT_RIGHTS,
        f"{MEDIA}/processed/*": OBJECT_RIGHTS,
        MEDIA: {"s3:ListBucket", "s3:ListBucketMultipartUploads"},
        QUEUE: receive | {"sqs:SendMessage", "sqs:GetQueueAttributes"},
        DEAD: {"sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"},
        TASKS_OF_THE_CLUSTER: {"ecs:GetTaskProtection", "ecs:UpdateTaskProtection"},
    }


def test_roles_are_for_tasks_of_this_account():
    roles = DEFAULT.of_type("AWS::IAM::Role")
    assert set(roles) == {"ExecutionRole", *(f"{name}TaskRole" for name in SERVICES)}
    for role in roles.values():
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert (trust["Effect"], trust["Action"]) == ("Allow", "sts:AssumeRole")
        assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
        assert "ManagedPolicyArns" not in role


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_has_its_role(name):
    task = DEFAULT.properties(f"{name}TaskDefinition")
    assert task["ExecutionRoleArn"] == "<ExecutionRole.Arn>"
    assert task["TaskRoleArn"] == f"<{name}TaskRole.Arn>"


def test_an_existing_role_is_used_and_none_made():
    role = "arn:aws:iam::123456789012:role/LabRole"
    stack = rendered(ExistingRoleArn=role)
    assert not [
        name
        for name, resource in stack.resources.items()
        if resource["Type"].startswith("AWS::IAM::")
    ]
    for name in SERVICES:
        task = stack.properties(f"{name}TaskDefinition")
        assert task["ExecutionRoleArn"] == task["TaskRoleArn"] == role
    assert {value for name, value in stack.outputs.items() if name.endswith("RoleArn")} == {role}


# --- watching --------------------------------------------------------------

ABOVE, BELOW = "GreaterThanThreshold", "LessThanThreshold"
BALANCER = {"LoadBalancer": "<LoadBalancer.LoadBalancerFullName>"}
DATABASE = {"DBInstanceIdentifier": "<Database>"}
PROJECT = {"Project": "anb-video"}
ALARMS = {
    # name: (metric, dimensions, statistic, comparison, threshold, seconds)
    "dead-letters": (
        "AWS/SQS ApproximateNumberOfMessagesVisible",
        {"QueueName": "<DeadLetterQueue.QueueName>"},
        "Maximum",
        ABOVE,
        0,
        60,
    ),
    "oldest-message": (
        "AWS/SQS ApproximateAgeOfOldestMessage",
        {"QueueName": "<ProcessingQueue.QueueName>"},
        "Maximum",
        ABOVE,
        900,
        60,
    ),
    "oldest-video": (
        "ANB/Video OldestWaitingVideoAge",
        PROJECT,
        "Maximum",
        ABOVE,
        900,
        180,
    ),
    "failed-videos": ("ANB/Video FailedVideos", PROJECT, "Maximum", ABOVE, 9, 300),
    "slow-videos": ("ANB/Video TimeToCompleted", PROJECT, "p95", ABOVE, 900, 900),
    "target-5xx": ("AWS/ApplicationELB HTTPCode_Target_5XX_Count", BALANCER, "Sum", ABOVE, 10, 300),
    "load-balancer-5xx": (
        "AWS/ApplicationELB HTTPCode_ELB_5XX_Count",
        BALANCER,
        "Sum",
        ABOVE,
        10,
        300,
    ),
    "web-unhealthy": (
        "AWS/ApplicationELB UnHealthyHostCount",
        BALANCER | {"TargetGroup": "<WebTargetGroup.TargetGroupFullName>"},
        "Maximum",
        ABOVE,
        0,
        180,
    ),
    "console-unhealthy": (
        "AWS/ApplicationELB UnHealthyHostCount",
        BALANCER | {"TargetGroup": "<ConsoleTargetGroup.TargetGroupFullName>"},
        "Maximum",
        ABOVE,
        0,
        180,
    ),
    "web-cpu": (
        "AWS/ECS CPUUtilization",
        {"ClusterName": "<Cluster>", "ServiceName": "<WebService.Name>"},
        "Average",
        ABOVE,
        85,
        600,
    ),
    "console-cpu": (
        "AWS/ECS CPUUtilization",
        {"ClusterName": "<Cluster>", "ServiceName": "<ConsoleService.Name>"},
        "Average",
        ABOVE,
        85,
        600,
    ),
    "database-storage": ("AWS/RDS FreeStorageSpace", DATABASE, "Minimum", BELOW, 2 * 2**30, 300),
    "database-connections": ("AWS/RDS DatabaseConnections", DATABASE, "Maximum", ABOVE, 60, 300),
    "database-cpu": ("AWS/RDS CPUUtilization", DATABASE, "Average", ABOVE, 85, 600),
}


def test_alarms():
    alarms = DEFAULT.of_type("AWS::CloudWatch::Alarm").values()
    assert {
        alarm["AlarmName"].removeprefix("anb-video-"): (
            f"{alarm['Namespace']} {alarm['MetricName']}",
            named(alarm["Dimensions"]),
            alarm.get("Statistic") or alarm["ExtendedStatistic"],
            alarm["ComparisonOperator"],
            alarm["Threshold"],
            alarm["Period"] * alarm["EvaluationPeriods"],
        )
        for alarm in alarms
    } == ALARMS
    # Where nothing happens, nothing is wrong.
    assert {alarm["TreatMissingData"] for alarm in alarms} == {"notBreaching"}
    assert not [alarm for alarm in alarms if "AlarmActions" in alarm]


def test_alarms_may_tell_a_topic():
    topic = "arn:aws:sns:us-east-1:123456789012:operators"
    alarms = rendered(AlarmTopicArn=topic).of_type("AWS::CloudWatch::Alarm").values()
    assert len(alarms) == len(ALARMS)
    for alarm in alarms:
        assert alarm["AlarmActions"] == alarm["OKActions"] == [topic]


def test_dashboard_shows_what_the_alarms_watch():
    body = json.loads(DEFAULT.properties("Dashboard")["DashboardBody"])
    shown = json.dumps(body)
    for metric, *_ in ALARMS.values():
        # Health is told by the running tasks there.
        if "UnHealthyHostCount" not in metric:
            assert metric.split()[1] in shown, metric
    assert backlog_metrics()["backlog_per_task"]["Expression"] in shown
    assert {widget["properties"]["region"] for widget in body["widgets"]} == {"us-east-1"}


# --- outputs and the example -----------------------------------------------


OUTPUTS = {
    "SiteUrl": "http://<LoadBalancer.DNSName>",
    "ConsoleUrl": "http://<LoadBalancer.DNSName>/console",
    "LoadBalancerDnsName": "<LoadBalancer.DNSName>",
    "ClusterName": "<Cluster>",
    **{f"{name}RepositoryUri": f"<{name}Repository.RepositoryUri>" for name in SERVICES},
    **{f"{name}ServiceName": f"<{name}Service.Name>" for name in SERVICES},
    **{f"{name}TaskDefinitionArn": f"<{name}TaskDefinition>" for name in SERVICES},
    **{f"{name}TaskRoleArn": f"<{name}TaskRole.Arn>" for name in SERVICES},
    "ExecutionRoleArn": "<ExecutionRole.Arn>",
    "TaskSubnetIds": "<PublicSubnetA>,<PublicSubnetB>",
    "TaskAssignPublicIp": "ENABLED",
    "WebSecurityGroupId": "<WebSecurityGroup>",
    "MediaBucketName": "<MediaBucket>",
    "StaticBucketName": "<StaticBucket>",
    "QueueUrl": "<ProcessingQueue>",
    "DeadLetterQueueUrl": "<DeadLetterQueue>",
    "DatabaseEndpoint": "<Database.Endpoint.Address>",
    "DatabaseUrlSecretArn": "<DatabaseUrlSecret>",
    "SecretKeySecretArn": "<SecretKeySecret>",
    "LogGroups": "<WebLogs>,<ConsoleLogs>,<WorkerLogs>",
    "DashboardUrl": "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1"
    "#dashboards/dashboard/anb-video",
}


def test_outputs():
    assert DEFAULT.outputs == OUTPUTS
    for name, output in TEMPLATE["Outputs"].items():
        assert len(output["Description"]) > 10, name


def test_every_option_leaves_nothing_out():
    assert set(rendered(**cfn.EVERY_OPTION).resources) == set(TEMPLATE["Resources"])


def test_parameters_say_what_they_are_and_are_grouped():
    grouped = [
        name
        for group in TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
        for name in group["Parameters"]
    ]
    assert sorted(grouped) == sorted(TEMPLATE["Parameters"])
    for name, slot in TEMPLATE["Parameters"].items():
        assert slot["Description"] and "Default" in slot, name


def test_the_example_has_parameters_of_this_template():
    example = json.loads((cfn.TEMPLATE.parent / "parameters.example.json").read_text())
    values = {entry["ParameterKey"]: entry["ParameterValue"] for entry in example}
    for name, value in values.items():
        slot = TEMPLATE["Parameters"][name]
        assert re.search(slot.get("AllowedPattern", ""), value), name
        assert value in [str(choice) for choice in slot.get("AllowedValues", [value])], name
    assert rendered(**values).outputs["SiteUrl"] == values["PublicUrl"]
