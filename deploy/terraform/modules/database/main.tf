locals {
  name = "anb"
  user = "anb"
}

resource "aws_db_subnet_group" "this" {
  name        = "${var.project}-db"
  description = "Isolated subnets for the database."
  subnet_ids  = var.subnet_ids
}

resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:It is attached to the database below.
  name        = "${var.project}-db"
  description = "Database: no way out; each client adds its own way in."
  vpc_id      = var.vpc_id
}

resource "aws_db_parameter_group" "this" {
  name        = "${var.project}-postgres17"
  description = "PostgreSQL 17 that takes encrypted connections only."
  family      = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

module "password" {
  source               = "../secret"
  name                 = "${var.project}/database-password"
  description          = "Password of the database's owner; tasks read database-url instead."
  generation           = var.password_generation
  recovery_window_days = var.secret_recovery_window_days
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_157:Several zones are a variable, on in production.
  #checkov:skip=CKV_AWS_293:Deletion protection is a variable, on in production.
  #checkov:skip=CKV_AWS_161:The program signs in by password, from Secrets Manager, over verified TLS.
  #checkov:skip=CKV_AWS_118:Enhanced monitoring costs by the instance; the alarms need only what is free.
  #checkov:skip=CKV_AWS_353:Performance Insights does not know the smallest classes.
  #checkov:skip=CKV2_AWS_30:Statements are not logged: they would put e-mail addresses into the logs.
  identifier     = "${var.project}-db"
  engine         = "postgres"
  engine_version = "17"
  instance_class = var.instance_class

  storage_type          = "gp3"
  allocated_storage     = 20
  max_allocated_storage = 100
  storage_encrypted     = true

  db_name             = local.name
  username            = local.user
  password_wo         = module.password.value
  password_wo_version = var.password_generation

  multi_az               = var.multi_az
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.this.name
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  backup_retention_period         = 7
  copy_tags_to_snapshot           = true
  deletion_protection             = var.deletion_protection
  skip_final_snapshot             = !var.final_snapshot
  final_snapshot_identifier       = "${var.project}-db-final"
  auto_minor_version_upgrade      = true
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
}

resource "aws_secretsmanager_secret" "url" {
  #checkov:skip=CKV_AWS_149:The account's own key for Secrets Manager costs nothing and needs no policy.
  #checkov:skip=CKV2_AWS_57:Follows the password, whose generation is raised by hand.
  name                    = "${var.project}/database-url"
  description             = "DATABASE_URL of web, console and worker."
  recovery_window_in_days = var.secret_recovery_window_days
}

resource "aws_secretsmanager_secret_version" "url" {
  secret_id                = aws_secretsmanager_secret.url.id
  secret_string_wo         = "postgres://${local.user}:${module.password.value}@${aws_db_instance.this.endpoint}/${local.name}"
  secret_string_wo_version = var.password_generation
}
