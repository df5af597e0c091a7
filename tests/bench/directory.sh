# shellcheck shell=bash
# What a key costs in the kiosk's directory: sourced by bench.sh.

bench_directory() {
    local out=$work/directory.out
    "$build/tests/bench/directory_bench" 100000 >"$out" || fail "directory_bench"
    directory_figure() { sed -n "s/^$1 //p" "$out"; }
    read -r names_p50 names_p99 _ <<<"$(directory_figure names)"
    read -r _ typos_p99 _ <<<"$(directory_figure typos)"
    read -r _ facets_p99 _ <<<"$(directory_figure facets)"
    row directory "annuaire de la borne, 100 000 structures : une touche, 99e centile" \
        "$names_p99" ms "<=" 1
    row directory "la même : médiane" "$names_p50" ms
    row directory "une touche avec une faute de frappe : 99e centile" "$typos_p99" ms "<=" 1
    row directory "une touche, deux filtres choisis : 99e centile" "$facets_p99" ms
    row directory "ouvrir le fichier ($(directory_figure file) Mio)" "$(directory_figure open)" ms
    row directory "mémoire de l’annuaire ouvert" "$(directory_figure memory)" Mio "<=" 40
    row directory "construire le fichier" "$(directory_figure build)" ms "<=" 15000
}
