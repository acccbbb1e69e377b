output "identifier" {
  description = "What metrics call the database."
  value       = aws_db_instance.this.identifier
}

output "endpoint" {
  description = "Host and port of the database."
  value       = aws_db_instance.this.endpoint
}

output "security_group_id" {
  description = "Security group of the database, to which clients add their way in."
  value       = aws_security_group.this.id
}

output "url_secret_arn" {
  description = "ARN of the secret with DATABASE_URL, known once it has a value."
  value       = aws_secretsmanager_secret.url.arn
  depends_on  = [aws_secretsmanager_secret_version.url]
}
