"""A data folder with the demo content and a server on it: what all tests of tests/http ask."""
import atexit
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

SERVER, ENROLMENT_REQUEST, SOURCE = sys.argv[1:4]
PASSWORD = "mot de passe d’essai"
SCREEN = "astuce-theatre-des-arts"


class Site:
    """A data folder with the demo content, and a server on it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="vitrine-http-")
        self.data = os.path.join(self.folder, "data")
        self.password_file = os.path.join(self.folder, "password")
        with open(self.password_file, "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        self.csrf = {}  # cookie → the token that changes carry
        self.run("init", "--password-file", self.password_file)
        demo = os.path.join(SOURCE, "assets", "demo")
        self.run("import", "annuaire", os.path.join(demo, "annuaire.csv"))
        self.run("import", "evenements", os.path.join(demo, "evenements.ics"))
        self.run("load", demo, "--playlists", os.path.join(SOURCE, "playlists", "demo"))
        self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [SERVER, "serve", "--data", self.data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=self.log, env={**os.environ, "LANG": "fr_FR.UTF-8"})
        atexit.register(self.process.kill)
        line = self.process.stdout.readline().decode()
        match = re.search(r":(\d+)/", line)
        if not match:
            raise RuntimeError("no port in " + repr(line) + open(self.log.name).read())
        self.port = int(match.group(1))

    def crash(self):
        """Takes the server's life, and starts another on what it left."""
        self.process.kill()
        self.process.wait(20)
        self.process.stdout.close()
        self.start()

    def run(self, *words, check=True):
        result = subprocess.run([SERVER, *words, "--data", self.data], capture_output=True,
                                env={**os.environ, "LANG": "fr_FR.UTF-8"}, timeout=120)
        if check and result.returncode != 0:
            raise RuntimeError(f"{words}: {result.stderr.decode()} {result.stdout.decode()}")
        return result

    def stop(self):
        self.process.terminate()
        code = self.process.wait(20)
        self.process.stdout.close()
        self.log.seek(0)
        log = self.log.read()
        self.log.close()
        shutil.rmtree(self.folder)
        return code, log

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=70)

    def ask(self, method, path, body=None, headers=None, connection=None):
        own = connection or self.connect()
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        headers = dict(headers or {})
        if method not in ("GET", "HEAD") and headers.get("Cookie") in self.csrf:
            headers.setdefault("X-CSRF-Token", self.csrf[headers["Cookie"]])
        own.request(method, path, body=body, headers=headers)
        response = own.getresponse()
        content = response.read()
        if connection is None:
            own.close()
        return response, content

    def raw(self, text, wait=10):
        """Sends bytes as they are and returns all that comes back until the peer closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as peer:
            peer.sendall(text if isinstance(text, bytes) else text.encode())
            answer = b""
            try:
                while piece := peer.recv(65536):
                    answer += piece
            except (socket.timeout, ConnectionResetError):
                pass
            return answer

    def enrolment_body(self, key, challenge="", *options):
        path = os.path.join(self.folder, key)
        return subprocess.run([ENROLMENT_REQUEST, path, challenge, *options], check=True,
                              capture_output=True).stdout

    def enrol(self, key, screen):
        """A player's whole enrolment, approved by the command line while the server runs."""
        response, content = self.ask("POST", "/player/v1/enrolment", self.enrolment_body(key))
        assert response.status == 202, content
        pending = self.run("screen", "pending").stdout.decode()
        code = pending.split()[0]
        self.run("screen", "approve", code, "--as", screen, "--replace")
        challenge = json.loads(content)["challenge"]
        response, content = self.ask("POST", "/player/v1/enrolment",
                                     self.enrolment_body(key, challenge))
        assert response.status == 200, content
        return json.loads(content)

    def login(self, password=PASSWORD, user="admin", headers=None):
        response, content = self.ask("POST", "/api/v1/session",
                                     {"user": user, "password": password},
                                     {"Origin": f"http://127.0.0.1:{self.port}", **(headers or {})})
        return self.remember(response, content)

    def remember(self, response, content):
        """Notes the token of a session that an answer began."""
        cookie = (response.getheader("Set-Cookie") or "").split(";")[0]
        if response.status == 200 and cookie:
            self.csrf[cookie] = json.loads(content)["csrf"]
        return response, content

    def cookie(self):
        response, _ = self.login()
        return response.getheader("Set-Cookie").split(";")[0]



with open(os.path.join(SOURCE, "assets/demo/ecrans.json"), encoding="utf-8") as document:
    SCREENS = len(json.load(document)["screens"])
SITE = Site()
TOKEN = SITE.enrol("player-key", SCREEN)["token"]
