variable "project" {
  description = "Prefix of both queues' names."
  type        = string
}
