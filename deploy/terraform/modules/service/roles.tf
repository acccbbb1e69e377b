locals {
  # Restricted accounts bring a role and may create none.
  own_roles          = var.existing_role_arn == null ? 1 : 0
  execution_role_arn = coalesce(var.existing_role_arn, one(aws_iam_role.execution[*].arn))
  task_role_arn      = coalesce(var.existing_role_arn, one(aws_iam_role.task[*].arn))

  assumed_by_tasks = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })

  # What ECS needs to start a task: its image, its log, its secrets.
  execution = [
    {
      # A token cannot be asked for by repository.
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = ["*"]
    },
    {
      Effect   = "Allow"
      Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Resource = [aws_ecr_repository.this.arn]
    },
    {
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
    },
    {
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = values(var.secrets)
    },
  ]
}

resource "aws_iam_role" "execution" {
  count              = local.own_roles
  name               = "${local.name}-execution"
  description        = "ECS, when it starts ${var.name}."
  assume_role_policy = local.assumed_by_tasks
}

resource "aws_iam_role_policy" "execution" {
  count = local.own_roles
  name  = "start"
  role  = aws_iam_role.execution[0].id

  policy = jsonencode({ Version = "2012-10-17", Statement = local.execution })
}

resource "aws_iam_role" "task" {
  count              = local.own_roles
  name               = "${local.name}-task"
  description        = "${var.name}, while it runs."
  assume_role_policy = local.assumed_by_tasks
}

resource "aws_iam_role_policy" "task" {
  count = local.own_roles
  name  = "work"
  role  = aws_iam_role.task[0].id

  policy = jsonencode({ Version = "2012-10-17", Statement = var.permissions })
}
