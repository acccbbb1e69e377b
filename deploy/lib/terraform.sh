# The way by Terraform, with its state in a bucket.
# shellcheck shell=bash disable=SC2154 # options: script/deploy

environment_folder() {
  echo "deploy/terraform/environments/$environment"
}

state_bucket() {
  echo "anb-video-terraform-state-$account-$AWS_REGION"
}

# Bucket and locks of the state once for each account, then the environment.
prepare_infrastructure() {
  need_tool terraform 'see https://developer.hashicorp.com/terraform/install'
  if [ -n "$dry_run" ] || ! aws s3api head-bucket --bucket "$(state_bucket)" >/dev/null 2>&1; then
    run terraform -chdir=deploy/terraform/bootstrap init -input=false
    run terraform -chdir=deploy/terraform/bootstrap apply -input=false -auto-approve -var "region=$AWS_REGION"
  fi
  run terraform "-chdir=$(environment_folder)" init -input=false \
    "-backend-config=bucket=$(state_bucket)" "-backend-config=region=$AWS_REGION"
}

# The number of running tasks is left to their scaling in any case.
apply_infrastructure() {
  run terraform "-chdir=$(environment_folder)" apply -input=false -auto-approve \
    -var "region=$AWS_REGION" ${1:+-var "image_tag=$1"}
}

destroy_infrastructure() {
  local tag_now
  tag_now=$(running_tag web)
  run terraform "-chdir=$(environment_folder)" destroy -input=false -auto-approve \
    -var "region=$AWS_REGION" ${tag_now:+-var "image_tag=$tag_now"} ||
    die "production is protected: deploy/deployment-instructions.md (Teardown) says what to change first"
}

tell_what_is_left() {
  note "Kept: the state's bucket $(state_bucket) and its table of locks; of production also a last"
  note 'snapshot of the database.'
}
