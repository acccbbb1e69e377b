output "arn" {
  description = "ARN of the secret."
  value       = aws_secretsmanager_secret.this.arn
}

output "value" {
  description = "The secret itself, for write-only arguments."
  value       = ephemeral.aws_secretsmanager_secret_version.this.secret_string
  ephemeral   = true
}
