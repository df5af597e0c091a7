# shellcheck shell=bash
# What a key costs in the search: sourced by bench.sh.

# A thousand names and places typed key by key into a file of plausible organisations.
search_rows() {
    local count=$1 title=$2 goal=$3 out=$work/search.out
    "$build/tests/bench/search_bench" "$count" >"$out" || fail "search_bench"
    read -r built size keys p50 p99 worst <"$out"
    row search "recherche par touche, $title : 99e centile ($keys touches)" \
        "$(calc %.2f "$p99 / 1000")" ms "<=" "$goal"
    row search "la même : médiane" "$(calc %.2f "$p50 / 1000")" ms
    row search "la même : la plus longue" "$(calc %.1f "$worst / 1000")" ms
    row search "fichier de recherche, $title ($size Mio), construit en" "$built" s
}

bench_search() {
    local built size keys p50 p99 worst
    search_rows 100000 "100 000 structures" 1
    search_rows 1000000 "un million" 5
}
