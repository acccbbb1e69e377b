variable "name" {
  description = "Name of the bucket for the site's files."
  type        = string
}

variable "cdn_distribution_arn" {
  description = "CloudFront distribution that may read the bucket; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.cdn_distribution_arn == null || can(regex("^arn:[^:]+:cloudfront::", var.cdn_distribution_arn))
    error_message = "A distribution is named by its ARN, arn:aws:cloudfront::123456789012:distribution/ID."
  }
}

variable "force_destroy" {
  description = "Whether destroying the bucket deletes the files in it."
  type        = bool
  default     = false
}
