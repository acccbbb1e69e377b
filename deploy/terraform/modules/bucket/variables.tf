variable "name" {
  description = "Name of the bucket, unique in all of AWS."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens."
  }
}

variable "versioned" {
  description = "Whether S3 keeps what is overwritten or deleted."
  type        = bool
  default     = false
}

variable "readers" {
  description = "Statements of the bucket's policy that let others read its objects."
  type = list(object({
    Sid       = string
    Effect    = string
    Principal = map(string)
    Action    = string
    Condition = map(map(string))
  }))
  default = []
}

variable "force_destroy" {
  description = "Whether destroying the bucket deletes what is in it."
  type        = bool
  default     = false
}
