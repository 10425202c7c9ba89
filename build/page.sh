#!/usr/bin/env bash
# Makes the bundle of the HTML report's page, src/Pipelines/Reports/Page/dist, out of the sources beside it. The bundle is committed, so that
# only those who change the page need this, and Node.js 18 or later with npm for it.
#   build/page.sh           writes the bundle
#   build/page.sh --check   writes nothing beside the sources; fails where they give another bundle than the one that is there
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case ${1-} in ''|--check) ;; *) echo "page: unknown option '$1', expected --check or nothing" >&2; exit 2 ;; esac
command -v npm >/dev/null || { echo "page: npm is not on PATH. On Debian: build/apt-install.sh nodejs npm" >&2; exit 1; }

page=src/Pipelines/Reports/Page
work=artifacts/npm/page # nothing but the bundle is written beside the sources
mkdir -p "$work"
find "$work" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
find "$page" -maxdepth 1 -type f -exec cp {} "$work" \;
installed=$work/node_modules/installed-lock.json
cmp -s "$page/package-lock.json" "$installed" || {
  (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2
  cp "$page/package-lock.json" "$installed"
}
(cd "$work" && npm run build --silent) >&2
# What the bundle was made of and what it is: a test reads it where there is no npm.
(cd "$work" && find . -type f ! -path './node_modules/*' ! -name made-of.sha256 -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum --text > dist/made-of.sha256)

if [ "${1-}" = --check ]; then
  diff -rq "$page/dist" "$work/dist" >&2 || { echo "page: $page/dist is not what the sources give. Run build/page.sh and commit the result." >&2; exit 1; }
else
  mkdir -p "$page/dist"
  cp "$work"/dist/* "$page/dist"
fi
