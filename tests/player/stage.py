"""The player's stage as people see it, judged by the frames that it presented:
stage.py BUILD SOURCE [CASE…]."""
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time

from programme import Broken, House, Programme, check

BUILD, SOURCE = sys.argv[1:3]
PHOTOS = f"{SOURCE}/assets/demo/photos"
CASES = []


def case(function):
    CASES.append(function)
    return function


def two_slides(programme):
    return (programme.photo(f"{PHOTOS}/cafe.jpg", "Le Café des Voisins"),
            programme.text("Atelier vélo samedi"))


def never_black(frames):
    for frame in frames:
        check(frame.black() < 0.2, f"{frame.path} is black")


def at(frames, seconds):
    """What stood on the screen at that time."""
    before = [frame for frame in frames if frame.at <= seconds]
    check(before, f"nothing was shown before {seconds} s")
    return before[-1]


@case
def zones(house):
    """Main zone, side column and strip: each goes its own way, and they tile the picture."""
    programme = Programme()
    cafe, velo = two_slides(programme)
    news = [programme.text(title, template="news") for title in ("Brève une", "Brève deux")]
    column = programme.track(programme.loop((velo, 1000), (cafe, 9000), transition="cut",
                                            transition_ms=0))
    lines = programme.track(programme.loop((news[0], 2000), (news[1], 8000)))
    layout = programme.layout([("main", 0, 0, 70, 100, 0), ("side", 70, 0, 30, 100, column)],
                              strip="bottom", strip_track=lines)
    programme.play(programme.loop((cafe, 60000)), layout)
    house.seal(programme)
    frames = house.run(at=0.2, seconds=3.2)
    never_black(frames)
    first, second, third = (at(frames, seconds) for seconds in (0.9, 1.9, 3.0))
    strip = 324  # the strip of this size is higher: that row is inside it
    check(first.part(0, 0, 448, 300) == second.part(0, 0, 448, 300), "the main zone changed")
    check(first.part(448, 0, 192, 300) != second.part(448, 0, 192, 300), "the column did not")
    check(first.part(0, strip, 448, 36) == second.part(0, strip, 448, 36), "news came too early")
    check(second.part(0, strip, 448, 36) != third.part(0, strip, 448, 36), "no second news")
    check(second.part(560, strip, 80, 36) == third.part(560, strip, 80, 36), "the clock moved")
    check(third.pixel(639, 3) != (0, 0, 0), "the column leaves a gap")


