"""Settings, readiness, measures, and a server that ends: test_service.py BUILD SOURCE."""
import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time
import unittest

from place import BUILD, ENVIRONMENT, SCREEN, SERVER, SOURCE, Place, run


def parse_metrics(text):
    """Prometheus's text format 0.0.4, strictly: {name: (type, {labels: value})}."""
    families, current = {}, None
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            assert name not in families, f"{name} twice"
            families[name] = [None, {}]
            current = name
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == current and families[name][0] is None, line
            assert kind in ("counter", "gauge", "histogram", "summary"), line
            families[name][0] = kind
        else:
            match = re.fullmatch(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)', line)
            assert match, line
            name, labels, value = match.groups()
            kind = families[current][0]
            suffixes = {"histogram": ("_bucket", "_sum", "_count"),
                        "summary": ("_sum", "_count")}.get(kind, ("",))
            assert name in [current + suffix for suffix in suffixes], line
            pairs = []
            rest = labels or ""
            while rest:
                part = re.match(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)', rest)
                assert part, line
                pairs.append(part.groups()[:2])
                rest = rest[part.end():]
            key = (name, tuple(pairs))
            assert key not in families[current][1], line
            families[current][1][key] = float(value)
            if kind == "counter":
                assert name.endswith("_total") and float(value) >= 0, line
    for name, (kind, samples) in families.items():
        assert kind, name
        if kind != "histogram":
            continue
        sections = {}
        for (sample, labels), value in samples.items():
            others = tuple(pair for pair in labels if pair[0] != "le")
            sections.setdefault(others, {}).setdefault(sample, []).append((dict(labels).get("le"), value))
        for parts in sections.values():
            buckets = parts[name + "_bucket"]
            assert buckets[-1][0] == "+Inf" and [v for _, v in buckets] == sorted(v for _, v in buckets)
            assert buckets[-1][1] == parts[name + "_count"][0][1]
            assert [float(le) for le, _ in buckets] == sorted(float(le) for le, _ in buckets)
    return families


def value(families, name, sample=None, **labels):
    return families[name][1][(sample or name, tuple(labels.items()))]


class Settings(unittest.TestCase):
    def setUp(self):
        self.place = Place(content=False)
        self.addCleanup(self.place.close)
        self.file = self.place.folder / "server.conf"

    def config(self, text=None, *words, environment=None, check=True):
        if text is not None:
            self.file.write_bytes(text.encode() if isinstance(text, str) else text)
            words = ("--config", self.file, *words)
        return run("config", *words, environment=environment, check=check)

    def effective(self, *arguments, **more):
        _, out, _ = self.config(*arguments, **more)
        return {key.strip(): tuple(part.strip() for part in rest.rsplit("#", 1))
                for key, rest in (line.split("=", 1) for line in out.splitlines())}

    def test_who_has_it_over_whom(self):
        text = "# commentaire\n\n  listen = 127.0.0.1:1  \nlog_level=warn\r\nplays_kept_days = 400\n"
        shown = self.effective(text, "--listen", "127.0.0.1:3",
                               environment={"VITRINE_LOG_LEVEL": "error", "VITRINE_LISTEN": "[::1]:2"})
        self.assertEqual(shown["listen"], ("127.0.0.1:3", "--listen"))
        self.assertEqual(shown["log_level"], ("error", "VITRINE_LOG_LEVEL"))
        self.assertEqual(shown["plays_kept_days"], ("400", f"{self.file}:5"))
        self.assertEqual(shown["backups_kept"], ("14", "défaut"))
        self.assertEqual(self.effective(None, environment={"VITRINE_CONFIG": str(self.file)})
                         ["plays_kept_days"][0], "400")

    def test_what_is_wrong_is_told_with_its_place(self):
        for text, line, word in (
                ("listen = 127.0.0.1:1\nlisen = x\n", 2, "lisen"),
                ("listen\n", 1, "clé = valeur"), ("listen = 8080\n", 1, "listen"),
                ("listen = localhost:80\n", 1, "listen"), ("listen = 1.2.3.4:99999\n", 1, "listen"),
                ("listen = 1.2.3.4:1\nlisten = 1.2.3.4:2\n", 2, "ligne 1"),
                ("secure = maybe\n", 1, "yes"), ("log_level = loud\n", 1, "debug info"),
                ("plays_kept_days = 3\n", 1, "31"), ("plays_kept_days = 12x\n", 1, "nombre"),
                ("upload_max_bytes = 2T\n", 1, "taille"), ("upload_max_bytes = 99999999999G\n", 1, "entre"),
                ("upload_max_bytes = 1\n", 1, "entre"), ("fetch_allow = 10.0.0.0/33\n", 1, "adresse"),
                ("fetch_allow = intranet\n", 1, "adresse"), ("public_url = vitrine\n", 1, "adresse"),
                ("public_url = https://a:b@c/\n", 1, "adresse"), ("data =\n", 1, "manque"),
                (b"assets = \xff\n", 1, "UTF-8"), (b"assets = a\x01b\n", 1, "commande"),
                (b"assets = \0\n", None, "nul")):
            code, out, err = self.config(text, check=False)
            self.assertEqual((code, out), (1, ""), text)
            self.assertIn(word, err, text)
            self.assertIn(str(self.file) + (f", ligne {line}" if line else ""), err, text)
        code, _, err = run("config", "--config", "/nowhere/server.conf", check=False)
        self.assertEqual(code, 1)
        self.assertIn("/nowhere/server.conf", err)
        code, _, err = self.config(None, environment={"VITRINE_SECURE": "perhaps"}, check=False)
        self.assertEqual(code, 1)
        self.assertIn("VITRINE_SECURE", err)
        # Who may only set the environment must not open the private network.
        code, _, err = self.config(None, environment={"VITRINE_FETCH_ALLOW": "10.0.0.0/8"}, check=False)
        self.assertEqual(code, 1)
        self.assertEqual(run("config", "--fetch-allow", "10.0.0.0/8", check=False)[0], 2)

    def test_example_and_reference_are_the_table(self):
        _, example, _ = run("config", "--example")
        packaged = (SOURCE / "packaging/systemd/server.conf").read_text(encoding="utf-8")
        self.assertTrue(packaged.endswith("\n\n" + example), "what vitrine-server config --example says")
        self.assertEqual(self.effective(packaged)["backup_folder"][0], "/var/backups/vitrine")
        self.assertEqual(self.effective(re.sub(r"^#(\w+ =)", r"\1", example, flags=re.M)).keys(),
                         self.effective().keys())
        _, reference, _ = run("config", "--reference")
        guide = (SOURCE / "docs/exploitation.md").read_text(encoding="utf-8")
        self.assertIn(reference, guide, "vitrine-server config --reference says what belongs there")


