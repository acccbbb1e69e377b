locals {
  # What services do with storage and queue, and so may do (docs/operations.md).
  access = {
    submit = {
      originals    = local.write
      results      = ["GetObject", "DeleteObject"]
      bucket       = local.list
      jobs         = ["SendMessage", "GetQueueAttributes"]
      dead_letters = ["GetQueueAttributes"]
    }
    operate = {
      originals    = ["GetObject"]
      results      = ["GetObject"]
      bucket       = ["ListBucket"]
      jobs         = ["SendMessage", "GetQueueAttributes"]
      dead_letters = concat(local.receive, ["DeleteMessage"])
    }
    process = {
      originals    = local.write
      results      = local.write
      bucket       = local.list
      jobs         = concat(local.receive, ["DeleteMessage", "SendMessage"])
      dead_letters = local.receive
    }
  }
  write   = ["GetObject", "PutObject", "DeleteObject", "AbortMultipartUpload", "ListMultipartUploadParts"]
  list    = ["ListBucket", "ListBucketMultipartUploads"]
  receive = ["ReceiveMessage", "ChangeMessageVisibility", "GetQueueAttributes"]

  places = {
    originals    = { service = "s3", arn = "${module.storage.arn}/uploads/*" }
    results      = { service = "s3", arn = "${module.storage.arn}/processed/*" }
    bucket       = { service = "s3", arn = module.storage.arn }
    jobs         = { service = "sqs", arn = module.queue.jobs.arn }
    dead_letters = { service = "sqs", arn = module.queue.dead_letters.arn }
  }

  # A worker shields itself from scale-in while it works on a video.
  protection = {
    Effect   = "Allow"
    Action   = ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]
    Resource = ["${replace(module.cluster.arn, ":cluster/", ":task/")}/*"]
  }

  # The console shows how many tasks the services have, and how they were scaled.
  # Scaling activities know no resource.
  observation = [
    {
      Effect   = "Allow"
      Action   = ["ecs:DescribeServices"]
      Resource = [for name in local.shown : "${replace(module.cluster.arn, ":cluster/", ":service/")}/${var.project}-${name}-service"]
    },
    {
      Effect   = "Allow"
      Action   = ["application-autoscaling:DescribeScalingActivities"]
      Resource = ["*"]
    },
  ]

  permissions = {
    for name, service in var.services : name => concat(
      [
        for place, actions in local.access[service.access] : {
          Effect   = "Allow"
          Action   = [for action in actions : "${local.places[place].service}:${action}"]
          Resource = [local.places[place].arn]
        }
      ],
      service.access == "process" ? [local.protection] : [],
      service.access == "operate" ? local.observation : [],
    )
  }
}
