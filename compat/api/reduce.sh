#!/bin/sh
# Renews TorchSharp.txt from the full listing of the published assembly: reduce.sh FULL_LISTING [TYPE...]
# FULL_LISTING has "type  kind  signature" on each line. Kept are the types that stand in TorchSharp.txt and those named here,
# to keep the file small. A type's name stands once, after "= ", above its members; what comes often is abbreviated, see below.
set -eu
full=$1
shift
target="$(dirname "$0")/TorchSharp.txt"
kept=$(mktemp)
trap 'rm -f "$kept"' EXIT
{ sed -n 's/^= //p' "$target"; for type in "$@"; do printf '%s\n' "$type"; done; } >"$kept"
{
    echo '# Abbreviated: ~ TorchSharp.torch.  ^ System.Collections.Generic.  % ~ScalarType? dtype = null, ~Device device = null, bool requires_grad = false'
    echo '# At the start of a line: > method  public static ~Tensor   < method  public ~Tensor'
    awk -F'  ' '
        NR == FNR { kept[$0] = 1; next }
        !($1 in kept) { next }
        {
            if ($1 != last) print "= " $1
            last = $1
            print substr($0, length($1) + 3)
        }' "$kept" "$full" |
    sed -e '/^= /!s/TorchSharp\.torch\./~/g' -e '/^= /!s/System\.Collections\.Generic\./^/g' \
        -e 's/~ScalarType? dtype = null, ~Device device = null, bool requires_grad = false/%/' \
        -e 's/^method  public static ~Tensor /> /' -e 's/^method  public ~Tensor /< /'
} >"$target.new"
mv "$target.new" "$target"
