#!/usr/bin/env bash
# The desk's bundle: types hold and no text is idle; page, script, style and fonts weigh less than 150 KB in
# all, as they are sent; and the same source gives the same bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
most=150000
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

node server/admin/build.mjs --check
node server/admin/build.mjs --size >"$folder/size"
cat "$folder/size"
all=$(awk '/in all/ { print $1 }' "$folder/size")
[ "$all" -lt "$most" ] || { echo "le bureau pèse $all octets compressés : $most au plus"; exit 1; }
node server/admin/build.mjs --out "$folder/one.c"
node server/admin/build.mjs --out "$folder/two.c"
cmp "$folder/one.c" "$folder/two.c"
