"""Plays, health, screenshots on request, and manifests that travel compressed."""
import gzip
import json
import os
import sqlite3
import subprocess
import threading
import time
import unittest

from site_under_test import SCREEN, SERVER, SITE, SOURCE, TOKEN

DEVICE = {"Authorization": "Bearer " + TOKEN}
PHOTO = os.path.join(SOURCE, "assets/demo/photos/cafe.jpg")


def now_ms():
    return int(time.time() * 1000)


def person(cookie=None):
    return {"Cookie": cookie or SITE.cookie(), "Origin": f"http://127.0.0.1:{SITE.port}"}


def report(records, boot="b" * 32):
    response, content = SITE.ask("POST", "/player/v1/reports", {"boot": boot, "records": records},
                                 DEVICE)
    return response.status, json.loads(content)


def play(sequence, **change):
    return {"sequence": sequence, "time_ms": now_ms(), "kind": "play", "slide": "s1",
            "title": "=Marché du samedi", "subject": "marche", "organisation": "", "playlist": "p",
            "rule": "r", "zone": "main", "manifest": "1-1", "from_ms": now_ms() - 15000,
            "until_ms": now_ms() - 5000, **change}


def heartbeat(sequence, **change):
    return {"sequence": sequence, "time_ms": now_ms(), "kind": "heartbeat", "software": "test 1",
            "manifest": "1-1", "uptime_s": 77, **change}


class Plays(unittest.TestCase):
    def sums(self, *words):
        lines = SITE.run("plays", "--csv", "--screen", SCREEN, *words).stdout.decode("utf-8-sig")
        return {line.split(";")[1].strip('"'): line.split(";")[3:]
                for line in lines.splitlines()[1:]}

    def test_plays_are_stored_once_and_summed(self):
        records = [play(1), play(2), play(3, title="Autre")]
        self.assertEqual(report(records), (200, {"acknowledged": 3}))
        self.assertEqual(report(records), (200, {"acknowledged": 3}))
        self.assertEqual(report(records, boot="c" * 32)[0], 200)
        sums = self.sums()
        self.assertEqual(sums["'=Marché du samedi"], ["4", "40"], "and no formula for Excel")
        self.assertEqual(sums["Autre"], ["2", "20"])
        raw = SITE.run("plays", "--csv").stdout
        self.assertTrue(raw.startswith(b'\xef\xbb\xbf"\xc3\x89cran";"Titre";'))
        self.assertIn("Durée", SITE.run("plays").stdout.decode())
        self.assertEqual(self.sums("--from", "2026-01-01", "--until", "2026-01-02"), {})

    def test_a_bad_play_blocks_nothing(self):
        now = now_ms()
        bad = [play(10, from_ms=now, until_ms=now), play(11, from_ms=now, until_ms=now - 1),
               play(12, from_ms=now - 86410000), play(13, until_ms=now + 2 * 86400000),
               play(14, from_ms=0), play(15, slide=""), play(16, title="x" * 1001),
               play(17, more=1), play(18, from_ms="1"), play(19, rule=None)]
        for one in bad:
            status, answer = report([one, play(one["sequence"] + 100, title=f"bon {one['sequence']}")],
                                    boot="d" * 32)
            self.assertEqual((status, answer["acknowledged"]), (200, one["sequence"] + 100), one)
        sums = self.sums()
        for one in bad:
            self.assertEqual(sums[f"bon {one['sequence']}"], ["1", "10"])
        self.assertNotIn("x" * 1001, sums)
        refused = SITE.run("plays", "--refused", "--screen", SCREEN).stdout.decode()
        for one in bad:
            self.assertIn(f"  {one['sequence']}  ", refused)
        self.assertIn('"more":1', refused)

    def test_the_command_says_what_it_does_not_understand(self):
        for words, text in ((("--from", "hier"), "hier"), (("--from", "2026-02-02", "--until",
                            "2026-02-01"), "--until"), (("--keep", "0"), "0"),
                            (("--keep", "x"), "x")):
            result = SITE.run("plays", *words, check=False)
            self.assertEqual(result.returncode, 1, words)
            self.assertIn(text, result.stderr.decode(), words)
        self.assertEqual(SITE.run("plays", "now", check=False).returncode, 2)
        self.assertIn("400", SITE.run("plays", "--keep", "400").stdout.decode())


