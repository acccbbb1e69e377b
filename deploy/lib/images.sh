# Building images, and pushing them to the account's registry.
# shellcheck shell=bash disable=SC2154 # options: script/deploy

# The first of these programs that can build here.
find_builder() {
  local candidate
  for candidate in docker podman buildah; do
    if command -v "$candidate" >/dev/null && "$candidate" info >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  [ -n "$dry_run" ] || die 'nothing here can build images: install Docker, podman or buildah'
  echo docker
}

registry() {
  echo "$account.dkr.ecr.$AWS_REGION.amazonaws.com"
}

log_in_to_registry() {
  run bash -o pipefail -c \
    "aws ecr get-login-password | $1 login --username AWS --password-stdin $(registry)"
}

is_pushed() {
  ask '' aws ecr describe-images --repository-name "$1" --image-ids "imageTag=$tag" \
    --query 'imageDetails[0].imageDigest' --output text 2>/dev/null | grep -q .
}

# Where others find the code, without what may be a password in it.
source_url() {
  git config --get remote.origin.url | sed -nE 's#^(https?://)([^@/]*@)?#\1#p' || true
}

push_image() {
  local builder=$1 role=$2 image
  image="$(registry)/$repository_prefix-$role:$tag"
  local build=(
    --platform "$platform" --file deploy/docker/Dockerfile --target "$role" --tag "$image"
    --build-arg "VERSION=$tag" --build-arg "REVISION=$(git rev-parse HEAD)" --build-arg "CREATED=$(git log -1 --format=%cI)"
    --build-arg "SOURCE=$(source_url)"
  )
  if [ "$builder" = docker ]; then
    # Without attestations: the image carries its own bill of materials.
    run docker buildx build --provenance=false --push "${build[@]}" .
  else
    run "$builder" build --format docker --layers "${build[@]}" .
    run "$builder" push "$image"
  fi
}

# What runs must be found again in the history, under the name of its commit.
check_work_tree() {
  [ -z "$dry_run" ] || return 0
  [ "$tag" = "$commit" ] || die "there are no images of $tag; only those of $commit can be built here"
  [ -z "$(git status --porcelain)" ] || die 'commit your changes first: images are named after commits'
}

# Images that are there already are those of this tag: tags are never moved.
push_images() {
  local builder role missing=()
  for role in web console worker; do
    is_pushed "$repository_prefix-$role" || missing+=("$role")
  done
  if [ ${#missing[@]} = 0 ]; then
    note "all images of $tag are there already"
  elif is_emulated && [ -z "$dry_run" ]; then
    note "skipped: building and pushing ${missing[*]} (an emulator has no registry)"
  else
    check_work_tree
    builder=$(find_builder)
    log_in_to_registry "$builder"
    for role in "${missing[@]}"; do
      push_image "$builder" "$role"
    done
  fi
}
