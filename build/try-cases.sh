#!/usr/bin/env bash
# build/try-cases.sh FOLDER: what the tool does with inputs that went wrong elsewhere, a folder for each case (c02, c03, …). For reading, not a test.
set -uo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cases=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
tool() { echo "\$ cnn $*"; "$root/cnn" "$@" 2>&1 | grep -v '^epoch' | sed "s|$cases|CASES|g; s|$work|.|g"; echo "[exit ${PIPESTATUS[0]}]"; }
train() { tool train "$@" --image-size 32 --epochs 1 --batch-size 8 --seed 1 --checkpoint-every 0 --out m.zip; }
lenet() { train "$@" --arch lenet5; }
title() { printf '\n== %s ==\n' "$*"; }

title c02 five images in batches of two, with norms
tool train "$cases/c02/data5" --arch resnet18 --image-size 32 --epochs 1 --batch-size 2 --seed 1 --validation-fraction 0 --checkpoint-every 0 --out m.zip
title c03 links, loops, a broken link
mkdir c03 && cp -r "$cases/c04/data/." c03/ 2>/dev/null && chmod -R u+w c03 && class=$(ls -d c03/[a-z]*/ | head -n 1) &&
  ln -s .. "$class/up" && ln -s "$(ls "$cases"/c04/data/*/*.jpg | head -n 1)" "$class/linked.jpg" && ln -s nowhere.jpg "$class/broken.jpg"
lenet c03 --skip-unreadable
title c04 what other programs leave behind
lenet "$cases/c04/data"
title c05 JPEG by other names, GIF, HEIC
lenet "$cases/c05/data"
title c06 split, nested, flat
lenet "$cases/c06/split"
tool evaluate m.zip "$cases/c06/split"
lenet "$cases/c06/nested"
lenet "$cases/c06/flat"
title c07 one class, one image each, six and six
for data in one-class one-each six-six; do lenet "$cases/c07/$data"; done
title c08 names that lie, files that are none
lenet "$cases/c08/data"
tool predict m.zip "$cases"/c08/bad/*
title c09 damage
lenet "$cases/c09/data"
tool predict m.zip "$cases"/c09/good.* "$cases"/c09/bad/*
title c10 photos in the eight orientations
tool predict m.zip "$cases"/c10/*
title c11 CMYK, 16 bit, gray, palettes, clear pixels
lenet "$cases/c11/data"
title c12 TIFF
lenet "$cases/c12/data"
title c13 animations
lenet "$cases/c13/data"
title c16 list files
for list in "$cases"/c16/*.csv; do lenet "$list"; done
title c17 classes 1 to 12
lenet "$cases/c17/data"
tool evaluate m.zip "$cases/c17/data"
title c20 a rare class
lenet "$cases/c20/data"
title c32 the same picture in two classes, and in training and test
tool check "$cases/c32/train" --against "$cases/c32/test"
title numbers, outputs, words in place of files
lenet "$cases/c17/data" --learning-rate 0,01
tool train "$cases/c17/data" --arch lenet5 --out /dev/null/m.zip
tool predict m.zip "$cases/c17/data/1" --top 2
tool predict m.zip "$cases/c17/data/1/*.jpg" --out answers.csv
ls "$cases"/c17/data/1/*.jpg | head -n 2 | tool predict m.zip -
tool predict m.zip /dev/stdin <"$cases/c17/data/1/0.jpg"
