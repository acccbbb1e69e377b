# As production, but small, and gone without a trace when it is destroyed. Its
# names differ, so that both fit into one account.
module "platform" {
  source            = "../../modules/platform"
  project           = "anb-video-staging"
  repository_prefix = "anb-staging"
  cidr              = "10.21.0.0/16"

  image_tag       = var.image_tag
  public_url      = var.site.public_url
  certificate_arn = var.site.certificate_arn
  alarm_topic_arn = var.site.alarm_topic_arn
  source_cidrs    = { console = var.site.console_cidrs }

  assets_url           = var.site.assets_url
  cdn_distribution_arn = var.site.cdn_distribution_arn

  multi_az            = false
  deletion_protection = false
  disposable          = true
  spot_workers        = true
  log_retention_days  = 7

  tasks = {
    web     = { min = 1, max = 2 }
    console = { min = 1, max = 1 }
    worker  = { min = 1, max = 2 }
  }
}
