"""A demonstration site and somebody who is logged in, for measurements."""
import http.client
import json
import os
import re
import subprocess

PASSWORD = "vitrine-demonstration"


class Desk:
    """A demonstration site and somebody who is logged in."""

    def __init__(self, server, source, folder):
        data = os.path.join(folder, "data")
        with open(os.path.join(folder, "password"), "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        for words in (["init", "--password-file", file.name],
                      ["import", "annuaire", f"{source}/assets/demo/annuaire.csv"],
                      ["import", "evenements", f"{source}/assets/demo/evenements.ics"],
                      ["load", f"{source}/assets/demo", "--playlists", f"{source}/playlists/demo"]):
            subprocess.run([server, *words, "--data", data], check=True, capture_output=True)
        self.process = subprocess.Popen(
            [server, "serve", "--data", data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "VITRINE_METRICS_LISTEN": ""})
        self.port = int(re.search(rb":(\d+)/", self.process.stdout.readline()).group(1))
        self.headers = {"Origin": f"http://127.0.0.1:{self.port}"}
        response, content = self.ask("POST", "/session", {"user": "admin", "password": PASSWORD})
        self.headers["Cookie"] = response.getheader("Set-Cookie").split(";")[0]
        self.headers["X-CSRF-Token"] = json.loads(content)["csrf"]

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body)
        connection.request(method, path if path.startswith("/api") else "/api/v1" + path, body,
                           {**self.headers, **(headers or {})})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        assert response.status < 300, (response.status, content[:300])
        return response, content

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
