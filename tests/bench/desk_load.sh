# shellcheck shell=bash
# How long the desk takes to open: sourced by bench.sh.

DESK_LOADS=15

bench_desk_load() {
    local middle longest words kilobytes out=$work/desk_load.out
    [ -d "$root/build/npm/browser/node_modules" ] || fail "il manque les paquets npm de tests/browser"
    (
        trap site_stop EXIT
        site_make "$build" "$work/desk_load" && site_serve &&
            node "$here/desk_load.mjs" "$site_url" "$DESK_LOADS" >"$out"
    ) || fail "desk_load.mjs"
    read -r middle longest words kilobytes <"$out"
    row desk_load "le bureau s’ouvre, navigateur sans cache ($kilobytes ko)" "$middle" ms "<" 1000
    row desk_load "le même : le plus long de $DESK_LOADS" "$longest" ms
    row desk_load "le même : premiers mots" "$words" ms
}
