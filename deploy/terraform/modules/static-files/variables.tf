variable "name" {
  description = "Name of the bucket for the site's files."
  type        = string
}

variable "site_origin" {
  description = "Origin of the site whose pages may fetch modules from here, like https://anb.example.com."
  type        = string

  validation {
    condition     = can(regex("^https?://[^/]+$", var.site_origin))
    error_message = "An origin is a scheme and a host without a path, like https://anb.example.com."
  }
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
