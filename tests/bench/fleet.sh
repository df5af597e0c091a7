# shellcheck shell=bash
# Figures of the fleet, for bench.sh: how soon a change reaches every waiting player.
# Source it after site.sh; it uses row, field, need_site's variables and $work.

FLEET_PLAYERS=1000
FLEET_PARKED=10000
FLEET_ROUNDS=3

# fleet_town NAME PLAYERS OPTION…: a site of its own with so many simulated screens, and a server.
fleet_town() {
    local folder=$work/$1 players=$2
    shift 2
    site_stop
    site_make "$build" "$folder" &&
        "$build/tests/bench/vitrine-fleet" make --data "$site_data" --players "$players" \
            --like "$SCREEN" "$@" && site_serve && started+=("$site_pid")
}

# fleet_run OUT OPTION…
fleet_run() {
    local out=$1
    shift
    "$build/tests/bench/vitrine-fleet" run --data "$site_data" --server "${site_url#http://}" "$@" >"$out"
}

# fleet_value FILE NAME: the median over the rounds.
fleet_value() {
    sed -n "s/.*\b$2=\([0-9]*\).*/\1/p" "$1" >"$1.$2"
    median "$1.$2" 1
}

fleet_cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$site_pid/stat"; }

# The demonstration site that others share stays as it is.
bench_fleet() {
    [ -z "$site_pid" ] || started+=("$site_pid")
    local site_data=${site_data:-} site_folder=${site_folder:-} site_log=${site_log:-}
    local site_url=${site_url:-} site_pid='' site_patience=180
    fleet_measure
}

fleet_measure() {
    local before after memory
    say "— $FLEET_PLAYERS écrans par groupes"
    fleet_town groups "$FLEET_PLAYERS" --groups 4 && fleet_run "$work/groups.txt" --rounds "$FLEET_ROUNDS" ||
        fail "la flotte par groupes n’a pas été servie"
    row fleet "$FLEET_PLAYERS lecteurs en attente, mêmes programmes : tous ont la nouvelle version" \
        "$(fleet_value "$work/groups.txt" last_ms)" ms "<" 1000
    say "— $FLEET_PLAYERS écrans tous différents"
    fleet_town differ "$FLEET_PLAYERS" --differ && fleet_run "$work/differ.txt" --rounds 1 ||
        fail "la flotte diverse n’a pas été servie"
    row fleet "$FLEET_PLAYERS lecteurs en attente, programmes tous différents" \
        "$(fleet_value "$work/differ.txt" last_ms)" ms
    say "— $FLEET_PARKED questions en attente"
    # Started again: idle is when nothing is left to be published.
    fleet_town parked "$FLEET_PARKED" --groups 4 && site_stop && site_serve ||
        fail "pas de flotte en attente"
    "$build/tests/bench/vitrine-fleet" run --data "$site_data" --server "${site_url#http://}" \
        --change wish --rounds 1 --hold 90 >"$work/parked.txt" &
    local client=$!
    site_wait "$work/parked.txt" '\(parked=[0-9]*\)' "$client" >/dev/null || fail "personne n’attend"
    sleep 45 # the first round of publication after a start
    before=$(fleet_cpu_ticks)
    sleep 20
    after=$(fleet_cpu_ticks)
    memory=$(awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$site_pid/status")
    wait "$client" || fail "les demandes n’ont pas été dites"
    row fleet "$FLEET_PARKED questions en attente : mémoire du serveur" "$memory" Mio "<=" 80
    row fleet "$FLEET_PARKED questions en attente : processeur" \
        "$(calc %.2f "($after - $before) / $(getconf CLK_TCK) / 20 * 100")" % "<" 2
    row fleet "$FLEET_PARKED questions en attente : toutes répondues" \
        "$(fleet_value "$work/parked.txt" last_ms)" ms "<" 500
    site_stop
}
