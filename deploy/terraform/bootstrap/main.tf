# What has to be there before the first `terraform init` of an environment: a
# bucket for state, and a table for its locks.

data "aws_caller_identity" "current" {}

locals {
  bucket = "${var.project}-terraform-state-${data.aws_caller_identity.current.account_id}-${var.region}"
}

module "state" {
  source    = "../modules/bucket"
  name      = local.bucket
  versioned = true
}

resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = module.state.name

  rule {
    id     = "forget-old-states"
    status = "Enabled"

    filter {}

    # Enough to go back to before any mishap that somebody notices.
    noncurrent_version_expiration {
      noncurrent_days           = 90
      newer_noncurrent_versions = 20
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_dynamodb_table" "locks" {
  #checkov:skip=CKV_AWS_119:Holds names of locks and who took them; DynamoDB's own key is enough.
  name                        = "${var.project}-terraform-locks"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "LockID"
  deletion_protection_enabled = true

  attribute {
    name = "LockID"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }

  point_in_time_recovery {
    enabled = true
  }
}
