variable "project" {
  description = "Prefix of all names but the image repositories'."
  type        = string
  default     = "anb-video"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}[a-z0-9]$", var.project))
    error_message = "The project's name has 2 to 21 lower-case letters, digits and hyphens, so that the longest name made of it still fits."
  }
}

variable "repository_prefix" {
  description = "Prefix of the image repositories' names."
  type        = string
  default     = "anb"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.repository_prefix))
    error_message = "A repository's name begins with a letter and has lower-case letters, digits and hyphens."
  }
}

variable "image_tag" {
  description = "Tag of the images that run; null, as long as there are none, starts nothing."
  type        = string
  default     = null
}

variable "architecture" {
  description = "Processor for which the images are built: X86_64 or ARM64."
  type        = string
  default     = "X86_64"
}

variable "cidr" {
  description = "Addresses of the VPC, a /16."
  type        = string
  default     = "10.20.0.0/16"
}

variable "nat_gateways" {
  description = "0: tasks have public addresses; 1 or 2: they are behind so many NAT gateways."
  type        = number
  default     = 0
}

variable "interface_endpoints" {
  description = "Whether tasks reach ECR, ECS, auto scaling, logs, secrets and the queue without leaving the VPC."
  type        = bool
  default     = false
}

variable "public_url" {
  description = "Address that players see, like https://anb.example.com; null for that of the load balancer."
  type        = string
  default     = null

  validation {
    condition     = var.public_url == null || can(regex("^https?://[a-z0-9.-]+$", var.public_url))
    error_message = "The public address is a scheme and a host, without a path or a slash at the end."
  }

  validation {
    condition     = var.certificate_arn == null || var.public_url != null
    error_message = "With a certificate, public_url must say the name that it is for."
  }
}

variable "certificate_arn" {
  description = "Certificate for HTTPS, of this region; null serves HTTP."
  type        = string
  default     = null
}

variable "source_cidrs" {
  description = "Address ranges from which an application can be reached, by its name; everywhere, if it is not named."
  type        = map(list(string))
  default     = {}

  validation {
    condition = alltrue([
      for name, cidrs in var.source_cidrs :
      contains(keys(local.applications), name) && length(local.applications[name].paths) > 0
    ])
    error_message = "Only applications with paths of their own can be limited to sources."
  }

  validation {
    condition     = alltrue([for cidrs in var.source_cidrs : length(cidrs) <= 3])
    error_message = "A rule has room for five values: two paths and three ranges."
  }
}

variable "access_logs_bucket" {
  description = "Bucket for the load balancer's access logs; null keeps none."
  type        = string
  default     = null
}

variable "assets_url" {
  description = "Where pages get their style, scripts and pictures from, like https://static.example.com, a CDN in front of the static-files bucket; null for the program itself."
  type        = string
  default     = null

  validation {
    condition     = var.assets_url == null || can(regex("^https?://[a-z0-9.-]+(/[A-Za-z0-9._-]+)*$", var.assets_url))
    error_message = "The address of the CDN begins with http:// or https:// and has no slash at the end."
  }
}

variable "cdn_distribution_arn" {
  description = "CloudFront distribution that may read the site's files; null for none."
  type        = string
  default     = null
}

variable "tasks" {
  description = "Fewest and most tasks of a service, by its name, where they differ from services.tf."
  type        = map(object({ min = number, max = number }))
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.tasks) : contains(keys(var.services), name)])
    error_message = "Only services that are there have tasks."
  }
}

variable "spot_workers" {
  description = "Whether workers run on spare capacity: cheaper, and handed back at two minutes' notice."
  type        = bool
  default     = false
}

variable "database_instance_class" {
  description = "Size of the database's machine."
  type        = string
  default     = "db.t3.micro"
}

variable "multi_az" {
  description = "Whether the database has a standby in the other zone."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete database and load balancer."
  type        = bool
  default     = true
}

variable "disposable" {
  description = "Whether destroying everything deletes videos, images, secrets and the database without a way back."
  type        = bool
  default     = false

  validation {
    condition     = !(var.disposable && var.deletion_protection)
    error_message = "What is protected from deletion is not disposable: set one of the two to false."
  }
}

variable "secret_generation" {
  description = "Raise one for a new secret, then roll the services: they read secrets at their start."
  type        = object({ database_password = optional(number, 1), secret_key = optional(number, 1) })
  default     = {}
}

variable "archive_originals_after_days" {
  description = "Days after which originals move to cheaper storage; 0 for never."
  type        = number
  default     = 0
}

variable "delete_originals_after_days" {
  description = "Days after which originals are deleted; 0 for never."
  type        = number
  default     = 0
}

variable "alarm_topic_arn" {
  description = "SNS topic for alarms; null tells nobody."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 180, 365], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 180 or 365 days."
  }
}

variable "existing_role_arn" {
  description = "Role for all tasks, in accounts where none may be made; null makes two for each service."
  type        = string
  default     = null
}
