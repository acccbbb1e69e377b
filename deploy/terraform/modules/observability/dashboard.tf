data "aws_region" "current" {}

locals {
  # One graph each: title, statistic, and its lines as CloudWatch writes them.
  graphs = [
    {
      title = "Queue: waiting, in flight, dead", stat = "Maximum"
      metrics = [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.queue_name],
        ["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "QueueName", var.queue_name],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.dead_letters_name],
      ]
    },
    {
      title = "Queue: age of the oldest message in seconds", stat = "Maximum"
      metrics = [
        ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", var.queue_name],
      ]
    },
    {
      title = "Requests, and those that failed", stat = "Sum"
      metrics = [
        for metric in ["RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"] :
        ["AWS/ApplicationELB", metric, "LoadBalancer", var.load_balancer]
      ]
    },
    {
      title = "Response time in seconds, 95th percentile", stat = "p95"
      metrics = [
        for group in values(var.target_groups) :
        ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.load_balancer, "TargetGroup", group]
      ]
    },
    {
      title = "Running tasks", stat = "Average"
      metrics = [
        for service in values(var.services) :
        ["ECS/ContainerInsights", "RunningTaskCount", "ClusterName", var.cluster_name, "ServiceName", service]
      ]
    },
    {
      title = "CPU and memory in percent", stat = "Average"
      metrics = [
        for pair in setproduct(["CPUUtilization", "MemoryUtilization"], values(var.services)) :
        ["AWS/ECS", pair[0], "ClusterName", var.cluster_name, "ServiceName", pair[1]]
      ]
    },
    {
      title = "Database: CPU in percent, connections", stat = "Average"
      metrics = [
        for metric in ["CPUUtilization", "DatabaseConnections"] :
        ["AWS/RDS", metric, "DBInstanceIdentifier", var.database_identifier]
      ]
    },
    {
      title = "Videos: age of the oldest that waits in seconds, and how many have failed", stat = "Maximum"
      metrics = [
        for metric in ["OldestWaitingVideoAge", "FailedVideos"] :
        ["ANB/Video", metric, "Project", var.project]
      ]
    },
    {
      title = "Videos: upload to result in seconds, 95th percentile", stat = "p95"
      metrics = [
        ["ANB/Video", "TimeToCompleted", "Project", var.project],
      ]
    },
    {
      title = "Database: free storage in bytes", stat = "Minimum"
      metrics = [
        ["AWS/RDS", "FreeStorageSpace", "DBInstanceIdentifier", var.database_identifier],
      ]
    },
  ]
}

# Two graphs to a row of 24 columns.
resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.project
  dashboard_body = jsonencode({
    widgets = [
      for index, graph in local.graphs : {
        type   = "metric"
        x      = index % 2 * 12
        y      = floor(index / 2) * 6
        width  = 12
        height = 6
        properties = {
          title   = graph.title
          stat    = graph.stat
          metrics = graph.metrics
          region  = data.aws_region.current.region
          period  = 60
          view    = "timeSeries"
        }
      }
    ]
  })
}
