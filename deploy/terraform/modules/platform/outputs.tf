output "site_url" {
  description = "Address of the public site and its API."
  value       = local.public_url
}

output "load_balancer_dns_name" {
  description = "What the name in public_url has to point at."
  value       = module.load_balancer.address
}

output "cluster_name" {
  description = "Cluster of all services and of one-off tasks."
  value       = module.cluster.name
}

output "service_names" {
  description = "Services on ECS."
  value       = { for name, service in module.service : name => service.service }
}

output "task_definition_arns" {
  description = "What the services run; web's also serves one-off tasks: container web, command migrate or admin."
  value       = { for name, service in module.service : name => service.task_definition_arn }
}

output "repository_urls" {
  description = "Where the image of each service is pushed to."
  value       = { for name, service in module.service : name => service.repository_url }
}

output "security_group_ids" {
  description = "Security groups of the tasks; web's also serves one-off tasks."
  value       = { for name, service in module.service : name => service.security_group_id }
}

output "task_subnet_ids" {
  description = "Subnets of all tasks, and of one-off ones."
  value       = module.network.task_subnet_ids
}

output "task_assign_public_ip" {
  description = "Whether tasks need a public address there: ENABLED or DISABLED."
  value       = module.network.tasks_are_public ? "ENABLED" : "DISABLED"
}

output "log_groups" {
  description = "Where the services log."
  value       = { for name, service in module.service : name => service.log_group }
}

output "media_bucket_name" {
  description = "Originals (uploads/) and results (processed/)."
  value       = module.storage.name
}

output "static_bucket_name" {
  description = "The site's files, for a CDN."
  value       = module.static_files.name
}

output "queue_url" {
  description = "Queue of the videos to process."
  value       = module.queue.jobs.url
}

output "dead_letter_queue_url" {
  description = "Queue of those that were given up."
  value       = module.queue.dead_letters.url
}

output "database_endpoint" {
  description = "Host and port of the database, within the VPC."
  value       = module.database.endpoint
}

output "dashboard" {
  description = "Name of the dashboard in CloudWatch."
  value       = module.observability.dashboard
}
