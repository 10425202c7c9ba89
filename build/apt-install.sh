#!/usr/bin/env bash
# build/apt-install.sh PACKAGE...: installs Debian packages, as root or through sudo; else prints the one command to run.
set -euo pipefail
exec 1>&2
command -v apt-get >/dev/null || { echo "setup: this machine has no apt-get. Needed are the equivalents of: $*"; exit 1; }
if [ "$(id -u)" = 0 ]; then as=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as=(sudo -n)
else
  echo "setup: Debian packages are missing. Run this once, then again what you ran:"
  echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  exit 1
fi
echo "setup: installing Debian packages: $*"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
{ "${as[@]}" apt-get update -qq && "${as[@]}" apt-get install -y -qq --no-install-recommends "$@"; } > "$log" 2>&1 || {
  tail -n 15 "$log"; echo "setup: apt-get could not install: $*"; exit 1; }
