locals {
  day_s = 24 * 60 * 60
  queues = {
    jobs         = aws_sqs_queue.jobs
    dead_letters = aws_sqs_queue.dead_letters
  }
}

resource "aws_sqs_queue" "jobs" {
  name                       = "${var.project}-processing-queue"
  visibility_timeout_seconds = 120
  message_retention_seconds  = 4 * local.day_s
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  # Three tries are what the worker reckons with.
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 3
  })
}

# Letters keep the age of their message, so they must live longer than a message
# does.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.project}-processing-dlq"
  message_retention_seconds = 14 * local.day_s
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.jobs.arn]
  })
}

resource "aws_sqs_queue_policy" "only_over_tls" {
  for_each  = local.queues
  queue_url = each.value.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyOverTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = each.value.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
