output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Subnets for the load balancer, one per zone."
  value       = aws_subnet.public[*].id
}

output "task_subnet_ids" {
  description = "Subnets for the tasks, one per zone."
  value       = local.task_subnets
}

output "tasks_are_public" {
  description = "Whether tasks need public addresses to reach AWS."
  value       = var.nat_gateways == 0
}

output "isolated_subnet_ids" {
  description = "Subnets for the database, one per zone."
  value       = aws_subnet.isolated[*].id
}
