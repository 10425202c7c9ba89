#!/usr/bin/env bash
# Makes a checkout ready: chooses the build, installs Debian packages that are missing, builds the native part and the solution.
#   build/setup.sh [--build auto|packages|compat|FOLDER] [--all] [--again]
# FOLDER has ML.NET's assemblies (docs/building-with-real-mlnet.md). Does nothing where nothing changed, unless --again. --all also builds
# tests and examples. The choice is kept in artifacts/build-choice.props; one that comes from the environment variable MLNet is not.
# Everything it says goes to standard error: standard output belongs to the command that runs after it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
exec 1>&2

choice=artifacts/build-choice.props
wanted=${MLNet:-auto}
lasting=$([ -z "${MLNet-}" ] && echo yes || echo no)
again=no
target=src/Cli/Cli.csproj
stamp=artifacts/setup.stamp
while [ $# -gt 0 ]; do
  case $1 in
    --build) wanted=${2-}; lasting=yes; shift 2 || { echo "setup: --build needs a value: auto, packages, compat or a folder"; exit 2; } ;;
    --all) target=CnnTrainers.sln; stamp=artifacts/setup-all.stamp; shift ;;
    --again) again=yes; shift ;;
    -h|--help) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "setup: unknown option '$1'"; exit 2 ;;
  esac
done
if [ "$wanted" = auto ]; then unset MLNet; else MLNet=$wanted; fi
. build/chosen.sh
case $wanted in
  auto|packages|compat) ;;
  *) [ -f "$wanted/Microsoft.ML.Data.dll" ] || { echo "setup: the build is '$wanted', expected auto, packages, compat or a folder with Microsoft.ML.Data.dll (absolute, or seen from $root)"; exit 2; }
     MLNet=$(cd "$wanted" && pwd) ;;
esac

fresh() { # nothing changed since the stamp; a build of everything serves the tool too
  local made=$stamp
  [ "$made" = artifacts/setup-all.stamp ] || [ ! artifacts/setup-all.stamp -nt "$made" ] || made=artifacts/setup-all.stamp
  [ -f "$made" ] && [ "$(cat "$made")" = "$MLNet" ] && { [ $lasting = no ] || [ -f "$choice" ]; } &&
  [ -z "$(find src compat build tests examples ./*.props ./*.targets ./*.sln nuget.config $([ ! -d "$MLNet" ] || echo "$MLNet") -newer "$made" -type f -print -quit 2>/dev/null)" ]
}
if [ "$again" = no ] && [ -n "$MLNet" ] && fresh; then exit 0; fi

command -v dotnet >/dev/null || { echo "setup: the .NET 10 SDK (dotnet) is not on PATH. Install it and run this again."; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
mkdir -p artifacts
log=artifacts/setup.log
: > "$log"
# The HTML report's chart library comes from npm: build/Npm.targets.
command -v npm >/dev/null || build/apt-install.sh nodejs npm

keep() { # MLNet Torch: writes the choice that build/BuildChoice.props reads
  printf '<Project>\n  <PropertyGroup>\n    <MLNet Condition="'"'\$(MLNet)' == ''"'">%s</MLNet>\n    <Torch Condition="'"'\$(Torch)' == ''"'">%s</Torch>\n  </PropertyGroup>\n</Project>\n' "$1" "$2" > "$choice"
}

debian_packages() {
  local need=() missing=() p
  [ -n "${LIBTORCH-}" ] || need+=(libtorch-dev libopenblas0-pthread)
  need+=(libopencv-imgcodecs-dev libopencv-imgproc-dev libjpeg-dev libpng-dev cmake make g++)
  command -v dpkg-query >/dev/null || return 0
  for p in "${need[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing+=("$p")
  done
  [ ${#missing[@]} -eq 0 ] || "$root/build/apt-install.sh" "${missing[@]}"
}

build_solution() { # MLNet Torch
  env MLNet="$1" Torch="$2" dotnet build "$target" -c Release -v q -clp:ErrorsOnly >> "$log" 2>&1
}

use_packages() { # where restore, build or doctor fails, $why says which
  why="restore failed"
  env MLNet=packages Torch=packages timeout 120 dotnet restore src/Cli/Cli.csproj -v q >> "$log" 2>&1 || {
    local missing; missing=$(grep -oE 'NU1101: Unable to find package [A-Za-z0-9.]+[A-Za-z0-9]' "$log" | sed 's/.*package //' | sort -u | paste -sd ' ' || true)
    [ -z "$missing" ] || why="this machine's package sources lack $missing"
    return 1; }
  why="build failed"; build_solution packages packages || return 1
  why="cnn doctor failed"; dotnet artifacts/packages-packages/bin/Cli/release/cnn.dll doctor >> "$log" 2>&1 || return 1
}

use_compat() { # MLNet: compat or a folder
  [ "$(uname -s)" = Linux ] || { echo "setup: the compat build needs Linux; here use: ./cnn setup --build packages"; exit 1; }
  debian_packages
  echo "setup: building the native library and the solution (first time: about two minutes)"
  compat/native/build.sh >> "$log" 2>&1 || { tail -n 30 "$log"; echo "setup: building compat/native failed; the log is $log"; exit 1; }
  build_solution "$1" compat || { tail -n 30 "$log"; echo "setup: dotnet build failed; the log is $log"; exit 1; }
}

case $MLNet in
  packages) use_packages || { tail -n 20 "$log"; echo "setup: the build on the published packages is not possible: $why. The log is $log. The other build: ./cnn setup --build compat"; exit 1; } ;;
  '')
    if use_packages; then MLNet=packages
    else
      echo "setup: not using the published packages ($why); taking compat, our own implementation on the system's libtorch"
      MLNet=compat; use_compat compat
    fi ;;
  *) use_compat "$MLNet" ;;
esac
[ $lasting = no ] || keep "$MLNet" "$([ "$MLNet" = packages ] && echo packages || echo compat)"
echo "$MLNet" > "$stamp"
