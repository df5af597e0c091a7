"""A demonstration site of one's own for each test: data folder, server, player."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BUILD, SOURCE = (pathlib.Path(word) for word in sys.argv[1:3])
SERVER = BUILD / "vitrine-server"
PLAYER = BUILD / "vitrine-player"
PASSWORD = "mot de passe d’essai"
SCREEN = "astuce-theatre-des-arts"
ENVIRONMENT = {**os.environ, "LANG": "fr_FR.UTF-8", "LC_ALL": "fr_FR.UTF-8",
               "ASAN_OPTIONS": "allow_user_segv_handler=0:handle_segv=2:detect_leaks=1",
               "LSAN_OPTIONS": f"suppressions={SOURCE}/tests/lsan.supp",
               "SDL_VIDEODRIVER": "dummy", "SDL_FRAMEBUFFER_ACCELERATION": "0"}
for name in list(ENVIRONMENT):
    if name.startswith("VITRINE_"):
        del ENVIRONMENT[name]


def run(*words, check=True, environment=None):
    """vitrine-server, to its end: (code, standard output, standard error)."""
    done = subprocess.run([SERVER, *map(str, words)], capture_output=True, text=True, timeout=120,
                          env={**ENVIRONMENT, **(environment or {})})
    if check and done.returncode != 0:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.returncode, done.stdout, done.stderr


def until(what, seconds, condition):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := condition()):
            return found
        time.sleep(0.1)
    raise AssertionError(what)


class Place:
    def __init__(self, content=True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-operation-"))
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.process = None
        self.players = []
        password = self.folder / "password"
        password.write_text(PASSWORD + "\n", encoding="utf-8")
        password.chmod(0o600)
        self.run("init", "--password-file", password)
        if content:
            demo = SOURCE / "assets" / "demo"
            self.run("import", "annuaire", demo / "annuaire.csv")
            self.run("import", "evenements", demo / "evenements.ics")
            self.run("load", demo, "--playlists", SOURCE / "playlists" / "demo")

    def run(self, *words, **more):
        return run(*words, "--data", self.data, **more)

    def serve(self, *words, port=0, metrics="", environment=None):
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [SERVER, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}",
                 "--metrics-listen", metrics, *map(str, words)],
                stdout=subprocess.PIPE, stderr=log, text=True,
                env={**ENVIRONMENT, **(environment or {})})
        line = self.process.stdout.readline()
        match = re.search(r":(\d+)/", line)
        if not match:
            raise AssertionError(f"no port in {line!r}\n" + self.log.read_text())
        self.port = int(match[1])
        return self.port

    def ask(self, method, path, body=None, headers=None, port=None):
        peer = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=70)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        peer.request(method, path, body=body, headers=headers or {})
        response = peer.getresponse()
        content = response.read()
        peer.close()
        return response, content

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return None
        self.process.send_signal(how)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.process = None
        return code

    def play(self, state, screen=SCREEN, approve=True):
        """A real player, enrolled when it is new; its log grows in the file that is returned."""
        log = self.folder / f"{state}.log"
        with open(log, "a", encoding="utf-8") as out:
            player = subprocess.Popen(
                [PLAYER, "--server", f"http://127.0.0.1:{self.port}", "--state",
                 self.folder / state, "--backend", "surface", "--windowed", "640x360",
                 "--quit-after", "120"], stderr=out, env=ENVIRONMENT)
        self.players.append(player)
        if approve:
            code = until("no code", 30, lambda: re.search(
                r"event=enrolment_code .*code=([0-9A-Z-]*)", log.read_text()))[1]
            self.run("screen", "approve", code, "--as", screen)
        return log

    def close(self):
        for player in self.players:
            if player.poll() is None:
                player.terminate()
                player.wait(20)
        self.stop()
        text = self.log.read_text() if self.log.exists() else ""
        for log in self.folder.glob("*.log"):
            said = log.read_text(errors="replace")
            for mark in ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:"):
                assert mark not in said, said[-4000:]
        shutil.rmtree(self.folder)
        return text
