# Sourced by bench.sh: all manifests of a network.

PROGRAMME_SCREENS=1000
PROGRAMME_RULES=200
PROGRAMME_DIFFERENT=50 # each costs as much: the thousandth tells nothing new

bench_programme() {
    local out=$work/programme.out folder=$work/programme
    mkdir -p "$folder/shared" "$folder/different"
    "$build/tests/bench/programme_bench" "$folder/shared" $PROGRAMME_SCREENS $PROGRAMME_RULES 0 \
        >"$out" || fail "programme_bench"
    row programme "$PROGRAMME_SCREENS écrans × $PROGRAMME_RULES règles, 8 groupes : tout assemblé, signé et rangé" \
        "$(calc %.2f "$(field "$out" publish_s)")" s
    row programme "de même, quand rien n’a changé" "$(calc %.2f "$(field "$out" again_s)")" s
    "$build/tests/bench/programme_bench" "$folder/different" $PROGRAMME_DIFFERENT \
        $PROGRAMME_RULES $PROGRAMME_DIFFERENT >"$out" || fail "programme_bench"
    row programme "un écran que $PROGRAMME_RULES règles visent et qui ne ressemble à aucun autre" \
        "$(calc %.0f "$(field "$out" publish_ms)")" ms
    rm -rf "$folder"
}
