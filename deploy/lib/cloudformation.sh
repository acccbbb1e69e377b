# The way by one CloudFormation template.
# shellcheck shell=bash disable=SC2154 # options: script/deploy

template=deploy/cloudformation/infrastructure-fargate.yaml

prepare_infrastructure() {
  make_template_bucket
}

# A template of this size has to be handed over in a bucket.
template_bucket() {
  echo "$project-deploy-$account-$AWS_REGION"
}

make_template_bucket() {
  local bucket place=()
  bucket=$(template_bucket)
  if [ -z "$dry_run" ] && aws s3api head-bucket --bucket "$bucket" >/dev/null 2>&1; then
    return
  fi
  [ "$AWS_REGION" = us-east-1 ] || place=(--create-bucket-configuration "LocationConstraint=$AWS_REGION")
  run aws s3api create-bucket --bucket "$bucket" "${place[@]}" --output text
  run aws s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
}

# What the file of parameters says, and over it the words, each KEY=VALUE.
stack_parameters() {
  local file=${parameters:-deploy/cloudformation/parameters.$environment.json}
  if [ -f "$file" ]; then
    jq --raw-output '.[] | "\(.ParameterKey)=\(.ParameterValue)"' "$file"
  elif [ -n "$parameters" ]; then
    die "$file is missing"
  fi
  printf '%s\n' "ProjectName=$project" "RepositoryPrefix=$repository_prefix" "CpuArchitecture=$architecture" "$@"
}

# Creates the stack, or changes what differs; parameters that nobody names stay
# as they were.
deploy_stack() {
  local overrides
  mapfile -t overrides < <(stack_parameters "$@")
  run aws cloudformation deploy --stack-name "$project" --template-file "$template" \
    --s3-bucket "$(template_bucket)" --capabilities CAPABILITY_NAMED_IAM \
    --no-fail-on-empty-changeset --parameter-overrides "${overrides[@]}"
}

# The words: tag of the images, and how many tasks run now. Those that run keep
# the number that scaling has given them.
apply_infrastructure() {
  local counts=minimum
  [ "$2" -eq 0 ] || counts=current
  deploy_stack ${1:+"ImageTag=$1"} "TaskCounts=$counts"
}

destroy_infrastructure() {
  deploy_stack DeletionProtection=false
  run aws cloudformation delete-stack --stack-name "$project"
  run aws cloudformation wait stack-delete-complete --stack-name "$project"
  run aws s3 rb --force "s3://$(template_bucket)"
}

tell_what_is_left() {
  note 'Kept: a last snapshot of the database, and the buckets with everything in them:'
  note "  $project-media-$account-$AWS_REGION"
  note "  $project-static-$account-$AWS_REGION"
  note 'deploy/deployment-instructions.md (Teardown) says how to remove them too.'
}