@case
def transitions(house):
    """Each kind: it begins on time, ends on time, and is what its name says."""
    for kind in ("fade", "cut", "slide", "wipe"):
        programme = Programme()
        slides = two_slides(programme)
        programme.layout()
        programme.play(programme.loop((slides[0], 1000), (slides[1], 3000), transition=kind,
                                      transition_ms=0 if kind == "cut" else 600))
        house.seal(programme)
        house.forget()
        frames = house.run(at=0.3, seconds=2.2)
        never_black(frames)
        first, last = frames[0], frames[-1]
        between = [frame for frame in frames if frame.pixels not in (first.pixels, last.pixels)]
        check(first.pixels != last.pixels, f"{kind}: nothing changed")
        changed = next(frame for frame in frames if frame.pixels != first.pixels)
        check(0.99 <= changed.at < 1.25, f"{kind}: began at {changed.at}")
        if kind == "cut":
            check(not between, "a cut has something between")
            continue
        check(len(between) >= 2, f"{kind}: {len(between)} steps")
        check(between[-1].at < 1.75, f"{kind}: ended at {between[-1].at}")
        middle = between[len(between) // 2]
        if kind == "slide":  # what was at the left is gone, what comes stands shifted
            row = [middle.pixel(x, 180) for x in range(0, 640, 8)]
            check(row[-1] in [last.pixel(x, 180) for x in range(640)], "nothing slides in")
        if kind == "wipe":
            check(middle.pixel(2, 20) == last.pixel(2, 20) or
                  middle.pixel(637, 20) == first.pixel(637, 20), "no edge travels")


@case
def reduced_motion(house):
    """Nothing travels where the screen asks for that: a slide is shown as a fade."""
    programme = Programme(reduced_motion=True)
    slides = two_slides(programme)
    programme.layout()
    programme.play(programme.loop((slides[0], 1000), (slides[1], 3000), transition="slide",
                                  transition_ms=600))
    house.seal(programme)
    frames = house.run(at=0.3, seconds=2.0)
    first, last = frames[0], frames[-1]
    for frame in frames:
        for x in range(5, 640, 40):
            ends = zip(first.pixel(x, 200), last.pixel(x, 200), frame.pixel(x, 200))
            check(all(min(a, b) - 1 <= c <= max(a, b) + 1 for a, b, c in ends),
                  f"{frame.path}: {x} is no mix")


def film_frame(frame, x=320, y=180):
    """Which of render_film's frames it is; luminance 32 + 4n, studio range."""
    red, green, blue = frame.pixel(x, y)
    check(max(red, green, blue) - min(red, green, blue) <= 3, f"{frame.path} is not grey")
    return round(((green / 255 * 219 + 16) - 32) / 4)


@case
def film(house):
    """A film between two slides: its frames come by the clock, the first stands while it is faded
    in, the last one stays."""
    programme = Programme()
    cafe, velo = two_slides(programme)
    movie = programme.film(house.render_film("film.mp4", 45), 1500)
    programme.layout()
    programme.play(programme.loop((cafe, 1000), (movie, 2600), (velo, 30000), transition_ms=300))
    house.seal(programme)
    frames = house.run(at=0.3, seconds=4.5)
    never_black(frames)
    playing = [frame for frame in frames if 1.32 < frame.at < 3.58]
    check(len(playing) >= 8, f"{len(playing)} frames of the film")
    for frame in playing:
        due = min((frame.at - 1.3) * 30, 44)
        seen = film_frame(frame)
        check(-4 <= seen - due <= 1.1, f"{frame.path}: frame {seen}, due {due:.1f}")
    check(film_frame(at(frames, 3.5)) == 44, "the last frame does not stay")
    check(at(frames, 4.4).pixels == frames[-1].pixels and
          frames[-1].pixel(320, 180) != at(frames, 3.5).pixel(320, 180), "no slide behind the film")


@case
def film_alone(house):
    """A film alone in its loop begins anew without a gap."""
    programme = Programme()
    movie = programme.film(house.render_film("film.mp4", 30), 1000)
    programme.layout()
    programme.play(programme.loop((movie, 1000), transition_ms=300))
    house.seal(programme)
    frames = house.run(at=0.2, seconds=3.5)
    never_black(frames)
    for frame in frames[3:]:
        due = frame.at % 1 * 30
        late = (due - film_frame(frame)) % 30
        check(late <= 5 or late >= 29, f"{frame.path}: {film_frame(frame)}, due {due:.1f}")
    gap = max(b.at - a.at for a, b in zip(frames[3:], frames[4:]))
    check(gap < 0.3, f"{gap} s without a frame")


@case
def film_with_captions(house):
    programme = Programme()
    words = f"{house.folder}/words.vtt"
    with open(words, "w", encoding="utf-8") as file:
        file.write("WEBVTT\n\n00:00.500 --> 00:01.500\nBonjour à tous\n")
    movie = programme.film(house.render_film("film.mp4", 50), 2000, captions=words)
    programme.layout()
    programme.play(programme.loop((movie, 2000)))
    house.seal(programme)
    frames = house.run(at=0.05, seconds=2.2)

    def lit(seconds):
        frame = at(frames, seconds)
        return any(frame.pixel(x, y) == (255, 255, 255) for y in range(290, 350, 2)
                   for x in range(100, 540, 2))
    check(not lit(0.45) and lit(1.3) and not lit(1.95), "the caption is not where it should be")


@case
def bad_films(house):
    """Garbage, a cut file and a missing one: the next item that works shows, and it is told."""
    good = house.render_film("film.mp4", 30)
    garbage, broken = f"{house.folder}/garbage.mp4", f"{house.folder}/broken.mp4"
    with open(garbage, "wb") as file:
        file.write(os.urandom(40000))
    with open(good, "rb") as source, open(broken, "wb") as file:
        file.write(source.read()[:2000])
    for bad in (garbage, broken, None):
        programme = Programme()
        cafe, velo = two_slides(programme)
        movie = programme.film(bad or good, 1000, title="Le film du quartier")
        programme.layout()
        programme.play(programme.loop((cafe, 1000), (movie, 1000), (velo, 5000)))
        house.forget()
        shutil.rmtree(house.state, ignore_errors=True)
        house.seal(programme)
        if bad is None:
            name = programme.document["slides"][movie]["video"]["file"]
            os.unlink(f"{house.state}/cache/{name[:2]}/{name}")
        frames = house.run(at=0.3, seconds=3.0)
        never_black(frames)
        check(at(frames, 1.9).pixels == frames[-1].pixels != frames[0].pixels,
              "the slide behind the bad film does not stand in for it")
        code = "file_decode" if bad else "file_hash"
        check(f"code={code} Le film du quartier" in house.log(), house.log())


def garbage_films(house, programme, count):
    slides = []
    for number in range(count):
        path = f"{house.folder}/garbage-{number}.mp4"
        with open(path, "wb") as file:
            file.write(os.urandom(4000))
        slides.append(programme.film(path, 3000, title=f"Film {number}"))
    return slides


@case
def nothing_that_works(house):
    """When nothing of what is planned can be shown, what is over goes all the same."""
    for kind in ("emergency", "base"):
        programme = Programme()
        slide = programme.text("Évacuez le quai", template="emergency")
        programme.layout()
        programme.play(programme.loop((slide, 10000)), end=1, kind=kind)
        programme.play(programme.loop(*[(bad, 10000) for bad in
                                        garbage_films(house, programme, 1)]), start=1)
        house.forget()
        house.seal(programme)
        frames = house.run(at=0.3, seconds=2.0)
        never_black(frames)
        check(frames[-1].pixel(5, 5) != frames[0].pixel(5, 5), f"what is over ({kind}) stays")


@case
def many_bad_films(house):
    """However many films are bad, each is tried and told once, and what works shows."""
    programme = Programme()
    bad = garbage_films(house, programme, 20)
    velo = programme.text("Atelier vélo samedi")
    programme.layout()
    programme.play(programme.loop(*[(slide, 3000) for slide in bad], (velo, 5000)))
    house.seal(programme)
    frames = house.run(at=0.3, seconds=2.0)
    check(frames[-1].pixel(5, 100) == (0, 95, 95), "the slide behind the bad films does not show")
    check(house.log().count("event=film_skipped") == 20, house.log())


@case
def slow_film(house):
    """A film of still pictures, eight seconds each, has not stopped."""
    programme = Programme()
    velo = programme.text("Atelier vélo samedi")
    movie = programme.film(house.render_film("film.mp4", 5, rate=1 / 8), 40000)
    programme.layout()
    programme.play(programme.loop((movie, 40500), (velo, 10000)))
    house.seal(programme)
    frames = house.run(at=0.6, seconds=9)
    check("event=film_skipped" not in house.log(), house.log())
    check(film_frame(frames[0]) == 0 and film_frame(frames[-1]) == 1, "the film stands still")


@case
def film_first_and_joined(house):
    """A player that starts in the middle of a film shows its middle."""
    programme = Programme()
    movie = programme.film(house.render_film("film.mp4", 50, rate=10), 5000)
    cafe, _ = two_slides(programme)
    programme.layout()
    programme.play(programme.loop((movie, 5500), (cafe, 5000), transition_ms=500))
    house.seal(programme)
    frames = house.run(at=3.0, seconds=1.2)
    for frame in frames[1:]:
        due = (frame.at - 0.5) * 10
        check(abs(film_frame(frame) - due) <= 2.5, f"{frame.path}: {film_frame(frame)}, {due}")


@case
def layout_changes(house):
    """A full-screen takeover and back: the whole picture fades, and nothing is black."""
    programme = Programme()
    cafe, velo = two_slides(programme)
    column = programme.track(programme.loop((velo, 60000)))
    split = programme.layout([("main", 0, 0, 60, 100, 0), ("side", 60, 0, 40, 100, column)],
                             strip="top")
    whole = programme.layout()
    programme.play(programme.loop((cafe, 60000)), split, end=1)
    programme.play(programme.loop((velo, 60000)), whole, start=1, end=2.5, kind="takeover")
    programme.play(programme.loop((cafe, 60000)), split, start=2.5)
    house.seal(programme)
    frames = house.run(at=0.3, seconds=4.0)
    never_black(frames)
    before, during, after = at(frames, 0.9), at(frames, 2.4), frames[-1]
    check(before.pixels == after.pixels, "the first layout does not come back")
    check(before.pixels != during.pixels, "there was no takeover")
    check(any(1.0 < frame.at < 1.6 and frame.pixels not in (before.pixels, during.pixels)
              for frame in frames), "the layouts do not fade")


@case
def logo(house):
    programme = Programme()
    cafe, _ = two_slides(programme)
    picture = f"{house.folder}/logo.png"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=c=red:s=100x50",
                    "-frames:v", "1", picture], check=True)
    name = programme.file(picture, "image/png")
    layout = programme.layout([("main", 0, 0, 75, 100, 0), ("logo", 75, 0, 25, 100, name)])
    programme.play(programme.loop((cafe, 60000)), layout)
    house.seal(programme)
    frame = house.run(at=0.3, seconds=1.0)[-1]
    check(frame.pixel(560, 180)[0] > 230 and frame.pixel(560, 180)[1] < 30, "the logo is missing")
    check(frame.pixel(560, 20) == (255, 255, 255), "no room around the logo")


