# shellcheck shell=bash
# The player beside Chromium and mpv (compare.py); bench.sh sources it.

COMPARE_PHOTOS=(cafe menuiserie textile numerique)
# A loop with fades as long as the goal "nothing dropped" asks for.
COMPARE_LOOP_SECONDS=${COMPARE_LOOP_SECONDS:-600}
COMPARE_FILM_SECONDS=20

# Ten seconds a photo, slowly nearing, with a little grain so that it codes like a camera's film.
make_film() {
    local photos=$root/assets/demo/photos half=$((COMPARE_FILM_SECONDS / 2))
    local move="scale=2400:-1,zoompan=z='min(zoom+0.0005,1.2)':d=$((half * 30)):s=1920x1080:fps=30"
    ffmpeg -v error -y -i "$photos/cafe.jpg" -i "$photos/textile.jpg" -filter_complex \
        "[0]$move[a];[1]$move[b];[a][b]concat=n=2,noise=alls=5:allf=t,format=yuv420p" \
        -c:v libx264 -preset veryfast -profile:v high -level 4.1 -b:v 6M -movflags +faststart -an \
        "$1" || fail "ffmpeg ne fait pas de film"
}

# The loop's slides as pictures for Chromium: what the player itself shows.
make_pictures() {
    local folder=$1 i key at
    key=$(head -n 1 "$folder/loop/current.manifest" | cut -d ' ' -f 3)
    for ((i = 0; i < ${#COMPARE_PHOTOS[@]}; i++)); do
        at=$(date -u -d "@$((1700000000 + i * 4 + 2))" +%Y-%m-%dT%H:%M:%SZ)
        "$build/vitrine-render" screen --manifest "$folder/loop/current.manifest" \
            --key "$key" --media "$folder/loop/cache" --at "$at" -o "$folder/slide-$i.png" >/dev/null || fail "vitrine-render"
    done
}

prepare_comparison() {
    local folder=$1 photo slides=() make=$build/tests/player/make_manifest
    mkdir -p "$folder"
    make_film "$folder/film.mp4"
    for photo in "${COMPARE_PHOTOS[@]}"; do
        slides+=("photo:$root/assets/demo/photos/$photo.jpg:Atelier $photo")
    done
    "$make" "$folder/loop" origin=1700000000000 duration=4000 "${slides[@]}" &&
        "$make" "$folder/one" origin=1700000000000 "${slides[0]}" &&
        "$make" "$folder/film" origin=1700000000000 \
            "film:$folder/film.mp4:$((COMPARE_FILM_SECONDS * 1000)):Film" ||
        fail "make_manifest"
    make_pictures "$folder"
}

# beside FIGURE OURS THEIRS UNIT SHARE: our value, and theirs times the share as its goal.
beside() {
    row compare "$1" "$2" "$4" '<=' "$(calc %.3g "$3 * $5")"
}

bench_compare() {
    local out=$work/compare.out folder=$work/compare v
    need_display
    export DISPLAY=$display SDL_VIDEODRIVER=x11
    prepare_comparison "$folder"
    python3 "$here/compare.py" "$build" "$folder" "$COMPARE_LOOP_SECONDS" "$display_pid" >"$out" ||
        fail "la comparaison s’est arrêtée"
    v() { field "$out" "$1"; }
    row compare "Chromium : démarrage → première image" "$(v start_chromium_ms)" ms
    row compare "mpv (x11) : démarrage → première image du film" "$(v start_mpv_ms)" ms
    beside "lecteur : démarrage → première image, but 1/3 de Chromium" "$(v start_player_ms)" \
        "$(v start_chromium_ms)" ms 1/3
    beside "lecteur : démarrage → première image du film, but celui de mpv" \
        "$(v start_player_film_ms)" "$(v start_mpv_ms)" ms 1
    row compare "Chromium : mémoire (PSS) dans une boucle de photos" "$(v loop_chromium_mb)" Mo
    beside "lecteur : le même, but 1/6 de Chromium" "$(v loop_player_mb)" "$(v loop_chromium_mb)" \
        Mo 1/6
    row compare "Chromium : processeur, image fixe" "$(v still_chromium_cpu)" %
    row compare "lecteur : le même" "$(v still_player_cpu)" %
    row compare "Chromium : processeur, boucle avec fondus" "$(v loop_chromium_cpu)" %
    beside "lecteur : le même, but 1/5 de Chromium" "$(v loop_player_cpu)" \
        "$(v loop_chromium_cpu)" % 1/5
    row compare "Chromium : le même avec le serveur X" "$(v loop_chromium_cpu_x)" %
    row compare "lecteur : le même avec le serveur X" "$(v loop_player_cpu_x)" %
    row compare "Chromium : images perdues sur $(($(v loop_chromium_frames) + $(v loop_chromium_dropped)))" \
        "$(v loop_chromium_dropped)" images
    row compare "lecteur : images perdues sur $(($(v loop_player_frames) + $(v loop_player_dropped))), boucle de $COMPARE_LOOP_SECONDS s" \
        "$(v loop_player_dropped)" images '<=' 0
    row compare "mpv (x11) : processeur, film 1080p30" "$(v film_mpv_cpu)" %
    beside "lecteur : le même, but 0,7 de mpv" "$(v film_player_cpu)" "$(v film_mpv_cpu)" % 0.7
    row compare "mpv (x11) : mémoire (PSS), film 1080p30" "$(v film_mpv_mb)" Mo
    row compare "lecteur : le même" "$(v film_player_mb)" Mo
    row compare "mpv (x11) : images du film perdues" "$(v film_mpv_dropped)" images
    row compare "lecteur : le même, sur $(v film_player_frames)" \
        "$(v film_player_dropped)" images '<=' 0
}
