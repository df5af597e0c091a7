# shellcheck shell=bash
# What the kiosk's map costs: sourced by bench.sh.

bench_map() {
    local out=$work/map.out
    "$build/tests/bench/map_bench" 100000 >"$out" || fail "map_bench"
    map_figure() { sed -n "s/^$1 //p" "$out"; }
    row map "carte de la borne, 100 000 structures : ranger les lieux d’une réponse" \
        "$(map_figure 'places 100000')" ms "<=" 5
    row map "les mêmes : grouper, au pire des échelles" "$(map_figure 'clusters 100000')" ms "<=" 5
    row map "les mêmes : première image de la carte, en 1080p" "$(map_figure first)" ms
    row map "une image pendant que le doigt la déplace" "$(map_figure drag)" ms "<=" 33
    row map "une image pendant que deux doigts l’étirent" "$(map_figure pinch)" ms "<=" 33
}
