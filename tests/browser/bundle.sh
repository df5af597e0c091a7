#!/usr/bin/env bash
# The desk's bundle: types hold; page, script and style weigh less than 150 KB gzipped in all, the fonts
# less than 25; and the same source gives the same bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
most=150000
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

node server/admin/build.mjs --check
node server/admin/build.mjs --size >"$folder/size"
cat "$folder/size"
all=$(awk '/gzipped in all/ { print $1 }' "$folder/size")
[ "$all" -lt "$most" ] || { echo "le bureau pèse $all octets compressés : $most au plus"; exit 1; }
fonts=$(awk '/fonts besides/ { print $1 }' "$folder/size")
[ "$fonts" -lt 25000 ] || { echo "les polices du bureau pèsent $fonts octets : 25000 au plus"; exit 1; }
node server/admin/build.mjs --out "$folder/one.c"
node server/admin/build.mjs --out "$folder/two.c"
cmp "$folder/one.c" "$folder/two.c"
