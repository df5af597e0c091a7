#!/usr/bin/env bash
# Runs one test of the desk's parts; says why when it cannot: run.sh TEST.mjs
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

skip() { echo "desk : $1"; exit 77; }
command -v node >/dev/null || skip "node n’est pas installé"
[ -d "$here/../../build/npm/admin/node_modules" ] || skip "./dev setup installe les paquets npm du bureau"
exec node --test "$here/$1"
