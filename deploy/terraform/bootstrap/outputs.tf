output "bucket" {
  description = "Bucket of the state."
  value       = module.state.name
}

output "table" {
  description = "Table of the locks."
  value       = aws_dynamodb_table.locks.name
}

output "backend" {
  description = "What `terraform init -backend-config=backend.hcl` wants in that file."
  value       = <<-EOT
    bucket = "${module.state.name}"
    region = "${var.region}"
  EOT
}
