#!/bin/sh
# Builds artifacts/native/libcnntorch.so. LIBTORCH=<dir> takes that libtorch instead of the system's.
# Quick and silent when nothing changed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build="$root/artifacts/native-build"
target="$root/artifacts/native/libcnntorch.so"
mkdir -p "$build" "$root/artifacts/native"

if [ -n "${LIBTORCH:-}" ]; then
    LIBTORCH=$(cd "$LIBTORCH" && pwd)
fi

# Two builds at once would write the same files.
exec 9>"$build/.lock"
flock 9

choice="LIBTORCH=${LIBTORCH:-} $here"
if [ ! -f "$build/build.ninja" ] && [ ! -f "$build/Makefile" ] || [ "$(cat "$build/.choice" 2>/dev/null)" != "$choice" ]; then
    rm -f "$build/CMakeCache.txt"
    generator=""
    if command -v ninja >/dev/null; then generator="-GNinja"; fi
    cmake $generator -S "$here" -B "$build" -DCMAKE_BUILD_TYPE=Release -DLIBTORCH="${LIBTORCH:-}" >"$build/configure.log" 2>&1 || {
        cat "$build/configure.log" >&2
        exit 1
    }
    printf '%s' "$choice" >"$build/.choice"
fi
cmake --build "$build" --parallel 2 >"$build/build.log" 2>&1 || {
    cat "$build/build.log" >&2
    exit 1
}
# Replaced by renaming: a program that has the old file loaded keeps it.
if ! cmp -s "$build/libcnntorch.so" "$target"; then
    cp "$build/libcnntorch.so" "$target.new"
    mv "$target.new" "$target"
    echo "built $target"
fi
