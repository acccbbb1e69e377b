# Private: what is in it reaches the public through a CDN. script/deploy fills it; no
# task may. Versions, so that a bad
# release of the site's files can be taken back.
module "bucket" {
  source        = "../bucket"
  name          = var.name
  versioned     = true
  force_destroy = var.force_destroy

  readers = var.cdn_distribution_arn == null ? [] : [{
    Sid       = "CdnReads"
    Effect    = "Allow"
    Principal = { Service = "cloudfront.amazonaws.com" }
    Action    = "s3:GetObject"
    Condition = { StringEquals = { "aws:SourceArn" = var.cdn_distribution_arn } }
  }]
}

# Modules are fetched by CORS, unlike styles and pictures.
resource "aws_s3_bucket_cors_configuration" "this" {
  bucket = module.bucket.name

  cors_rule {
    allowed_origins = [var.site_origin]
    allowed_methods = ["GET", "HEAD"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = module.bucket.name

  rule {
    id     = "forget-old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}
