# Free, and keeps videos off gateways.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.current.region}.s3"
  route_table_ids   = concat([aws_route_table.public.id], aws_route_table.private[*].id)
  tags              = { Name = "${var.project}-s3" }
}

# Paid for by the hour, and so only on demand: everything else that tasks ask of
# AWS, without leaving the VPC.
locals {
  services = [
    "application-autoscaling", "ecr.api", "ecr.dkr", "ecs", "logs", "secretsmanager", "sqs",
  ]
  endpoints = toset(var.interface_endpoints ? local.services : [])
}

resource "aws_vpc_endpoint" "interface" {
  for_each            = local.endpoints
  vpc_id              = aws_vpc.this.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.region}.${each.key}"
  private_dns_enabled = true
  subnet_ids          = local.task_subnets
  security_group_ids  = aws_security_group.endpoints[*].id
  tags                = { Name = "${var.project}-${each.key}" }
}

resource "aws_security_group" "endpoints" {
  #checkov:skip=CKV2_AWS_5:It is attached to the endpoints above.
  count       = var.interface_endpoints ? 1 : 0
  name        = "${var.project}-endpoints"
  description = "Endpoints of AWS, for whatever is in the VPC."
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count             = var.interface_endpoints ? 1 : 0
  security_group_id = aws_security_group.endpoints[0].id
  description       = "Tasks"
  cidr_ipv4         = var.cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
