variable "project" {
  description = "Prefix of all names."
  type        = string
}

variable "nat_gateways" {
  description = "0: tasks in the public subnets; 1: in private ones behind one gateway; 2: a gateway in each zone."
  type        = number
  default     = 0

  validation {
    condition     = contains([0, 1, 2], var.nat_gateways)
    error_message = "There are two zones, so that 0, 1 or 2 gateways make sense."
  }
}

variable "interface_endpoints" {
  description = "Whether ECR, ECS, auto scaling, logs, secrets and the queue are reached without leaving the VPC."
  type        = bool
  default     = false
}

variable "cidr" {
  description = "Addresses of the VPC: a /16, of which /24 are cut."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrnetmask(var.cidr)) && endswith(var.cidr, "/16")
    error_message = "The VPC needs an IPv4 network of size /16, like 10.20.0.0/16."
  }
}
