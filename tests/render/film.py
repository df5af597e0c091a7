"""vitrine-render film, judged by ffprobe and by its frames: film.py BUILD SOURCE."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

BUILD, SOURCE = sys.argv[1:3]
RATE = 10
SLIDES = [
    {"template": "quote", "duration_ms": 2000, "texts": {
        "quote": "Réparer, c’est déjà transmettre.", "author": "Zoé Lefèvre",
        "company": "Seconde Rive"}},
    {"template": "portrait", "duration_ms": 2000, "texts": {
        "company": "Seconde Rive", "leader": "Zoé Lefèvre",
        "quote": "Ici, chaque objet a une seconde vie."},
     "pictures": [{"slot": "photo", "path": f"{SOURCE}/assets/demo/photos/ressourcerie.jpg"}]},
]
ENVIRONMENT = {**os.environ, "VITRINE_ASSETS": f"{SOURCE}/assets", "LC_ALL": "C.UTF-8"}


def check(condition, text):
    if not condition:
        print(f"FAILED: {text}")
        sys.exit(1)


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=ENVIRONMENT, check=False)


def render(*arguments):
    return run(f"{BUILD}/vitrine-render", *arguments)


def facts(film):
    out = run("ffprobe", "-v", "error", "-select_streams", "v", "-count_frames", "-show_entries",
              "stream=codec_name,profile,pix_fmt,width,height,r_frame_rate,nb_read_frames,"
              "color_space", "-of", "json", film)
    check(out.returncode == 0, out.stderr)
    return json.loads(out.stdout)["streams"][0]


def likeness(film, frame, picture):
    """Decibels between a frame of the film and a picture."""
    out = run("ffmpeg", "-hide_banner", "-i", film, "-i", picture, "-lavfi",
              f"[0]select='eq(n,{frame})',setpts=0,format=rgb24[a];[1]setpts=0,format=rgb24[b];"
              "[a][b]psnr", "-frames:v", "1", "-f", "null", "-")
    found = re.search(r"average:(inf|[\d.]+)", out.stderr)
    check(found, out.stderr[-2000:])
    return float(found.group(1))


def write_slides(folder):
    paths = []
    for number, slide in enumerate(SLIDES):
        paths.append(f"{folder}/slide-{number}.json")
        with open(paths[-1], "w", encoding="utf-8") as file:
            json.dump(slide, file)
    return paths


def test_formats(folder, slides):
    for size, width, height in (("16:9", 1920, 1080), ("9:16", 1080, 1920), ("1:1", 1080, 1080)):
        film = f"{folder}/film.mp4"
        out = render("film", *slides, "-o", film, "--size", size, "--rate", str(RATE))
        check(out.returncode == 0, out.stderr)
        check("100 %" in out.stderr, f"no progress: {out.stderr}")
        seen = facts(film)
        check(seen["codec_name"] == "h264" and seen["profile"] == "High", seen)
        check(seen["pix_fmt"] == "yuv420p" and seen["color_space"] == "bt709", seen)
        check((seen["width"], seen["height"]) == (width, height), seen)
        check(int(seen["nb_read_frames"]) == 4 * RATE, seen)
        for number, slide in enumerate(slides):
            still = f"{folder}/still.png"
            out = render("slide", slide, "-o", still, "--size", size)
            check(out.returncode == 0, out.stderr)
            # From the first slide at rest, half a second of each second item is its transition.
            rest, change = number * 2 * RATE + RATE // 2, 2 * RATE - RATE // 4
            check(likeness(film, rest, still) > 34, f"{size}: slide {number} is not itself")
            check(likeness(film, change, still) < 30, f"{size}: no transition to see")


def test_film_in_film(folder, slides):
    inner = f"{folder}/inner.mp4"
    out = run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
              "color=0x2060C0:s=640x360:r=10:d=1,format=yuv420p", "-c:v", "libx264", inner)
    check(out.returncode == 0, out.stderr)
    with open(f"{folder}/captions.vtt", "w", encoding="utf-8") as file:
        file.write("WEBVTT\n\n00:00.000 --> 00:01.000\nBonjour\n")
    with open(f"{folder}/video.json", "w", encoding="utf-8") as file:
        json.dump({"template": "video", "texts": {}, "video": {
            "path": "inner.mp4", "captions_path": "captions.vtt", "length_ms": 1000}}, file)
    film = f"{folder}/film.mp4"
    out = render("film", slides[0], f"{folder}/video.json", "-o", film, "--size", "640x360",
                 "--rate", str(RATE), "--transition", "slide")
    check(out.returncode == 0, out.stderr)
    out = run("ffmpeg", "-v", "error", "-y", "-i", film, "-vf",
              f"select='eq(n,{int(2.5 * RATE)})',crop=4:4:300:40", "-frames:v", "1", "-f", "rawvideo",
              "-pix_fmt", "rgb24", f"{folder}/pixels")
    check(out.returncode == 0, out.stderr)
    with open(f"{folder}/pixels", "rb") as file:
        red, green, blue = file.read()[:3]
    check(abs(red - 0x20) < 12 and abs(green - 0x60) < 12 and abs(blue - 0xC0) < 12,
          f"the inner film does not show: {red} {green} {blue}")


def test_failures(folder, slides):
    kept = f"{folder}/kept.mp4"
    with open(kept, "w", encoding="ascii") as file:
        file.write("kept")
    wrong = [(["--size", "321x180"], 1), (["--size", "4:3"], 2), (["--rate", "0"], 2),
             (["--transition", "spin"], 2), (["--for", "0"], 2)]
    for options, code in wrong:
        out = render("film", *slides, "-o", kept, *options)
        check(out.returncode == code and out.stderr, f"{options}: {out.returncode} {out.stderr}")
    out = render("film", slides[0], f"{folder}/none.json", "-o", kept)
    check(out.returncode == 1 and "none.json" in out.stderr, out.stderr)
    out = render("film", *slides, "-o", f"{folder}/no/film.mp4")
    check(out.returncode == 1 and "film.mp4" in out.stderr, out.stderr)
    with open(kept, encoding="ascii") as file:
        check(file.read() == "kept", "a film that failed replaced a file")
    check(not os.path.exists(kept + ".part"), "a part is left behind")


def write_json(path, document):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file)


def test_playlist(folder, _):
    """A playlist of the server's, with a template that only the site has."""
    data, documents = f"{folder}/data", f"{folder}/documents"
    with open(f"{folder}/password", "w", encoding="ascii") as file:
        file.write("un mot de passe\n")
    write_json(f"{documents}/playlists/essai.json", {
        "format": 1, "id": "essai", "title": "Essai", "strip": True, "entries": [
            {"slide": {"template": "quote", "texts": SLIDES[0]["texts"]}, "duration_s": 3}]})
    server = f"{BUILD}/vitrine-server"
    for command in (["init", "--password-file", f"{folder}/password"],
                    ["load", f"{documents}/playlists/essai.json", "--kind", "playlist"],
                    ["film", "essai", "--output", f"{folder}/essai.mp4", "--size", "1:1"]):
        out = run(server, *command, "--data", data)
        check(out.returncode == 0, f"{command}: {out.stdout}{out.stderr}")
    check("introuvable" not in out.stderr and "not found" not in out.stderr, out.stderr)
    seen = facts(f"{folder}/essai.mp4")
    check((seen["width"], int(seen["nb_read_frames"])) == (1080, 90), seen)
    out = run(server, "film", "aucune", "--output", f"{folder}/aucune.mp4", "--data", data)
    check(out.returncode == 1 and "aucune" in out.stderr, out.stderr)
    check(not [name for name in os.listdir(folder) if name.startswith("aucune")],
          "what was not made leaves something")


def main():
    folder = tempfile.mkdtemp(prefix="vitrine-film-")
    slides = write_slides(folder)
    test_formats(folder, slides)
    test_film_in_film(folder, slides)
    test_failures(folder, slides)
    test_playlist(folder, slides)
    shutil.rmtree(folder)


main()
