#!/usr/bin/env bash
# A visitor at the kiosk: the loop invites, a touch opens the directory, another a sheet, Back leads
# back. Under Xvfb with real input events.
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

# differs BEFORE AFTER: whether more than a tenth of the picture changed.
differs() {
    /usr/bin/python3 - "$1" "$2" <<'PY'
import sys, zlib, struct
def pixels(path):
    data = open(path, "rb").read()
    at, idat = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR": width, height, _, colour = struct.unpack(">IIBB", data[at+8:at+18])
        if kind == b"IDAT": idat += data[at + 8:at + 8 + size]
        at += size + 12
    raw, bpp = zlib.decompress(idat), 4 if colour == 6 else 3
    rows, stride, previous = [], width * bpp, bytes(width * bpp)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            a = line[i - bpp] if i >= bpp else 0
            b = previous[i]
            c = previous[i - bpp] if i >= bpp else 0
            if kind == 1: p = a
            elif kind == 2: p = b
            elif kind == 3: p = (a + b) // 2
            elif kind == 4:
                pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - 2 * c)
                p = a if pa <= pb and pa <= pc else b if pb <= pc else c
            else: p = 0
            line[i] = (line[i] + p) & 255
        rows.append(bytes(line)); previous = line
    return rows, bpp
(one, bpp), (two, _) = pixels(sys.argv[1]), pixels(sys.argv[2])
changed = sum(a[i:i + 3] != b[i:i + 3] for a, b in zip(one[::8], two[::8])
              for i in range(0, len(a), bpp * 8))
total = len(one[::8]) * (len(one[0]) // (bpp * 8))
sys.exit(0 if changed > total / 10 else 1)
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

step "un toucher ouvre l’annuaire"
before=$(newest_frame borne)
touch_at 540 900
settled
list=$(newest_frame borne)
differs "$before" "$list" || die "le toucher n’a rien ouvert"

step "un toucher sur une ligne ouvre sa fiche"
touch_at 400 900
settled
sheet=$(newest_frame borne)
differs "$list" "$sheet" || die "la fiche ne s’est pas ouverte"

step "la touche Retour ramène à la liste, puis à la boucle"
xdotool key Escape
settled
differs "$sheet" "$(newest_frame borne)" || die "Retour n’a rien changé"
kill -0 "$player_pid" || die "le lecteur est mort"
end_player
step "bien"
