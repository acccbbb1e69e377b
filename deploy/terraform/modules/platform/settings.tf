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

  # Of those that process: what a video costs is reckoned with them. Dollars an
  # hour, Fargate on Linux in us-east-1.
  cost_settings = {
    for name, service in var.services : name => {
      ANB_COST__TASK_VCPUS     = tostring(service.cpu / 1024)
      ANB_COST__TASK_MEMORY_GB = tostring(service.memory / 1024)
      ANB_COST__VCPU_HOUR_USD  = { X86_64 = "0.04048", ARM64 = "0.03238" }[var.architecture]
      ANB_COST__GB_HOUR_USD    = { X86_64 = "0.004445", ARM64 = "0.00356" }[var.architecture]
    }
  }

  service_settings = {
    for name, service in var.services : name => merge(
      local.settings,
      service.port == null ? {} : local.site_settings,
      service.access == "submit" ? local.pages_settings : {},
      service.access == "process" ? local.cost_settings[name] : {},
      service.settings,
    )
  }
}
