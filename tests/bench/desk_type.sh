# shellcheck shell=bash
# From a key to the picture in the desk's form: sourced by bench.sh.

DESK_KEYS=20

bench_desk_type() {
    local least middle longest out=$work/desk_type.out
    [ -d "$root/build/npm/browser/node_modules" ] || fail "il manque les paquets npm de tests/browser"
    (
        trap site_stop EXIT
        site_make "$build" "$work/desk_type" && site_serve &&
            node "$here/desk_type.mjs" "$site_url" "$DESK_KEYS" >"$out"
    ) || fail "desk_type.mjs"
    read -r least middle longest <"$out"
    row desk_type "touche → les deux aperçus à l’écran, dans le navigateur (médiane sur $DESK_KEYS)" "$middle" ms "<" 300
    row desk_type "le même : le plus court" "$least" ms
    row desk_type "le même : le plus long" "$longest" ms
}
