#!/usr/bin/env bash
# A data folder with demonstration content and a person of each role, once for all browser tests:
# prepare.sh BUILD FOLDER. Each test's server works on a copy of FOLDER/data.
set -euo pipefail
# shellcheck source=tests/site.sh
source "$(dirname "${BASH_SOURCE[0]}")/../site.sh"
build=$1 folder=$2

for program in vitrine-server vitrine-render vitrine-worker; do
    [ -x "$build/$program" ] || { echo "prepare.sh : il manque $build/$program"; exit 77; }
done
rm -rf "$folder"
site_make "$build" "$folder"
for person in ines:reader lea:contributor nadia:validator paul:publisher omar:site_operator; do
    site_server user add "${person%:*}" --role "${person#*:}" --email "${person%:*}@ville.example" \
        --password-file "$folder/password"
done
# The first start publishes every screen's programme: copies find it done.
site_serve
trap site_stop EXIT
site_wait "$site_log" '\(event=[a-z_]*publish[a-z_]*\)' "$site_pid" >/dev/null || true
curl -sS --max-time 30 "$site_url/readyz" >/dev/null