def emergency(programme, start, end):
    slide = programme.text("Évacuez le quai", template="emergency")
    programme.layout()
    programme.play(programme.loop((slide, 10000)), len(programme.document["layouts"]) - 1,
                   start=start, end=end, kind="emergency")


@case
def urgent(house):
    """What stands in the urgent slot shows at once after a restart, also though another of its
    files is missing, and ends by itself."""
    programme = Programme(version=1)
    cafe, _ = two_slides(programme)
    programme.layout()
    programme.play(programme.loop((cafe, 60000)))
    house.seal(programme)
    newer = Programme(version=2)
    newer.photo(f"{PHOTOS}/textile.jpg", "Pas encore là")
    newer.paths = []
    emergency(newer, 0, 2)
    house.seal(newer, slot="urgent")
    frames = house.run(at=0.5, seconds=3.0)
    never_black(frames)
    check(at(frames, 1.9).pixels == frames[0].pixels, "the emergency did not stay")
    check(frames[-1].pixels != frames[0].pixels, "the emergency did not end")
    house.forget()
    os.unlink(f"{house.state}/urgent.manifest")
    calm = house.run(at=2.6, seconds=0.8)
    check(calm[-1].pixels == frames[-1].pixels, "what shows afterwards is not the programme")


@case
def emergency_cuts(house):
    """An emergency within the programme comes by a cut, on time, in its own layout."""
    programme = Programme()
    cafe, _ = two_slides(programme)
    split = programme.layout(strip="bottom")
    programme.play(programme.loop((cafe, 60000)), split, end=1)
    emergency(programme, 1, 2)
    programme.play(programme.loop((cafe, 60000)), split, start=2)
    house.seal(programme)
    frames = house.run(at=0.3, seconds=1.4)
    check(len({frame.pixels for frame in frames}) == 2, "there is something between")
    check(1.0 <= frames[-1].at < 1.2, f"it came at {frames[-1].at}")


