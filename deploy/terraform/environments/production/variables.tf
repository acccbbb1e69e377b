variable "region" {
  description = "Region of everything, like us-east-1."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like us-east-1."
  }
}

variable "image_tag" {
  description = "Tag of the images that run; null, as long as none are pushed, starts nothing."
  type        = string
  default     = null

  validation {
    condition     = var.image_tag != "latest"
    error_message = "Tags are immutable: name a release, not latest."
  }
}

variable "site" {
  description = "What belongs to the account: public address, certificate, topic for alarms, from where the console can be reached (everywhere, if empty), and the CDN that brings the files of its pages."
  type = object({
    public_url      = optional(string)
    certificate_arn = optional(string)
    alarm_topic_arn = optional(string)
    console_cidrs   = optional(list(string), [])

    assets_url           = optional(string)
    cdn_distribution_arn = optional(string)
  })
  default = {}

  validation {
    condition     = var.site.certificate_arn == null || startswith(coalesce(var.site.public_url, "none"), "https://")
    error_message = "With a certificate, public_url must begin with https:// and the name that the certificate is for."
  }
}
