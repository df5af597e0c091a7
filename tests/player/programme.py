"""Programmes for the player's tests: a manifest's document written piece by piece, sealed into a
state folder, played, and its frames read back."""
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

ORIGIN_MS = 1_795_504_200_000  # 2026-11-24T07:10:00Z
FAR_MS = 4_102_444_800_000
NAVY, TEAL, WHITE = 0x0B1F3A, 0x005F5F, 0xFFFFFF


class Broken(Exception):
    """A promise of the player's that did not hold."""


def check(condition, text):
    if not condition:
        raise Broken(text)


class Programme:
    """A manifest's document. Slides are made by text, photo and film, which give their index."""

    def __init__(self, width=640, height=360, version=1, **screen):
        self.paths = []
        self.document = {
            "format": 2, "epoch": 1, "version": version, "created_ms": ORIGIN_MS - 3600_000,
            "valid_until_ms": FAR_MS,
            "screen": {"id": "quai-2", "name": "Théâtre des Arts, quai 2",
                       "site": "Théâtre des Arts", "site_id": "", "width_px": width,
                       "height_px": height, "rotation": 0, "diagonal_mm": 1400,
                       "viewing_distance_mm": 3000, "bottom_edge_mm": 700, "kiosk": False,
                       "time_zone": "Europe/Paris", "languages": ["fr"], "reduced_motion": False,
                       **screen},
            "offsets": [{"from_ms": 0, "offset_s": 3600}], "files": [], "slides": [], "loops": [],
            "layouts": [], "intervals": [], "tracks": [], "closed": [], "templates": []}

    def file(self, path, kind):
        with open(path, "rb") as source:
            content = source.read()
        name = hashlib.sha256(content).hexdigest()
        if all(file["sha256"] != name for file in self.document["files"]):
            self.document["files"].append({"sha256": name, "size": len(content), "type": kind})
            self.document["files"].sort(key=lambda file: file["sha256"])
            self.paths.append(path)
        return name

    def slide(self, template, title, **more):
        slides = self.document["slides"]
        slides.append({"id": f"slide-{len(slides)}", "template": template, "subject": "",
                       "organisation": "", "title": title, "lang": "fr", "link": "",
                       "duration_ms": 10_000, "texts": {"title": title}, "pictures": [], **more})
        return len(slides) - 1

    def text(self, title, template="announcement", **texts):
        return self.slide(template, title, texts={"title": title, **texts})

    def photo(self, path, title):
        return self.slide("portrait", title, texts={
            "company": title, "leader": "Zoé Lefèvre",
            "quote": "Ici, chaque objet a une seconde vie."}, pictures=[
                {"slot": "photo", "file": self.file(path, "image/jpeg"), "focal_x": 0.5,
                 "focal_y": 0.5, "alt": "", "credit": ""}])

    def film(self, path, length_ms, title="Film", captions=None):
        video = {"file": self.file(path, "video/mp4"), "length_ms": length_ms}
        if captions:
            video["captions"] = self.file(captions, "text/vtt")
        return self.slide("video", title, texts={}, video=video)

    def loop(self, *items, transition="fade", transition_ms=500):
        """Items are (slide, milliseconds)."""
        self.document["loops"].append({
            "playlist": "essai", "transition": transition, "transition_ms": transition_ms,
            "items": [{"slide": slide, "duration_ms": ms} for slide, ms in items]})
        return len(self.document["loops"]) - 1

    def layout(self, zones=(), strip="none", strip_track=0):
        """Zones are (id, x, y, w, h, track) in hundredths, or with a file in place of the track;
        none: the main one alone."""
        made = []
        for name, x, y, w, h, what in zones or [("main", 0, 0, 100, 100, 0)]:
            logo = isinstance(what, str)
            made.append({"id": name, "kind": "logo" if logo else "loop", "x": x * 100,
                         "y": y * 100, "w": w * 100, "h": h * 100,
                         **({"file": what} if logo else {"track": what}),
                         "fill": WHITE if logo else TEAL if made else NAVY})
        self.document["layouts"].append({"id": f"layout-{len(self.document['layouts'])}",
                                         "strip": strip, "strip_track": strip_track,
                                         "zones": made})
        return len(self.document["layouts"]) - 1

    @staticmethod
    def interval(loop, layout=0, start=0, end=None, kind="base"):
        """start and end in seconds from ORIGIN_MS."""
        return {"from_ms": ORIGIN_MS + int(start * 1000),
                "until_ms": FAR_MS if end is None else ORIGIN_MS + int(end * 1000),
                "origin_ms": ORIGIN_MS + int(start * 1000), "loop": loop, "layout": layout,
                "class": kind, "rule": "essai"}

    def play(self, *args, **options):
        self.document["intervals"].append(self.interval(*args, **options))

    def track(self, *args, **options):
        self.document["tracks"].append({"intervals": [self.interval(*args, **options)]})
        return len(self.document["tracks"])

    def closed(self, start, end):
        self.document["closed"].append({"from_ms": ORIGIN_MS + int(start * 1000),
                                        "until_ms": ORIGIN_MS + int(end * 1000)})