class Health(unittest.TestCase):
    def screen(self):
        _, content = SITE.ask("GET", "/api/v1/screens", headers=person())
        return [one for one in json.loads(content)["items"] if one["id"] == SCREEN][0]

    def test_the_newest_heartbeat_is_shown(self):
        known = {"frames": 1000, "dropped": 2, "temperature_c": 51.5, "disk_free": 12 * 10**9,
                 "disk_size": 32 * 10**9, "memory": 58 * 10**6, "quarantined": 0,
                 "clock": "kernel", "display": "on"}
        self.assertEqual(report([heartbeat(200, temperature_c=20), heartbeat(201, **known)])[0], 200)
        health = self.screen()["health"]
        for key, value in known.items():
            self.assertEqual(health[key], value, key)
        self.assertEqual(health["uptime_s"], 77)
        report([heartbeat(202)])
        self.assertNotIn("temperature_c", self.screen()["health"], "what is left out is unknown")

    def test_what_is_no_health_is_refused_record_by_record(self):
        report([heartbeat(210, dropped=5)])
        for change in ({"frames": -1}, {"frames": 1.5}, {"temperature_c": "hot"}, {"clock": ""},
                       {"clock": "x" * 33}, {"other": 1}, {"memory": True}):
            status, answer = report([heartbeat(211, **change)])
            self.assertEqual((status, answer), (200, {"acknowledged": 211}), change)
        self.assertEqual(self.screen()["health"]["dropped"], 5)


class Gzip(unittest.TestCase):
    def manifest(self, **headers):
        return SITE.ask("GET", "/player/v1/manifest", headers={
            **DEVICE, "Accept": "application/vnd.vitrine.manifest; seal=2", **headers})

    def test_who_asks_gets_the_same_bytes_compressed(self):
        plain_response, plain = self.manifest()
        self.assertIsNone(plain_response.getheader("Content-Encoding"))
        for accept in ("gzip", "deflate, gzip;q=0.8", "*", "br, GZIP"):
            response, body = self.manifest(**{"Accept-Encoding": accept})
            self.assertEqual(response.getheader("Content-Encoding"), "gzip", accept)
            self.assertEqual(response.getheader("ETag"), plain_response.getheader("ETag"))
            self.assertEqual(response.getheader("Vary"), "Accept, Accept-Encoding")
            self.assertEqual(gzip.decompress(body), plain)
            self.assertLess(len(body), len(plain) / 3)
        for accept in ("identity", "gzip;q=0", "deflate", "*;q=0", "x-gzip-not"):
            response, body = self.manifest(**{"Accept-Encoding": accept})
            self.assertIsNone(response.getheader("Content-Encoding"), accept)
            self.assertEqual(body, plain)
        response, body = self.manifest(**{"Accept-Encoding": "gzip",
                                          "If-None-Match": plain_response.getheader("ETag")})
        self.assertEqual((response.status, body), (304, b""))


