resource "aws_ecs_cluster" "this" {
  name = "${var.project}-cluster"

  # Its RunningTaskCount is the denominator of the workers' backlog per task.
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}