@case
def emergency_interrupts(house):
    """A transition of two seconds is no reason to wait: neither of a slide nor of a layout."""
    for split in (False, True):
        programme = Programme()
        cafe, velo = two_slides(programme)
        whole = programme.layout()
        other = programme.layout(strip="bottom") if split else whole
        loops = [programme.loop((slide, 60000), transition_ms=2000) for slide in (cafe, velo)]
        programme.play(loops[0], whole, end=1)
        programme.play(loops[1], other, start=1, end=1.6)
        emergency(programme, 1.6, 60)
        house.forget()
        house.seal(programme)
        frames = house.run(at=0.3, seconds=2.4)
        never_black(frames)
        last = frames[-1]
        first = next(frame for frame in frames if frame.pixels == last.pixels)
        check(1.6 <= first.at < 2.1, f"the emergency came at {first.at} (layout changed: {split})")


@case
def ended_emergency(house):
    """A newer manifest has no emergency any more and is not complete: what went before shows."""
    programme = Programme(version=1)
    cafe, _ = two_slides(programme)
    programme.layout()
    programme.play(programme.loop((cafe, 60000)), end=1)
    emergency(programme, 1, 60)
    house.seal(programme)
    newer = Programme(version=2)
    other = newer.text("Tout autre chose")
    newer.layout()
    newer.play(newer.loop((other, 60000)))
    house.seal(newer, slot="urgent")
    frames = house.run(at=0.5, seconds=1.5)
    check(len({frame.pixels for frame in frames}) == 1, "the emergency came back")


