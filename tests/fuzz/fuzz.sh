#!/usr/bin/env bash
# fuzz.sh BUILD [TARGET [SECONDS]]: libFuzzer over one target, or a minute over each. The corpus grows
# in BUILD/corpus; what breaks a target is kept in BUILD/found, and is to become a seed.
set -euo pipefail
build=$1 only=${2:-} seconds=${3:-60}
export ASAN_OPTIONS=detect_leaks=1 LSAN_OPTIONS=suppressions=$(dirname "${BASH_SOURCE[0]}")/../lsan.supp
failed=0 found_any=
for list in "$build"/tests/fuzz/*.seeds; do
    name=$(basename "$list" .seeds)
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    found_any=1
    corpus=$build/corpus/$name found=$build/found/$name-
    mkdir -p "$corpus" "$build/found"
    while read -r seed; do
        [ ! -e "$seed" ] || find "$seed" -type f -size -256k -exec cp -n {} "$corpus" \;
    done <"$list"
    printf '— %s\n' "$name"
    "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len=65536 -timeout=10 \
        -rss_limit_mb=1024 -print_final_stats=1 -verbosity=0 -artifact_prefix="$found" "$corpus" \
        2>"$build/found/$name.log" || { failed=1; tail -n 40 "$build/found/$name.log"; }
    grep -E 'number_of_executed_units|peak_rss' "$build/found/$name.log" || true
done
[ -n "$found_any" ] || { printf '%s: no such target\n' "$only" >&2; exit 2; }
exit $failed
