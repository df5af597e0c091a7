# shellcheck shell=bash
# What a visitor waits for at the kiosk: sourced by bench.sh.

bench_kiosk() {
    local out=$work/kiosk.out frame
    "$build/tests/bench/kiosk_bench" 100000 >"$out" || fail "kiosk_bench"
    kiosk_figure() { sed -n "s/^$1 //p" "$out" | cut -d' ' -f"$2"; }
    row kiosk "borne, 100 000 structures : du toucher à son image, 99e centile" \
        "$(kiosk_figure touch 2)" ms "<=" 50
    row kiosk "le même : médiane" "$(kiosk_figure touch 1)" ms
    row kiosk "d’une lettre tapée aux résultats affichés, 99e centile" \
        "$(kiosk_figure key 2)" ms "<=" 50
    row kiosk "la même : médiane" "$(kiosk_figure key 1)" ms
    row kiosk "ouvrir une fiche, première image : 99e centile" "$(kiosk_figure sheet 2)" ms
    for frame in scroll scroll_wide map map_wide; do
        row kiosk "une image pendant le défilement ($frame) : 99e centile" \
            "$(kiosk_figure $frame 2)" ms "<=" 33
    done
    row kiosk "mémoire du processus, annuaire ouvert et parcouru" "$(kiosk_figure memory 1)" Mio \
        "<=" 150
}
