terraform {
  required_version = "~> 1.11"
  required_providers {
    aws = { source = "hashicorp/aws", version = "6.25.0" }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      project     = "anb-video"
      environment = basename(abspath(path.root))
      managed-by  = "terraform"
    }
  }
}