class Frame:
    def __init__(self, path, pixels, width, height):
        self.path, self.pixels, self.width, self.height = path, pixels, width, height
        self.wall_ms = int(re.search(r"-(\d+)\.png$", path).group(1))

    @property
    def at(self):
        return (self.wall_ms - ORIGIN_MS) / 1000

    def pixel(self, x, y):
        at = (y * self.width + x) * 3
        return tuple(self.pixels[at:at + 3])

    def part(self, x, y, w, h):
        return b"".join(self.pixels[((y + row) * self.width + x) * 3:
                                    ((y + row) * self.width + x + w) * 3] for row in range(h))

    def black(self):
        """Share of pixels that are black."""
        zero = bytes(3)
        count = len(self.pixels) // 3
        return sum(self.pixels[i:i + 3] == zero for i in range(0, len(self.pixels), 3 * 7)) * 7 / count


class House:
    """A temporary folder with a state, a player and what it showed."""

    def __init__(self, build, source):
        self.build, self.source = build, source
        # In memory: a busy disk would hold up the player, which saves each frame before the next.
        self.folder = tempfile.mkdtemp(prefix="vitrine-stage-", dir="/dev/shm"
                                       if os.access("/dev/shm", os.W_OK) else None)
        self.state, self.shots = f"{self.folder}/state", f"{self.folder}/shots"
        self.log_path = f"{self.folder}/log"
        self.process = None

    def finish(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def seal(self, programme, slot="current", state=None):
        path = f"{self.folder}/{slot}.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(programme.document, file)
        done = subprocess.run([f"{self.build}/tests/player/seal", state or self.state, slot, path,
                               *programme.paths], stderr=subprocess.PIPE, check=False)
        check(done.returncode == 0, done.stderr.decode())

    def render_film(self, name, frames, rate=30, size="320x180"):
        """A film whose frame n has luminance 32 + 4 × n all over."""
        path = f"{self.folder}/{name}"
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
                        f"color=c=black:s={size}:r={rate}:d={frames / rate},"
                        "geq=lum='32+4*N':cb=128:cr=128,format=yuv420p", "-frames:v", str(frames),
                        "-c:v", "libx264", "-qp", "4", "-g", "15", path], check=True)
        return path

    def start(self, at=0.0, seconds=2.0, size="640x360", extra=(), frames=True, environment=None):
        instant = ORIGIN_MS / 1000 + at
        whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(instant)))
        command = [f"{self.build}/vitrine-player", "--state", self.state, "--windowed", size,
                   "--backend", "surface", "--quit-after", str(seconds), "--at",
                   f"{whole}.{int(instant * 1000) % 1000:03d}Z", *extra]
        if frames:
            command += ["--frames-to", self.shots]
        log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            command, stderr=log, stdout=log,
            env={"SDL_VIDEODRIVER": "dummy", **os.environ, "SDL_FRAMEBUFFER_ACCELERATION": "0",
                 # libdbus forks to start a bus, which under the sanitizers may wait for ever.
                 "DBUS_SESSION_BUS_ADDRESS": "disabled:",
                 "VITRINE_ASSETS": f"{self.source}/assets", **(environment or {})})
        log.close()
        return self.process

    def wait(self, code=0):
        ended = self.process.wait(120)
        check(ended == code, f"the player ended with {ended}: {self.log()[-3000:]}")
        check("Sanitizer" not in self.log(), self.log()[-6000:])

    def run(self, **options):
        self.start(**options)
        self.wait()
        return self.frames(options.get("size", "640x360"))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.wait()

    def log(self):
        if not os.path.exists(self.log_path):
            return ""
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def frames(self, size="640x360", prefix=""):
        """All that was shown, in order."""
        width, height = (int(side) for side in size.split("x"))
        names = sorted(name for name in os.listdir(self.shots)
                       if re.fullmatch(prefix + r"\d{6}-\d+\.png", name))
        check(names, f"nothing was shown: {self.log()[-3000:]}")
        listing = f"{self.folder}/frames.txt"
        with open(listing, "w", encoding="utf-8") as file:
            file.writelines(f"file '{self.shots}/{name}'\n" for name in names)
        raw = subprocess.run(["ffmpeg", "-v", "fatal", "-f", "concat", "-safe", "0", "-i", listing,
                              "-fps_mode", "passthrough", "-pix_fmt", "rgb24", "-f", "rawvideo",
                              "-"], stdout=subprocess.PIPE, check=True).stdout
        length = width * height * 3
        check(len(raw) == length * len(names), "frames of another size")
        return [Frame(f"{self.shots}/{name}", raw[i * length:(i + 1) * length], width, height)
                for i, name in enumerate(names)]

    def forget(self):
        shutil.rmtree(self.shots, ignore_errors=True)
        if os.path.exists(self.log_path):
            os.unlink(self.log_path)
