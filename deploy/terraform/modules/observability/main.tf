locals {
  gib = 1024 * 1024 * 1024

  alarms = merge(
    local.queue_alarms, local.load_balancer_alarms, local.database_alarms,
    local.target_alarms, local.cpu_alarms, local.video_alarms,
  )

  queue_alarms = {
    dead-letters = {
      description = "A video has failed three times, or its message is no job."
      namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum"
      dimensions  = { QueueName = var.dead_letters_name }
      above       = 0, period_s = 60, periods = 1
    }
    oldest-message = {
      description = "Videos wait for longer than a quarter of an hour."
      namespace   = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", statistic = "Maximum"
      dimensions  = { QueueName = var.queue_name }
      above       = 900, period_s = 60, periods = 1
    }
  }

  # What the program itself tells (docs/metrics.md).
  video_alarms = {
    oldest-video = {
      description = "No worker has begun a video for a quarter of an hour."
      namespace   = "ANB/Video", metric = "OldestWaitingVideoAge", statistic = "Maximum"
      dimensions  = { Project = var.project }
      above       = 900, period_s = 60, periods = 3
    }
    failed-videos = {
      description = "Ten videos wait for an operator."
      namespace   = "ANB/Video", metric = "FailedVideos", statistic = "Maximum"
      dimensions  = { Project = var.project }
      above       = 9, period_s = 300, periods = 1
    }
    slow-videos = {
      description = "One in twenty videos takes more than a quarter of an hour."
      namespace   = "ANB/Video", metric = "TimeToCompleted", percentile = "p95"
      dimensions  = { Project = var.project }
      above       = 900, period_s = 300, periods = 3
    }
  }

  load_balancer_alarms = {
    for name, metric in {
      target-5xx        = "HTTPCode_Target_5XX_Count"
      load-balancer-5xx = "HTTPCode_ELB_5XX_Count"
      } : name => {
      description = "Requests fail."
      namespace   = "AWS/ApplicationELB", metric = metric, statistic = "Sum"
      dimensions  = { LoadBalancer = var.load_balancer }
      above       = 10, period_s = 300, periods = 1
    }
  }

  target_alarms = {
    for name, group in var.target_groups : "${name}-unhealthy" => {
      description = "A task of ${name} does not answer /health."
      namespace   = "AWS/ApplicationELB", metric = "UnHealthyHostCount", statistic = "Maximum"
      dimensions  = { LoadBalancer = var.load_balancer, TargetGroup = group }
      above       = 0, period_s = 60, periods = 3
    }
  }

  cpu_alarms = {
    for name in keys(var.target_groups) : "${name}-cpu" => {
      description = "${name} has been busy for ten minutes: scaling does not keep up."
      namespace   = "AWS/ECS", metric = "CPUUtilization", statistic = "Average"
      dimensions  = { ClusterName = var.cluster_name, ServiceName = var.services[name] }
      above       = 85, period_s = 300, periods = 2
    }
  }

  database_alarms = {
    database-storage = {
      description = "The database's disk is nearly full."
      namespace   = "AWS/RDS", metric = "FreeStorageSpace", statistic = "Minimum"
      dimensions  = { DBInstanceIdentifier = var.database_identifier }
      below       = 2 * local.gib, period_s = 300, periods = 1
    }
    database-connections = {
      description = "The database is about to run out of connections."
      namespace   = "AWS/RDS", metric = "DatabaseConnections", statistic = "Maximum"
      dimensions  = { DBInstanceIdentifier = var.database_identifier }
      above       = 60, period_s = 300, periods = 1
    }
    database-cpu = {
      description = "The database has been busy for ten minutes."
      namespace   = "AWS/RDS", metric = "CPUUtilization", statistic = "Average"
      dimensions  = { DBInstanceIdentifier = var.database_identifier }
      above       = 85, period_s = 300, periods = 2
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.project}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  statistic           = try(each.value.statistic, null)
  extended_statistic  = try(each.value.percentile, null)
  dimensions          = each.value.dimensions
  comparison_operator = can(each.value.below) ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = try(each.value.below, each.value.above)
  period              = each.value.period_s
  evaluation_periods  = each.value.periods

  # Nothing is reported where nothing happens.
  treat_missing_data = "notBreaching"
  alarm_actions      = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  ok_actions         = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}
