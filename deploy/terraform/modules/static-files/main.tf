# Private: what is in it reaches the public through a CDN. Versions, so that a bad
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
