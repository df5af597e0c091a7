# What the scenarios share: a site, one player that keeps its frames, and checks that say what is
# wrong. Source it with the build folder as $1.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../site.sh"

build=$1
folder=$(mktemp -d)
player_pid=
export ASAN_OPTIONS=allow_user_segv_handler=0:handle_segv=2:detect_leaks=1
export LSAN_OPTIONS=suppressions=$site_source/tests/lsan.supp
export SDL_FRAMEBUFFER_ACCELERATION=0 LANG=fr_FR.UTF-8
# libdbus forks to start a bus, which under the sanitizers may wait for ever.
export DBUS_SESSION_BUS_ADDRESS=disabled:

cleanup() {
    status=$?
    trap - EXIT
    [ -z "$player_pid" ] || kill "$player_pid" 2>/dev/null || true
    site_stop
    wait 2>/dev/null || true
    if grep -l 'ERROR: AddressSanitizer\|ERROR: LeakSanitizer\|runtime error:' "$folder"/*.log; then
        status=1
    fi
    if [ $status -ne 0 ] && [ $status -ne 77 ]; then
        tail -n 15 "$folder"/*.log >&2
    fi
    rm -rf "$folder"
    exit $status
}
trap cleanup EXIT

die() { printf 'ÉCHEC : %s\n' "$1" >&2; exit 1; }
step() { printf '— %s\n' "$1"; }

# until_true SECONDS MESSAGE command…
until_true() {
    local end=$((SECONDS + $1)) message=$2
    shift 2
    until "$@"; do
        [ $SECONDS -lt $end ] || die "$message"
        sleep 0.2
    done
}

# play NAME [options]: a player with state NAME, frames in NAME.frames, log in NAME.log.
play() {
    local name=$1
    shift
    mkdir -p "$folder/$name.frames"
    "$build/vitrine-player" --server "$site_url" --state "$folder/$name" --backend surface \
        --frames-to "$folder/$name.frames" --quit-after 200 "$@" 2>>"$folder/$name.log" &
    player_pid=$!
}

end_player() {
    kill -TERM "$player_pid"
    wait "$player_pid" || die "le lecteur s’est mal arrêté"
    player_pid=
}

frame_count() { find "$folder/$1.frames" -name '*.png' | wc -l; }
newest_frame() { find "$folder/$1.frames" -name '*.png' | sort | tail -n 1; }
has_frames() { [ "$(frame_count "$1")" -ge "$2" ]; }
logged() { grep -q "$2" "$folder/$1.log"; }
