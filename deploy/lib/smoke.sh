# Does the whole way work: health, sign-up, upload, completed?
# shellcheck shell=bash disable=SC2154 # options: script/deploy

# Seconds until an address answers after a first deployment, and until a clip of
# two seconds is ready.
start_limit_s=300
clip_limit_s=300

# Two seconds of a test picture, some kilobytes.
make_clip() {
  run ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x180:rate=15:duration=2 -pix_fmt yuv420p "$1"
}

# One request; with --dry-run its answer is the first word. The connection goes
# to the load balancer, whatever the name in the address leads to as yet.
request() {
  local instead=$1
  shift
  ask "$instead" curl --silent --show-error --fail-with-body --max-time 60 \
    "${through_balancer[@]}" "$@"
}

json_request() {
  request "$1" --json "$2" "${@:3}"
}

is_healthy() {
  request '' --output /dev/null "$1/health" 2>/dev/null
}

# What the first page has browsers fetch.
files_of_the_page() {
  request '<link href="/assets/VERSION/site.css">' "$1/" |
    grep -oE '(href|src)="[^"]+\.(css|js|svg)"' | cut -d '"' -f 2 | sort -u
}

# From the site itself, or from a CDN, to which no balancer leads.
check_page() {
  local file files
  files=$(files_of_the_page "$1") || die "the page at $1/ links to no files"
  for file in $files; do
    case $file in
      /*) request '' --output /dev/null "$1$file" ;;
      *) run curl --silent --show-error --fail --max-time 60 --output /dev/null "$file" ;;
    esac || die "$file is missing: is site.assets_url right? Running this again publishes what is missing"
  done
}

# A player of this test alone; removed with everything it made at the end.
sign_up() {
  json_request '' "$(jq --null-input --compact-output --arg email "$2" --arg password "$3" '{
    first_name: "Smoke", last_name: "Test", $email, password1: $password, password2: $password,
    city: "Bogotá", country: "Colombia"}')" --output /dev/null "$1/api/auth/signup"
}

log_in() {
  json_request '{"access_token":"TOKEN"}' \
    "$(jq --null-input --compact-output --arg email "$2" --arg password "$3" '{$email, $password}')" \
    "$1/api/auth/login" | jq --raw-output .access_token
}

upload_clip() {
  request '{"video_id":"VIDEO"}' --header "Authorization: Bearer $2" --form 'title=Smoke test' \
    --form "video_file=@$3" "$1/api/videos/upload" | jq --raw-output .video_id
}

has_ended() {
  video=$(request '{"status":"completed","processed_url":"PROCESSED_URL"}' \
    --header "Authorization: Bearer $2" "$1/api/videos/$3")
  case $(jq --raw-output .status <<<"$video") in completed | rejected | failed) ;; *) return 1 ;; esac
}

# Signed links lead elsewhere, to S3.
check_result() {
  [ "$(jq --raw-output .status <<<"$1")" = completed ] ||
    die "the clip did not get through: $(jq --compact-output '{status, failure}' <<<"$1")"
  run curl --silent --show-error --fail --max-time 60 --range 0-1023 --output /dev/null \
    "$(jq --raw-output .processed_url <<<"$1")"
}

# The words: address of the site; e-mail and password of the player.
smoke_test() {
  local address=$1 token id video clip=$tmp/smoke.mp4
  [ -z "$dry_run" ] || clip=smoke.mp4
  wait_for "$start_limit_s" is_healthy "$address" || die "$address/health does not answer"
  note 'healthy'
  check_page "$address"
  note 'the first page has its files'
  sign_up "$@"
  token=$(log_in "$@")
  note 'signed up and logged in'
  make_clip "$clip"
  id=$(upload_clip "$address" "$token" "$clip")
  note "uploaded, video $id"
  wait_for "$clip_limit_s" has_ended "$address" "$token" "$id" ||
    die "video $id is still $(jq --raw-output .status <<<"$video") after $clip_limit_s s: look at the workers"
  check_result "$video"
  note 'completed, and the result can be fetched'
  request '' --header "Authorization: Bearer $token" --request DELETE "$address/api/auth/me"
}
