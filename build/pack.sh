#!/usr/bin/env bash
# Packs into feed/ the library, the pipelines, the templates, and the tool for this system.
#   build/pack.sh [OPTION…]          options go to dotnet pack, for example -p:VersionSuffix=test.1 or -o FOLDER
#   build/pack.sh --all [OPTION…]    the tool for every system; fetches libtorch for each, 100 MB
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
all=
[ "${1-}" != --all ] || { all=1; shift; }
case " $* " in *" -o "*) out=() ;; *) out=(-o "$PWD/feed") ;; esac
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)} # one commit gives the same packages at any time
pack() { dotnet pack "$@" "${out[@]}" -c Release --nologo -v quiet -clp:NoSummary; }
for project in src/CnnTrainers src/Pipelines src/Templates; do pack "$project" "$@"; done
if [ -n "$all" ]; then
  pack src/Cli "$@"
else
  pack src/Cli -r "$(dotnet msbuild src/Cli/Cli.csproj -getProperty:RuntimeIdentifier)" "$@"
  pack src/Cli --no-build -p:CreateRidSpecificToolPackages=false "$@" # the list of systems
fi
