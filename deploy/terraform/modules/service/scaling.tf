locals {
  # Of the service's own resources.
  targets = { for key, value in {
    cpu    = { metric = "ECSServiceAverageCPUUtilization", value = var.scaling.cpu_percent }
    memory = { metric = "ECSServiceAverageMemoryUtilization", value = var.scaling.memory_percent }
  } : key => value if value.value != null }

  backlog = var.scaling.messages_per_task == null ? [] : [var.scaling.messages_per_task]

  # What the expression below counts.
  counts = {
    visible = {
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = var.queue_name }
    }
    in_flight = {
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesNotVisible"
      dimensions = { QueueName = var.queue_name }
    }
    running = {
      namespace  = "ECS/ContainerInsights"
      metric     = "RunningTaskCount"
      dimensions = { ClusterName = var.cluster.name, ServiceName = aws_ecs_service.this.name }
    }
  }
}

resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster.name}/${aws_ecs_service.this.name}"
  min_capacity       = local.running ? var.scaling.min : 0
  max_capacity       = local.running ? var.scaling.max : 0
}

resource "aws_appautoscaling_policy" "utilization" {
  for_each           = local.targets
  name               = "${local.name}-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.value
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = each.value.metric
    }
  }
}

resource "aws_appautoscaling_policy" "backlog" {
  count              = length(local.backlog)
  name               = "${local.name}-backlog"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = local.backlog[0]
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    customized_metric_specification {
      metrics {
        id    = "backlog_per_task"
        label = "Messages per running task"
        # No running task counts as one: nothing can be divided by zero.
        expression  = "(visible + in_flight) / IF(running > 0, running, 1)"
        return_data = true
      }

      dynamic "metrics" {
        for_each = local.counts

        content {
          id          = metrics.key
          return_data = false

          metric_stat {
            stat = "Average"

            metric {
              namespace   = metrics.value.namespace
              metric_name = metrics.value.metric

              dynamic "dimensions" {
                for_each = metrics.value.dimensions

                content {
                  name  = dimensions.key
                  value = dimensions.value
                }
              }
            }
          }
        }
      }
    }
  }
}
