# No versions: what a player deletes has to be gone, and the reconciler mends
# what storage loses.
module "bucket" {
  source        = "../bucket"
  name          = var.name
  force_destroy = var.force_destroy
}

# Browsers send the parts of an upload straight to the bucket, and need the ETag
# of each.
resource "aws_s3_bucket_cors_configuration" "this" {
  bucket = module.bucket.name

  cors_rule {
    allowed_origins = [var.site_origin]
    allowed_methods = ["GET", "HEAD", "PUT"]
    allowed_headers = ["*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = module.bucket.name

  rule {
    id     = "abort-forgotten-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  # 0 days is never: then there is no rule.
  dynamic "rule" {
    for_each = var.archive_originals_after_days > 0 ? [var.archive_originals_after_days] : []

    content {
      id     = "originals-to-cold-storage"
      status = "Enabled"

      filter {
        prefix = "uploads/"
      }

      transition {
        days          = rule.value
        storage_class = "GLACIER_IR"
      }
    }
  }

  dynamic "rule" {
    for_each = var.delete_originals_after_days > 0 ? [var.delete_originals_after_days] : []

    content {
      id     = "originals-deleted"
      status = "Enabled"

      filter {
        prefix = "uploads/"
      }

      expiration {
        days = rule.value
      }
    }
  }
}
