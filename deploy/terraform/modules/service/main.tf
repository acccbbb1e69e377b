data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  name = "${var.project}-${var.name}"

  # Before the first image there is nothing to start.
  running = var.image_tag != null
  image   = "${aws_ecr_repository.this.repository_url}:${local.running ? var.image_tag : "none-yet"}"

  container = {
    name                   = var.name
    image                  = local.image
    essential              = true
    command                = var.command
    user                   = "65532:65532"
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
    stopTimeout            = var.stop_timeout_s
    portMappings           = var.port == null ? [] : [{ containerPort = var.port, protocol = "tcp" }]
    mountPoints            = [{ sourceVolume = "data", containerPath = "/data", readOnly = false }]
    environment            = [for key, value in var.settings : { name = key, value = value }]
    secrets                = [for key, arn in var.secrets : { name = key, valueFrom = arn }]

    # A dead connection to the database is noticed within two minutes.
    systemControls = [{ namespace = "net.ipv4.tcp_retries2", value = "8" }]

    healthCheck = {
      command     = var.health_command
      interval    = 15
      timeout     = 5
      retries     = 3
      startPeriod = 60
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.current.region
        awslogs-stream-prefix = var.name
        # A task does not wait for its log.
        mode = "non-blocking"
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:Thirty days are what incidents need; logs hold no record that must be kept for a year.
  #checkov:skip=CKV_AWS_158:Encrypted with CloudWatch's own key; nothing personal is logged.
  name              = "/ecs/${local.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = local.execution_role_arn
  task_role_arn            = local.task_role_arn
  container_definitions    = jsonencode([local.container])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  # All that a task may write to.
  volume {
    name = "data"
  }

  dynamic "ephemeral_storage" {
    for_each = var.ephemeral_storage_gib == null ? [] : [var.ephemeral_storage_gib]

    content {
      size_in_gib = ephemeral_storage.value
    }
  }
}

resource "aws_ecs_service" "this" {
  #checkov:skip=CKV_AWS_333:By default public addresses instead of a NAT gateway; security groups let nobody in but the load balancer.
  name                              = "${local.name}-service"
  cluster                           = var.cluster.arn
  task_definition                   = aws_ecs_task_definition.this.arn
  desired_count                     = local.running ? var.scaling.min : 0
  platform_version                  = "LATEST"
  propagate_tags                    = "SERVICE"
  enable_ecs_managed_tags           = true
  health_check_grace_period_seconds = var.load_balancer == null ? null : 60

  # New tasks are healthy before old ones go; a release that does not get
  # healthy is taken back.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  capacity_provider_strategy {
    capacity_provider = var.spot ? "FARGATE_SPOT" : "FARGATE"
    weight            = 1
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.this.id]
    assign_public_ip = var.assign_public_ip
  }

  dynamic "load_balancer" {
    for_each = var.load_balancer == null ? [] : [var.load_balancer]

    content {
      container_name   = var.name
      container_port   = var.port
      target_group_arn = load_balancer.value.target_group_arn
    }
  }

  # Autoscaling decides how many run.
  lifecycle {
    ignore_changes = [desired_count]
  }

  # Without them the first tasks could neither fetch their image nor their
  # secrets.
  depends_on = [aws_iam_role_policy.execution, aws_iam_role_policy.task]
}
