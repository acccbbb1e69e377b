# Migrating the database, and rolling the services.
# shellcheck shell=bash disable=SC2154 # options: script/deploy

roles=(web console worker)

# Web's task definition with the new image and another command: the schema has
# to be there before the first new task is, and the old tasks do not mind.
migration_definition() {
  task_definition web | jq --compact-output \
    --arg family "$project-migrate" --arg image "$(registry)/$repository_prefix-web:$tag" '
    {
      family: $family,
      taskRoleArn, executionRoleArn, networkMode, requiresCompatibilities, cpu, memory, runtimePlatform, volumes,
      containerDefinitions: [(.containerDefinitions[0] // {}) + {$image, command: ["migrate"]}
        | del(.healthCheck, .portMappings)]
    } | with_entries(select(.value != null))'
}

migrate() {
  local definition network task
  definition=$(ask "$project-migrate:1" aws ecs register-task-definition \
    --cli-input-json "$(migration_definition)" --query taskDefinition.taskDefinitionArn --output text)
  if is_emulated && [ -z "$dry_run" ]; then
    note 'skipped: starting the migration task (an emulator runs none)'
    return
  fi
  network=$(service_property '{}' web networkConfiguration)
  task=$(ask TASK aws ecs run-task --cluster "$project-cluster" --task-definition "$definition" \
    --launch-type FARGATE --network-configuration "$network" --started-by script/deploy \
    --query 'tasks[0].taskArn' --output text)
  [ "$task" != None ] || die 'ECS could not place the migration task'
  run aws ecs wait tasks-stopped --cluster "$project-cluster" --tasks "$task"
  check_migration "$task"
}

check_migration() {
  local status
  status=$(ask 0 aws ecs describe-tasks --cluster "$project-cluster" --tasks "$1" \
    --query 'tasks[0].containers[0].exitCode' --output text)
  [ "$status" = 0 ] && return
  aws logs tail "/ecs/$project-web" --since 15m --log-stream-names "web/web/${1##*/}" >&2 || true
  die "the migration ended with status $status; the services still run as before"
}

# A service that was made before there were images has no task; its scaling
# knows how many it is to have.
start_stopped_services() {
  local role count least
  for role in "${roles[@]}"; do
    count=$(service_property 0 "$role" desiredCount)
    [ "$count" = 0 ] || continue
    least=$(ask MINIMUM aws application-autoscaling describe-scalable-targets --service-namespace ecs \
      --resource-ids "service/$project-cluster/$(service_name "$role")" \
      --query 'ScalableTargets[0].MinCapacity' --output text)
    run aws ecs update-service --cluster "$project-cluster" --service "$(service_name "$role")" \
      --desired-count "$least" --query service.serviceName --output text
  done
}

wait_for_services() {
  if is_emulated && [ -z "$dry_run" ]; then
    note 'skipped: waiting for tasks (an emulator starts none)'
    return
  fi
  run aws ecs wait services-stable --cluster "$project-cluster" \
    --services "$(service_name web)" "$(service_name console)" "$(service_name worker)"
  local role
  for role in "${roles[@]}"; do
    check_rolled "$role"
  done
}

# ECS goes back to the old tasks by itself when new ones do not become healthy,
# and is then stable too.
check_rolled() {
  local running
  running=$(running_tag "$1")
  [ -n "$dry_run" ] || [ "$running" = "$tag" ] ||
    die "$(service_name "$1") runs ${running:-nothing} again: see its events, and the log group /ecs/$project-$1"
}
