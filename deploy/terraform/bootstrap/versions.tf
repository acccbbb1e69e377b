terraform {
  required_version = "~> 1.11"
  required_providers {
    aws = { source = "hashicorp/aws", version = "6.25.0" }
  }
}

# Its own state stays where it is made: it can be had again by import.
provider "aws" {
  region = var.region

  default_tags {
    tags = { project = var.project, managed-by = "terraform" }
  }
}
