variable "project" {
  description = "Prefix of all names."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the database."
  type        = string
}

variable "subnet_ids" {
  description = "Isolated subnets, in two zones at least."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "RDS needs subnets in two zones, even for one instance."
  }
}

variable "instance_class" {
  description = "Size of the database's machine."
  type        = string
  default     = "db.t3.micro"

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "Classes of RDS begin with db., like db.t3.micro."
  }
}

variable "multi_az" {
  description = "Whether a standby in another zone takes over when the first fails."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the database."
  type        = bool
  default     = true
}

variable "final_snapshot" {
  description = "Whether destroying the database leaves a snapshot, PROJECT-db-final, which has to be gone before the next one."
  type        = bool
  default     = true
}

variable "password_generation" {
  description = "Raise it for a new password; then roll the services, which read it at their start."
  type        = number
  default     = 1
}

variable "secret_recovery_window_days" {
  description = "Days for which deleted secrets can be brought back; 0 for none."
  type        = number
  default     = 7
}
