output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Subnets for the load balancer and the tasks, one per zone."
  value       = aws_subnet.public[*].id
}

output "isolated_subnet_ids" {
  description = "Subnets for the database, one per zone."
  value       = aws_subnet.isolated[*].id
}
