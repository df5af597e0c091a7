"""vitrine-player --doctor as a technician sees it: doctor.py PLAYER.

The machine is whatever runs the suite; state folder, server and time are the test's own."""

import fcntl
import http.server
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
from email.utils import formatdate
import time

player = sys.argv[1]
MARKED = re.compile(r"^  [✔✖–] ")
COLUMN = 26  # where what was found begins


class Server(http.server.BaseHTTPRequestHandler):
    ahead_s = 0

    def do_GET(self):
        self.send_response_only(200)
        self.send_header("Date", formatdate(time.time() + Server.ahead_s, usegmt=True))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def doctor(state, server=None, lang="fr", more=()):
    command = [player, "--doctor", "--state", str(state), "--lang", lang, *more]
    if server:
        command += ["--server", server]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "SDL_VIDEODRIVER": "dummy"}
    for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "VITRINE_ASSETS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    check(done.stderr == "", f"on standard error: {done.stderr}")
    for line in done.stdout.splitlines():
        if MARKED.match(line):
            check(line[COLUMN - 1] == " " and line[COLUMN] != " ", f"not aligned: {line!r}")
            check("%" not in line and "(null)" not in line, f"odd: {line!r}")
        check(len(line) <= 100 or " " not in line[COLUMN:].strip("→ "), f"too long: {line!r}")
    # Wrapped lines are one line to the checks below.
    return done.returncode, re.sub(r"\n {26,}(?!→)(?=\S)", " ", done.stdout)


def check(right, what):
    if not right:
        print(what)
        sys.exit(1)


def line_of(text, label):
    found = [line for line in text.splitlines() if MARKED.match(line) and line[4:].startswith(label)]
    check(len(found) == 1, f"{len(found)} lines of {label!r} in:\n{text}")
    return found[0]


def new_key():
    """64 bytes as libsodium has them: seed and public key."""
    private = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-outform", "DER"],
                             capture_output=True, check=True).stdout
    public = subprocess.run(["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"],
                            input=private, capture_output=True, check=True).stdout
    return private[-32:] + public[-32:]


def main():
    with tempfile.TemporaryDirectory() as folder:
        state = pathlib.Path(folder) / "state"

        # A new machine, and nobody at the server's address.
        code, french = doctor(state, "http://127.0.0.1:1")
        check(code == 1, french)
        check("✖" in line_of(french, "Serveur") and "ne répond pas" in french, french)
        check("–" in line_of(french, "Inscription"), french)
        check(not state.exists(), "the doctor made the state folder")
        code, english = doctor(state, "http://127.0.0.1:1", "en")
        check("does not answer" in line_of(english, "Server"), english)
        marks = [[line[2] for line in text.splitlines() if MARKED.match(line)]
                 for text in (french, english)]
        check(marks[0] == marks[1], f"the languages differ:\n{french}\n{english}")
        code, text = doctor(state, "https://nowhere.invalid")
        check("✖" in line_of(text, "Serveur") and "VITRINE_SERVER" in text, text)

        # A server that answers, an hour ahead; a key, so that the code can be read out.
        state.mkdir()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        code, text = doctor(state, url)
        check("✔" in line_of(text, "Serveur") and "✔" in line_of(text, "Écart"), text)
        check("✔" in line_of(text, "Dossier"), text)
        check(list(state.iterdir()) == [], "the doctor left something in the state folder")
        Server.ahead_s = 3600
        (state / "key").write_bytes(b"damaged")
        code, text = doctor(state, url)
        check("✖" in line_of(text, "Inscription"), text)
        check((state / "key").read_bytes() == b"damaged", "the doctor changed the key")
        (state / "key").write_bytes(new_key())
        (state / "key").chmod(0o600)
        code, text = doctor(state, url)
        check(code == 1 and "✖" in line_of(text, "Écart"), text)
        check(re.search(r"code [0-9A-Z]{4}-[0-9A-Z]{4}, ", line_of(text, "Inscription")), text)
        Server.ahead_s = 0

        # Beside a player, whose reports are damaged.
        (state / "spool").mkdir()
        (state / "spool/reports.db").write_bytes(b"no database" * 1000)
        (state / "server.json").write_bytes(b"{")
        holder = os.open(state, os.O_RDONLY)
        fcntl.flock(holder, fcntl.LOCK_EX)
        code, text = doctor(state, url)
        check("tourne" in line_of(text, "Lecteur") and "ne tourne" not in text, text)
        check("✖" in line_of(text, "Rapports"), text)
        check("✖" in line_of(text, "Programme"), text)
        fcntl.flock(holder, fcntl.LOCK_UN)
        code, text = doctor(state, url)
        check("ne tourne pas" in line_of(text, "Lecteur"), text)

        # A second display has its own folder, key and code.
        first = re.search(r"code ([0-9A-Z-]+)", text)[1]
        (state / "display-2").mkdir()
        (state / "display-2/key").write_bytes(new_key())
        (state / "display-2/key").chmod(0o600)
        code, text = doctor(state, url, more=("--display", "0,1"))
        codes = re.findall(r"code ([0-9A-Z-]+)", text)
        check("\nÉcran 2\n" in text and len(codes) == 2, text)
        check(codes[0] == first and codes[1] != first, text)


main()
