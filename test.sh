#!/usr/bin/env bash
# All tests, after the same set-up as ./cnn. The last line is: N passed, N failed
#   ./test.sh [FILTER]   FILTER as dotnet test --filter understands it
set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" || exit 1
build/setup.sh --all || { echo "0 passed, 1 failed"; exit 1; }
[ -d /usr/share/datasets/fashion-mnist ] || build/apt-install.sh dataset-fashion-mnist || { echo "0 passed, 1 failed"; exit 1; }
command -v chromium >/dev/null || build/apt-install.sh chromium || { echo "0 passed, 1 failed"; exit 1; } # for the tests of the HTML report
. build/chosen.sh
results=artifacts/test-results
rm -rf "$results"
filter=()
[ $# -eq 0 ] || filter=(--filter "$1")
status=0
# One test assembly at a time: each may use all cores.
dotnet test CnnTrainers.sln -c Release --no-build --nologo -m:1 --logger "trx;LogFilePrefix=run" --results-directory "$results" "${filter[@]}" || status=1
sum() { cat "$results"/*.trx 2>/dev/null | grep -oE "<Counters [^>]*" | grep -oE " $1=\"[0-9]+" | grep -oE '[0-9]+$' | awk '{n += $1} END {print n + 0}'; }
passed=$(sum passed)
failed=$(sum failed)
skipped=$(sum notExecuted)
[ "$skipped" = 0 ] || { echo "$skipped tests were skipped; none may be"; failed=$((failed + skipped)); }
# A run that broke off counts as a failure even where every finished test passed.
if [ "$failed" = 0 ] && { [ $status -ne 0 ] || [ "$passed" = 0 ]; }; then failed=1; fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
