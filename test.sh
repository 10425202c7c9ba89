#!/usr/bin/env bash
# Builds everything and runs all tests. The last line is: N passed, N failed
#   ./test.sh [FILTER]   only tests whose full name contains FILTER
#   ./test.sh --cuda     only the tests that need an NVIDIA card; TorchRuntime=cuda-linux in the environment builds for one
set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" || exit 1
ready() { "$@" || { echo "0 passed, 1 failed"; exit 1; }; }
ready build/build.sh all
if [ "${1:-}" = --cuda ]; then exec artifacts/bin/Cuda.Tests/release/CnnTrainers.Cuda.Tests --progress off; fi
[ -d /usr/share/datasets/fashion-mnist ] || ready build/apt-install.sh dataset-fashion-mnist
command -v chromium >/dev/null || ready build/apt-install.sh chromium # for the tests of the HTML report
command -v mpirun >/dev/null || ready build/apt-install.sh openmpi-bin iproute2 # for the tests of several processes
results=$PWD/artifacts/test-results
rm -rf "$results"
filter=()
[ $# -eq 0 ] || filter=(--filter-method "*$1*")
status=0
# One test assembly at a time: each may use all cores. 8: none of an assembly's tests was asked for.
dotnet test --solution CnnTrainers.sln -c Release --no-build --max-parallel-test-modules 1 --report-xunit-trx --results-directory "$results" --ignore-exit-code 8 "${filter[@]}" || status=1
sum() { cat "$results"/*.trx 2>/dev/null | grep -oE "<Counters [^>]*" | grep -oE " $1=\"[0-9]+" | grep -oE '[0-9]+$' | awk '{n += $1} END {print n + 0}'; }
passed=$(sum passed)
failed=$(sum failed)
skipped=$(sum notExecuted)
# Without a C++ compiler there are no native kernels to test.
unbuilt=0
[ -e artifacts/native/libcnnkernels.so ] || unbuilt=$(cat "$results"/*.trx 2>/dev/null | grep -o 'not there (libcnnkernels.so is built where' | wc -l)
[ "$unbuilt" = 0 ] || echo "$unbuilt tests of the native kernels were left out: there is no C++ compiler on PATH to build them"
[ "$skipped" = "$unbuilt" ] || { echo "$((skipped - unbuilt)) tests were skipped; none may be"; failed=$((failed + skipped - unbuilt)); }
# A run that broke off counts as a failure even where every finished test passed.
if [ "$failed" = 0 ] && { [ $status -ne 0 ] || [ "$passed" = 0 ]; }; then failed=1; fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
