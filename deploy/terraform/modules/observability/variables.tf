variable "project" {
  description = "Prefix of the alarms, name of the dashboard."
  type        = string
}

variable "alarm_topic_arn" {
  description = "SNS topic that is told when an alarm begins and ends; null tells nobody."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_topic_arn == null || can(regex("^arn:[^:]+:sns:", var.alarm_topic_arn))
    error_message = "A topic is named by its ARN, arn:aws:sns:REGION:ACCOUNT:NAME."
  }
}

variable "queue_name" {
  description = "Queue of jobs."
  type        = string
}

variable "dead_letters_name" {
  description = "Queue of dead letters."
  type        = string
}

variable "load_balancer" {
  description = "What metrics call the load balancer."
  type        = string
}

variable "target_groups" {
  description = "What metrics call the target groups, by application."
  type        = map(string)
}

variable "cluster_name" {
  description = "Cluster of the services."
  type        = string
}

variable "services" {
  description = "Names of all services on ECS, by their names in the project."
  type        = map(string)
}

variable "database_identifier" {
  description = "What metrics call the database."
  type        = string
}
