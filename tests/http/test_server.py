"""The server as players, browsers and attackers see it: vitrine-server with the demo content, over
real sockets. Usage: test_server.py VITRINE_SERVER ENROLMENT_REQUEST SOURCE_FOLDER"""
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

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
        self.run("init", "--password-file", self.password_file)
        demo = os.path.join(SOURCE, "assets", "demo")
        self.run("import", "annuaire", os.path.join(demo, "annuaire.csv"))
        self.run("import", "evenements", os.path.join(demo, "evenements.ics"))
        self.run("load", demo, "--playlists", os.path.join(SOURCE, "playlists", "demo"))
        self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [SERVER, "serve", "--data", self.data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=self.log, env={**os.environ, "LANG": "fr_FR.UTF-8"})
        line = self.process.stdout.readline().decode()
        match = re.search(r":(\d+)/", line)
        if not match:
            raise RuntimeError("no port in " + repr(line) + open(self.log.name).read())
        self.port = int(match.group(1))

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
        own.request(method, path, body=body, headers=headers or {})
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
        self.run("screen", "approve", code, "--as", screen)
        challenge = json.loads(content)["challenge"]
        response, content = self.ask("POST", "/player/v1/enrolment",
                                     self.enrolment_body(key, challenge))
        assert response.status == 200, content
        return json.loads(content)

    def login(self, password=PASSWORD, user="admin", headers=None):
        return self.ask("POST", "/api/v1/session", {"user": user, "password": password},
                        {"Origin": f"http://127.0.0.1:{self.port}", **(headers or {})})

    def cookie(self):
        response, _ = self.login()
        return response.getheader("Set-Cookie").split(";")[0]


def setUpModule():
    global site, token
    site = Site()
    token = site.enrol("player-key", SCREEN)["token"]


def tearDownModule():
    code, log = site.stop()
    assert code == 0, f"exit {code}\n{log[-4000:]}"
    assert "ERROR: AddressSanitizer" not in log and "runtime error" not in log, log[-4000:]


class Basics(unittest.TestCase):
    def test_health(self):
        for path in ("/healthz", "/readyz"):
            response, content = site.ask("GET", path)
            self.assertEqual((response.status, content), (200, b"ok\n"))

    def test_home_leads_to_the_admin_page(self):
        response, _ = site.ask("GET", "/")
        self.assertEqual((response.status, response.getheader("Location")), (303, "/admin/"))
        response, content = site.ask("GET", "/admin/")
        self.assertEqual(response.status, 200)
        self.assertIn(b"<title>Vitrine</title>", content)
        self.assertIn("default-src 'none'", response.getheader("Content-Security-Policy"))
        etag = response.getheader("ETag")
        response, content = site.ask("GET", "/admin/", headers={"If-None-Match": etag})
        self.assertEqual((response.status, content), (304, b""))

    def test_unknown_address_is_a_problem_in_the_readers_language(self):
        for lang, word in (("fr", "rien"), ("en-GB,en", "nothing"), ("de", "rien")):
            response, content = site.ask("GET", "/nowhere", headers={"Accept-Language": lang})
            problem = json.loads(content)
            self.assertEqual(response.status, 404)
            self.assertEqual(response.getheader("Content-Type"), "application/problem+json")
            self.assertIn(word, problem["detail"])
            self.assertEqual(problem["status"], 404)

    def test_wrong_method_names_the_right_ones(self):
        response, _ = site.ask("DELETE", "/healthz")
        self.assertEqual((response.status, response.getheader("Allow")), (405, "GET, HEAD"))

    def test_head_has_no_body(self):
        response, content = site.ask("HEAD", "/healthz")
        self.assertEqual((response.status, content), (200, b""))
        self.assertEqual(response.getheader("Content-Length"), "3")

    def test_connection_is_kept_over_a_thousand_requests(self):
        connection = site.connect()
        connection.connect()
        first = connection.sock.getsockname()
        headers = {"Authorization": "Bearer " + token}
        response, _ = site.ask("GET", "/player/v1/manifest", None, headers, connection)
        headers["If-None-Match"] = response.getheader("ETag")
        for _ in range(1000):
            response, _ = site.ask("GET", "/player/v1/manifest", None, headers, connection)
            self.assertEqual(response.status, 304)
            self.assertEqual(connection.sock.getsockname(), first)
        connection.close()


