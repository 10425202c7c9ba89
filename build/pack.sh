#!/usr/bin/env bash
# Packs the library and the pipelines into feed/. Arguments go to dotnet pack, for example -p:VersionSuffix=test.1 or -o FOLDER.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for project in src/CnnTrainers src/Pipelines; do
  dotnet pack "$project" -c Release "-p:PackageOutputPath=$PWD/feed/" --nologo -v quiet -clp:NoSummary "$@"
done
