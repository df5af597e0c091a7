# shellcheck shell=bash
# A demonstration site for scripts: a data folder with the demonstration content, a server on it, and
# enrolled players. Source it; it needs bash and what ./dev build makes.
#
#   site_make BUILD FOLDER       data folder in FOLDER/data, from assets/demo and playlists/demo
#   site_serve [ADDRESS:PORT]    starts the server (default: any free port of 127.0.0.1)
#   site_player STATE SCREEN     enrols a player with its own state folder and waits until its
#                                programme and files are there
#   site_token SCREEN            prints the bearer token of a new player without a window
#   site_stop                    ends the server
#
# Afterwards site_url, site_pid, site_data and site_log say where things are. All functions return 1
# with a message on standard error when something fails; nothing waits longer than site_patience
# seconds. The caller removes FOLDER.

site_source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
site_patience=${site_patience:-60}
site_pid=

site_fail() {
    printf '%s\n' "site : $1" >&2
    [ -z "${2:-}" ] || tail -n 20 "$2" >&2
    return 1
}

# Runs vitrine-server on the data folder; what it prints goes to the site's log.
site_server() {
    "$site_build/vitrine-server" "$@" --data "$site_data" >>"$site_log" 2>&1 ||
        site_fail "vitrine-server $* a échoué" "$site_log"
}

site_make() {
    site_build=$1
    site_folder=$2
    site_data=$2/data
    site_log=$2/server.log
    local password=${SITE_PASSWORD:-vitrine-demonstration}
    mkdir -p "$site_folder" || return 1
    (umask 077 && printf '%s\n' "$password" >"$site_folder/password")
    site_server init --password-file "$site_folder/password" &&
        site_server import annuaire "$site_source/assets/demo/annuaire.csv" &&
        site_server import evenements "$site_source/assets/demo/evenements.ics" &&
        site_server load "$site_source/assets/demo" --playlists "$site_source/playlists/demo"
}

# site_wait FILE PATTERN PID: waits for a line; prints the part that PATTERN's \( \) holds.
site_wait() {
    local end=$((SECONDS + site_patience)) found
    while [ $SECONDS -lt $end ]; do
        found=$(sed -n "s|.*$2.*|\\1|p" "$1" 2>/dev/null | head -n 1)
        if [ -n "$found" ]; then
            printf '%s\n' "$found"
            return 0
        fi
        kill -0 "$3" 2>/dev/null || break
        sleep 0.1
    done
    site_fail "rien de tel dans $1 : $2" "$1"
}

site_serve() {
    "$site_build/vitrine-server" serve --data "$site_data" --listen "${1:-127.0.0.1:0}" \
        >"$site_folder/address" 2>>"$site_log" &
    site_pid=$!
    site_url=$(site_wait "$site_folder/address" '\(http://[^ /]*\)/' "$site_pid") ||
        { tail -n 20 "$site_log" >&2; return 1; }
}

site_stop() {
    if [ -n "$site_pid" ] && kill -TERM "$site_pid" 2>/dev/null; then
        wait "$site_pid" 2>/dev/null
    fi
    site_pid=
}

site_player() {
    local state=$1 screen=$2 log=$1.log code pid ok=0
    mkdir -p "$state" && : >"$log"
    SDL_VIDEODRIVER=dummy "$site_build/vitrine-player" --server "$site_url" --state "$state" \
        --backend surface --windowed 640x360 --quit-after "$site_patience" 2>>"$log" &
    pid=$!
    code=$(site_wait "$log" 'event=enrolment_code .*code=\([0-9A-Z-]*\)' "$pid") &&
        site_server screen approve "$code" --as "$screen" --replace &&
        site_wait "$log" 'event=manifest_current .*manifest=\([0-9-]*\)' "$pid" >/dev/null || ok=1
    kill -TERM "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    return $ok
}

# site_ask_enrolment KEY [CHALLENGE]: the player's question, made by the tests' own program.
site_ask_enrolment() {
    "$site_build/tests/http/enrolment_request" "$1" "${2:-}" |
        curl -sS --max-time 20 -H 'Content-Type: application/json' --data-binary @- \
            "$site_url/player/v1/enrolment"
}

site_token() {
    local key=$site_folder/key-$1 challenge code token
    challenge=$(site_ask_enrolment "$key" | jq -r .challenge) &&
        code=$("$site_build/vitrine-server" screen pending --data "$site_data" |
            awk '{ print $1; exit }') &&
        [ -n "$code" ] && site_server screen approve "$code" --as "$1" --replace &&
        token=$(site_ask_enrolment "$key" "$challenge" | jq -r '.token // empty') &&
        [ -n "$token" ] || site_fail "le rattachement de $1 a échoué" "$site_log" || return 1
    printf '%s\n' "$token"
}
