# Pictures and uploads: sourced by bench.sh.

# A 24-megapixel photo from the disk to its renditions, the worker's start and sandbox included; and
# what 2 GiB that come in cost the server's memory.
bench_media() {
    local out=$work/media.out
    PYTHONDONTWRITEBYTECODE=1 python3 "$here/media.py" "$build/vitrine-server" "$root" >"$out" ||
        fail "media.py"
    row media "photo de 24 mégapixels : de l’original aux images d’écran" \
        "$(field "$out" photo_ms)" ms "<=" 400
    row media "mémoire du programme qui prépare cette photo" \
        "$(field "$out" photo_mb)" Mo "<=" 100
    row media "mémoire du serveur pendant un envoi de 2 Gio" \
        "$(field "$out" upload_mb)" Mo "<" 10
    row media "débit de cet envoi" "$(field "$out" upload_mbps)" "Mo/s"
}