@case
def closed(house):
    """Outside opening hours the screen is black; at opening the programme is there at once."""
    programme = Programme()
    cafe, _ = two_slides(programme)
    programme.layout()
    programme.play(programme.loop((cafe, 60000)))
    programme.closed(1, 2)
    house.seal(programme)
    frames = house.run(at=0.3, seconds=2.6)
    check(at(frames, 0.9).black() < 0.2 and at(frames, 1.5).black() > 0.99, "it was not dark")
    check(frames[-1].pixels == frames[0].pixels, "it did not open")
    check(next(f for f in frames if f.at > 1.6).at < 2.2, "it opened late")


@case
def proof_of_play(house):
    """Every showing that ended is told with its real span; nothing is while it is dark."""
    programme = Programme()
    cafe, velo = two_slides(programme)
    programme.layout()
    programme.play(programme.loop((cafe, 1000), (velo, 1000), transition_ms=300))
    programme.closed(3, 60)
    house.seal(programme)
    house.start(at=0.25, seconds=4.5, frames=False)
    house.wait()
    base = sqlite3.connect(f"{house.state}/spool/reports.db")
    rows = base.execute("SELECT time_ms, from_before, until_before FROM records "
                        "WHERE from_before IS NOT NULL ORDER BY id").fetchall()
    spans = [(time_ms - start, time_ms - end) for time_ms, start, end in rows]
    seen = [round((end - start) / 1000, 1) for start, end in spans]
    check(len(spans) == 3, f"{len(spans)} plays: {seen}")
    check(all(0.3 <= span <= 1.6 for span in seen), f"spans of {seen} s")
    check(all(end == start for (_, end), (start, _) in zip(spans, spans[1:])), "plays have gaps")
    check(2.4 <= sum(seen) <= 2.9, f"{sum(seen)} s of plays before it closed")
    base.close()


@case
def two_displays(house):
    """One process, two windows, two programmes."""
    first, second = Programme(), Programme()
    for programme, photo in ((first, "cafe"), (second, "textile")):
        slide = programme.photo(f"{PHOTOS}/{photo}.jpg", photo)
        programme.layout()
        programme.play(programme.loop((slide, 60000)))
    house.seal(first)
    house.seal(second, state=f"{house.state}/display-2")
    house.start(at=0.3, seconds=1.2, extra=["--display", "0", "--display", "0"])
    house.wait()
    one, two = house.frames()[-1], house.frames(prefix="display-2-")[-1]
    check(one.pixels != two.pixels, "both show the same")
    for programme, frame in ((first, one), (second, two)):
        house.forget()
        shutil.rmtree(house.state)
        house.seal(programme)
        check(house.run(at=0.3, seconds=0.8)[-1].pixels == frame.pixels, "it is not its own")


def add_directory(house, programme, *film):
    directory = f"{house.folder}/annuaire.sqlite"
    subprocess.run([f"{house.build}/tests/player/make_directory", directory, "3", *film],
                   check=True)
    programme.document["directory"] = programme.file(directory, "application/vnd.sqlite3")


@case
def emergency_of_a_kiosk(house):
    """An emergency has a kiosk's whole screen: nothing invites to touch what does not answer."""
    programme = Programme(kiosk=True)
    cafe, _ = two_slides(programme)
    add_directory(house, programme)
    programme.layout()
    programme.play(programme.loop((cafe, 60000)), end=1.5)
    emergency(programme, 1.5, 2.5)
    programme.play(programme.loop((cafe, 60000)), start=2.5)
    house.seal(programme)
    frames = house.run(at=0.3, seconds=3.8)
    before, during, after = (at(frames, seconds).pixel(60, 352) for seconds in (1.4, 2.4, 4.0))
    check(before == after != during, f"below stand {before}, {during}, {after}")
    check(during == at(frames, 2.4).pixel(60, 5), "the emergency has not the whole screen")


