#!/usr/bin/env bash
# Writes the lists of the public API anew: PublicAPI.Unshipped.txt beside each library gets what is not in PublicAPI.Shipped.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for name in CnnTrainers Pipelines; do
  # From nothing: the fixer loses lines where some are wrong and some are missing.
  echo '#nullable enable' > "src/$name/PublicAPI.Unshipped.txt"
  dotnet format analyzers "src/$name/$name.csproj" --diagnostics RS0016 --severity warn
done
