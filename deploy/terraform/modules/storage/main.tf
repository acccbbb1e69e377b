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

locals {
  # 0 days is never.
  originals = {
    archive = var.archive_originals_after_days
    delete  = var.delete_originals_after_days
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

  rule {
    id     = "originals-to-cheaper-storage"
    status = local.originals.archive > 0 ? "Enabled" : "Disabled"

    filter {
      prefix = "uploads/"
    }

    transition {
      days          = max(local.originals.archive, 1)
      storage_class = "GLACIER_IR"
    }
  }

  rule {
    id     = "delete-originals"
    status = local.originals.delete > 0 ? "Enabled" : "Disabled"

    filter {
      prefix = "uploads/"
    }

    expiration {
      days = max(local.originals.delete, 1)
    }
  }
}
