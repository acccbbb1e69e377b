variable "project" {
  description = "Prefix of all names."
  type        = string
}

variable "name" {
  description = "Name of the service within the project."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.name))
    error_message = "A service's name begins with a letter and has lower-case letters, digits and hyphens."
  }
}

variable "cluster" {
  description = "The cluster on which the service runs."
  type        = object({ name = string, arn = string })
}

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the tasks, one per zone."
  type        = list(string)
}

variable "assign_public_ip" {
  description = "Whether tasks have public addresses, which they need where there is no NAT gateway."
  type        = bool
  default     = true
}

variable "repository" {
  description = "Name of the image repository, which this module makes."
  type        = string
}

variable "image_tag" {
  description = "Tag of the image that runs; null, as long as there is none, starts nothing."
  type        = string
  default     = null

  validation {
    condition     = var.image_tag == null || can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag))
    error_message = "A tag has letters, digits, underscores, dots and hyphens, 128 at most."
  }
}

variable "architecture" {
  description = "Processor of the tasks and their images."
  type        = string
  default     = "X86_64"

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "Fargate has X86_64 and ARM64."
  }
}

variable "command" {
  description = "Subcommand of anb-video, with its arguments."
  type        = list(string)
}

variable "health_command" {
  description = "What ECS runs in the container to see whether it is healthy."
  type        = list(string)

  validation {
    condition     = try(contains(["CMD", "CMD-SHELL"], var.health_command[0]), false)
    error_message = "A health command begins with CMD or CMD-SHELL."
  }
}

variable "port" {
  description = "Port on which the container is reached; null where nobody comes in."
  type        = number
  default     = null

  validation {
    condition     = var.port == null || try(var.port > 1023 && var.port < 65536, false)
    error_message = "A port lies between 1024 and 65535: below, only root may listen."
  }

  validation {
    condition     = (var.port == null) == (var.load_balancer == null)
    error_message = "Port and load balancer come together or not at all."
  }
}

variable "load_balancer" {
  description = "Target group, and the group from which requests come; null where nobody comes in."
  type        = object({ target_group_arn = string, security_group_id = string })
  default     = null
}

variable "database_security_group_id" {
  description = "Security group of the database, in which a way in is opened."
  type        = string
}

variable "cpu" {
  description = "CPU units of a task; 1024 are one vCPU."
  type        = number

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "Fargate has 256, 512, 1024, 2048, 4096, 8192 and 16384 CPU units."
  }
}

variable "memory" {
  description = "Memory of a task in MiB."
  type        = number

  validation {
    condition     = var.memory >= 2 * var.cpu && var.memory <= 8 * var.cpu && (var.memory == 512 || var.memory % 1024 == 0)
    error_message = "Fargate gives 2 to 8 MiB for each CPU unit, in steps of 1024 (or 512 for the smallest)."
  }
}

variable "ephemeral_storage_gib" {
  description = "Disk of a task in GiB; null for the 20 that cost nothing."
  type        = number
  default     = null

  validation {
    condition     = var.ephemeral_storage_gib == null || try(var.ephemeral_storage_gib >= 21 && var.ephemeral_storage_gib <= 200, false)
    error_message = "Fargate gives 21 to 200 GiB; null for the 20 that cost nothing."
  }
}

variable "stop_timeout_s" {
  description = "Seconds between SIGTERM and SIGKILL."
  type        = number

  validation {
    condition     = var.stop_timeout_s >= 1 && var.stop_timeout_s <= 120
    error_message = "Fargate waits 120 seconds at most."
  }
}

variable "settings" {
  description = "Settings by their names in the environment; nothing secret."
  type        = map(string)
}

variable "secrets" {
  description = "ARNs of secrets, by their names in the environment."
  type        = map(string)
}

variable "permissions" {
  description = "Statements of the task's own policy."
  type        = list(object({ Effect = string, Action = list(string), Resource = list(string) }))
}

variable "scaling" {
  description = "Fewest and most tasks, and what is tracked: CPU and memory in percent, messages of the queue per task. What is null is not tracked."
  type = object({
    min               = number
    max               = number
    cpu_percent       = optional(number)
    memory_percent    = optional(number)
    messages_per_task = optional(number)
  })

  validation {
    condition     = var.scaling.min >= 1 && var.scaling.min <= var.scaling.max
    error_message = "At least one task runs, and never fewer may be allowed than are kept running: 1 <= min <= max."
  }

  validation {
    condition = alltrue([
      for percent in [var.scaling.cpu_percent, var.scaling.memory_percent] :
      percent == null || try(percent >= 10 && percent <= 90, false)
    ])
    error_message = "Between 10 and 90 percent can be tracked; above, there is no room until new tasks are up."
  }
}

variable "queue_name" {
  description = "Queue whose messages are counted, where scaling follows them."
  type        = string
  default     = null

  validation {
    condition     = var.scaling.messages_per_task == null || var.queue_name != null
    error_message = "To scale by messages, the queue must be named."
  }
}

variable "spot" {
  description = "Whether tasks run on spare capacity, cheaper, and taken away at two minutes' notice."
  type        = bool
  default     = false
}

variable "existing_role_arn" {
  description = "Role for ECS and for the tasks, in accounts where none may be made; null makes two for this service."
  type        = string
  default     = null

  validation {
    condition     = var.existing_role_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:role/", var.existing_role_arn))
    error_message = "A role is named by its ARN, arn:aws:iam::123456789012:role/NAME."
  }
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 30
}

variable "force_destroy" {
  description = "Whether destroying the service deletes its images."
  type        = bool
  default     = false
}
