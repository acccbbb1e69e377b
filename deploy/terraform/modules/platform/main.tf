data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.region

  applications = { for name, service in var.services : name => service if service.port != null }
  public_url   = coalesce(var.public_url, module.load_balancer.url)
}

module "network" {
  source  = "../network"
  project = var.project
  cidr    = var.cidr

  nat_gateways        = var.nat_gateways
  interface_endpoints = var.interface_endpoints
}

module "load_balancer" {
  source              = "../load-balancer"
  project             = var.project
  vpc_id              = module.network.vpc_id
  subnet_ids          = module.network.public_subnet_ids
  certificate_arn     = var.certificate_arn
  access_logs_bucket  = var.access_logs_bucket
  deletion_protection = var.deletion_protection

  applications = {
    for name, application in local.applications : name => {
      port         = application.port
      paths        = application.paths
      priority     = application.priority
      source_cidrs = lookup(var.source_cidrs, name, [])
    }
  }
}

module "database" {
  source                      = "../database"
  project                     = var.project
  vpc_id                      = module.network.vpc_id
  subnet_ids                  = module.network.isolated_subnet_ids
  instance_class              = var.database_instance_class
  multi_az                    = var.multi_az
  deletion_protection         = var.deletion_protection
  final_snapshot              = !var.disposable
  password_generation         = var.secret_generation.database_password
  secret_recovery_window_days = var.disposable ? 0 : 7
}

module "secret_key" {
  source               = "../secret"
  name                 = "${var.project}/secret-key"
  description          = "SECRET_KEY: signs access tokens and links."
  generation           = var.secret_generation.secret_key
  recovery_window_days = var.disposable ? 0 : 7
}

module "storage" {
  source                       = "../storage"
  name                         = "${var.project}-media-${local.account}-${local.region}"
  site_origin                  = local.public_url
  archive_originals_after_days = var.archive_originals_after_days
  delete_originals_after_days  = var.delete_originals_after_days
  force_destroy                = var.disposable
}

module "static_files" {
  source               = "../static-files"
  name                 = "${var.project}-static-${local.account}-${local.region}"
  site_origin          = local.public_url
  cdn_distribution_arn = var.cdn_distribution_arn
  force_destroy        = var.disposable
}

module "queue" {
  source  = "../queue"
  project = var.project
}

module "cluster" {
  source  = "../cluster"
  project = var.project
}

module "service" {
  source   = "../service"
  for_each = var.services

  project    = var.project
  name       = each.key
  repository = "${var.repository_prefix}-${each.key}"
  image_tag  = var.image_tag
  command    = [each.key]

  cluster      = { name = module.cluster.name, arn = module.cluster.arn }
  vpc_id       = module.network.vpc_id
  subnet_ids   = module.network.task_subnet_ids
  architecture = var.architecture
  spot         = each.value.access == "process" && var.spot_workers

  assign_public_ip = module.network.tasks_are_public

  port = each.value.port
  load_balancer = each.value.port == null ? null : {
    target_group_arn  = module.load_balancer.target_groups[each.key].arn
    security_group_id = module.load_balancer.security_group_id
  }
  database_security_group_id = module.database.security_group_id

  cpu                   = each.value.cpu
  memory                = each.value.memory
  ephemeral_storage_gib = each.value.ephemeral_storage_gib
  stop_timeout_s        = each.value.stop_timeout_s
  health_command        = each.value.health_command

  settings = local.service_settings[each.key]
  secrets = {
    DATABASE_URL = module.database.url_secret_arn
    SECRET_KEY   = module.secret_key.arn
  }
  permissions       = local.permissions[each.key]
  existing_role_arn = var.existing_role_arn

  scaling    = merge(each.value.scaling, try(var.tasks[each.key], {}))
  queue_name = module.queue.jobs.name

  log_retention_days = var.log_retention_days
  force_destroy      = var.disposable
}

module "observability" {
  source              = "../observability"
  project             = var.project
  alarm_topic_arn     = var.alarm_topic_arn
  queue_name          = module.queue.jobs.name
  dead_letters_name   = module.queue.dead_letters.name
  load_balancer       = module.load_balancer.arn_suffix
  target_groups       = { for name, group in module.load_balancer.target_groups : name => group.arn_suffix }
  cluster_name        = module.cluster.name
  services            = { for name, service in module.service : name => service.service }
  database_identifier = module.database.identifier
}