class Players(unittest.TestCase):
    def manifest(self, headers=None):
        return site.ask("GET", "/player/v1/manifest",
                        headers={"Authorization": "Bearer " + token, **(headers or {})})

    def test_manifest_then_304(self):
        response, content = self.manifest()
        self.assertEqual(response.status, 200)
        line, document = content.split(b"\n", 1)
        self.assertTrue(line.startswith(b"vitrine-manifest 1 "))
        manifest = json.loads(document)
        self.assertEqual(manifest["screen"]["id"], SCREEN)
        etag = response.getheader("ETag")
        self.assertEqual(etag, f'"{manifest["epoch"]}-{manifest["version"]}"')
        response, content = self.manifest({"If-None-Match": etag})
        self.assertEqual((response.status, content), (304, b""))

    def test_every_file_of_the_manifest_is_there(self):
        _, content = self.manifest()
        for file in json.loads(content.split(b"\n", 1)[1])["files"]:
            response, body = site.ask("GET", "/media/" + file["sha256"])
            self.assertEqual((response.status, len(body)), (200, file["size"]))
            self.assertEqual(hashlib.sha256(body).hexdigest(), file["sha256"])
            self.assertEqual(response.getheader("Content-Type"), file["type"])
            self.assertIn("immutable", response.getheader("Cache-Control"))

    def test_no_token_or_a_wrong_one(self):
        for value in (None, "Bearer", "Bearer ", "Bearer " + "0" * 64, "Bearer " + token[:-1],
                      "Basic " + token, "Bearer " + token.upper() + "x"):
            headers = {} if value is None else {"Authorization": value}
            for path in ("/player/v1/manifest",):
                response, _ = site.ask("GET", path, headers=headers)
                self.assertEqual(response.status, 401, value)
        response, _ = site.ask("POST", "/player/v1/reports", "{}")
        self.assertEqual(response.status, 401)

    def test_long_poll_ends_empty_after_its_time(self):
        response, _ = self.manifest()
        began = time.monotonic()
        response, _ = self.manifest({"If-None-Match": response.getheader("ETag"),
                                     "Prefer": "wait=2"})
        waited = time.monotonic() - began
        self.assertEqual(response.status, 304)
        self.assertGreater(waited, 1.5)
        self.assertLess(waited, 10)

    def test_long_poll_wakes_on_publication(self):
        response, _ = self.manifest()
        etag, answers = response.getheader("ETag"), []

        def wait():
            answers.append(self.manifest({"If-None-Match": etag, "Prefer": "wait=50"}))

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.5)
        self.assertEqual(answers, [])
        document = os.path.join(site.folder, "annonces.json")
        with open(os.path.join(SOURCE, "assets/demo/annonces.json"), encoding="utf-8") as file:
            content = json.load(file)
        for number, announcement in enumerate(content["announcements"]):
            announcement["title"] = f"Titre tout neuf {number}"
        with open(document, "w", encoding="utf-8") as file:
            json.dump(content, file)
        began = time.monotonic()
        site.run("load", document, "--kind", "annonces")
        waiting.join(30)
        self.assertEqual(len(answers), 1, "the waiting player was not told")
        self.assertLess(time.monotonic() - began, 20)
        response, content = answers[0]
        self.assertEqual(response.status, 200)
        self.assertNotEqual(response.getheader("ETag"), etag)
        self.assertIn("tout neuf", content.decode())

    def test_ranges(self):
        _, content = self.manifest()
        file = max(json.loads(content.split(b"\n", 1)[1])["files"], key=lambda one: one["size"])
        path, size = "/media/" + file["sha256"], file["size"]
        _, whole = site.ask("GET", path)
        cases = [("bytes=0-9", 206, 0, 10), ("bytes=10-", 206, 10, size),
                 ("bytes=-7", 206, size - 7, size), (f"bytes={size - 1}-{size + 50}", 206, size - 1, size),
                 (f"bytes=-{size * 2}", 206, 0, size), ("bytes=0-4,9-12", 200, 0, size),
                 ("bytes=9-4", 200, 0, size), ("bytes=x-", 200, 0, size), ("items=0-4", 200, 0, size),
                 ("bytes=--5", 200, 0, size), ("bytes=99999999999999999999-", 200, 0, size)]
        for text, status, first, end in cases:
            response, body = site.ask("GET", path, headers={"Range": text})
            self.assertEqual(response.status, status, text)
            self.assertEqual(body, whole[first:end], text)
            if status == 206:
                self.assertEqual(response.getheader("Content-Range"),
                                 f"bytes {first}-{end - 1}/{size}")
        response, _ = site.ask("GET", path, headers={"Range": f"bytes={size}-"})
        self.assertEqual(response.status, 416)
        self.assertEqual(response.getheader("Content-Range"), f"bytes */{size}")
        response, body = site.ask("GET", path, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
        self.assertEqual((response.status, len(body)), (200, size))
        response, _ = site.ask("GET", path, headers={"If-None-Match": f'"{file["sha256"]}"'})
        self.assertEqual(response.status, 304)

    def test_media_reaches_nothing_else(self):
        for name in ("../vitrine.db", "..%2fkey", "%2e%2e/key", "/etc/passwd", "0" * 64, "A" * 64,
                     "x", "0" * 63, "0" * 65, "..", "%00" * 32):
            answer = site.raw(f"GET /media/{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertIn(answer.split(b" ")[1], (b"404", b"400"), name)
            self.assertNotIn(b"root:", answer)
            self.assertNotIn(b"SQLite", answer)

    def report(self, records, boot="a" * 32):
        response, content = site.ask("POST", "/player/v1/reports", {"boot": boot, "records": records},
                                     {"Authorization": "Bearer " + token})
        return response.status, json.loads(content)

    def fault(self, sequence, detail="d"):
        return {"sequence": sequence, "time_ms": 1795000000000, "kind": "fault",
                "code": "file_hash", "detail": detail}

    def test_reports_are_stored_once_and_a_bad_record_blocks_nothing(self):
        records = [self.fault(1, "un"), {"sequence": 2, "kind": "nonsense", "time_ms": 1},
                   self.fault(3, "trois"), "text", {"sequence": -1}]
        self.assertEqual(self.report(records), (200, {"acknowledged": 3}))
        self.assertEqual(self.report(records), (200, {"acknowledged": 3}))
        _, content = site.ask("GET", "/api/v1/faults", headers={"Cookie": site.cookie()})
        details = [one["detail"] for one in json.loads(content)["faults"]]
        self.assertEqual(sorted(details), ["trois", "un"])

    def test_reports_that_are_none(self):
        for body in ({}, {"boot": "x", "records": []}, {"boot": "a" * 32}, [], {"boot": "a" * 32,
                     "records": [], "more": 1}, {"boot": "z" * 32, "records": []}):
            response, content = site.ask("POST", "/player/v1/reports", body,
                                         {"Authorization": "Bearer " + token})
            self.assertEqual(response.status, 400, body)
            self.assertIn("detail", json.loads(content))


class Enrolment(unittest.TestCase):
    def test_signature_must_be_the_keys(self):
        body = site.enrolment_body("forger", "", "--wrong")
        response, _ = site.ask("POST", "/player/v1/enrolment", body)
        self.assertEqual(response.status, 403)

    def test_malformed(self):
        good = json.loads(site.enrolment_body("malformed"))
        for change in ({"public_key": "00"}, {"signature": "zz" * 64}, {"width_px": "1920"},
                       {"width_px": 1.5}, {"more": 1}, {"software": ""}, {"challenge": "x" * 64},
                       {"software": "\x1b[2J"}):
            response, content = site.ask("POST", "/player/v1/enrolment", {**good, **change})
            self.assertEqual(response.status, 400, change)
            self.assertIn("field", json.loads(content), change)
        for text in ("", "{", "[]", json.dumps({**good, "width_px": 1e400}), '{"public_key":1', "\ufeff{}", '{"a":1,"a":1}', "[" * 2000):
            response, _ = site.ask("POST", "/player/v1/enrolment", text.encode())
            self.assertIn(response.status, (400, 413), text)

    def test_a_replayed_request_gets_no_token(self):
        first = site.enrolment_body("replayed")
        _, content = site.ask("POST", "/player/v1/enrolment", first)
        challenge = json.loads(content)["challenge"]
        pending = site.run("screen", "pending").stdout.decode()
        code = [line for line in pending.splitlines()][0].split()[0]
        proven = site.enrolment_body("replayed", challenge)
        site.run("screen", "approve", code, "--as", "creapolis-hall")
        response, _ = site.ask("POST", "/player/v1/enrolment", first)
        self.assertEqual(response.status, 202, "signed for no challenge of ours")
        response, content = site.ask("POST", "/player/v1/enrolment", proven)
        self.assertEqual(response.status, 202, "an older challenge than the last is not enough")
        proven = site.enrolment_body("replayed", json.loads(content)["challenge"])
        response, _ = site.ask("POST", "/player/v1/enrolment", proven)
        self.assertEqual(response.status, 200)
        response, _ = site.ask("POST", "/player/v1/enrolment", proven)
        self.assertEqual(response.status, 202, "a challenge is good for one token")

    def test_refused(self):
        _, content = site.ask("POST", "/player/v1/enrolment", site.enrolment_body("refused"))
        listed = json.loads(site.ask("GET", "/api/v1/enrolments",
                                     headers={"Cookie": site.cookie()})[1])["enrolments"]
        one = [entry for entry in listed if entry["state"] == "pending"][0]
        origin = {"Cookie": site.cookie(), "Origin": f"http://127.0.0.1:{site.port}"}
        path = f"/api/v1/enrolments/{one['code']}/refuse"
        response, _ = site.ask("POST", path, {"fingerprint": "AAAA-AAAA-AAAA-AAAA"}, origin)
        self.assertEqual(response.status, 403, "another fingerprint is another player")
        response, _ = site.ask("POST", path, {"fingerprint": one["fingerprint"]}, origin)
        self.assertEqual(response.status, 204)
        body = site.enrolment_body("refused", json.loads(content)["challenge"])
        response, _ = site.ask("POST", "/player/v1/enrolment", body)
        self.assertEqual(response.status, 403)

    def test_approving_for_no_screen_says_so(self):
        site.ask("POST", "/player/v1/enrolment", site.enrolment_body("lost"))
        code = site.run("screen", "pending").stdout.decode().split()[0]
        result = site.run("screen", "approve", code, "--as", "nulle-part", check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("nulle-part", result.stderr.decode())
        result = site.run("screen", "approve", "ZZZZ-ZZZZ", "--as", SCREEN, check=False)
        self.assertEqual(result.returncode, 1)
        site.run("screen", "refuse", code)


class People(unittest.TestCase):
    def test_login_session_logout(self):
        response, content = site.login()
        self.assertEqual((response.status, json.loads(content)),
                         (200, {"user": "admin", "role": "administrator"}))
        cookie = response.getheader("Set-Cookie")
        for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(word, cookie)
        headers = {"Cookie": cookie.split(";")[0]}
        self.assertEqual(site.ask("GET", "/api/v1/session", headers=headers)[0].status, 200)
        origin = {**headers, "Origin": f"http://127.0.0.1:{site.port}"}
        self.assertEqual(site.ask("DELETE", "/api/v1/session", headers=headers)[0].status, 403)
        self.assertEqual(site.ask("DELETE", "/api/v1/session", headers=origin)[0].status, 204)
        self.assertEqual(site.ask("GET", "/api/v1/session", headers=headers)[0].status, 401)

    def test_login_from_elsewhere_is_refused(self):
        for origin in ("http://evil.example", "null", ""):
            response, _ = site.login(headers={"Origin": origin})
            self.assertEqual(response.status, 403, origin)

    def test_everything_of_people_needs_a_session(self):
        for method, path in (("GET", "/summary"), ("GET", "/screens"), ("GET", "/enrolments"),
                             ("GET", "/faults"), ("GET", f"/screens/{SCREEN}/frame"),
                             ("GET", f"/screens/{SCREEN}/explain"),
                             ("POST", "/enrolments/AAAA-AAAA/approve"),
                             ("POST", "/enrolments/AAAA-AAAA/refuse"), ("DELETE", "/session")):
            for headers in ({}, {"Cookie": "vitrine_session=" + "0" * 64},
                            {"Authorization": "Bearer " + token}):
                response, _ = site.ask(method, "/api/v1" + path, headers=headers)
                self.assertEqual(response.status, 401, (method, path, headers))

    def test_a_reader_may_look_and_not_decide(self):
        site.run("user", "add", "lectrice", "--role", "reader", "--password-file",
                 site.password_file)
        response, _ = site.login(user="lectrice")
        headers = {"Cookie": response.getheader("Set-Cookie").split(";")[0],
                   "Origin": f"http://127.0.0.1:{site.port}"}
        self.assertEqual(site.ask("GET", "/api/v1/screens", headers=headers)[0].status, 200)
        response, _ = site.ask("POST", "/api/v1/enrolments/AAAA-AAAA/approve",
                               {"screen": SCREEN, "fingerprint": "x"}, headers)
        self.assertEqual(response.status, 403)

    def test_screens_say_what_they_show(self):
        headers = {"Cookie": site.cookie()}
        _, content = site.ask("GET", "/api/v1/screens", headers=headers)
        screens = {one["id"]: one for one in json.loads(content)["screens"]}
        self.assertEqual(len(screens), 3)
        self.assertTrue(screens[SCREEN]["now"]["title"])
        self.assertIsNotNone(screens[SCREEN]["device"])
        _, content = site.ask("GET", "/api/v1/summary", headers=headers)
        self.assertEqual(json.loads(content)["portraits"], 8)
        self.assertEqual(json.loads(content)["events"], 10)

    @unittest.skipUnless(os.path.exists(os.path.join(os.path.dirname(SERVER), "vitrine-render")),
                         "vitrine-render is not built beside the server")
    def test_frame_is_a_picture_of_the_screen(self):
        headers = {"Cookie": site.cookie()}
        response, content = site.ask("GET", f"/api/v1/screens/{SCREEN}/frame", headers=headers)
        self.assertEqual((response.status, response.getheader("Content-Type")), (200, "image/png"))
        self.assertEqual(content[16:24], (1920).to_bytes(4, "big") + (1080).to_bytes(4, "big"))
        response, _ = site.ask("GET", f"/api/v1/screens/{SCREEN}/frame?at=demain", headers=headers)
        self.assertEqual(response.status, 400)
        response, _ = site.ask("GET", "/api/v1/screens/nulle-part/frame", headers=headers)
        self.assertEqual(response.status, 404)

    def test_explain_names_the_rule(self):
        response, content = site.ask("GET", f"/api/v1/screens/{SCREEN}/explain",
                                     headers={"Cookie": site.cookie()})
        self.assertEqual(response.status, 200)
        self.assertTrue(json.loads(content)["rules"])


class Zz_Abuse(unittest.TestCase):
    """Last: guesses here close the door for a while."""

    def status(self, text, wait=10):
        answer = site.raw(text, wait)
        return int(answer.split(b" ", 2)[1]) if answer else 0

    def test_ambiguous_lengths_are_refused_and_closed(self):
        for framing in ("Content-Length: 5\r\nTransfer-Encoding: chunked",
                        "Content-Length: 5\r\nContent-Length: 5",
                        "Content-Length: 5\r\nContent-Length: 6",
                        "Transfer-Encoding: gzip, chunked", "Content-Length: +5",
                        "Content-Length: -1", "Content-Length: 0x5"):
            answer = site.raw(f"POST /player/v1/enrolment HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n"
                              "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertNotIn(b"\r\n\r\nok\n", answer, framing)
            # libmicrohttpd writes the head of its own 400 twice: it is one refusal all the same.
            statuses = re.findall(rb"HTTP/1.1 (\d+)", answer)
            self.assertIn(set(statuses), ({b"400"}, {b"413"}), framing)

    def test_too_long(self):
        self.assertEqual(self.status("GET /" + "a" * 100000 + " HTTP/1.1\r\nHost: x\r\n\r\n"), 414)
        self.assertIn(self.status("GET /healthz HTTP/1.1\r\nHost: x\r\n" + "".join(
            f"X-{n}: {'v' * 100}\r\n" for n in range(1000)) + "\r\n"), (431, 413))
        self.assertEqual(self.status("POST /player/v1/enrolment HTTP/1.1\r\nHost: x\r\n"
                                     "Content-Length: 5000000\r\n\r\n"), 413)
        self.assertEqual(self.status("POST /player/v1/enrolment HTTP/1.1\r\nHost: x\r\n"
                                     "Content-Length: 99999999999999999999999\r\n\r\n"), 413)
        chunk = "1000\r\n" + "x" * 4096 + "\r\n"
        self.assertEqual(self.status("POST /player/v1/enrolment HTTP/1.1\r\nHost: x\r\nConnection: "
                                     "close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     + chunk * 20 + "0\r\n\r\n"), 413)

    def test_garbage(self):
        for text in (b"\x00" * 100, b"\xff\xfe\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", b"\r\n" * 50,
                     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
            site.raw(text, wait=1)
        self.assertEqual(site.ask("GET", "/healthz")[0].status, 200)

    def test_pipelined_requests_are_answered_in_order(self):
        answer = site.raw("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 9 +
                          "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertEqual(answer.count(b"HTTP/1.1 200"), 9)
        self.assertEqual(answer.count(b"HTTP/1.1 404"), 1)

    def test_clients_that_go_away_do_no_harm(self):
        for _ in range(50):
            peer = socket.create_connection(("127.0.0.1", site.port))
            peer.sendall(f"GET /player/v1/manifest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                         f"{token}\r\nPrefer: wait=3\r\nIf-None-Match: *\r\n\r\n".encode())
            peer.close()
        time.sleep(0.2)
        self.assertEqual(site.ask("GET", "/healthz")[0].status, 200)

    def test_zz_guessing_is_slowed_down(self):
        statuses = [site.login(password=f"faux {n} 123456")[0].status for n in range(6)]
        self.assertEqual(statuses[:5], [403] * 5)
        self.assertEqual(statuses[5], 429)
        response, _ = site.login()
        self.assertEqual(response.status, 429, "the right password waits too")
        self.assertGreater(int(response.getheader("Retry-After")), 10)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
