output "jobs" {
  description = "The queue of jobs: name, address and ARN."
  value = {
    name = aws_sqs_queue.jobs.name
    url  = aws_sqs_queue.jobs.url
    arn  = aws_sqs_queue.jobs.arn
  }
}

output "dead_letters" {
  description = "The queue of dead letters: name, address and ARN."
  value = {
    name = aws_sqs_queue.dead_letters.name
    url  = aws_sqs_queue.dead_letters.url
    arn  = aws_sqs_queue.dead_letters.arn
  }
}
