#!/usr/bin/env bash
# Runs one browser test; says why when it cannot: run.sh BUILD SITE TEST.mjs
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

skip() { echo "browser : $1"; exit 77; }
command -v node >/dev/null || skip "node n’est pas installé"
command -v chromium >/dev/null || skip "chromium n’est pas installé"
[ -d "$here/../../build/npm/browser/node_modules" ] || skip "./dev test installe les paquets npm de tests/browser"
export VITRINE_BUILD=$1 VITRINE_SITE=$2
exec node --test "$here/$3"
