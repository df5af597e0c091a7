"""What players ask: manifests, files, reports, enrolment."""
import hashlib
import json
import os
import threading
import time
import unittest

from site_under_test import SCREEN, SITE, SOURCE, TOKEN


class Players(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):  # others look for what the announcements said
        SITE.run("load", os.path.join(SOURCE, "assets/demo/annonces.json"), "--kind", "annonces")

    def manifest(self, headers=None):
        return SITE.ask("GET", "/player/v1/manifest",
                        headers={"Authorization": "Bearer " + TOKEN, **(headers or {})})

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
            response, body = SITE.ask("GET", "/media/" + file["sha256"])
            self.assertEqual((response.status, len(body)), (200, file["size"]))
            self.assertEqual(hashlib.sha256(body).hexdigest(), file["sha256"])
            self.assertEqual(response.getheader("Content-Type"), file["type"])
            self.assertIn("immutable", response.getheader("Cache-Control"))

    def test_no_token_or_a_wrong_one(self):
        for value in (None, "Bearer", "Bearer ", "Bearer " + "0" * 64, "Bearer " + TOKEN[:-1],
                      "Basic " + TOKEN, "Bearer " + TOKEN.upper() + "x"):
            headers = {} if value is None else {"Authorization": value}
            for path in ("/player/v1/manifest",):
                response, _ = SITE.ask("GET", path, headers=headers)
                self.assertEqual(response.status, 401, value)
        response, _ = SITE.ask("POST", "/player/v1/reports", "{}")
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
        began = time.monotonic()
        self.change_announcements("Titre tout neuf")
        waiting.join(30)
        self.assertEqual(len(answers), 1, "the waiting player was not told")
        self.assertLess(time.monotonic() - began, 20)
        response, content = answers[0]
        self.assertEqual(response.status, 200)
        self.assertNotEqual(response.getheader("ETag"), etag)
        self.assertIn("tout neuf", content.decode())

    def change_announcements(self, title):
        document = os.path.join(SITE.folder, "annonces.json")
        with open(os.path.join(SOURCE, "assets/demo/annonces.json"), encoding="utf-8") as file:
            content = json.load(file)
        for number, announcement in enumerate(content["announcements"]):
            announcement["title"] = f"{title} {number}"
        with open(document, "w", encoding="utf-8") as file:
            json.dump(content, file)
        SITE.run("load", document, "--kind", "annonces")

    def test_what_another_process_publishes_is_told(self):
        response, _ = self.manifest()
        etag = response.getheader("ETag")
        self.change_announcements("Titre d’ailleurs")
        SITE.run("publish")  # before or after the server has looked: both must do
        response, content = self.manifest({"If-None-Match": etag, "Prefer": "wait=20"})
        self.assertEqual(response.status, 200)
        self.assertIn("ailleurs", content.decode())

    def test_ranges(self):
        _, content = self.manifest()
        file = max(json.loads(content.split(b"\n", 1)[1])["files"], key=lambda one: one["size"])
        path, size = "/media/" + file["sha256"], file["size"]
        _, whole = SITE.ask("GET", path)
        cases = [("bytes=0-9", 206, 0, 10), ("bytes=10-", 206, 10, size),
                 ("bytes=-7", 206, size - 7, size), (f"bytes={size - 1}-{size + 50}", 206, size - 1, size),
                 (f"bytes=-{size * 2}", 206, 0, size), ("bytes=0-4,9-12", 200, 0, size),
                 ("bytes=9-4", 200, 0, size), ("bytes=x-", 200, 0, size), ("items=0-4", 200, 0, size),
                 ("bytes=--5", 200, 0, size), ("bytes=99999999999999999999-", 200, 0, size)]
        for text, status, first, end in cases:
            response, body = SITE.ask("GET", path, headers={"Range": text})
            self.assertEqual(response.status, status, text)
            self.assertEqual(body, whole[first:end], text)
            if status == 206:
                self.assertEqual(response.getheader("Content-Range"),
                                 f"bytes {first}-{end - 1}/{size}")
        response, _ = SITE.ask("GET", path, headers={"Range": f"bytes={size}-"})
        self.assertEqual(response.status, 416)
        self.assertEqual(response.getheader("Content-Range"), f"bytes */{size}")
        response, body = SITE.ask("GET", path, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
        self.assertEqual((response.status, len(body)), (200, size))
        response, _ = SITE.ask("GET", path, headers={"If-None-Match": f'"{file["sha256"]}"'})
        self.assertEqual(response.status, 304)

    def test_media_reaches_nothing_else(self):
        for name in ("../vitrine.db", "..%2fkey", "%2e%2e/key", "/etc/passwd", "0" * 64, "A" * 64,
                     "x", "0" * 63, "0" * 65, "..", "%00" * 32):
            answer = SITE.raw(f"GET /media/{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertIn(answer.split(b" ")[1], (b"404", b"400"), name)
            self.assertNotIn(b"root:", answer)
            self.assertNotIn(b"SQLite", answer)

    def report(self, records, boot="a" * 32):
        response, content = SITE.ask("POST", "/player/v1/reports", {"boot": boot, "records": records},
                                     {"Authorization": "Bearer " + TOKEN})
        return response.status, json.loads(content)

    def fault(self, sequence, detail="d"):
        return {"sequence": sequence, "time_ms": 1795000000000, "kind": "fault",
                "code": "file_hash", "detail": detail}

    def test_reports_are_stored_once_and_a_bad_record_blocks_nothing(self):
        records = [self.fault(1, "un"), {"sequence": 2, "kind": "nonsense", "time_ms": 1},
                   self.fault(3, "trois"), "text", {"sequence": -1}]
        self.assertEqual(self.report(records), (200, {"acknowledged": 3}))
        self.assertEqual(self.report(records), (200, {"acknowledged": 3}))
        _, content = SITE.ask("GET", "/api/v1/faults", headers={"Cookie": SITE.cookie()})
        faults = [one for one in json.loads(content)["items"] if one["code"] == "file_hash"]
        self.assertEqual([(one["detail"], one["count"]) for one in faults], [("trois", 2)])

    def test_reports_that_are_none(self):
        for body in ({}, {"boot": "x", "records": []}, {"boot": "a" * 32}, [], {"boot": "a" * 32,
                     "records": [], "more": 1}, {"boot": "z" * 32, "records": []}):
            response, content = SITE.ask("POST", "/player/v1/reports", body,
                                         {"Authorization": "Bearer " + TOKEN})
            self.assertEqual(response.status, 400, body)
            self.assertIn("detail", json.loads(content))


class Enrolment(unittest.TestCase):
    def test_signature_must_be_the_keys(self):
        body = SITE.enrolment_body("forger", "", "--wrong")
        response, _ = SITE.ask("POST", "/player/v1/enrolment", body)
        self.assertEqual(response.status, 403)

    def test_malformed(self):
        good = json.loads(SITE.enrolment_body("malformed"))
        for change in ({"public_key": "00"}, {"signature": "zz" * 64}, {"width_px": "1920"},
                       {"width_px": 1.5}, {"more": 1}, {"software": ""}, {"challenge": "x" * 64},
                       {"software": "\x1b[2J"}):
            response, content = SITE.ask("POST", "/player/v1/enrolment", {**good, **change})
            self.assertEqual(response.status, 400, change)
            self.assertIn("field", json.loads(content), change)
        for text in ("", "{", "[]", json.dumps({**good, "width_px": 1e400}), '{"public_key":1', "\ufeff{}", '{"a":1,"a":1}', "[" * 2000):
            response, _ = SITE.ask("POST", "/player/v1/enrolment", text.encode())
            self.assertIn(response.status, (400, 413), text)

    def test_a_replayed_request_gets_no_token(self):
        first = SITE.enrolment_body("replayed")
        _, content = SITE.ask("POST", "/player/v1/enrolment", first)
        challenge = json.loads(content)["challenge"]
        pending = SITE.run("screen", "pending").stdout.decode()
        code = [line for line in pending.splitlines()][0].split()[0]
        proven = SITE.enrolment_body("replayed", challenge)
        SITE.run("screen", "approve", code, "--as", "creapolis-hall", "--replace")
        response, _ = SITE.ask("POST", "/player/v1/enrolment", first)
        self.assertEqual(response.status, 202, "signed for no challenge of ours")
        response, content = SITE.ask("POST", "/player/v1/enrolment", proven)
        self.assertEqual(response.status, 202, "an older challenge than the last is not enough")
        proven = SITE.enrolment_body("replayed", json.loads(content)["challenge"])
        response, _ = SITE.ask("POST", "/player/v1/enrolment", proven)
        self.assertEqual(response.status, 200)
        response, _ = SITE.ask("POST", "/player/v1/enrolment", proven)
        self.assertEqual(response.status, 202, "a challenge is good for one token")

    def test_a_refused_player_loses_its_token(self):
        token = SITE.enrol("dismissed", "creapolis-borne")["token"]
        headers = {"Authorization": "Bearer " + token}
        self.assertEqual(SITE.ask("GET", "/player/v1/manifest", headers=headers)[0].status, 200)
        _, content = SITE.ask("GET", "/api/v1/enrolments", headers={"Cookie": SITE.cookie()})
        code = [one["code"] for one in json.loads(content)["enrolments"]
                if one["screen"] == "creapolis-borne"][0]
        SITE.run("screen", "refuse", code)
        for _ in range(50):
            status = SITE.ask("GET", "/player/v1/manifest", headers=headers)[0].status
            if status == 401:
                break
            time.sleep(0.1)
        self.assertEqual(status, 401)

    def test_refused(self):
        _, content = SITE.ask("POST", "/player/v1/enrolment", SITE.enrolment_body("refused"))
        listed = json.loads(SITE.ask("GET", "/api/v1/enrolments",
                                     headers={"Cookie": SITE.cookie()})[1])["enrolments"]
        one = [entry for entry in listed if entry["state"] == "pending"][0]
        origin = {"Cookie": SITE.cookie(), "Origin": f"http://127.0.0.1:{SITE.port}"}
        path = f"/api/v1/enrolments/{one['code']}/refuse"
        response, _ = SITE.ask("POST", path, {"fingerprint": "AAAA-AAAA-AAAA-AAAA"}, origin)
        self.assertEqual(response.status, 403, "another fingerprint is another player")
        response, _ = SITE.ask("POST", path, {"fingerprint": one["fingerprint"]}, origin)
        self.assertEqual(response.status, 204)
        body = SITE.enrolment_body("refused", json.loads(content)["challenge"])
        response, _ = SITE.ask("POST", "/player/v1/enrolment", body)
        self.assertEqual(response.status, 403)

    def test_approving_for_no_screen_says_so(self):
        SITE.ask("POST", "/player/v1/enrolment", SITE.enrolment_body("lost"))
        code = SITE.run("screen", "pending").stdout.decode().split()[0]
        result = SITE.run("screen", "approve", code, "--as", "nulle-part", check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("nulle-part", result.stderr.decode())
        result = SITE.run("screen", "approve", "ZZZZ-ZZZZ", "--as", SCREEN, check=False)
        self.assertEqual(result.returncode, 1)
        SITE.run("screen", "refuse", code)
