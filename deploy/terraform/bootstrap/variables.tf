variable "project" {
  description = "Prefix of the bucket's and the table's names."
  type        = string
  default     = "anb-video"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}[a-z0-9]$", var.project))
    error_message = "The project's name has 2 to 21 lower-case letters, digits and hyphens."
  }
}

variable "region" {
  description = "Region of the state, like us-east-1."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like us-east-1."
  }
}
