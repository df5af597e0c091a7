#!/usr/bin/env bash
# Measures speed and memory: bench.sh BUILD [--markdown] [NAME…]; ./dev bench builds and calls it.
# docs/mesures.md says what each figure is; --markdown writes what was measured into its
# table.
set -uo pipefail
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/site.sh
source "$here/../site.sh"
# shellcheck source=tests/bench/compare.sh
source "$here/compare.sh"
# shellcheck source=tests/bench/alert.sh
source "$here/alert.sh"
# shellcheck source=tests/bench/fleet.sh
source "$here/fleet.sh"
# shellcheck source=tests/bench/peer.sh
source "$here/peer.sh"
# shellcheck source=tests/bench/plays.sh
source "$here/plays.sh"
# shellcheck source=tests/bench/search.sh
source "$here/search.sh"
# shellcheck source=tests/bench/map.sh
source "$here/map.sh"
# shellcheck source=tests/bench/directory.sh
source "$here/directory.sh"
# shellcheck source=tests/bench/kiosk.sh
source "$here/kiosk.sh"
# shellcheck source=tests/bench/desk_load.sh
source "$here/desk_load.sh"
# shellcheck source=tests/bench/desk_type.sh
source "$here/desk_type.sh"
# shellcheck source=tests/bench/delivery.sh
source "$here/delivery.sh"
# shellcheck source=tests/bench/media.sh
source "$here/media.sh"
# shellcheck source=tests/bench/programme.sh
source "$here/programme.sh"
# shellcheck source=tests/bench/preview.sh
source "$here/preview.sh"

NAMES=(start memory still fade step alert compare http peer import delivery manifest programme plays search directory kiosk map desk_load desk_type preview media fleet)
PHOTO_SECONDS=60
FADE_SECONDS=50
STILL_SECONDS=60
HTTP_ROUNDS=3
HTTP_SECONDS=5
STARTS=10
IMPORT_ROWS=100000
SCREEN=astuce-theatre-des-arts

usage() {
    cat <<END
./dev bench [--markdown] [NOM…]   sans nom : toutes les mesures, en une demi-heure environ

  start     démarrage du lecteur, du lancement à la première image
  memory    mémoire du lecteur qui montre des photos en 1080p
  still     processeur pendant qu’une diapositive reste à l’écran
  fade      processeur par image d’un fondu en 1080p, sans carte graphique
  step      deux lecteurs côte à côte : de combien ils diffèrent
  alert     message d’urgence : du serveur à l’image
  compare   à côté de Chromium (fondus en JavaScript) et de mpv (film) : un quart d’heure
  http      le manifeste (304 et entier), à côté de nginx
  peer      lecture d’une file par LibreSignage (LIBRESIGNAGE=dossier de ses sources)
  import    lignes d’annuaire importées par seconde
  delivery  ce qu’un long import depuis le bureau fait attendre aux autres
  manifest  assemblage et lecture du manifeste d’un écran
  programme mille écrans et deux cents règles : tous les manifestes
  preview   aperçus d’un formulaire, de la touche à l’image
  fleet     mille lecteurs qui attendent : quand ils ont la nouvelle version
  plays     diffusions enregistrées par seconde
  search    recherche : ce que coûte chaque touche
  directory annuaire de la borne : une touche, ouvrir, construire
  kiosk     borne : du toucher à l’image, d’une lettre aux résultats, défilement
  map       carte de la borne : regrouper, dessiner, déplacer
  desk_load le bureau qui s’ouvre dans un navigateur sans cache
  desk_type d’une touche aux aperçus, dans le navigateur
  media     photo de 24 mégapixels, envoi de 2 Gio

  --markdown  met à jour le tableau de docs/mesures.md par ce qui vient d’être mesuré
END
}

say() { printf '%s\n' "$*" >&2; }
fail() { say "bench : $*"; exit 1; }

# --- Figures -------------------------------------------------------------------------------------

