#!/usr/bin/env bash
# A spot from a spreadsheet to a screen: import, assemble, enrol, fetch, frame; then a change that
# reaches the screen, and a restart without a server.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export SDL_VIDEODRIVER=dummy
screen=astuce-theatre-des-arts

step "import et chargement du contenu, serveur"
site_make "$build" "$folder"
site_serve

step "un lecteur sans programme montre son code"
play player --windowed 1920x1080
code=$(site_wait "$folder/player.log" 'event=enrolment_code .*code=\([0-9A-Z-]*\)' "$player_pid")
until_true 30 "aucune image d’accueil" has_frames player 1
until_true 30 "le serveur n’a pas vu le lecteur" \
    bash -c "'$build/vitrine-server' screen pending --data '$site_data' | grep -q '$code'"
"$build/vitrine-server" screen approve "$code" --as "$screen" --data "$site_data"
until_true 60 "le programme n’est pas arrivé" logged player event=manifest_current

step "l’image à l’écran est celle que vitrine-render dessine pour cet instant"
"$build/vitrine-server" manifest "$screen" --data "$site_data" >"$folder/manifest"
key=$(head -n 1 "$folder/manifest" | cut -d' ' -f3)
matches() {
    local frame at
    for frame in $(find "$folder/player.frames" -name '*.png' | sort | tail -n 6); do
        at=$(basename "$frame" .png)
        at=${at#*-}
        "$build/vitrine-render" screen --manifest "$folder/manifest" --key "$key" \
            --media "$site_data/media" \
            --at "$(date -u -d "@${at%???}.${at: -3}" +%Y-%m-%dT%H:%M:%S.%3NZ)" \
            -o "$folder/expected.png" && cmp -s "$folder/expected.png" "$frame" && return 0
    done
    return 1
}
until_true 60 "aucune image de l’écran n’égale celle de vitrine-render" matches

step "un changement publié atteint l’écran"
version=$(sed -n 's/.*event=manifest_current.*manifest=\([0-9-]*\).*/\1/p' "$folder/player.log" |
    tail -n 1)
sed 's/"title": *"[^"]*"/"title": "Titre tout neuf"/' "$site_source/assets/demo/annonces.json" \
    >"$folder/annonces.json"
"$build/vitrine-server" load "$folder/annonces.json" --kind annonces --data "$site_data"
newer() {
    [ "$(sed -n 's/.*event=manifest_current.*manifest=\([0-9-]*\).*/\1/p' "$folder/player.log" |
        tail -n 1)" != "$version" ]
}
until_true 60 "le lecteur n’a pas reçu la nouvelle version" newer

step "sans serveur, le lecteur repart de son cache"
end_player
site_stop
rm -rf "$folder/player.frames" && : >"$folder/player.log"
play player --windowed 1920x1080
until_true 30 "aucune image sans serveur" has_frames player 1
logged player 'event=manifest_loaded' || die "le programme gardé n’a pas servi"
end_player
logged player 'event=enrolment_code' && die "le lecteur a oublié son rattachement"
step "bien"
