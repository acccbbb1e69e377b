variable "project" {
  description = "Prefix of all names."
  type        = string
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
