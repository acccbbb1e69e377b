# Two of everything that players meet; nothing is deleted by mistake.
module "platform" {
  source = "../../modules/platform"

  image_tag       = var.image_tag
  public_url      = var.site.public_url
  certificate_arn = var.site.certificate_arn
  alarm_topic_arn = var.site.alarm_topic_arn
  source_cidrs    = { console = var.site.console_cidrs }

  assets_url           = var.site.assets_url
  cdn_distribution_arn = var.site.cdn_distribution_arn
}
