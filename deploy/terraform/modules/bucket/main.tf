resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18:Access logs of a bucket need a second bucket and somebody who reads them; CloudTrail data events can be switched on for the account.
  #checkov:skip=CKV_AWS_144:One region holds everything; durability within it is S3's.
  #checkov:skip=CKV_AWS_145:S3's own keys (AES256) need no key policy and no payment per request.
  #checkov:skip=CKV2_AWS_62:Nobody listens to events of the bucket: the database knows what is in it.
  #checkov:skip=CKV2_AWS_61:Whoever uses this module writes the lifecycle rules.
  #checkov:skip=CKV_AWS_21:Versions are a choice of whoever uses this module.
  bucket        = var.name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    # A bucket that never had versions can be disabled, one that had cannot.
    status = var.versioned ? "Enabled" : "Disabled"
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Sid       = "OnlyOverTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }], [for reader in var.readers : merge(reader, { Resource = "${aws_s3_bucket.this.arn}/*" })])
  })

  # The policy is refused while public policies are being blocked.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
