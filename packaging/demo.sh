#!/usr/bin/env bash
# The demonstration: demo.sh BUILD_FOLDER [options]. Server on an embedded SQLite with the demo
# content, and a player enrolled with it. Everything is kept in run/demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

english() { case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in en*) return 0 ;; *) return 1 ;; esac; }
say() { if english; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }
fail() { say "démo : $1" "demo: $2" >&2; exit 1; }

usage() {
    say "Usage : ./dev demo [OPTIONS]

  --screen ÉCRAN    astuce-theatre-des-arts (défaut), creapolis-hall ou creapolis-borne (tactile)
  --port PORT       port du serveur (défaut : 8080, ou un port libre s’il est pris)
  --headless        sans fenêtre : les images vont dans run/demo/images
  --seconds N       s’arrête après N secondes (sans fenêtre, défaut : 60 ; sinon : Ctrl-C)
  --reset           repart de zéro (efface run/demo)" \
"Usage: ./dev demo [OPTIONS]

  --screen SCREEN   astuce-theatre-des-arts (default), creapolis-hall or creapolis-borne (touch)
  --port PORT       the server's port (default: 8080, or a free one when it is taken)
  --headless        without a window: pictures go to run/demo/images
  --seconds N       stops after N seconds (without a window, default: 60; else: Ctrl-C)
  --reset           starts afresh (deletes run/demo)"
}

build=${1:-}
case "$build" in --help | -h | "") usage; exit 0 ;; esac
shift
screen=astuce-theatre-des-arts port=8080 seconds='' headless=false
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || headless=true
while [ $# -gt 0 ]; do
    case "$1" in
    --screen) screen=${2:?}; shift ;;
    --port) port=${2:?}; shift ;;
    --seconds) seconds=${2:?}; shift ;;
    --headless) headless=true ;;
    --reset) rm -rf run/demo ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; fail "option inconnue : $1" "unknown option: $1" ;;
    esac
    shift
done
case "$screen" in
astuce-theatre-des-arts | creapolis-hall | creapolis-borne) ;;
*) usage >&2; fail "écran inconnu : $screen" "unknown screen: $screen" ;;
esac

run=run/demo data=run/demo/server state=run/demo/$screen server_log=run/demo/server.log
player_log=run/demo/player.log login=run/demo/login.txt
mkdir -p "$run"

server_pid='' player_pid='' film_pid=''
finish() {
    trap - EXIT INT TERM
    [ -z "$film_pid" ] || kill "$film_pid" 2>/dev/null || true
    [ -z "$player_pid" ] || kill "$player_pid" 2>/dev/null || true
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
    wait 2>/dev/null || true
}
trap finish EXIT
trap 'finish; exit 130' INT TERM

vitrine_server() { "$build/vitrine-server" "$@" --data "$data"; }

if [ ! -f "$login" ]; then
    say "Préparation des données de démonstration" "Preparing the demonstration's data" >&2
    vitrine_server init >"$login.new"
    vitrine_server import annuaire assets/demo/annuaire.csv
    vitrine_server import evenements assets/demo/evenements.ics
    vitrine_server load assets/demo --playlists playlists/demo
    mv "$login.new" "$login"
fi

# A port that somebody else holds is no reason to fail: take a free one.
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then port=0; fi
: >"$run/server.out" # it may be looked for before the server has made it
"$build/vitrine-server" serve --data "$data" --listen "127.0.0.1:$port" \
    >"$run/server.out" 2>"$server_log" &
server_pid=$!
for _ in $(seq 300); do
    address=$(sed -n 's/.*\(http:[^ ]*\).*/\1/p' "$run/server.out")
    [ -z "$address" ] || break
    kill -0 "$server_pid" 2>/dev/null || { tail -n 5 "$server_log" >&2; fail \
        "le serveur s’est arrêté (journal : $server_log)" "the server stopped (log: $server_log)"; }
    sleep 0.1
done
[ -n "$address" ] || fail "le serveur ne répond pas" "the server does not answer"
# A film cannot lie in the sources: it is made from slides, once, while the demonstration runs.
if [ ! -f "$run/film/done" ]; then
    rm -rf "$run/film"
    cp -r assets/demo/film "$run/film"
    install -D -t "$run/film/photos" assets/demo/photos/ressourcerie.jpg
    "$build/vitrine-render" film assets/demo/film/diapositives/*.json --size 1280x720 --rate 25 \
        -o "$run/film/playlists/seconde-rive.mp4" >"$run/film.log" 2>&1 &
    film_pid=$!
fi

player=("$build/vitrine-player" --server "${address%/}" --state "$state")
if $headless; then
    rm -rf "$run/images"
    mkdir -p "$run/images"
    player+=(--frames-to "$run/images" --quit-after "${seconds:-60}")
    case "$screen" in
    astuce-*) player+=(--windowed 1920x1080) ;;
    *) player+=(--windowed 1080x1920) ;;
    esac
    SDL_VIDEODRIVER=dummy "${player[@]}" 2>"$player_log" &
else
    case "$screen" in
    astuce-*) player+=(--windowed 1280x720) ;;
    *) player+=(--windowed 540x960) ;;
    esac
    [ -z "$seconds" ] || player+=(--quit-after "$seconds")
    "${player[@]}" 2>"$player_log" &
fi
player_pid=$!

# Approves the player as an administrator would: by the code that its screen shows.
if [ ! -f "$state/server.json" ]; then
    for _ in $(seq 100); do
        code=$(sed -n 's/.*event=enrolment_code.*code=\([0-9A-Z-]*\).*/\1/p' "$player_log" |
            tail -n 1)
        if [ -n "$code" ] && vitrine_server screen approve "$code" --as "$screen" 2>/dev/null; then
            break
        fi
        sleep 0.2
    done
fi

echo
say "Page d’administration : $address" "Admin page: $address"
sed -n '2,$p' "$login"
say "Écran : $screen" "Screen: $screen"
if $headless; then
    say "Pas d’affichage ici : les images de l’écran vont dans $run/images (pendant ${seconds:-60} s)" \
        "No display here: the screen's pictures go to $run/images (for ${seconds:-60} s)"
else
    say "Ctrl-C pour arrêter. D’autres écrans : ./dev demo --screen creapolis-borne" \
        "Ctrl-C to stop. Other screens: ./dev demo --screen creapolis-borne"
fi
say "Journaux : $server_log, $player_log" "Logs: $server_log, $player_log"
if [ -n "$film_pid" ] && wait "$film_pid"; then
    vitrine_server load "$run/film" >>"$run/film.log" && touch "$run/film/done"
fi
film_pid=''
wait "$player_pid" || fail "le lecteur s’est arrêté (journal : $player_log)" \
    "the player stopped (log: $player_log)"
player_pid=''
if $headless; then
    say "$(find "$run/images" -name '*.png' | wc -l) images dans $run/images" \
        "$(find "$run/images" -name '*.png' | wc -l) pictures in $run/images"
fi
