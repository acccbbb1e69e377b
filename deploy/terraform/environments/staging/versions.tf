terraform {
  required_version = "~> 1.11"
  required_providers {
    aws = { source = "hashicorp/aws", version = "6.25.0" }
  }

  # Bucket and region depend on the account: backend.hcl says them. Both locks
  # are taken: the table for older Terraforms, the file for when it is gone.
  backend "s3" {
    key            = "staging/terraform.tfstate"
    dynamodb_table = "anb-video-terraform-locks"
    use_lockfile   = true
    encrypt        = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { project = "anb-video", environment = "staging", managed-by = "terraform" }
  }
}