class Service(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.close)

    def metrics(self):
        response, content = self.place.ask("GET", "/metrics", port=self.metrics_port)
        self.assertEqual(response.status, 200)
        self.assertEqual(response.getheader("Content-Type"), "text/plain; version=0.0.4; charset=utf-8")
        return parse_metrics(content.decode())

    def serve(self, *words):
        self.place.serve(*words, metrics="127.0.0.1:0")
        self.metrics_port = int(re.findall(r"event=metrics .*:(\d+)/metrics",
                                           self.place.log.read_text())[-1])

    def token(self):
        asking = BUILD / "tests/http/enrolment_request"
        if not asking.exists():
            self.skipTest("enrolment_request is not built")

        def body(challenge=""):
            return subprocess.run([asking, self.place.folder / "key", challenge], check=True,
                                  capture_output=True, env=ENVIRONMENT).stdout

        _, content = self.place.ask("POST", "/player/v1/enrolment", body())
        code = self.place.run("screen", "pending")[1].split()[0]
        self.place.run("screen", "approve", code, "--as", SCREEN)
        _, content = self.place.ask("POST", "/player/v1/enrolment",
                                    body(json.loads(content)["challenge"]))
        return json.loads(content)["token"]

    def test_measures(self):
        self.serve("--backup-folder", self.place.folder / "b")
        before = self.metrics()
        for _ in range(5):
            self.place.ask("GET", "/healthz")
        self.place.ask("GET", "/nothing/here?secret=abc")
        self.place.ask("GET", "/api/v1/session")
        token = self.token()
        self.place.ask("POST", "/player/v1/reports", {"boot": "e" * 32, "records": [
            {"sequence": 1, "kind": "play", "slide": "x"}]}, {"Authorization": "Bearer " + token})
        self.place.run("backup", self.place.folder / "b")
        after = self.metrics()

        def grown(name, **labels):
            return value(after, name, **labels) - before[name][1].get((name, tuple(labels.items())), 0)

        self.assertEqual(grown("vitrine_http_requests_total", section="Service", **{"class": "2xx"}), 5)
        self.assertEqual(grown("vitrine_http_requests_total", section="None", **{"class": "4xx"}), 1)
        self.assertEqual(grown("vitrine_http_requests_total", section="Session", **{"class": "4xx"}), 1)
        self.assertEqual(grown("vitrine_plays_refused_total"), 1)
        self.assertGreater(value(after, "vitrine_manifests_published_total"), 0)
        self.assertGreater(value(after, "vitrine_publish_seconds", "vitrine_publish_seconds_count"), 0)
        self.assertGreater(value(after, "vitrine_screens", state="unenrolled"), 1)
        self.assertEqual(value(after, "vitrine_store_up"), 1)
        self.assertGreater(value(after, "vitrine_store_bytes"), 100000)
        self.assertGreater(value(after, "vitrine_media_bytes"), 100000)
        self.assertLess(abs(value(after, "vitrine_backup_timestamp_seconds") - time.time()), 60)
        self.assertNotIn("secret", str(after))
        # The measures are on their own listener alone, and nothing else is there.
        self.assertEqual(self.place.ask("GET", "/metrics")[0].status, 404)
        self.assertEqual(self.place.ask("GET", "/healthz", port=self.metrics_port)[0].status, 404)
        self.assertEqual(self.place.ask("POST", "/metrics", port=self.metrics_port)[0].status, 405)

    def test_parked_requests_are_counted_and_their_wait_is_no_work(self):
        self.serve()
        token = {"Authorization": "Bearer " + self.token()}
        _, _ = self.place.ask("GET", "/player/v1/manifest", headers=token)
        etag = self.place.ask("GET", "/player/v1/manifest", headers=token)[0].getheader("ETag")
        waiting = threading.Thread(target=self.place.ask, args=("GET", "/player/v1/manifest"), kwargs={
            "headers": {**token, "If-None-Match": etag, "Prefer": "wait=2"}})
        waiting.start()
        time.sleep(0.7)
        self.assertEqual(value(self.metrics(), "vitrine_http_parked"), 1)
        waiting.join()
        sums = self.metrics()["vitrine_http_request_seconds"][1]
        self.assertLess(sums["vitrine_http_request_seconds_sum", (("section", "Players"),)], 1)

    def test_an_address_that_is_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            code, _, err = self.place.run("serve", "--listen", "127.0.0.1:0", "--metrics-listen",
                                          address, check=False)
            self.assertEqual(code, 1)
            self.assertTrue(err)

    def test_ready(self):
        self.serve()
        response, content = self.place.ask("GET", "/readyz")
        self.assertEqual(response.status, 200)
        self.assertEqual(json.loads(content), {"ready": True, "checks": {
            "store": "ok", "key": "ok", "disk": "ok", "publisher": "ok"}})
        os.rename(self.place.data / "key", self.place.data / "key.away")
        response, content = self.place.ask("GET", "/readyz")
        os.rename(self.place.data / "key.away", self.place.data / "key")
        told = json.loads(content)
        self.assertEqual((response.status, told["ready"]), (503, False))
        self.assertIn("sauvegarde", told["checks"]["key"])
        self.assertNotIn(str(self.place.data), content.decode())
        self.place.stop()
        self.serve("--disk-free-min-bytes", "1024G")
        response, content = self.place.ask("GET", "/readyz", headers={"Accept-Language": "en"})
        self.assertEqual(response.status, 503)
        self.assertIn("space", json.loads(content)["checks"]["disk"])
        self.assertEqual(self.place.ask("GET", "/healthz")[1], b"ok\n")

    def test_one_server_on_one_folder(self):
        self.serve()
        code, _, err = self.place.run("serve", "--listen", "127.0.0.1:0", "--metrics-listen", "",
                                      check=False)
        self.assertEqual(code, 1)
        self.assertIn("tourne déjà", err)

    def test_ends_with_clients_that_wait_and_clients_that_send(self):
        self.serve()
        token = {"Authorization": "Bearer " + self.token()}
        etag = self.place.ask("GET", "/player/v1/manifest", headers=token)[0].getheader("ETag")
        answers = []
        waiting = [threading.Thread(target=lambda: answers.append(self.place.ask(
            "GET", "/player/v1/manifest", headers={**token, "If-None-Match": etag,
                                                   "Prefer": "wait=55"})[0].status))
                   for _ in range(8)]
        for thread in waiting:
            thread.start()
        sending = socket.create_connection(("127.0.0.1", self.place.port))
        sending.sendall(b"POST /player/v1/reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + token["Authorization"].split()[1].encode()
                        + b"\r\nContent-Length: 1000\r\n\r\n{\"boot\"")
        time.sleep(1)
        self.assertEqual(value(self.metrics(), "vitrine_http_parked"), 8)
        began = time.monotonic()
        self.assertEqual(self.place.stop(), 0)
        self.assertLess(time.monotonic() - began, 8)
        for thread in waiting:
            thread.join()
        self.assertEqual(answers, [304] * 8)
        sending.close()
        log = self.place.log.read_text()
        self.assertIn("event=stopping", log)
        self.assertNotIn(token["Authorization"].split()[1], log)

    def test_slow_and_failed_requests_leave_a_line(self):
        import sqlite3
        self.serve()
        token = {"Authorization": "Bearer " + self.token()}
        database = sqlite3.connect(self.place.data / "vitrine.db", isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        try:
            response, _ = self.place.ask("POST", "/player/v1/reports",
                                         {"boot": "e" * 32, "records": []}, token)
        finally:
            database.execute("ROLLBACK")
            database.close()
        self.assertEqual(response.status, 503)
        lines, end = "", time.monotonic() + 10
        while "status=503" not in lines and time.monotonic() < end:  # told after the answer
            time.sleep(0.05)
            lines = "\n".join(line for line in self.place.log.read_text().splitlines()
                              if "event=request" in line)
        self.assertIn("POST /player/v1/reports status=503", lines)
        self.assertNotIn(token["Authorization"].split()[1], self.place.log.read_text())


if __name__ == "__main__":
    unittest.main(argv=["test_service.py", *__import__("sys").argv[3:]], verbosity=2)