@contextlib.contextmanager
def screen_of_glass(size):
    """An X server; gives a function that calls xdotool there, and its display's name."""
    reader, writer = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24",
                               "-nolisten", "tcp"], pass_fds=[writer], stderr=subprocess.DEVNULL)
    try:
        display = ":" + os.read(reader, 16).decode().strip()
        yield lambda *words: subprocess.run(["xdotool", *words], check=True, env={
            **os.environ, "DISPLAY": display}), display
    finally:
        server.terminate()
        server.wait()
        os.close(reader)
        os.close(writer)


def has_x():
    found = shutil.which("Xvfb") is not None and shutil.which("xdotool") is not None
    if not found:
        print("Xvfb or xdotool is not installed")
    return found


@case
def kiosk_film(house):
    """A touch on a portrait's slide opens it; its film plays to its end with captions, and leads
    back to the portrait."""
    if not has_x():
        return
    programme = Programme(kiosk=True, width=540, height=960, diagonal_mm=1092, bottom_edge_mm=620)
    slide = programme.photo(f"{PHOTOS}/cafe.jpg", "cafe")
    programme.document["slides"][slide]["subject"] = "portrait-0"
    programme.layout()
    programme.play(programme.loop((slide, 60000)))
    words = f"{house.folder}/words.vtt"
    with open(words, "w", encoding="utf-8") as file:
        file.write("WEBVTT\n\n00:00.500 --> 00:01.500\nBonjour à tous\n")
    movie = house.render_film("film.mp4", 50, rate=25)
    add_directory(house, programme, programme.file(movie, "video/mp4"),
                  programme.file(words, "text/vtt"))
    house.seal(programme)
    with screen_of_glass("540x960") as (xdotool, display):
        house.start(at=0.3, seconds=15, size="540x960",
                    environment={"SDL_VIDEODRIVER": "x11", "DISPLAY": display})
        time.sleep(3)
        xdotool("mousemove", "270", "300", "click", "1")  # the portrait
        time.sleep(1.5)
        for _ in range(2):  # the voice's button comes first where there is a voice
            xdotool("key", "Tab")
            time.sleep(0.3)
        xdotool("key", "Return")
        house.wait()
    frames = house.frames("540x960")
    greys = [frame.pixel(270, 300)[0] for frame in frames
             if max(frame.pixel(270, 300)) - min(frame.pixel(270, 300)) <= 2
             and frame.pixel(4, 20) == (0, 0, 0)]
    check(len(set(greys)) >= 15, f"the film shows {len(set(greys))} pictures")
    check(greys == sorted(greys), "the film's pictures are not in order")
    first = next(i for i, frame in enumerate(frames) if frame.pixel(4, 20) == (0, 0, 0))
    last = max(i for i, frame in enumerate(frames) if frame.pixel(4, 20) == (0, 0, 0))
    check(frames[-1].pixels == frames[first - 1].pixels, "the film does not lead back")

    def lit(frame):
        return any(frame.pixel(x, y) == (255, 255, 255) for y in range(438, 520)
                   for x in range(60, 480, 2))
    captions = [lit(frame) for frame in frames[first:last + 1]]
    check(True in captions and not captions[0] and not captions[-1],
          "the caption is not where it should be")


@case
def touches_find_their_window(house):
    """Two windows of one process: a touch on the second one's kiosk opens that one alone."""
    if not has_x():
        return
    plain, kiosk = Programme(), Programme(kiosk=True)
    for programme, photo in ((plain, "cafe"), (kiosk, "textile")):
        slide = programme.photo(f"{PHOTOS}/{photo}.jpg", photo)
        programme.layout()
        programme.play(programme.loop((slide, 60000)))
    add_directory(house, kiosk)
    house.seal(plain)
    house.seal(kiosk, state=f"{house.state}/display-2")
    with screen_of_glass("1280x360") as (xdotool, display):
        house.start(at=0.3, seconds=8, extra=["--display", "0", "--display", "0"],
                    environment={"SDL_VIDEODRIVER": "x11", "DISPLAY": display})
        time.sleep(3)
        xdotool("mousemove", str(640 + 300), "345", "click", "1")
        house.wait()
    one, two = house.frames(), house.frames(prefix="display-2-")
    check(one[0].pixels == one[-1].pixels, "the first window took the touch")
    opened = sum(a != b for a, b in zip(two[0].pixels[::50], two[-1].pixels[::50]))
    check(opened > len(two[0].pixels[::50]) * 0.4, "the kiosk did not open")