rows=()
# row NAME FIGURE VALUE UNIT [COMPARISON GOAL]: COMPARISON is < <= or >=, for awk.
row() {
    local verdict=- goal=-
    if [ $# -gt 4 ]; then
        goal="$(sed 's/<=/≤/; s/>=/≥/' <<<"$5") $6 $4"
        verdict=manqué
        awk "BEGIN { exit !($3 $5 $6) }" && verdict=atteint
    fi
    rows+=("$1|$2|$3 $4|$goal|$verdict")
    say "  $2 : $3 $4$([ "$verdict" = - ] || printf ' (but : %s, %s)' "$goal" "$verdict")"
}

# median FILE COLUMN
median() {
    awk -v c="$2" '{ print $c }' "$1" | sort -g |
        awk '{ v[NR] = $1 } END { if (NR % 2) print v[(NR + 1) / 2]
            else print (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

calc() { awk "BEGIN { printf \"$1\", $2 }"; }
# field FILE NAME: of name=value lines.
field() { sed -n "s/^$2=//p" "$1"; }

# --- What is measured ----------------------------------------------------------------------------

started=()
finish() {
    local pid
    for pid in "${started[@]}"; do kill -TERM "$pid" 2>/dev/null; done
    site_stop
    wait 2>/dev/null
    rm -rf "$work"
}

# end PID: of a child, with time to say its last words.
end() {
    kill -TERM "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

need_site() {
    [ -n "$site_pid" ] && return
    say "— site de démonstration"
    if ! { site_make "$build" "$work/site" && site_server load "$here/content" && site_serve; }; then
        fail "pas de site de démonstration"
    fi
}

# need_state SCREEN: a player's state folder with the screen's programme, in $work/SCREEN.
need_state() {
    need_site
    [ -d "$work/$1" ] || site_player "$work/$1" "$1" || fail "pas de lecteur rattaché pour $1"
}

display=
need_display() {
    [ -n "$display" ] && return
    Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp -noreset 3>"$work/display" \
        2>"$work/xvfb.log" &
    display_pid=$!
    started+=("$display_pid")
    display=:$(site_wait "$work/display" '\([0-9][0-9]*\)' "$display_pid") || fail "Xvfb ne démarre pas"
}

# driver_of dummy|x11: how a player gets 1920 × 1080 pixels there.
driver_of() {
    export SDL_VIDEODRIVER=$1
    player_options=(--server "$site_url" --backend surface)
    if [ "$1" = dummy ]; then
        player_options+=(--windowed 1920x1080)
    else
        need_display
        export DISPLAY=$display
    fi
}

place_of() { if [ "$1" = dummy ]; then printf 'sans écran'; else printf 'Xvfb'; fi; }

# start_player STATE DRIVER LOG: player_pid, once its first frame shows.
start_player() {
    driver_of "$2"
    : >"$3"
    "$build/vitrine-player" --state "$1" "${player_options[@]}" 2>>"$3" &
    player_pid=$!
    started+=("$player_pid")
    site_wait "$3" '\(event=first_frame\)' "$player_pid" >/dev/null || fail "pas de première image"
}

# --- start ---------------------------------------------------------------------------------------

# start_times STATE FILE [EVICT]: "outside inside" of each start, in milliseconds.
start_times() {
    local i outside inside
    for ((i = 0; i <= STARTS; i++)); do
        [ -z "${3:-}" ] || evict "$1"
        outside=$("$build/tests/bench/until_line" event=first_frame 20 "$build/vitrine-player" \
            --state "$1" "${player_options[@]}" 2>"$work/start.log") ||
            fail "le lecteur ne démarre pas"
        # The log goes to until_line's pipe; the player's own figure is in the same line.
        inside=$(sed -n 's/.*event=first_frame.*ms=\([0-9]*\).*/\1/p' "$work/start.log")
        [ "$i" = 0 ] || printf '%s %s\n' "$outside" "${inside:-0}" >>"$2"
    done
}

# The player's program, fonts and state leave the page cache; its libraries are shared and stay.
evict() {
    local file
    sync
    find "$1" "$root/assets/fonts" "$build/vitrine-player" -type f -print0 |
        while IFS= read -r -d '' file; do dd if="$file" iflag=nocache count=0 status=none; done
}

bench_start() {
    need_state $SCREEN
    local driver
    for driver in dummy x11; do
        driver_of $driver
        start_times "$work/$SCREEN" "$work/start.$driver"
        row start "démarrage → première image, $(place_of $driver), vu du dehors" \
            "$(calc %.0f "$(median "$work/start.$driver" 1)")" ms '<' 150
        row start "le même, d’après le lecteur" \
            "$(calc %.0f "$(median "$work/start.$driver" 2)")" ms
    done
    driver_of dummy
    start_times "$work/$SCREEN" "$work/start.evicted" evict
    row start "le même, fichiers du lecteur hors du cache de pages" \
        "$(calc %.0f "$(median "$work/start.evicted" 1)")" ms
}

# --- memory, fade --------------------------------------------------------------------------------

# play_photos DRIVER SECONDS FILE [--pss]: a player that fades from photo to photo; what watch.py saw
# and what the player counted go to the file.
play_photos() {
    need_state mesure-photos
    say "  une photo toutes les 4 s pendant $2 s, $(place_of "$1")"
    start_player "$work/mesure-photos" "$1" "$work/photos.log"
    python3 "$here/watch.py" "$player_pid" "$2" "${@:4}" >"$3" || fail "le lecteur s’est arrêté"
    end "$player_pid"
    grep -oE '(fades|frames|dropped)=[0-9]+' "$work/photos.log" >>"$3"
}

bench_memory() {
    local driver file
    for driver in dummy x11; do
        file=$work/memory.$driver
        play_photos $driver $PHOTO_SECONDS "$file" --pss
        row memory "mémoire (PSS) au plus haut, $(place_of $driver)" \
            "$(calc %.1f "$(field "$file" pss_peak_kb) / 1024")" Mo '<=' 70
        row memory "la même à la fin" "$(calc %.1f "$(field "$file" pss_last_kb) / 1024")" Mo
    done
}

# The drawing library alone: nothing but blending and handing the rows over.
bench_kernels() {
    local out=$work/draw.out
    SDL_VIDEODRIVER=dummy "$build/tests/bench/draw_bench" >"$out" || fail "draw_bench a échoué"
    row fade "processeur par image de fondu, deux photos, dessin seul" \
        "$(sed -n 's/^fade two photos *0° *\([0-9.]*\) ms.*/\1/p' "$out")" ms '<=' 1
    row fade "le même, une image toutes les 16 ms" \
        "$(sed -n 's/^fade two photos, 60 a second *0° *\([0-9.]*\) ms.*/\1/p' "$out")" ms '<=' 1
    row fade "le même, écran tourné de 90°" \
        "$(sed -n 's/^fade two photos *90° *\([0-9.]*\) ms.*/\1/p' "$out")" ms '<=' 1
    row fade "le même, deux diapositives de texte et de photo" \
        "$(sed -n 's/^fade two slides *0° *\([0-9.]*\) ms.*/\1/p' "$out")" ms '<=' 1
}

bench_fade() {
    local driver file frames fades dropped
    bench_kernels
    for driver in dummy x11; do
        # Apart from the memory's: who reads smaps adds a fifth to a frame.
        file=$work/fade.$driver
        play_photos $driver $FADE_SECONDS "$file"
        frames=$(field "$file" frames) fades=$(field "$file" fades) dropped=$(field "$file" dropped)
        [ "${frames:-0}" -gt 0 ] || fail "aucun fondu n’a été montré"
        row fade "processeur par image de fondu, lecteur entier, $(place_of $driver)" \
            "$(calc %.2f "$(field "$file" main_s) * 1000 / $frames")" ms '<=' 1
        row fade "images perdues sur $((frames + dropped)) dues à 60 par seconde ($fades fondus)" "$dropped" images '<=' 0
    done
}

# --- still ---------------------------------------------------------------------------------------

bench_still() {
    need_state mesure-fixe
    local driver cpu elapsed pids=()
    rm -rf "$work/mesure-fixe-x11"
    cp -r "$work/mesure-fixe" "$work/mesure-fixe-x11"
    for driver in dummy x11; do
        local state=$work/mesure-fixe
        [ $driver = dummy ] || state+=-x11
        start_player "$state" $driver "$work/still.$driver.log"
        pids+=("$player_pid")
    done
    say "  dix secondes pour se poser, puis $STILL_SECONDS s de mesure"
    sleep 10
    python3 "$here/watch.py" "${pids[0]}" $STILL_SECONDS >"$work/still.dummy" &
    local watching=$!
    python3 "$here/watch.py" "${pids[1]}" $STILL_SECONDS >"$work/still.x11"
    wait $watching || fail "le lecteur s’est arrêté"
    end "${pids[0]}"
    end "${pids[1]}"
    for driver in dummy x11; do
        cpu=$(field "$work/still.$driver" cpu_s) elapsed=$(field "$work/still.$driver" elapsed_s)
        row still "processeur, diapositive fixe, $(place_of $driver)" \
            "$(calc %.3f "$cpu * 100 / $elapsed")" % '<=' 0.2
    done
}

# --- http ----------------------------------------------------------------------------------------

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# etag_of URL [-H HEADER]…
etag_of() {
    curl -sS --max-time 10 -o /dev/null -D - "${@:2}" "$1" | tr -d '\r' | sed -n 's/^ETag: //Ip'
}

start_nginx() {
    nginx_folder=$work/nginx
    nginx_url=http://127.0.0.1:$(free_port)
    mkdir -p "$nginx_folder/files/held"
    head -c 1024 /dev/zero | tr '\0' 'v' | tee "$nginx_folder/files/file" \
        >"$nginx_folder/files/held/file"
    cat >"$nginx_folder/nginx.conf" <<END
worker_processes 1;
daemon off;
pid $nginx_folder/pid;
error_log $nginx_folder/error.log;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    client_body_temp_path $nginx_folder/t1;
    proxy_temp_path $nginx_folder/t2;
    fastcgi_temp_path $nginx_folder/t3;
    uwsgi_temp_path $nginx_folder/t4;
    scgi_temp_path $nginx_folder/t5;
    server {
        listen ${nginx_url#http://};
        root $nginx_folder/files;
        location /held/ { open_file_cache max=100; open_file_cache_valid 60s; }
    }
}
END
    # Under root its worker is somebody else and must reach the file.
    chmod 711 "$work"
    PATH=$PATH:/usr/sbin nginx -e "$nginx_folder/error.log" -p "$nginx_folder" \
        -c "$nginx_folder/nginx.conf" 2>"$nginx_folder/start.log" &
    nginx_pid=$!
    started+=($!)
    site_wait "$nginx_folder/pid" '\([0-9][0-9]*\)' $! >/dev/null || fail "nginx ne démarre pas"
    sleep 0.3
    nginx_worker=$(pgrep -P "$nginx_pid" | head -n 1)
    nginx_etag=$(etag_of "$nginx_url/file")
    if [ -z "$nginx_etag" ] || [ -z "$nginx_worker" ]; then fail "nginx ne répond pas"; fi
}

# ticks PID…: processor time of these and of their children.
ticks() {
    local pid files=()
    for pid in "$@" $(pgrep -d ' ' -P "$(tr ' ' , <<<"$*")"); do files+=("/proc/$pid/stat"); done
    awk '{ sub(/.*\) /, ""); sum += $12 + $13 } END { print sum }' "${files[@]}"
}

expect() {
    local status
    status=$(curl -s -o /dev/null --max-time 5 -w '%{http_code}' "${@:2}")
    [ "$status" = "$1" ] || fail "réponse $status au lieu de $1 : ${*:2}"
}

# load NAME "PID…" STATUS URL [-H HEADER]…: one round; "requests/s p99_ms cpu_µs" to $work/http.NAME.
load() {
    local name=$1 status=$3 before after out=$work/wrk.out pids
    read -ra pids <<<"$2"
    shift 3
    expect "$status" "${@:2}" "$1"
    before=$(ticks "${pids[@]}")
    wrk -t1 -c"${load_connections:-64}" --timeout 20s -d${HTTP_SECONDS}s --latency "${@:2}" "$1" >"$out" || fail "wrk a échoué"
    after=$(ticks "${pids[@]}")
    grep -qE 'Non-2xx|Socket errors' "$out" && fail "$name : $(grep -E 'Non-2xx|Socket' "$out")"
    expect "$status" "${@:2}" "$1"
    awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
        $1 == "99%" { p99 = $2 + 0; if ($2 ~ /us$/) p99 /= 1000; else if ($2 !~ /ms$/) p99 *= 1000 }
        /requests in/ { requests = $1 }
        /^Requests\/sec/ { rate = $2 }
        END { print rate, p99, ticks * 1e6 / hz / requests }' "$out" >>"$work/http.$name"
}

# Of the measure under way.
http_rows() {
    local name=$1 title=$2
    row "$measure" "$title : requêtes par seconde" "$(calc %.0f "$(median "$work/http.$name" 1)")" req/s \
        ${3:+>= "$(calc %.0f "$(median "$work/http.$3" 1)")"}
    row "$measure" "$title : 99e centile" "$(calc %.2f "$(median "$work/http.$name" 2)")" ms \
        ${3:+<= "$(calc %.2f "$(median "$work/http.$3" 2)")"}
    row "$measure" "$title : processeur par requête" "$(calc %.2f "$(median "$work/http.$name" 3)")" µs \
        ${3:+<= "$(calc %.2f "$(median "$work/http.$3" 3)")"}
}

# What players of today ask for.
manifest_parts="Accept: application/vnd.vitrine.manifest; seal=2"

# The header by which SCREEN's player is known, in $bearer: enrolled once.
need_bearer() {
    [ -n "${bearer:-}" ] && return
    local token
    token=$(site_token $SCREEN) || fail "pas de lecteur rattaché"
    rm -rf "${work:?}/$SCREEN" # its token is the old one from now on
    bearer="Authorization: Bearer $token"
}

bench_http() {
    need_site
    need_bearer
    local etag round url=$site_url/player/v1/manifest
    etag=$(etag_of "$url" -H "$bearer")
    [ -n "$etag" ] || fail "pas de manifeste pour $SCREEN"
    start_nginx
    curl -s -H "$bearer" -o "$nginx_folder/files/manifest.json" "$url"
    for ((round = 0; round < HTTP_ROUNDS; round++)); do
        say "  tour $((round + 1)) sur $HTTP_ROUNDS"
        load manifest "$site_pid" 304 "$url" -H "$bearer" -H "If-None-Match: $etag"
        load nginx304 "$nginx_worker" 304 "$nginx_url/file" -H "If-None-Match: $nginx_etag"
        load nginx200 "$nginx_worker" 200 "$nginx_url/file"
        load manifest200 "$site_pid" 200 "$url" -H "$bearer" -H "$manifest_parts"
        load nginxjson "$nginx_worker" 200 "$nginx_url/manifest.json"
        load held304 "$nginx_worker" 304 "$nginx_url/held/file" \
            -H "If-None-Match: $(etag_of "$nginx_url/held/file")"
    done
    end "$nginx_pid"
    http_rows nginx200 "nginx, fichier de 1 Kio"
    http_rows held304 "nginx, 304 avec open_file_cache"
    http_rows nginx304 "nginx, 304"
    http_rows manifest "manifeste authentifié (304)" nginx304
    http_rows nginxjson "nginx, le même manifeste en fichier"
    row http "manifeste entier : part du débit de nginx" \
        "$(calc %.2f "$(median "$work/http.manifest200" 1) / $(median "$work/http.nginxjson" 1)")" \
        fois '>=' 0.5
}

# --- import --------------------------------------------------------------------------------------

# import_rate TITLE FILE ROWS
import_rate() {
    local data=$work/import began ended
    rm -rf "$data"
    printf 'mesure-des-imports\n' >"$work/password"
    "$build/vitrine-server" init --data "$data" --password-file "$work/password" >/dev/null ||
        fail "init a échoué"
    began=$(date +%s%N)
    "$build/vitrine-server" import annuaire "$2" --data "$data" --quiet >"$work/import.out" ||
        fail "l’import a échoué : $(head -n 5 "$work/import.out")"
    ended=$(date +%s%N)
    say "  $(head -n 1 "$work/import.out")"
    row import "$1" "$(calc %.0f "$3 * 1e9 / ($ended - $began)")" lignes/s
}

bench_import() {
    local real=$root/../shared/data/annuaire/2019_07_liste_siae_76.csv
    python3 "$here/make_annuaire.py" $IMPORT_ROWS >"$work/annuaire.csv" || fail "pas d’annuaire"
    import_rate "import d’un annuaire de $IMPORT_ROWS lignes" "$work/annuaire.csv" $IMPORT_ROWS
    local began ended
    began=$(date +%s%N)
    "$build/vitrine-server" import annuaire "$work/annuaire.csv" --data "$work/import" --quiet \
        >/dev/null || fail "le second import a échoué"
    ended=$(date +%s%N)
    row import "le même une seconde fois, rien à changer" \
        "$(calc %.0f "$IMPORT_ROWS * 1e9 / ($ended - $began)")" lignes/s
    if [ -f "$real" ]; then
        import_rate "import de l’extrait réel de 83 lignes, lancement compris" "$real" 83
    fi
}

# --- manifest ------------------------------------------------------------------------------------

bench_manifest() {
    need_site
    local out=$work/manifest.out
    "$build/tests/bench/manifest_bench" "$site_data" $SCREEN 31 >"$out" || fail "manifest_bench"
    row manifest "assemblage de 90 jours d’un écran, lecture de la base comprise" \
        "$(calc %.1f "$(field "$out" assemble_ms)")" ms
    row manifest "publication sans changement (assemblage et comparaison)" \
        "$(calc %.1f "$(field "$out" publish_ms)")" ms
    row manifest "taille ($(field "$out" intervals) intervalles, $(field "$out" slides) diapositives)" \
        "$(calc %.0f "$(field "$out" bytes) / 1024")" Kio
    row manifest "signature vérifiée et lecture, comme le lecteur" \
        "$(calc %.2f "$(field "$out" open_ms)")" ms
    row manifest "une question à la ligne de temps" "$(field "$out" at_us)" µs
}

# --- The table -----------------------------------------------------------------------------------

pad() { printf '%s%*s' "$1" $(($2 - ${#1})) ''; }

print_table() {
    local line name figure value goal verdict
    for line in "nom|grandeur|mesure|but|verdict" "${rows[@]}"; do
        IFS='|' read -r name figure value goal verdict <<<"$line"
        printf '%s %s %s %s %s\n' "$(pad "$name" 9)" "$(pad "$figure" 66)" "$(pad "$value" 16)" \
            "$(pad "$goal" 18)" "$verdict"
    done
    printf '\nPour en refaire une : ./dev bench NOM (première colonne)\n'
}

# The page's table with the rows of what was measured now in place of its old ones, in NAMES' order.
print_markdown() {
    local page=$1 line name figure value goal verdict each
    printf '%s, %s processeurs.\n\n' "$(lscpu | sed -n 's/^Model name: *//p' | head -n 1)" "$(nproc)"
    printf '| Grandeur | Mesure | But | Verdict | Jour, charge au début | À refaire par |\n'
    printf '|---|---:|---:|---|---|---|\n'
    for each in "${NAMES[@]}"; do
        if [[ " ${wanted[*]} " != *" $each "* ]]; then
            grep -F "| \`./dev bench $each\` |" "$page"
            continue
        fi
        for line in "${rows[@]}"; do
            IFS='|' read -r name figure value goal verdict <<<"$line"
            [ "$name" != "$each" ] || printf '| %s | %s | %s | %s | %s | `./dev bench %s` |\n' \
                "$figure" "$value" "$goal" "$verdict" "$(date +%F), ${loads[$each]}" "$each"
        done
    done
}

write_markdown() {
    local page=$root/docs/mesures.md
    print_markdown "$page" >"$work/table.md"
    awk -v table="$work/table.md" '
        /^<!-- fin du tableau -->$/ { inside = 0 }
        !inside { print }
        /^<!-- tableau -->$/ { inside = 1; while ((getline line < table) > 0) print line }
    ' "$page" >"$work/mesures.md" && cp "$work/mesures.md" "$page"
    say "docs/mesures.md est à jour"
}

# --- Run -----------------------------------------------------------------------------------------

build=${1:?dossier de compilation}
shift
markdown=0
wanted=()
for word in "$@"; do
    case "$word" in
    --markdown) markdown=1 ;;
    --help | -h) usage; exit 0 ;;
    *)
        [[ " ${NAMES[*]} " == *" $word "* ]] || { usage >&2; fail "mesure inconnue : $word"; }
        wanted+=("$word")
        ;;
    esac
done
[ ${#wanted[@]} -gt 0 ] || wanted=("${NAMES[@]}")

work=$(mktemp -d "${TMPDIR:-/tmp}/vitrine-bench-XXXXXX")
trap finish EXIT
trap 'exit 130' INT TERM
declare -A loads
for measure in "${wanted[@]}"; do
    say "— $measure"
    loads[$measure]=$(cut -d ' ' -f 1 /proc/loadavg)
    "bench_$measure"
done
print_table
[ $markdown = 0 ] || write_markdown
