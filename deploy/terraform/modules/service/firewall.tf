resource "aws_security_group" "this" {
  name        = local.name
  description = "Tasks of ${var.name}."
  vpc_id      = var.vpc_id
}

# AWS itself: images, logs, secrets, queue, storage.
resource "aws_vpc_security_group_egress_rule" "aws" {
  security_group_id = aws_security_group.this.id
  description       = "AWS over TLS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# Each way has two ends: out of one group, into the other.
locals {
  ways = merge(
    {
      database = {
        from = aws_security_group.this.id
        to   = var.database_security_group_id
        port = 5432
      }
    },
    var.load_balancer == null ? {} : {
      load-balancer = {
        from = var.load_balancer.security_group_id
        to   = aws_security_group.this.id
        port = var.port
      }
    },
  )
}

resource "aws_vpc_security_group_egress_rule" "way" {
  for_each                     = local.ways
  security_group_id            = each.value.from
  referenced_security_group_id = each.value.to
  description                  = "${each.key}, ${var.name}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "way" {
  for_each                     = local.ways
  security_group_id            = each.value.to
  referenced_security_group_id = each.value.from
  description                  = "${each.key}, ${var.name}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}
