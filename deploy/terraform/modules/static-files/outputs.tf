output "name" {
  description = "Name of the bucket."
  value       = module.bucket.name
}

output "arn" {
  description = "ARN of the bucket, for the policy of a CDN."
  value       = module.bucket.arn
}
