# The account, and what stands in it under names that both ways agree on.
# shellcheck shell=bash disable=SC2154 # options: script/deploy

export AWS_PAGER=''

# An emulator has no registry to push to, and starts no tasks.
is_emulated() {
  [ -n "${AWS_ENDPOINT_URL:-}" ]
}

need_tool() {
  command -v "$1" >/dev/null || die "$1 is missing: $2"
}

check_tools() {
  need_tool aws 'see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html'
  need_tool curl 'apt-get install curl'
  need_tool git 'apt-get install git'
  need_tool jq 'apt-get install jq'
}

# It makes the clip of the smoke test.
need_ffmpeg() {
  command -v ffmpeg >/dev/null || need_packages ffmpeg
}

check_credentials() {
  account=$(ask ACCOUNT aws sts get-caller-identity --query Account --output text) ||
    die "AWS does not know you: run \`aws configure\` or \`aws sso login\`, or set AWS_PROFILE"
  remark "account $account, region $AWS_REGION${AWS_ENDPOINT_URL:+, emulated at $AWS_ENDPOINT_URL}"
}

service_name() {
  echo "$project-$1-service"
}

# One thing of what ECS tells about a service, as JSON; nothing where there is no
# such service, or no cluster yet.
service_property() {
  local instead=$1 role=$2 query=$3 answer
  answer=$(ask "$instead" aws ecs describe-services --cluster "$project-cluster" \
    --services "$(service_name "$role")" --query "services[?status=='ACTIVE']|[0].$query" \
    --output json 2>"$tmp/error") || grep -q ClusterNotFound "$tmp/error" || die "$(cat "$tmp/error")"
  [ "$answer" = null ] || printf '%s\n' "$answer"
}

# The task definition that a service runs, as JSON; nothing before there is one.
task_definition() {
  local name
  name=$(service_property "\"$project-$1\"" "$1" taskDefinition | jq --raw-output .)
  [ -n "$name" ] || return 0
  ask '{}' aws ecs describe-task-definition --task-definition "$name" --query taskDefinition --output json
}

# Which images a service runs; nothing before its first.
running_tag() {
  local tag
  tag=$(task_definition "$1" | jq --raw-output '.containerDefinitions[0].image // "" | split(":")[-1]')
  case $tag in none | none-yet) ;; *) echo "$tag" ;; esac
}

balancer() {
  ask LOAD_BALANCER aws elbv2 describe-load-balancers --names "$project-alb" \
    --query 'LoadBalancers[0].DNSName' --output text
}

# The address that players see.
public_url() {
  local url
  url=$(task_definition web | jq --raw-output '.containerDefinitions[0].environment // []
    | map(select(.name == "ANB_WEB__PUBLIC_URL"))[0].value // ""')
  echo "${url:-http://$(balancer)}"
}
