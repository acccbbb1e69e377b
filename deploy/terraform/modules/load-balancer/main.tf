locals {
  tls = var.certificate_arn != null

  default_application = one([
    for name, application in var.applications : name if length(application.paths) == 0
  ])
  ruled = {
    for name, application in var.applications : name => application
    if length(application.paths) > 0
  }
}

resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_91:Access logs are optional: they need a bucket that somebody looks at.
  #checkov:skip=CKV_AWS_150:Deletion protection is a variable, on in production.
  #checkov:skip=CKV2_AWS_28:A web application firewall is a monthly price of its own; the program limits rates itself.
  #checkov:skip=CKV2_AWS_20:Without a certificate there is nothing to redirect to; with one, port 80 only redirects.
  name                       = "${var.project}-alb"
  load_balancer_type         = "application"
  subnets                    = var.subnet_ids
  security_groups            = [aws_security_group.this.id]
  idle_timeout               = 60
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection

  dynamic "access_logs" {
    for_each = var.access_logs_bucket == null ? [] : [var.access_logs_bucket]

    content {
      bucket  = access_logs.value
      enabled = true
    }
  }
}

resource "aws_security_group" "this" {
  name        = "${var.project}-alb"
  description = "Load balancer: the internet may come in, only applications are reached."
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "internet" {
  #checkov:skip=CKV_AWS_260:The site is public; port 80 redirects as soon as there is a certificate.
  for_each          = { http = 80, https = 443 }
  security_group_id = aws_security_group.this.id
  description       = each.key
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_lb_target_group" "application" {
  #checkov:skip=CKV_AWS_378:TLS ends at the load balancer; from there it is one hop between two security groups.
  for_each             = var.applications
  name                 = "${var.project}-${each.key}-tg"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = each.value.port
  deregistration_delay = 30
  slow_start           = 0

  health_check {
    path                = each.value.health_path
    matcher             = "200"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "http" {
  #checkov:skip=CKV_AWS_2:With a certificate this listener only redirects to HTTPS.
  #checkov:skip=CKV_AWS_103:No TLS on port 80; the HTTPS listener takes 1.2 and 1.3.
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = local.tls ? "redirect" : "forward"
    target_group_arn = local.tls ? null : aws_lb_target_group.application[local.default_application].arn

    dynamic "redirect" {
      for_each = local.tls ? [443] : []

      content {
        protocol    = "HTTPS"
        port        = redirect.value
        status_code = "HTTP_301"
      }
    }
  }
}

resource "aws_lb_listener" "https" {
  count             = local.tls ? 1 : 0
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.application[local.default_application].arn
  }
}

resource "aws_lb_listener_rule" "application" {
  for_each     = local.ruled
  listener_arn = local.tls ? aws_lb_listener.https[0].arn : aws_lb_listener.http.arn
  priority     = each.value.priority

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.application[each.key].arn
  }

  condition {
    path_pattern {
      values = each.value.paths
    }
  }

  # Others fall through to the default application, which has no such page.
  dynamic "condition" {
    for_each = length(each.value.source_cidrs) == 0 ? [] : [each.value.source_cidrs]

    content {
      source_ip {
        values = condition.value
      }
    }
  }
}
