#!/usr/bin/env bash
# The page that shows every template: docs/planche.md, and its pictures in docs/planche.
#
#   packaging/planche.sh RENDER      draws docs/planche/*.json with vitrine-render, writes the page
#   packaging/planche.sh --check     says whether the page is what would be written, shows every
#                                    template, and has all its pictures, at most 1.5 MB of them
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

page=docs/planche.md
folder=docs/planche
bytes_most=1500000
# Half of what is seen from three metres: the shapes, not the small print.
formats=(16x9:480x270 9x16:270x480)

english() { case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in en*) return 0 ;; *) return 1 ;; esac; }
fail() {
    if english; then printf 'planche: %s\n' "$2" >&2; else printf 'planche : %s\n' "$1" >&2; fi
    exit 1
}

templates() {
    local file
    for file in assets/templates/*.json; do
        file=$(basename "$file" .json)
        [ "$file" = template.schema ] || printf '%s\n' "$file"
    done
}

# words TEMPLATE: its French title and what it is for, a line each.
words() {
    { tr -d '\n' <"assets/templates/$1.json" && echo; } |
        sed -n 's/.*"title": {"fr": "\([^"]*\)".*"about": { *"fr": "\([^"]*\)".*/\1\n\2/p'
}

# The slides that show a template, in the order of their names.
slides_of() {
    local file
    for file in "$folder"/*.json; do
        ! grep -qF "\"template\": \"$1\"" "$file" || basename "$file" .json
    done
}

write_page() {
    local template slide title about
    cat <<'TEXT'
# La planche des modèles

Chaque modèle livré, en paysage et en portrait, tel que le dessine `vitrine-render` pour un écran de 55 pouces lu à trois
mètres. Sous chaque titre, le document de la diapositive : copiez-le, changez les mots, et regardez avec
`./dev render slide ESSAI.json -o essai.png`. [modeles.md](modeles.md) dit comment dessiner un modèle.

Cette page et ses images s’écrivent par `./dev planche`.
TEXT
    for template in $(templates); do
        { read -r title && read -r about; } < <(words "$template") ||
            fail "assets/templates/$template.json n’a pas de titre" \
                "assets/templates/$template.json has no title"
        [ -n "$(slides_of "$template")" ] ||
            fail "aucune diapositive de $folder ne montre le modèle « $template »" \
                "no slide of $folder shows the template \"$template\""
        printf '\n## %s (`%s`)\n\n%s\n\n| | 16:9 | 9:16 |\n|---|---|---|\n' "$title" "$template" "$about"
        for slide in $(slides_of "$template"); do
            printf '| [%s](planche/%s.json) | ![%s, paysage](planche/%s-16x9.png) | ![%s, portrait](planche/%s-9x16.png) |\n' \
                "$slide" "$slide" "$slide" "$slide" "$slide" "$slide"
        done
    done
}

# picture SLIDE FORMAT: where it stands.
picture() { printf '%s/%s-%s.png' "$folder" "$1" "${2%%:*}"; }

check() {
    local slide format bytes
    write_page | cmp -s - "$page" || fail "$page n’est plus à jour : lancez ./dev planche" \
        "$page is out of date: run ./dev planche"
    for slide in "$folder"/*.json; do
        for format in "${formats[@]}"; do
            slide=$(basename "$slide" .json)
            [ -s "$(picture "$slide" "$format")" ] ||
                fail "il manque $(picture "$slide" "$format") : lancez ./dev planche" \
                    "$(picture "$slide" "$format") is missing: run ./dev planche"
        done
    done
    bytes=$(cat "$folder"/*.png | wc -c)
    [ "$bytes" -le "$bytes_most" ] ||
        fail "les images de $folder font $bytes octets, $bytes_most au plus" \
            "the pictures of $folder are $bytes bytes, at most $bytes_most"
}

draw() {
    local slide format
    rm -f "$folder"/*.png
    for slide in "$folder"/*.json; do
        slide=$(basename "$slide" .json)
        for format in "${formats[@]}"; do
            "$1" slide "$folder/$slide.json" -o "$(picture "$slide" "$format")" \
                --size "${format#*:}" || fail "$slide n’a pas pu être dessinée" "$slide could not be drawn"
        done
    done
    write_page >"$page.new"
    mv "$page.new" "$page"
}

[ $# -eq 1 ] || fail "packaging/planche.sh RENDER | --check" "packaging/planche.sh RENDER | --check"
export VITRINE_ASSETS=$PWD/assets
[ "$1" = --check ] || draw "$1"
check
