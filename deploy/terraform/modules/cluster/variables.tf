variable "project" {
  description = "Prefix of the cluster's name."
  type        = string
}
