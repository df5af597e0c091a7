"""What the fault tests share: editions made by make_manifest, a server that can lie, the player as a
process, and the judgement of every frame that it presented. A frame's marker is the whole frame: the
player's PNG must be, byte for byte, what vitrine-render draws of a slide of an edition."""
import hashlib
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

WIDTH, HEIGHT = 480, 270
ORIGIN_MS = 1_700_000_000_000
ITEM_MS = 1000
SLIDES = 3
PHOTOS = ["cafe", "menuiserie", "textile", "numerique", "maraichage", "ressourcerie"]
# Reports go after each answer to the long-poll.
POLL_S = 3
# A frame may come this much after its item's time on a busy machine.
LATE_MS = 900


class Broken(Exception):
    """A promise of the player's that did not hold."""


def check(condition, text):
    if not condition:
        raise Broken(text)


class Edition:
    """One version of the programme, signed, with its files and the frames that it can show."""

    def __init__(self, house, version, slides):
        self.version, self.count = version, len(slides)
        self.folder = f"{house.folder}/edition-{version}"
        house.run([f"{house.build}/tests/player/make_manifest", self.folder, f"version={version}",
                   f"width={WIDTH}", f"height={HEIGHT}", f"origin={ORIGIN_MS}", "transition=cut",
                   f"duration={house.item_ms}", *slides])
        with open(f"{self.folder}/current.manifest", "rb") as file:
            self.sealed = file.read()
        self.key = self.sealed.split(b"\n", 1)[0].split()[2].decode()
        self.files = {}
        for root, _, names in os.walk(f"{self.folder}/cache"):
            for name in names:
                with open(f"{root}/{name}", "rb") as file:
                    self.files[name] = file.read()
        self.frames = {}
        for bare in (False, True):
            for index in range(self.count):
                self.frames[house.draw(self, index, bare)] = (version, index, bare)


