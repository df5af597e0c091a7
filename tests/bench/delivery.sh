# shellcheck shell=bash
# How long others wait while somebody's long file is applied and undone; bench.sh sources it.

bench_delivery() {
    local out=$work/delivery.out
    PYTHONDONTWRITEBYTECODE=1 python3 "$here/delivery.py" "$build/vitrine-server" "$root" >"$out" ||
        fail "delivery.py"
    row delivery "20000 lignes appliquées depuis le bureau" "$(field "$out" apply_s)" s
    row delivery "la plus longue attente de qui enregistre pendant ce temps" \
        "$(field "$out" apply_wait_ms)" ms "<" 1000
    row delivery "les mêmes annulées" "$(field "$out" undo_s)" s
    row delivery "la plus longue attente de qui enregistre pendant ce temps" \
        "$(field "$out" undo_wait_ms)" ms "<" 1000
}
