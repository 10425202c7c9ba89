#!/usr/bin/env bash
# build/build.sh [all]: builds the cnn tool, or everything, where something changed since the last time. Needs the .NET 10 SDK alone.
# What it says goes to standard error: standard output belongs to the command that runs after it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec 1>&2
what=${1:-tool}
target=src/Cli/Cli.csproj
[ "$what" = tool ] || target=CnnTrainers.sln
runtime=${TorchRuntime:-cpu}
stamp=artifacts/$what.$runtime.stamp
for made in "$stamp" "artifacts/all.$runtime.stamp"; do # a build of everything serves the tool too
  if [ -f "$made" ] && [ -f artifacts/bin/Cli/release/cnn.dll ] && [ "$(cat artifacts/runtime 2>/dev/null)" = "$runtime" ] &&
     [ -z "$(find src native build tests examples bench ./*.props ./*.targets ./*.sln nuget.config global.json -newer "$made" -type f -print -quit)" ]; then exit 0; fi
  [ "$what" = tool ] || break
done
command -v dotnet >/dev/null || { echo "cnn: the .NET 10 SDK (dotnet) is not on PATH. Install it and run this again."; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
mkdir -p artifacts
echo "cnn: building (the first time it fetches libtorch, 130 MB)"
log=artifacts/build.log
begun=$(mktemp artifacts/begun.XXXX)
dotnet build "$target" -c Release -v q -clp:ErrorsOnly --nologo > "$log" 2>&1 || {
  rm -f "$begun"; grep -E "error" "$log" | sort -u | head -n 20 || tail -n 20 "$log"; echo "cnn: the build failed; the log is $log"; exit 1; }
echo "$runtime" > artifacts/runtime
mv "$begun" "$stamp" # what changed during the build counts as newer
