# shellcheck shell=bash
# How soon an emergency shows, and how far two players are apart; bench.sh sources it.

ALERT_ROUNDS=7
STEP_SECONDS=60

now_ms() { date +%s%3N; }

# The newest frame's wall time once it is another than NAME.
frame_after() {
    local i newest
    for ((i = 0; i < 400; i++)); do
        newest=$(ls -t "$work/alert.frames" | head -n 1)
        [ "$newest" != "$1" ] && { printf '%s\n' "$newest"; return; }
        sleep 0.02
    done
    fail "le message n’est pas venu"
}

bench_alert() {
    need_state mesure-fixe
    local round before frame began
    SDL_VIDEODRIVER=dummy "$build/vitrine-player" --state "$work/mesure-fixe" --server "$site_url" \
        --backend surface --windowed 960x540 --frames-to "$work/alert.frames" 2>"$work/alert.log" &
    player_pid=$!
    started+=("$player_pid")
    site_wait "$work/alert.log" '\(event=first_frame\)' "$player_pid" >/dev/null || fail "pas d’image"
    sleep 5
    for ((round = 0; round < ALERT_ROUNDS; round++)); do
        # Away from the strip's minute, which is a frame too.
        [ "$(date +%-S)" -lt 50 ] || sleep 12
        before=$(ls -t "$work/alert.frames" | head -n 1)
        began=$(now_ms)
        "$build/vitrine-server" emergency start --title "Quai fermé" --screen mesure-fixe \
            --for 10m --data "$site_data" >>"$site_log" 2>&1 || fail "pas de message"
        frame=$(frame_after "$before")
        frame=${frame#*-}
        printf '%s\n' "$((${frame%.png} - began))" >>"$work/alert.times"
        "$build/vitrine-server" emergency end --all --data "$site_data" >>"$site_log" 2>&1
        sleep 3
    done
    end "$player_pid"
    row alert "message d’urgence : du lancement de la commande à l’image (médiane)" \
        "$(median "$work/alert.times" 1)" ms '<=' 2000
    row alert "le même, au plus" "$(sort -n "$work/alert.times" | tail -n 1)" ms '<=' 2000
}

bench_step() {
    local photo slides=() out=$work/step.out
    for photo in cafe menuiserie textile; do
        slides+=("photo:$root/assets/demo/photos/$photo.jpg:Atelier $photo")
    done
    "$build/tests/player/make_manifest" "$work/step" origin=1700000000000 duration=2000 \
        transition=cut width=480 height=270 "${slides[@]}" || fail "make_manifest"
    python3 "$here/step.py" "$build" "$work" $STEP_SECONDS >"$out" || fail "step.py"
    row step "deux lecteurs côte à côte : écart au changement (médiane sur $(field "$out" step_changes))" \
        "$(field "$out" step_median_ms)" ms '<=' 16.7
    row step "le même, au plus" "$(field "$out" step_most_ms)" ms '<=' 16.7
}
