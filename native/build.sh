#!/bin/sh
# native/build.sh OUTPUT: makes libcnnkernels.so in that folder, where a C++ compiler is found (CXX, g++, clang++). Quick and silent when
# nothing changed. With SANITIZE=address in the environment: only the objects, each with that check, for tests. Ends with 3 where there is no compiler.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
library=$out/libcnnkernels.so
for CXX in "${CXX:-}" g++ clang++ ''; do
    if [ -n "$CXX" ] && command -v "$CXX" >/dev/null; then break; fi
done
[ -n "$CXX" ] || exit 3

objects=$out/objects
mkdir -p "$objects"
exec 9>"$objects/.lock"
flock 9 # two builds at once would write the same files
# Sums of products are one instruction (-ffp-contract=fast).
flags="-std=c++17 -O2 -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -ffp-contract=fast -Wall -Wextra -Wno-unused-parameter -Wno-unused-function -Wno-psabi"
optimized=-O3 # the loops
[ -z "${SANITIZE:-}" ] || { flags="$flags -fsanitize=$SANITIZE -g"; optimized=-O1; }
# GCC makes real vectors of 512 bits only where it is told to.
wide="-mprefer-vector-width=512 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma -mavx2"

choice="$CXX $("$CXX" -dumpmachine) $("$CXX" -dumpversion) $flags"
[ "$(cat "$objects/.choice" 2>/dev/null)" = "$choice" ] || { rm -f "$objects"/*.o "$library"; printf '%s' "$choice" >"$objects/.choice"; }
case $("$CXX" -dumpmachine) in
x86_64*) sets="basic avx2 avx512 avx512bf16" ;;
*) sets="basic" ;;
esac

# Each line: the object, the source, its own flags.
list() {
    for source in "$here"/*.cpp; do
        name=$(basename "$source" .cpp)
        case $name in
        *_kernels)
            for set in $sets; do
                case $set in
                basic) own=-O2 ;; # for processors of long ago: not worth the compiler's time
                avx2) own="-mavx2 -mfma" ;;
                avx512) own=$wide ;;
                avx512bf16) own="$wide -mavx512bf16" ;;
                esac
                echo "$name.$set.o $source $optimized -DCNN_SET=$set $own"
            done
            ;;
        *) echo "$name.o $source" ;;
        esac
    done
}

newest=$(ls -t "$here"/*.h "$here"/build.sh | head -n 1)
todo=$(list | while read -r object source own; do
    if [ ! -f "$objects/$object" ] || [ "$source" -nt "$objects/$object" ] || [ "$newest" -nt "$objects/$object" ]; then echo "$objects/$object $source${own:+ $own}"; fi
done)
if [ -n "$todo" ]; then
    export CXX flags
    # The longest first.
    echo "$todo" | sort -t. -k2 | xargs -P "$(nproc)" -L 1 sh -c 'object=$0; exec "$CXX" $flags -c -o "$object" "$@"'
fi
[ -z "${SANITIZE:-}" ] || exit 0
if [ -n "$todo" ] || [ ! -f "$library" ]; then
    # What loops share with other files has to be inlined: numbers.h says why.
    shared=$(nm -C "$objects"/*_kernels.*.o | grep ' [WV] ' || true)
    if [ -n "$shared" ]; then
        echo "native/build.sh: not inlined in the loops: $shared" >&2
        exit 1
    fi
    "$CXX" -shared -o "$library.new" "$objects"/*.o -Wl,--no-undefined -Wl,--as-needed -Wl,--version-script="$here/exports.map"
    mv "$library.new" "$library" # a program that has the old file loaded keeps it
fi
