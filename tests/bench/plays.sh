# Plays stored: sourced by bench.sh.

# Batches of 500 as players send them, from their JSON to the disk, with the unique key and the
# hourly sums: what POST /player/v1/reports does, without HTTP.
bench_plays() {
    local out=$work/plays.out folder
    folder=$(mktemp -d -p "$work")
    "$build/tests/bench/plays_bench" "$folder" 1000 >"$out" || fail "plays_bench"
    rm -r "$folder"
    row plays "diffusions enregistrées par seconde, une transaction par lot de 500" \
        "$(field "$out" per_second)" "par s" ">=" 50000
}