class House:
    """A temporary folder with everything of one case in it."""

    def __init__(self, build, source, item_ms=ITEM_MS):
        self.build, self.source, self.item_ms = build, source, item_ms
        self.folder = tempfile.mkdtemp(prefix="vitrine-faults-")
        self.editions, self.frames, self.runs = {}, {}, 0
        self.state = f"{self.folder}/state"
        os.mkdir(f"{self.folder}/nothing")

    def finish(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=self.environment(), check=False)
        check(done.returncode == 0, f"{command}: {done.stdout.decode(errors='replace')}")

    def environment(self):
        return {**os.environ, "SDL_VIDEODRIVER": "dummy", "SDL_FRAMEBUFFER_ACCELERATION": "0",
                "VITRINE_ASSETS": f"{self.source}/assets", "LC_ALL": "C.UTF-8"}

    def draw(self, edition, index, bare):
        """The digest of a slide's frame; bare: without its files, as while they are damaged."""
        at = (ORIGIN_MS + index * self.item_ms + self.item_ms // 2) / 1000
        whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(at)))
        path = f"{self.folder}/expected.png"
        self.run([f"{self.build}/vitrine-render", "screen", "--manifest",
                  f"{edition.folder}/current.manifest", "--key", edition.key, "--media",
                  f"{self.folder}/nothing" if bare else f"{edition.folder}/cache",
                  "--at", f"{whole}.{int(at * 1000) % 1000:03d}Z", "-o", path])
        return digest(path)

    def edition(self, version, heavy=0):
        """Makes a version with its own titles and photos; heavy: bytes more in each photo."""
        slides = []
        for index in range(SLIDES):
            name = PHOTOS[(version + index) % len(PHOTOS)]
            photo = f"{self.folder}/photo-{version}-{index}.jpg"
            shutil.copy(f"{self.source}/assets/demo/photos/{name}.jpg", photo)
            with open(photo, "ab") as file:  # behind the picture's end: another file, as heavy
                file.write(bytes([version % 256, index]) + os.urandom(heavy))
            slides.append(f"photo:{photo}:Version {version}, vue {index + 1}")
        edition = Edition(self, version, slides)
        self.editions[version] = edition
        self.frames.update(edition.frames)
        return edition

    def settle(self, edition):
        """The player's folder as it is after it has fetched this edition."""
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.copytree(edition.folder, self.state)

    def forget(self, name):
        """Removes a file of the player's folder."""
        if os.path.exists(f"{self.state}/{name}"):
            os.unlink(f"{self.state}/{name}")

    def start(self, server, before=(), extra=None, frames=True):
        self.runs += 1
        shots = f"{self.folder}/shots-{self.runs}"
        return Player([*before, f"{self.build}/vitrine-player", "--server", server.url, "--state",
                       self.state, "--windowed", f"{WIDTH}x{HEIGHT}", "--backend", "surface",
                       *(["--frames-to", shots] if frames else [])], shots,
                      {**self.environment(), **(extra or {})}, f"{self.folder}/log-{self.runs}")

    def judge(self, player, versions, bare=False, timed=True):
        """Every frame is a whole slide of one of the versions, at its time, versions rising. Returns
        the last frame's version, or None when none was presented."""
        last = None
        for name in sorted(os.listdir(player.shots) if os.path.isdir(player.shots) else []):
            path = f"{player.shots}/{name}"
            if not whole_png(path):
                continue  # the player was killed while it wrote it
            seen = self.frames.get(digest(path))
            check(seen is not None, f"{path}: no slide of any version looks like this")
            version, index, without = seen
            check(version in versions, f"{path}: version {version}, not of {sorted(versions)}")
            check(bare or not without, f"{path}: version {version} without its photo")
            check(last is None or version >= last, f"{path}: version {version} after {last}")
            wall_ms = int(re.search(r"-(\d+)\.png$", name).group(1))
            due = {((wall_ms - late - ORIGIN_MS) // self.item_ms) % SLIDES
                   for late in (0, LATE_MS)}
            check(not timed or index in due, f"{path}: slide {index} at {wall_ms}")
            last = version
        return last


class Player:
    def __init__(self, command, shots, environment, log):
        self.shots, self.log_path = shots, log
        with open(log, "wb") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=file, env=environment,
                                            start_new_session=True)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_for(self, text, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text in self.log():
                return
            check(self.process.poll() is None, f"the player ended: {self.log()[-2000:]}")
            time.sleep(0.02)
        raise Broken(f"no \"{text}\" within {seconds} s: {self.log()[-2000:]}")

    def alive(self):
        check(self.process.poll() is None, f"the player ended: {self.log()[-3000:]}")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Broken(f"does not end on SIGTERM: {self.log()[-2000:]}") from None
        check("Sanitizer" not in self.log(), self.log()[-4000:])
        return code


class Server(http.server.ThreadingHTTPServer):
    """Speaks the player's protocol for one screen, honestly or not: `lie` names what is wrong."""
    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.changed = threading.Condition()
        self.edition, self.files, self.lie, self.lie_value = None, {}, "", None
        self.reports, self.conflicts, self.asked = {}, [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # players are killed in the middle of a request

    def publish(self, edition):
        with self.changed:
            self.edition = edition
            self.files.update(edition.files)
            self.changed.notify_all()

    def tell_lie(self, lie, value=None):
        with self.changed:
            self.lie, self.lie_value = lie, value
            self.changed.notify_all()

    def take(self, batch):
        for record in batch["records"]:
            key = (batch["boot"], record["sequence"])
            known = self.reports.setdefault(key, record)
            if known != record and "heartbeat" not in (known["kind"], record["kind"]):
                self.conflicts.append(key)
        return max((record["sequence"] for record in batch["records"]), default=0)

    def kinds(self, kind):
        return [record for record in list(self.reports.values()) if record["kind"] == kind]

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def dribble(self, body, seconds):
        """The body in so many seconds, a few bytes at a time."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        step = max(1, len(body) // 200)
        for at in range(0, len(body), step):
            self.wfile.write(body[at:at + step])
            self.wfile.flush()
            time.sleep(seconds / 200)

    def endless(self):
        self.send_response(200)
        self.send_header("ETag", '"1-999"')
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 65536)

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if self.server.lie == "500":
            return self.answer(500)
        if self.path.endswith("/reports"):
            batch = json.loads(body)
            return self.answer(200, json.dumps({"acknowledged": self.server.take(batch)}).encode())
        return self.answer(404)

    def do_GET(self):
        server = self.server
        if server.lie == "500":
            return self.answer(500)
        if server.lie == "freeze":
            time.sleep(3600)
        if self.path.startswith("/media/"):
            return self.media(self.path[7:])
        if self.path == "/player/v1/manifest":
            return self.manifest()
        return self.answer(404)

    def manifest(self):
        server = self.server
        with server.changed:
            server.asked.append(time.monotonic())
            if server.lie == "endless":
                return self.endless()
            if server.lie == "sealed":  # exactly these bytes
                etag, sealed = server.lie_value
                return self.answer(200, sealed, ETag=f'"{etag}"')
            def current():
                return server.edition is None or self.headers.get("If-None-Match") == \
                    f'"1-{server.edition.version}"'
            server.changed.wait_for(lambda: not current() or server.lie != "", POLL_S)
            if current():
                return self.answer(304)
            return self.answer(200, server.edition.sealed, ETag=f'"1-{server.edition.version}"')

    def media(self, name):
        server, body = self.server, self.server.files.get(self.path[7:])
        if body is None:
            return self.answer(404)
        if server.lie == "wrong":
            return self.answer(200, bytes(len(body)), ETag=f'"{name}"')
        if server.lie == "drip":
            return self.dribble(body, 3600)
        if server.lie == "slow":
            return self.dribble(body, server.lie_value)
        if server.lie == "endless":
            return self.endless()
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and int(asked.group(1)) < len(body):
            start = int(asked.group(1))
            if server.lie == "wrong-range":
                start = max(start - 7, 0)
            return self.answer(206, body[start:], ETag=f'"{name}"', Content_Range=
                               f"bytes {start}-{len(body) - 1}/{len(body)}")
        if server.lie == "cut":
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:len(body) // 2])
            self.close_connection = True
            return None
        return self.answer(200, body, ETag=f'"{name}"')


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def whole_png(path):
    with open(path, "rb") as file:
        return file.read().endswith(b"IEND\xaeB`\x82")
