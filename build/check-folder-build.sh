#!/usr/bin/env bash
# Proves the build on a folder of ML.NET's assemblies (docs/building-with-real-mlnet.md) with a folder of copies of compat's own, once whole
# and once without Microsoft.ML.ImageAnalytics.dll. Builds the tool and runs cnn doctor for both, and for the second also the tests of
# estimators and of what the product uses.
#   build/check-folder-build.sh [FILTER]   other tests, as dotnet test --filter understands it
# Needs the build on compat, which ./test.sh makes. The last line is: folder build ok
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
filter=${1:-FullyQualifiedName~CnnTrainerContract|FullyQualifiedName~Contract.|FullyQualifiedName~PublishedApi|FullyQualifiedName~ThreadsTests}
export Torch=compat
for form in whole without-images; do
  folder=artifacts/mlnet-folder/$form
  mkdir -p "$folder"
  for project in compat/MLNet/Microsoft.ML.*/; do
    name=$(basename "$project")
    cp -p "artifacts/compat-compat/bin/$name/release/$name.dll" "$folder"
  done
  [ $form = whole ] || rm -f "$folder/Microsoft.ML.ImageAnalytics.dll"
  export MLNet=$folder
  echo "folder build: $form"
  dotnet build src/Cli/Cli.csproj -c Release -v q -clp:ErrorsOnly --nologo
  dotnet artifacts/folder-compat/bin/Cli/release/cnn.dll doctor | tail -n 1
done
for file in "$folder"/*.dll; do cmp "$file" "artifacts/folder-compat/bin/Cli/release/${file##*/}"; done
dotnet test tests/CnnTrainers.Tests -c Release -v q --nologo --filter "$filter"
echo "folder build ok"
