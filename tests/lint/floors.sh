#!/usr/bin/env bash
# Checks the house's floors: who may include whom, where SQL, SDL and sockets may stand, no HTML by
# printf, and no word about machines in what we ship. Prints each breach and fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# folder: folders it may include besides itself
floors="
core:
search: core
directory: core search
playlists: core
player/draw: core playlists
player/video: core playlists player/draw
player/scene: core playlists player/draw
player/kiosk: core directory playlists player/draw player/scene
player/sync: core playlists
player/report: core playlists player/sync
player/platform: core playlists player/draw
player/stage: core directory playlists player/draw player/video player/scene player/sync player/report
player: core directory playlists player/draw player/video player/scene player/kiosk player/sync player/report player/platform player/stage
server/config: core
server/fetch: core
server/http: core
server/store: core playlists
server/calendar: core
server/media: core playlists server/store
server/worker: core server/media
server/content: core directory playlists server/store server/calendar server/media server/import
server/schedule: core directory playlists server/store server/calendar server/media server/content
server/backup: core directory playlists server/store server/calendar server/media server/content server/schedule
server/import: core playlists server/store server/calendar server/media
server/auth: core playlists server/store
server/oidc: core
server/delivery: core directory playlists server/store server/calendar server/media server/import server/content server/auth server/records
server/records: core directory playlists server/store server/calendar server/media server/import server/content server/auth
server/export: core directory playlists server/store server/calendar server/media server/content
server/measure: core directory playlists server/store server/calendar server/media server/content server/export
server/fleet: core directory playlists server/store server/calendar server/media server/content server/schedule server/import
server/search: core search playlists server/store
server/mail: core playlists server/store
server/notices: core directory playlists server/store server/calendar server/media server/import server/content server/schedule server/auth server/records server/fleet
server/drawing: core playlists
server/api: core directory server/mail server/notices search playlists server/drawing server/search server/config server/http server/store server/calendar server/media server/content server/schedule server/import server/auth server/oidc server/records server/export server/measure server/fleet server/backup server/delivery
server/commands: core directory server/mail server/notices search playlists server/drawing server/search server/config server/fetch server/http server/store server/calendar server/media server/content server/schedule server/import server/auth server/oidc server/records server/export server/measure server/fleet server/api server/backup
server: core directory server/mail server/notices search playlists server/drawing server/search server/config server/fetch server/http server/store server/calendar server/media server/content server/schedule server/import server/auth server/oidc server/records server/export server/measure server/fleet server/api server/commands server/backup
"

breaches=0
breach() { printf '%s\n' "$1" >&2; breaches=$((breaches + 1)); }

sources=$(find core search directory playlists player server -name '*.c' -o -name '*.h' | sort)
for file in $sources; do
    folder=${file%/*}
    line=$(grep "^$folder:" <<<"$floors" || true)
    if [ -z "$line" ]; then
        breach "$file: folder $folder is on no floor (tests/lint/floors.sh)"
        continue
    fi
    allowed=" $folder ${line#*:} "
    while read -r included; do
        case "$allowed" in
        *" ${included%/*} "*) ;;
        *) breach "$file: includes $included, which is not below $folder" ;;
        esac
    done < <(sed -n 's/^#include "\([^"]*\)".*/\1/p' "$file")
done

# grep_only PATTERN WHERE… -- MESSAGE: the pattern may stand only in files below WHERE
grep_only() {
    local pattern=$1 message where=() file
    shift
    while [ "$1" != -- ]; do where+=("$1"); shift; done
    message=$2
    for file in $sources; do
        for allowed in "${where[@]}"; do
            case "$file" in "$allowed"*) continue 2 ;; esac
        done
        if grep -nE "$pattern" "$file" >/dev/null; then
            breach "$file:$(grep -nE "$pattern" "$file" | head -n 1 | cut -d: -f1): $message"
        fi
    done
}
grep_only '"[^"]*\b(SELECT .* FROM|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM|CREATE TABLE)\b' \
    server/store/ player/report/ search/ directory/ -- "SQL stands only in server/store, player/report, search and directory"
grep_only '#include <sqlite3.h>' server/store/ player/report/ search/ directory/ -- \
    "SQLite is known only to server/store, player/report, search and directory"
grep_only '#include <SDL' player/draw/ player/platform/ -- \
    "SDL is known only to player/draw and player/platform"
grep_only '#include <microhttpd.h>|#include <sys/socket.h>|#include <curl/' \
    server/http/ server/fetch/ server/oidc/ server/mail/ player/sync/ server/worker/sandbox_calls.c -- \
    "sockets stand only in server/http, server/fetch, server/oidc, server/mail and player/sync; the sandbox refuses them"
grep_only '#include <cjose/' server/oidc/ -- "tokens of identity providers are read only by server/oidc"
grep_only '#include <libical/' server/calendar/ -- "libical is known only to server/calendar"
grep_only '#include <libav' player/video/ server/media/ -- \
    "FFmpeg is known only to player/video and server/media"
grep_only '#include <libswscale' player/video/ player/draw/ server/media/ -- \
    "swscale is known only to player/video, player/draw and server/media"
grep_only '#include <xlsxwriter' server/export/ -- "XLSX is written only by server/export"
grep_only '(printf|append)[a-z_]*\([^;]*"<(html|div|p|span|a |table|td|tr|h[1-6]|ul|li|script)' \
    /nowhere -- "HTML is never built by printf"
grep_only '\bMHD_HTTP_' server/http/ -- "only server/http knows status codes"
grep_only '\bsetenv\("TZ"|\btzset\(|\blocaltime' /nowhere -- \
    "time zones are passed in, never taken from the environment"

# Library calls that cannot be used safely.
grep_only '[^a-z_](strcpy|strcat|sprintf|gets|strtok|atoi|atol|rand|srand|system|popen)\(' \
    /nowhere -- "use the bounded or checked form instead"

if git rev-parse --git-dir >/dev/null 2>&1; then
    while read -r hit; do breach "$hit"; done < <(
        git grep -nIE '/(home|root|tmp|work)/[a-z]' -- ':!tests' ':!*.md' ':!dev' ':!packaging' |
            grep -vE '/run/|/var/' | cut -c1-160 || true)
fi

if [ "$breaches" -gt 0 ]; then
    printf '%d breaches of the floors\n' "$breaches" >&2
    exit 1
fi
