variable "project" {
  description = "Prefix of all names."
  type        = string

  validation {
    condition = alltrue([
      for name in keys(var.applications) : length("${var.project}-${name}-tg") <= 32
    ])
    error_message = "A target group is named PROJECT-APPLICATION-tg, which may have 32 characters at most."
  }
}

variable "vpc_id" {
  description = "VPC of the load balancer and its targets."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets, in two zones at least."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "An Application Load Balancer needs subnets in two zones."
  }
}

variable "applications" {
  description = "What is served, by name. The one without paths gets everything that no rule claims."
  type = map(object({
    port         = number
    paths        = list(string)
    priority     = optional(number)
    source_cidrs = optional(list(string), [])
    health_path  = optional(string, "/health")
  }))

  validation {
    condition     = length([for application in var.applications : application if length(application.paths) == 0]) == 1
    error_message = "Exactly one application has no paths: it is the default."
  }

  validation {
    condition = alltrue(flatten([
      for application in var.applications : [for path in application.paths : startswith(path, "/")]
    ]))
    error_message = "Paths begin with a slash, like /console/*."
  }

  validation {
    condition = length(distinct([
      for application in var.applications : application.priority if length(application.paths) > 0
    ])) == length([for application in var.applications : application if length(application.paths) > 0])
    error_message = "Every application with paths needs a priority of its own."
  }

  validation {
    condition = alltrue(flatten([
      for application in var.applications : [for cidr in application.source_cidrs : can(cidrhost(cidr, 0))]
    ]))
    error_message = "Sources are address ranges, like 203.0.113.0/24."
  }
}

variable "certificate_arn" {
  description = "Certificate for HTTPS, of this region; null serves HTTP."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[^:]+:acm:", var.certificate_arn))
    error_message = "A certificate is named by its ARN in Certificate Manager, arn:aws:acm:…"
  }
}

variable "access_logs_bucket" {
  description = "Bucket for access logs, with the policy that load balancers ask for; null keeps none."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the load balancer."
  type        = bool
  default     = false
}
