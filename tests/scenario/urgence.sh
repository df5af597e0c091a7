#!/usr/bin/env bash
# An emergency from the server's commit to the screen: within two seconds, over a restart without a
# server, and it ends. Also what the player reports meanwhile: plays, and a screenshot on request.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export SDL_VIDEODRIVER=dummy
screen=astuce-theatre-des-arts

step "site, serveur, lecteur en ligne"
site_make "$build" "$folder"
site_serve
site_player "$folder/player" "$screen"
play player --windowed 960x540
until_true 30 "aucune image" has_frames player 1
sleep 3

now_ms() { date +%s%3N; }

step "message d’urgence"
began=$(now_ms)
"$build/vitrine-server" emergency start --title "Évacuez le quai" --screen "$screen" --for 30m \
    --data "$site_data" >"$folder/emergency.out"
committed=$(now_ms)
# The first of the frames that look like the one that stays.
sleep 3
cp "$(newest_frame player)" "$folder/emergency.png"
at=
for frame in $(find "$folder/player.frames" -name '*.png' | sort); do
    name=$(basename "$frame" .png)
    if [ "${name#*-}" -gt "$began" ] && cmp -s "$frame" "$folder/emergency.png"; then
        at=${name#*-}
        break
    fi
done
[ -n "$at" ] || die "le message n’est pas venu"
printf 'à l’écran %s ms après la fin de la commande, qui a pris %s ms\n' $((at - committed)) \
    $((committed - began))
[ $((at - committed)) -le 2000 ] || die "le message a mis plus de deux secondes"

step "une copie d’écran, à la demande"
ask() { curl -sS --max-time 20 -b "$folder/cookies" -c "$folder/cookies" -H "Origin: $site_url" "$@"; }
ask -o /dev/null -H 'Content-Type: application/json' \
    -d "{\"user\":\"admin\",\"password\":\"$(cat "$folder/password")\"}" "$site_url/api/v1/session"
csrf=$(ask "$site_url/api/v1/session" | jq -r .csrf)
ask -o /dev/null -X POST -H "X-CSRF-Token: $csrf" "$site_url/api/v1/screens/$screen/screenshot"
has_picture() {
    ask -o "$folder/screenshot.jpg" "$site_url/api/v1/screens/$screen/screenshot" &&
        [ "$(head -c 2 "$folder/screenshot.jpg" | od -An -tx1 | tr -d ' ')" = ffd8 ]
}
until_true 20 "la copie d’écran n’est pas venue" has_picture

step "il reste après un redémarrage sans serveur"
end_player
site_stop
rm -rf "$folder/player.frames"
play player --windowed 960x540
until_true 20 "aucune image après le redémarrage" has_frames player 1
sleep 1
cmp -s "$(newest_frame player)" "$folder/emergency.png" || die "le message n’est plus là"

step "il se termine quand le serveur le dit"
site_serve "${site_url#http://}"
sleep 1
"$build/vitrine-server" emergency end --all --data "$site_data" >>"$folder/emergency.out"
gone() { ! cmp -s "$(newest_frame player)" "$folder/emergency.png"; }
until_true 30 "le message est resté" gone
end_player
step "bien"
