# The files of the site's pages, in the bucket that a CDN reads.
# shellcheck shell=bash disable=SC2154 # options: script/deploy

static_bucket() {
  echo "$project-static-$account-$AWS_REGION"
}

has_static_bucket() {
  ask '' aws s3api head-bucket --bucket "$(static_bucket)" >/dev/null 2>&1
}

# How the site looks is part of the files, and so of their address: what web is
# told of it, each NAME=VALUE.
look_of_the_site() {
  task_definition web | jq --raw-output '.containerDefinitions[0].environment // []
    | .[] | select(.name | test("^ANB_(SHOWCASE|SITE)__")) | "\(.name)=\(.value)"'
}

# Before pages link to them; those of the release before stay. No task may write
# there: it is done with the rights of whoever deploys.
publish_assets() {
  local look command=(assets publish --bucket "$(static_bucket)")
  if ! has_static_bucket; then
    note 'skipped: there is no bucket for them'
    return
  fi
  mapfile -t look < <(look_of_the_site)
  if is_emulated && [ -z "$dry_run" ]; then
    publish_with_own_program
  else
    publish_with_image
  fi
}

# On an emulator, which has no images.
publish_with_own_program() {
  local program=target/debug/anb-video
  if [ -x "$program" ]; then
    env "${look[@]}" "$program" "${command[@]}" >&3
  else
    note "skipped: there is neither an image nor $program"
  fi
}

# The keys of whoever deploys, as the SDKs read them from a file.
keys_of_aws() {
  echo '[default]'
  if [ -n "${AWS_ACCESS_KEY_ID:-}" ]; then
    env | grep -E '^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)='
  else
    ask '' aws configure export-credentials --format env-no-export ||
      die 'the program in the image needs your keys: set AWS_ACCESS_KEY_ID, or use version 2 of the AWS CLI'
  fi | sed -E 's/^[A-Z_]+=/\L&/'
}

# The keys in a file, in a folder that is closed to others: a command line would
# show them to everybody on this machine.
publish_with_image() {
  local builder container image setting file=$tmp/keys inside=/run/aws-keys
  image="$(registry)/$repository_prefix-web:$tag"
  keys_of_aws >"$file"
  [ -z "$dry_run" ] || file=KEYS
  local options=(--volume "$file:$inside:ro,z" --env "AWS_SHARED_CREDENTIALS_FILE=$inside" --env "AWS_REGION=$AWS_REGION")
  for setting in "${look[@]}"; do options+=(--env "$setting"); done
  builder=$(find_builder)
  log_in_to_registry "$builder"
  if [ "$builder" = buildah ]; then
    container=$(ask CONTAINER buildah from "$image")
    run buildah run "${options[@]}" "$container" -- anb-video "${command[@]}"
    run buildah rm "$container" >/dev/null
  else
    run "$builder" run --rm --platform "$platform" "${options[@]}" "$image" "${command[@]}"
  fi
  rm -f "$tmp/keys"
}
