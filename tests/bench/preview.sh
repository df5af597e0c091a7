# shellcheck shell=bash
# How soon a key that somebody presses in a form is seen in its pictures; bench.sh sources it.

bench_preview() {
    local out=$work/preview.out
    PYTHONDONTWRITEBYTECODE=1 python3 "$here/preview.py" "$build/vitrine-server" "$root" >"$out" ||
        fail "preview.py"
    row preview "touche → aperçus 16:9 et 9:16 d’un portrait avec photo (médiane sur 40)" \
        "$(field "$out" key_ms)" ms "<" 300
    row preview "le même, 95e centile" "$(field "$out" key_p95_ms)" ms "<" 300
    row preview "le même, avec le compte de caractères du champ (médiane)" \
        "$(field "$out" count_ms)" ms "<" 300
    row preview "vignette de ce que montre un écran (médiane)" "$(field "$out" frame_ms)" ms
}