@case
def quarantine(house):
    """A film in which the player died three times is left out, and that is told."""
    programme = Programme()
    movie = programme.film(house.render_film("film.mp4", 50, rate=5), 10000, title="Le film")
    velo = programme.text("Atelier vélo samedi")
    programme.layout()
    programme.play(programme.loop((movie, 10000), (velo, 10000)))
    house.seal(programme)
    for _ in range(3):
        house.forget()
        house.start(at=1.0, seconds=20)
        end = time.monotonic() + 20
        while "event=film" not in house.log():
            check(time.monotonic() < end, f"no film: {house.log()}")
            time.sleep(0.02)
        house.process.kill()
        house.process.wait()
    house.forget()
    frames = house.run(at=1.0, seconds=1.0)
    check("event=film " not in house.log(), "the film was opened again")
    check("code=quarantine" in house.log(), house.log())
    check(frames[-1].pixel(320, 20) != frames[-1].pixel(100, 180), "no slide stands in for it")


@case
def quarantine_beside(house):
    """Of two films side by side the one that never gets to its end is left out."""
    programme = Programme()
    deadly = programme.film(house.render_film("film.mp4", 50, rate=5), 10000, title="Le mauvais")
    good = programme.film(house.render_film("good.mp4", 20, rate=25), 800, title="Le bon")
    side = programme.track(programme.loop((good, 800)))
    layout = programme.layout([("main", 0, 0, 60, 100, 0), ("side", 60, 0, 40, 100, side)])
    programme.play(programme.loop((deadly, 10000)), layout)
    house.seal(programme)
    for _ in range(3):
        house.forget()
        house.start(at=1.0, seconds=20, frames=False)
        end = time.monotonic() + 20
        while house.log().count("event=film ") < 5:
            check(time.monotonic() < end, f"no films: {house.log()}")
            time.sleep(0.02)
        house.process.kill()
        house.process.wait()
    house.forget()
    house.start(at=1.0, seconds=1.0, frames=False)
    house.wait()
    held = [line for line in house.log().splitlines() if "code=quarantine" in line]
    check(len(held) == 1 and "Le mauvais" in held[0], f"left out: {held}")


@case
def screens_by_the_clock(house):
    """Two players started at different moments are at the same frame of a film."""
    programme = Programme()
    movie = programme.film(house.render_film("film.mp4", 50, rate=10), 5000)
    programme.layout()
    programme.play(programme.loop((movie, 5000)))
    house.seal(programme)
    late = house.run(at=2.0, seconds=1.4)
    house.forget()
    early = house.run(at=0.7, seconds=2.7)
    for moment in (2.6, 2.9, 3.2):
        one, two = film_frame(at(late, moment)), film_frame(at(early, moment))
        check(abs(one - two) <= 1, f"at {moment} s: {one} and {two}")


def attempts():
    """How often a case may try: with sanitizers the player cannot keep up on a busy machine."""
    with open(f"{BUILD}/CMakeCache.txt", encoding="utf-8") as file:
        return 4 if "VITRINE_SANITIZE:BOOL=ON" in file.read() else 2


def passes(function, left):
    house = House(BUILD, SOURCE)
    began = time.monotonic()
    try:
        function(house)
        print(f"{function.__name__}: ok, {time.monotonic() - began:.1f} s", flush=True)
        return True
    except Broken as broken:
        again = left > 1 and "Sanitizer" not in str(broken)
        print(f"{function.__name__}: {'once more' if again else 'FAILED'}: {broken}", flush=True)
        if os.environ.get("KEEP"):
            shutil.copytree(house.folder, f"{os.environ['KEEP']}/{function.__name__}-{left}",
                            dirs_exist_ok=True)
    finally:
        house.finish()
    return again and passes(function, left - 1)


def main():
    if shutil.which("ffmpeg") is None:
        print("ffmpeg is not installed")
        return 77
    chosen = [function for function in CASES
              if not sys.argv[3:] or function.__name__ in sys.argv[3:]]
    tries = attempts()
    return 0 if all([passes(function, tries) for function in chosen]) else 1


if __name__ == "__main__":
    sys.exit(main())
