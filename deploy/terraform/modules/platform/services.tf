# Every application and worker is one entry here, and here only: repository,
# image, tasks, roles, ways through the firewall, target group, rule, scaling,
# logs and alarms follow from it. The entry's name is the subcommand of anb-video
# that it runs.
variable "services" {
  description = "What runs: size, address, settings of its own, access to storage and queue, scaling."
  type = map(object({
    cpu                   = number
    memory                = number
    ephemeral_storage_gib = optional(number)
    stop_timeout_s        = optional(number, 60)
    health_command        = optional(list(string), ["CMD", "anb-video", "healthcheck"])

    # null: nobody comes in. Without paths: everything that no rule claims.
    port     = optional(number)
    paths    = optional(list(string), [])
    priority = optional(number)

    settings = optional(map(string), {})
    access   = string
    scaling = object({
      min               = number
      max               = number
      cpu_percent       = optional(number)
      memory_percent    = optional(number)
      messages_per_task = optional(number)
    })
  }))

  validation {
    condition     = alltrue([for service in var.services : contains(keys(local.access), service.access)])
    error_message = "A service's access is submit, operate or process (permissions.tf)."
  }

  default = {
    web = {
      cpu    = 512
      memory = 1024
      port   = 8000
      access = "submit"
      settings = {
        ANB_DATABASE__MAX_CONNECTIONS = "3"
        ANB_WEB__DRAIN_TIMEOUT_S      = "50"
        # Longer than the load balancer keeps idle connections.
        ANB_WEB__HEADER_TIMEOUT_S = "75"
        ANB_WEB__TRUSTED_PROXIES  = "1"
      }
      scaling = { min = 2, max = 10, cpu_percent = 70, memory_percent = 75 }
    }

    console = {
      cpu            = 256
      memory         = 512
      port           = 8001
      paths          = ["/console", "/console/*"]
      priority       = 10
      health_command = ["CMD", "anb-video", "healthcheck", "--console"]
      access         = "operate"
      settings = {
        ANB_CONSOLE__DRAIN_TIMEOUT_S  = "50"
        ANB_CONSOLE__HEADER_TIMEOUT_S = "75"
        ANB_CONSOLE__TRUSTED_PROXIES  = "1"
        ANB_DATABASE__MAX_CONNECTIONS = "2"
      }
      scaling = { min = 1, max = 3, cpu_percent = 70, memory_percent = 75 }
    }

    worker = {
      cpu                   = 2048
      memory                = 4096
      ephemeral_storage_gib = 30
      stop_timeout_s        = 120
      health_command        = ["CMD", "anb-video", "healthcheck", "--worker"]
      access                = "process"
      settings = {
        ANB_DATABASE__MAX_CONNECTIONS = "2"
        ANB_WORKER__LISTEN            = "127.0.0.1:8002"
        ANB_WORKER__DRAIN_TIMEOUT_S   = "100"
      }
      scaling = { min = 1, max = 20, messages_per_task = 5 }
    }
  }
}
