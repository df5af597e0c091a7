"""A server of one's own that can be killed and started again; the tests of uploads ask it."""
import base64
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from urllib.parse import quote

SERVER, SOURCE = sys.argv[1], sys.argv[2]
PASSWORD = "mot de passe d’essai"


class Site:
    """A data folder, and a server on it that can be killed and started again."""

    def __init__(self, *options):
        self.folder = tempfile.mkdtemp(prefix="vitrine-media-")
        self.data = os.path.join(self.folder, "data")
        self.options = options
        password = os.path.join(self.folder, "password")
        with open(password, "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        self.command("init", "--password-file", password)
        self.command("import", "annuaire", os.path.join(SOURCE, "assets/demo/annuaire.csv"))
        self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8")
        self.start()
        self.login()

    def command(self, *words):
        subprocess.run([SERVER, *words, "--data", self.data], check=True, capture_output=True)

    def check(self):
        return subprocess.run([SERVER, "check", "--data", self.data], capture_output=True, text=True,
                              env={**os.environ, "LC_ALL": "fr_FR.UTF-8"}, timeout=60)

    def start(self, port=0):
        self.process = subprocess.Popen(
            [SERVER, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}", *self.options],
            stdout=subprocess.PIPE, stderr=self.log, env={**os.environ, "LANG": "fr_FR.UTF-8"})
        self.port = int(re.search(rb":(\d+)/", self.process.stdout.readline()).group(1))

    def login(self):
        response, content = self.ask("POST", "/api/v1/session",
                                     json.dumps({"user": "admin", "password": PASSWORD}),
                                     {"Origin": f"http://127.0.0.1:{self.port}"}, plain=True)
        assert response.status == 200, content
        self.cookie = response.getheader("Set-Cookie").split(";")[0]
        self.csrf = json.loads(content)["csrf"]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.log.seek(0)
        log = self.log.read()
        self.log.close()
        shutil.rmtree(self.folder)
        return code, log

    def headers(self, more=None):
        return {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}",
                "X-CSRF-Token": self.csrf, **(more or {})}

    def ask(self, method, path, body=None, headers=None, plain=False):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body=body,
                           headers=headers or {} if plain else self.headers(headers))
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response, content

    def tus(self, method, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(method, path, body, {"Tus-Resumable": "1.0.0", **named})

    def begin(self, length, name):
        word = base64.b64encode(name.encode()).decode()
        response, content = self.tus("POST", "/api/v1/uploads", Upload_Length=str(length),
                                     Upload_Metadata="filename " + word)
        assert response.status == 201, (response.status, content)
        return response.getheader("Location")

    def piece(self, path, offset, body):
        return self.tus("PATCH", path, body, Upload_Offset=str(offset),
                        Content_Type="application/offset+octet-stream")

    def send(self, name, body):
        """In one request; what is known of it at once."""
        response, content = self.ask("POST", "/api/v1/media?name=" + quote(name), body)
        assert response.status == 201, (response.status, content)
        return json.loads(content)

    def item(self, sha256, lang="fr"):
        response, content = self.ask("GET", "/api/v1/media/" + sha256,
                                     headers={"Accept-Language": lang})
        assert response.status == 200, (response.status, content)
        return json.loads(content)

    def wait(self, sha256, seconds=120):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            item = self.item(sha256)
            if item["state"] in ("ready", "refused"):
                return item
            time.sleep(0.1)
        raise TimeoutError(item)

    def sent(self, name, body):
        return self.wait(self.send(name, body)["sha256"])

    def rendition(self, item, role, page=0):
        found = [one for one in item["renditions"] if (one["role"], one["page"]) == (role, page)]
        response, content = self.ask("GET", found[0]["url"], plain=True)
        assert response.status == 200
        assert hashlib.sha256(content).hexdigest() == found[0]["sha256"]
        return found[0], content
