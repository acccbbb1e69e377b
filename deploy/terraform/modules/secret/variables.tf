variable "name" {
  description = "Name of the secret."
  type        = string
}

variable "description" {
  description = "What the secret is for."
  type        = string
}

variable "generation" {
  description = "Raise it to draw a new secret."
  type        = number
  default     = 1

  validation {
    condition     = var.generation >= 1 && floor(var.generation) == var.generation
    error_message = "Generations are counted 1, 2, 3, …"
  }
}

variable "recovery_window_days" {
  description = "Days for which a deleted secret can be brought back; 0 deletes it at once, so that its name is free again."
  type        = number
  default     = 7

  validation {
    condition     = var.recovery_window_days == 0 || (var.recovery_window_days >= 7 && var.recovery_window_days <= 30)
    error_message = "Secrets Manager takes 0, or 7 to 30 days."
  }
}
