#!/usr/bin/env bash
# Visitors at the kiosk, one after the other: each page by touch, the search typed on the screen,
# the modes of accessibility, keys alone, and nothing left for the next one. Under Xvfb with real
# input events, on the demonstration's content.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
for tool in Xvfb xdotool; do
    command -v $tool >/dev/null || { echo "$tool manque : scénario passé"; exit 77; }
done

step "écran de 1080 × 1920"
exec {display_fd}<> <(:)
Xvfb -displayfd $display_fd -screen 0 1080x1920x24 -nolisten tcp 2>"$folder/xvfb.log" &
xvfb_pid=$!
trap 'kill $xvfb_pid 2>/dev/null; cleanup' EXIT
read -r -t 20 -u $display_fd number || die "Xvfb ne démarre pas"
export DISPLAY=:$number
unset SDL_VIDEODRIVER

step "site et lecteur de la borne"
site_make "$build" "$folder"
site_serve
site_player "$folder/borne" creapolis-borne
play borne
until_true 60 "aucune image" has_frames borne 1
sleep 3

# pictures differs ONE TWO: whether more than a hundredth of the picture changed.
# pictures colour FILE X Y RRGGBB: whether that pixel has that colour, nearly.
pictures() {
    /usr/bin/python3 - "$@" <<'PY'
import struct, sys, zlib

def pixels(path):
    data = open(path, "rb").read()
    at, idat = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
        if kind == b"IDAT":
            idat += data[at + 8:at + 8 + size]
        at += size + 12
    raw, bpp = zlib.decompress(idat), 4 if colour == 6 else 3
    rows, stride, previous = [], width * bpp, bytes(width * bpp)
    for y in range(height):
        start = y * (stride + 1)
        kind, line = raw[start], bytearray(raw[start + 1:start + 1 + stride])
        if kind == 2:
            line = bytearray((a + b) & 255 for a, b in zip(line, previous))
        elif kind != 0:
            for i in range(stride):
                a = line[i - bpp] if i >= bpp else 0
                b = previous[i]
                c = previous[i - bpp] if i >= bpp else 0
                if kind == 1:
                    p = a
                elif kind == 3:
                    p = (a + b) // 2
                else:
                    pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - 2 * c)
                    p = a if pa <= pb and pa <= pc else b if pb <= pc else c
                line[i] = (line[i] + p) & 255
        rows.append(bytes(line))
        previous = line
    return rows, bpp

what, path = sys.argv[1:3]
rows, bpp = pixels(path)
if what == "differs":
    others, _ = pixels(sys.argv[3])
    pairs = [(a[i:i + 3], b[i:i + 3]) for a, b in zip(rows[::8], others[::8])
             for i in range(0, len(a), bpp * 8)]
    sys.exit(0 if sum(a != b for a, b in pairs) > len(pairs) / 100 else 1)
x, y, wanted = int(sys.argv[3]), int(sys.argv[4]), bytes.fromhex(sys.argv[5])
found = rows[y][x * bpp:x * bpp + 3]
if any(abs(a - b) > 6 for a, b in zip(found, wanted)):
    print(f"{path}: {found.hex()} at {x},{y}, not {wanted.hex()}")
    sys.exit(1)
PY
}

touch_at() { # x y
    xdotool mousemove "$1" "$2" mousedown 1
    sleep 0.15
    xdotool mouseup 1
}
settled() { # waits until no frame came for a second
    local count=-1
    while [ "$(frame_count borne)" != "$count" ]; do count=$(frame_count borne); sleep 1; done
}

shows() { # X Y RRGGBB MESSAGE: once still, that pixel has that colour
    settled
    pictures colour "$(newest_frame borne)" "$1" "$2" "$3" || die "$4"
}
changed() { # MESSAGE: the picture is another one than at the last call
    settled
    local now
    now=$(newest_frame borne)
    pictures differs "$picture" "$now" || die "$1"
    picture=$now
}
# Buttons of the bar, and the ways of the home page, where the demonstration's kiosk has them.
back() { touch_at 130 1290; }
home() { touch_at 330 1290; }
options() { touch_at 745 1290; }
quit() { touch_at 950 1290; }
directory() { touch_at 270 1020; }
events() { touch_at 800 1020; }
portraits() { touch_at 270 1160; }
map() { touch_at 800 1160; }

picture=$(newest_frame borne)
step "le bouton d’invite ouvre l’accueil"
touch_at 540 1850
changed "le toucher n’a rien ouvert"
shows 20 20 0b1f3a "ce n’est pas l’accueil"

step "« Dans ce bâtiment » : une structure, et retour"
touch_at 400 350
changed "la fiche ne s’est pas ouverte"
back
changed "Retour n’a rien changé"

step "l’annuaire, une recherche tapée, ses résultats"
directory
changed "l’annuaire ne s’est pas ouvert"
touch_at 400 60
changed "le clavier ne s’est pas ouvert"
for key in "155 1097" "240 1051"; do touch_at $key; done
changed "la frappe n’a rien changé"
touch_at 400 250
changed "le résultat ne s’est pas ouvert"
home
changed "Accueil n’a rien changé"

step "filtres"
directory
changed "l’annuaire ne s’est pas ouvert"
touch_at 870 60
changed "les filtres ne se sont pas ouverts"
touch_at 200 190
touch_at 760 1165
changed "le filtre n’a rien changé"
touch_at 870 60
changed "les filtres ne se sont pas rouverts"
back
home
changed "Accueil n’a rien changé"

step "événements, et la fiche de l’un d’eux"
events
changed "les événements ne se sont pas ouverts"
touch_at 400 245
changed "l’événement ne s’est pas ouvert"
shows 60 170 8a1c3b "ce n’est pas la fiche d’un événement"
home
changed "Accueil n’a rien changé"

step "portraits, et l’histoire de l’un d’eux"
portraits
changed "les portraits ne se sont pas ouverts"
touch_at 200 250
changed "le portrait ne s’est pas ouvert"
shows 60 150 24407c "ce n’est pas un portrait"
home
changed "Accueil n’a rien changé"

step "plan : agrandir, tout voir"
map
changed "le plan ne s’est pas ouvert"
touch_at 1000 190
changed "le plan ne s’est pas agrandi"
touch_at 1000 330
changed "le plan n’est pas revenu"

step "contraste élevé et commandes basses, puis Terminer"
options
changed "le panneau ne s’est pas ouvert"
touch_at 680 990
shows 20 20 000000 "le contraste élevé n’est pas là"
touch_at 150 990
settled
touch_at 950 1830
picture=$(newest_frame borne)
settled
touch_at 540 1850
shows 20 20 0b1f3a "le contraste d’un visiteur reste au suivant"
quit

step "touches seules : ouvrir, parcourir, revenir"
settled
picture=$(newest_frame borne)
xdotool key Return
changed "la touche OK n’a rien ouvert"
for _ in 1 2 3; do xdotool key Down; done
xdotool key Return
changed "la touche OK n’a pas ouvert de fiche"
xdotool key Escape
changed "la touche retour n’a rien changé"
xdotool key Escape
changed "la touche retour ne ramène pas à la boucle"

step "dix doigts et un doigt qui reste : rien ne casse"
for i in $(seq 1 60); do
    xdotool mousemove $((RANDOM % 1080)) $((RANDOM % 1920)) mousedown 1
    [ $((i % 3)) -eq 0 ] || xdotool mouseup 1
done
xdotool mouseup 1
kill -0 "$player_pid" || die "le lecteur est mort"
end_player
step "bien"
