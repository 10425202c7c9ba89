#!/usr/bin/env bash
# Makes a checkout ready: chooses the build, installs Debian packages that are missing, builds the native part and the solution.
#   build/setup.sh [--build auto|packages|compat] [--all] [--again]
# Does nothing where nothing changed, unless --again. --all also builds tests and examples. The choice is kept in artifacts/build-choice.props.
# Everything it says goes to standard error: standard output belongs to the command that runs after it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
exec 1>&2

choice=artifacts/build-choice.props
wanted=auto
again=no
target=src/Cli/Cli.csproj
stamp=artifacts/setup.stamp
while [ $# -gt 0 ]; do
  case $1 in
    --build) wanted=${2-}; shift 2 || { echo "setup: --build needs a value: auto, packages or compat"; exit 2; } ;;
    --all) target=CnnTrainers.sln; stamp=artifacts/setup-all.stamp; shift ;;
    --again) again=yes; shift ;;
    -h|--help) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "setup: unknown option '$1'"; exit 2 ;;
  esac
done
case $wanted in auto|packages|compat) ;; *) echo "setup: --build is '$wanted', expected auto, packages or compat"; exit 2 ;; esac

kept() { [ -f "$choice" ] && sed -n 's:.*<Torch[^>]*>\(.*\)</Torch>.*:\1:p' "$choice" || true; }
fresh() { # nothing changed since the stamp; a build of everything serves the tool too
  local made=$stamp
  [ "$made" = artifacts/setup-all.stamp ] || [ ! artifacts/setup-all.stamp -nt "$made" ] || made=artifacts/setup-all.stamp
  [ -f "$made" ] && [ -f "$choice" ] &&
  [ -z "$(find src compat build tests examples ./*.props ./*.targets ./*.sln nuget.config -newer "$made" -type f -print -quit 2>/dev/null)" ]
}
if [ "$again" = no ] && { [ "$wanted" = auto ] || [ "$wanted" = "$(kept)" ]; } && fresh; then exit 0; fi

command -v dotnet >/dev/null || { echo "setup: the .NET 10 SDK (dotnet) is not on PATH. Install it and run this again."; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
mkdir -p artifacts
log=artifacts/setup.log
: > "$log"

keep() { # build: writes the choice that Directory.Build.props reads
  printf '<Project>\n  <PropertyGroup>\n    <MLNet Condition="'"'\$(MLNet)' == ''"'">%s</MLNet>\n    <Torch Condition="'"'\$(Torch)' == ''"'">%s</Torch>\n  </PropertyGroup>\n</Project>\n' "$1" "$1" > "$choice"
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

build_solution() { # build
  env MLNet="$1" Torch="$1" dotnet build "$2" -c Release -v q -clp:ErrorsOnly >> "$log" 2>&1
}

use_packages() { # where restore, build or doctor fails, $why says which
  why="restore failed"
  env MLNet=packages Torch=packages timeout 120 dotnet restore src/Cli/Cli.csproj -v q >> "$log" 2>&1 || {
    local missing; missing=$(grep -oE 'NU1101: Unable to find package [A-Za-z0-9.]+[A-Za-z0-9]' "$log" | sed 's/.*package //' | sort -u | paste -sd ' ' || true)
    [ -z "$missing" ] || why="this machine's package sources lack $missing"
    return 1; }
  why="build failed"; build_solution packages "$target" || return 1
  why="cnn doctor failed"; dotnet artifacts/packages-packages/bin/Cli/release/cnn.dll doctor >> "$log" 2>&1 || return 1
}

use_compat() {
  [ "$(uname -s)" = Linux ] || { echo "setup: the compat build needs Linux; here use: ./cnn setup --build packages"; exit 1; }
  debian_packages
  echo "setup: building the native library and the solution (first time: about two minutes)"
  compat/native/build.sh >> "$log" 2>&1 || { tail -n 30 "$log"; echo "setup: building compat/native failed; the log is $log"; exit 1; }
  build_solution compat "$target" || { tail -n 30 "$log"; echo "setup: dotnet build failed; the log is $log"; exit 1; }
}

build=$wanted
[ "$build" != auto ] || build=$(kept)
case $build in
  compat) use_compat ;;
  packages) use_packages || { tail -n 20 "$log"; echo "setup: the build on the published packages is not possible: $why. The log is $log. The other build: ./cnn setup --build compat"; exit 1; } ;;
  *)
    if use_packages; then build=packages
    else
      echo "setup: not using the published packages ($why); taking compat, our own implementation on the system's libtorch"
      build=compat; use_compat
    fi ;;
esac
keep "$build"
touch "$stamp"
