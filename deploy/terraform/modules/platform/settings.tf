# Settings by their names in the environment (docs/settings.md).
locals {
  # Of every service.
  settings = {
    ANB_DATABASE__CA_FILE    = "/etc/anb-video/rds-ca.pem"
    ANB_DATABASE__SSL_MODE   = "verify-full"
    ANB_LOG__FORMAT          = "json"
    ANB_METRICS__EMF_PROJECT = var.project
    AWS_REGION               = local.region
    AWS_S3_BUCKET            = module.storage.name
    SQS_DLQ_URL              = module.queue.dead_letters.url
    SQS_QUEUE_URL            = module.queue.jobs.url
  }

  # Of those that are reached from outside.
  site_settings = { ANB_WEB__PUBLIC_URL = local.public_url }

  # Of the one whose pages players see, if a CDN brings their files.
  pages_settings = var.assets_url == null ? {} : { ANB_SITE__ASSETS_URL = var.assets_url }

  # Of those that process, and of those that show it: what a video costs is
  # reckoned with the tasks that process. Dollars an hour, Fargate on Linux in
  # us-east-1.
  processing = [for service in var.services : service if service.access == "process"][0]
  cost_settings = {
    ANB_COST__TASK_VCPUS     = tostring(local.processing.cpu / 1024)
    ANB_COST__TASK_MEMORY_GB = tostring(local.processing.memory / 1024)
    ANB_COST__VCPU_HOUR_USD  = { X86_64 = "0.04048", ARM64 = "0.03238" }[var.architecture]
    ANB_COST__GB_HOUR_USD    = { X86_64 = "0.004445", ARM64 = "0.00356" }[var.architecture]
  }

  # Of the one that shows how many tasks the services have. By name: the services
  # themselves wait for these settings.
  shown = [for name in ["web", "console", "worker"] : name if contains(keys(var.services), name)]
  ecs_settings = merge(
    { ANB_ECS__CLUSTER = module.cluster.name },
    { for name in local.shown : "ANB_ECS__${upper(name)}_SERVICE" => "${var.project}-${name}-service" },
  )

  service_settings = {
    for name, service in var.services : name => merge(
      local.settings,
      service.port == null ? {} : local.site_settings,
      service.access == "submit" ? local.pages_settings : {},
      contains(["operate", "process"], service.access) ? local.cost_settings : {},
      service.access == "operate" ? local.ecs_settings : {},
      service.settings,
    )
  }
}