class Screenshots(unittest.TestCase):
    path = f"/api/v1/screens/{SCREEN}/screenshot"

    def poll(self, wait_s, **headers):
        response, _ = SITE.ask("GET", "/player/v1/manifest", headers={**DEVICE, **headers})
        return SITE.ask("GET", "/player/v1/manifest",
                        headers={**DEVICE, "Prefer": f"wait={wait_s}",
                                 "If-None-Match": response.getheader("ETag")})[0]

    def send(self, wish, body, kind="image/jpeg", headers=None):
        return SITE.ask("PUT", f"/player/v1/screenshots/{wish}", body,
                        {**(headers or DEVICE), "Content-Type": kind})[0].status

    def ask_for(self):
        response, content = SITE.ask("POST", self.path, headers=person())
        self.assertEqual(response.status, 202, content)
        return json.loads(content)["id"]

    def finish(self, wish):
        with open(PHOTO, "rb") as file:
            self.send(wish, file.read())

    def test_from_the_wish_to_the_picture(self):
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(self.poll(50)))
        waiting.start()
        time.sleep(0.5)
        self.assertEqual(answers, [])
        wish = self.ask_for()
        waiting.join(10)
        self.assertEqual(len(answers), 1, "the parked player was not woken")
        self.assertEqual(answers[0].status, 304)
        self.assertEqual(answers[0].getheader("Vitrine-Wanted"), f"screenshot {wish}")
        self.assertEqual(self.ask_for(), wish, "one at a time")
        began = time.monotonic()
        self.assertIsNone(self.poll(1).getheader("Vitrine-Wanted"), "not told again at once")
        self.assertGreater(time.monotonic() - began, 0.5, "so that nobody asks in circles")
        with open(PHOTO, "rb") as file:
            photo = file.read()
        self.assertEqual(self.send(wish, photo), 204)
        self.assertEqual(self.send(wish, photo), 404, "not wanted any more")
        response, body = SITE.ask("GET", self.path, headers=person())
        self.assertEqual((response.status, body), (200, photo))
        self.assertEqual(response.getheader("Content-Type"), "image/jpeg")
        self.assertEqual(response.getheader("Cache-Control"), "private, no-store")
        self.assertEqual(response.getheader("ETag"), f'"{wish}"')
        response, _ = SITE.ask("GET", self.path, headers={**person(), "If-None-Match": f'"{wish}"'})
        self.assertEqual(response.status, 304)
        _, content = SITE.ask("GET", "/api/v1/screens", headers=person())
        shown = [one for one in json.loads(content)["items"] if one["id"] == SCREEN][0]
        self.assertEqual((shown["screenshot"]["id"], shown["screenshot"]["width"]), (wish, 1600))
        self.assertNotEqual(self.ask_for(), wish)
        self.finish(self.ask_for())

    def test_the_same_picture_sent_again_meanwhile(self):
        wish = self.ask_for()
        with open(PHOTO, "rb") as file:
            photo = file.read()
        answers = []
        sending = [threading.Thread(target=lambda: answers.append(self.send(wish, photo)))
                   for _ in range(8)]
        for one in sending:
            one.start()
        for one in sending:
            one.join(30)
        self.assertEqual(sorted(answers), [204] + [404] * 7)
        self.assertEqual(SITE.ask("GET", self.path, headers=person())[1], photo)

    def test_what_is_no_screenshot_is_refused(self):
        wish = self.ask_for()
        with open(PHOTO, "rb") as file:
            photo = file.read()
        with open(os.path.join(SOURCE, "assets/demo/annuaire.csv"), "rb") as file:
            text = file.read()
        png = b"\x89PNG\r\n\x1a\n" + bytes(100)
        for body, kind, status in ((photo, "image/png", 400), (photo, None, 400), (text, "image/jpeg", 400),
                                   (png, "image/jpeg", 400), (b"", "image/jpeg", 400),
                                   (photo[:1000], "image/jpeg", 400), (photo[1:], "image/jpeg", 400),
                                   (photo + bytes(2 * 1024 * 1024), "image/jpeg", 413)):
            headers = {} if kind is None else {"Content-Type": kind}
            try:
                response, _ = SITE.ask("PUT", f"/player/v1/screenshots/{wish}", body,
                                       {**DEVICE, **headers})
                self.assertEqual(response.status, status, kind)
            except (BrokenPipeError, ConnectionResetError):
                self.assertEqual(status, 413, "only what is too long is cut off")
        self.assertEqual(self.send("0" * 32, photo), 404)
        self.assertEqual(self.send("../key", photo), 404)
        other = {"Authorization": "Bearer " + "0" * 64}
        self.assertEqual(self.send(wish, photo, headers=other), 401)
        other = {"Authorization": "Bearer " + SITE.enrol("looker", "creapolis-hall")["token"]}
        self.assertEqual(self.send(wish, photo, headers=other), 404, "another screen's wish")
        self.assertEqual(self.send(wish, photo), 204)

    def test_a_long_body_without_a_token_is_not_read(self):
        answer = SITE.raw("PUT /player/v1/screenshots/x HTTP/1.1\r\nHost: x\r\n"
                          "Content-Length: 2000000\r\n\r\n", wait=5)
        self.assertEqual(answer.split(b" ")[1], b"401")

    def test_who_may(self):
        for method in ("GET", "POST"):
            self.assertEqual(SITE.ask(method, self.path)[0].status, 401)
            self.assertEqual(SITE.ask(method, self.path, headers=DEVICE)[0].status, 401)
        for name, status in (("validator", 403), ("operator", 202), ("publisher", 202)):
            role = {"operator": "site_operator"}.get(name, name)
            SITE.run("user", "add", name, "--role", role, "--password-file", SITE.password_file)
            response, _ = SITE.login(user=name)
            headers = person(response.getheader("Set-Cookie").split(";")[0])
            response, content = SITE.ask("POST", self.path, headers=headers)
            self.assertEqual(response.status, status, name)
            del headers["Origin"]
            self.assertEqual(SITE.ask("POST", self.path, headers=headers)[0].status, 403)
        self.finish(json.loads(content)["id"])
        for method in ("GET", "POST"):
            response, _ = SITE.ask(method, "/api/v1/screens/nulle-part/screenshot", headers=person())
            self.assertEqual(response.status, 404)

    def test_a_wish_expires(self):
        wish = self.ask_for()
        with sqlite3.connect(os.path.join(SITE.data, "vitrine.db"), timeout=10) as database:
            database.execute("UPDATE wanted SET expires_ms = ?", (now_ms() - 1,))
        with open(PHOTO, "rb") as file:
            self.assertEqual(self.send(wish, file.read()), 404)
        other = self.ask_for()
        self.assertNotEqual(other, wish)
        self.finish(other)

    def test_the_command_waits_and_says_where_the_picture_is(self):
        command = subprocess.Popen([SERVER, "screen", "screenshot", SCREEN, "--data", SITE.data],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**os.environ, "LANG": "fr_FR.UTF-8"})
        wanted = None
        for _ in range(10):
            wanted = self.poll(20).getheader("Vitrine-Wanted")
            if wanted:
                break
        self.assertTrue(wanted, "another process's wish reaches the player")
        self.finish(wanted.split()[1])
        out, err = command.communicate(timeout=20)
        self.assertEqual(command.returncode, 0, err)
        with open(out.decode().strip(), "rb") as file, open(PHOTO, "rb") as photo:
            self.assertEqual(file.read(), photo.read())
        self.assertIn("Demandé à l’écran", err.decode())
        result = SITE.run("screen", "screenshot", "nulle-part", check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("nulle-part", result.stderr.decode())
