# Bucket and region depend on the account: `bootstrap` says them. Both locks are
# taken: the table for older Terraforms, the file for when it is gone.
terraform {
  backend "s3" {
    key            = "production/terraform.tfstate"
    dynamodb_table = "anb-video-terraform-locks"
    use_lockfile   = true
    encrypt        = true
  }
}
