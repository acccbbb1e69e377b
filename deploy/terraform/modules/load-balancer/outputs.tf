output "address" {
  description = "DNS name of the load balancer."
  value       = aws_lb.this.dns_name
}

output "url" {
  description = "Address of the site by the load balancer's own name."
  value       = "http${local.tls ? "s" : ""}://${aws_lb.this.dns_name}"
}

output "arn_suffix" {
  description = "What metrics call the load balancer."
  value       = aws_lb.this.arn_suffix
}

output "security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.this.id
}

output "target_groups" {
  description = "Target group of each application: ARN, and what metrics call it."
  value = {
    for name, group in aws_lb_target_group.application : name => {
      arn        = group.arn
      arn_suffix = group.arn_suffix
    }
  }

  # ECS refuses a service whose target group no listener uses.
  depends_on = [aws_lb_listener.http, aws_lb_listener.https, aws_lb_listener_rule.application]
}
