variable "name" {
  description = "Name of the bucket for originals (uploads/) and results (processed/)."
  type        = string
}

variable "site_origin" {
  description = "Origin of the site whose pages may read and write here, like https://anb.example.com."
  type        = string

  validation {
    condition     = can(regex("^https?://[^/]+$", var.site_origin))
    error_message = "An origin is a scheme and a host without a path, like https://anb.example.com."
  }
}

variable "archive_originals_after_days" {
  description = "Days after which originals move to cheaper storage; 0 for never."
  type        = number
  default     = 0

  validation {
    condition     = var.archive_originals_after_days >= 0
    error_message = "Days cannot be negative; 0 keeps originals where they are."
  }
}

variable "delete_originals_after_days" {
  description = "Days after which originals are deleted; 0 for never. Without its original a lost result cannot be made again."
  type        = number
  default     = 0

  validation {
    condition = (
      var.delete_originals_after_days == 0 ||
      var.delete_originals_after_days > var.archive_originals_after_days
    )
    error_message = "Originals can only be deleted later than they are moved; 0 keeps them for ever."
  }
}

variable "force_destroy" {
  description = "Whether destroying the bucket deletes every video in it."
  type        = bool
  default     = false
}
