# How commands are run, or with --dry-run only told.
# shellcheck shell=bash

dry_run=
# Where commands are told, wherever standard output goes meanwhile.
exec 3>&1

# A word as one would type it.
quoted() {
  if [[ $1 =~ ^[A-Za-z0-9_./:=@,+%{}-]+$ ]]; then
    printf '%s' "$1"
  elif [[ $1 == *\'* && $1 != *[\"\$\`\\]* ]]; then
    printf '"%s"' "$1"
  else
    printf '%s' "${1@Q}"
  fi
}

tell() {
  local word
  printf '  $' >&3
  for word in "$@"; do
    printf ' %s' "$(quoted "$word")" >&3
  done
  printf '\n' >&3
}

# Runs a command that changes something.
run() {
  if [ -n "$dry_run" ]; then tell "$@"; else "$@"; fi
}

# Runs a command whose answer is needed; with --dry-run the first word is it.
ask() {
  local instead=$1
  shift
  if [ -n "$dry_run" ]; then
    tell "$@"
    [ -z "$instead" ] || printf '%s\n' "$instead"
  else
    "$@"
  fi
}

remark() {
  printf '    %s\n' "$*" >&3
}

# What has come out, if something has.
note() {
  [ -n "$dry_run" ] || remark "$@"
}

# Asks again every five seconds, for as many seconds as the first word says.
wait_for() {
  local limit=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$limit" ] || return 1
    sleep 5
  done
}
