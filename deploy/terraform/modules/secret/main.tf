# A random text that only Secrets Manager knows: it is drawn in passing and
# handed over by write-only arguments, so that neither plan nor state hold it.
ephemeral "aws_secretsmanager_random_password" "this" {
  password_length     = 64
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV_AWS_149:The account's own key for Secrets Manager costs nothing and needs no policy.
  #checkov:skip=CKV2_AWS_57:Rotated by raising the generation, since running tasks read it only at their start.
  name                    = var.name
  description             = var.description
  recovery_window_in_days = var.recovery_window_days
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id                = aws_secretsmanager_secret.this.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.this.random_password
  secret_string_wo_version = var.generation
}

# Read back, since a text drawn in a later run is another one; from the version's
# resource, so that this happens after a new one is stored.
ephemeral "aws_secretsmanager_secret_version" "this" {
  secret_id = aws_secretsmanager_secret_version.this.secret_id
}
