#!/usr/bin/env bash
# Packs into feed/ the library, the pipelines, the templates, and the tool for this system.
#   build/pack.sh [OPTION…]          options go to dotnet pack, for example -p:VersionSuffix=test.1 or -o FOLDER
#   build/pack.sh --all [OPTION…]    the tool for every system; fetches libtorch for each, 100 MB
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pack() { dotnet pack "$@" -c Release "-p:PackageOutputPath=$PWD/feed/" --nologo -v quiet -clp:NoSummary; }
all=
[ "${1-}" != --all ] || { all=1; shift; }
for project in src/CnnTrainers src/Pipelines src/Templates; do pack "$project" "$@"; done
if [ -n "$all" ]; then
  pack src/Cli "$@"
else
  pack src/Cli -p:CreateRidSpecificToolPackages=false "$@"
  pack src/Cli --use-current-runtime "$@"
fi
