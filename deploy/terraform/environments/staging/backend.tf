# As in production, in the same bucket.
terraform {
  backend "s3" {
    key            = "staging/terraform.tfstate"
    dynamodb_table = "anb-video-terraform-locks"
    use_lockfile   = true
    encrypt        = true
  }
}
