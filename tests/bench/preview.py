"""Key to picture: preview.py VITRINE_SERVER SOURCE. Each round types one character more of a portrait
with a photo and waits until both pictures have come, as the desk asks for them."""
import concurrent.futures
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

SERVER, SOURCE = sys.argv[1:3]
PASSWORD = "vitrine-demonstration"
ROUNDS = 40
SCREEN = "astuce-theatre-des-arts"


class Desk:
    """A demonstration site and somebody who is logged in."""

    def __init__(self, folder):
        data = os.path.join(folder, "data")
        with open(os.path.join(folder, "password"), "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        for words in (["init", "--password-file", file.name],
                      ["import", "annuaire", f"{SOURCE}/assets/demo/annuaire.csv"],
                      ["import", "evenements", f"{SOURCE}/assets/demo/evenements.ics"],
                      ["load", f"{SOURCE}/assets/demo", "--playlists", f"{SOURCE}/playlists/demo"]):
            subprocess.run([SERVER, *words, "--data", data], check=True, capture_output=True)
        self.process = subprocess.Popen(
            [SERVER, "serve", "--data", data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "VITRINE_METRICS_LISTEN": ""})
        self.port = int(re.search(rb":(\d+)/", self.process.stdout.readline()).group(1))
        self.headers = {"Origin": f"http://127.0.0.1:{self.port}"}
        response, content = self.ask("POST", "/session", {"user": "admin", "password": PASSWORD})
        self.headers["Cookie"] = response.getheader("Set-Cookie").split(";")[0]
        self.headers["X-CSRF-Token"] = json.loads(content)["csrf"]

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path if path.startswith("/api") else "/api/v1" + path,
                           json.dumps(body) if body is not None else None, self.headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        assert response.status == 200, (response.status, content[:300])
        return response, content

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def key_to_picture(desk, pool, document, **more):
    began = time.perf_counter()
    _, content = desk.ask("POST", "/previews", {"kind": "portraits", "document": document,
                                                "width": 640, **more})
    list(pool.map(lambda slide: desk.ask("GET", slide["image"]), json.loads(content)["slides"]))
    return (time.perf_counter() - began) * 1000


def main():
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        desk = Desk(folder)
        _, content = desk.ask("GET", "/portraits?limit=20")
        record = [one for one in json.loads(content)["items"] if one["photo"]["media"]][0]
        names = ("organisation", "leader_name", "leader_role", "quote", "story", "photo", "sector")
        document = {name: record[name] for name in names}
        words = "Chaque objet réparé est une petite victoire sur l’oubli."
        times = {False: [], True: []}
        for counted in (False, True):
            for i in range(ROUNDS + 1):
                document["quote"] = words[:8 + i]
                document["leader_role"] = "gérante" if counted else "gérant"
                more = {"focus": "quote"} if counted else {}
                times[counted].append(key_to_picture(desk, pool, document, **more))
        frames = []
        for _ in range(10):
            began = time.perf_counter()
            desk.ask("GET", f"/screens/{SCREEN}/frame?width=320")
            frames.append((time.perf_counter() - began) * 1000)
        desk.stop()
    plain = times[False][1:]  # the first one starts the drawers
    print(f"key_ms={statistics.median(plain):.0f}")
    print(f"key_p95_ms={statistics.quantiles(plain, n=20)[18]:.0f}")
    print(f"count_ms={statistics.median(times[True][1:]):.0f}")
    print(f"frame_ms={statistics.median(frames):.0f}")


main()
