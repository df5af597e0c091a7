"""Emergencies: begun and ended by people and by the command line, first on the screens, ended by
themselves."""
import json
import os
import threading
import time
import unittest

from site_under_test import SCREEN, SCREENS, SERVER, SITE
from wishes import DEVICE, person


class Emergencies(unittest.TestCase):
    path = "/api/v1/emergencies"

    def ask(self, method, path="", body=None, headers=None):
        response, content = SITE.ask(method, self.path + path, body, headers or person())
        return response.status, json.loads(content) if content else None

    def start(self, **change):
        body = {"title": "Évacuation", "text": "Sortez.", "everywhere": True, **change}
        return self.ask("POST", body=body)

    def running(self, sealed):
        """The emergency intervals of a manifest that are not over."""
        return [one for one in json.loads(sealed.split(b"\n", 1)[1])["intervals"]
                if one["class"] == "emergency" and one["until_ms"] > time.time() * 1000]

    def running_on(self, screen):
        return self.running(SITE.run("manifest", screen).stdout)

    def tearDown(self):
        SITE.run("emergency", "end", "--all")
        end = time.monotonic() + 10
        while self.running_on(SCREEN) and time.monotonic() < end:
            time.sleep(0.1)

    def test_from_the_form_to_the_parked_player(self):
        answers = []
        response, _ = SITE.ask("GET", "/player/v1/manifest", headers=DEVICE)
        headers = {**DEVICE, "If-None-Match": response.getheader("ETag"), "Prefer": "wait=50"}

        def wait():
            answers.append(SITE.ask("GET", "/player/v1/manifest", headers=headers))

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.5)
        began = int(time.time() * 1000)
        status, emergency = self.start(minutes=30)
        self.assertEqual(status, 201, emergency)
        waiting.join(20)
        self.assertEqual(len(answers), 1, "the parked player was not told")
        self.assertEqual(answers[0][0].status, 200)
        interval, = self.running(answers[0][1])
        self.assertEqual(interval["until_ms"], emergency["until_ms"], "it ends by itself")
        self.assertEqual(emergency["until_ms"] - emergency["from_ms"], 30 * 60000)
        self.assertLessEqual(interval["from_ms"], int(time.time() * 1000), "it has begun")
        self.assertGreaterEqual(emergency["from_ms"], began - 1)
        self.assertEqual(len(emergency["screens"]), SCREENS)
        status, listed = self.ask("GET")
        self.assertEqual([one["id"] for one in listed["emergencies"]], [emergency["id"]])
        self.assertEqual(self.ask("DELETE", "/" + emergency["id"])[0], 204)
        self.assertEqual(self.ask("DELETE", "/" + emergency["id"])[0], 404, "it is over")
        self.assertEqual(self.ask("GET")[1], {"emergencies": []})
        self.until(lambda: not self.running_on(SCREEN))
        self.assertIn(emergency["id"], open(SITE.log.name, encoding="utf-8").read())

    def until(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, "it did not come to pass")
            time.sleep(0.05)

    def test_only_where_it_is_asked_for(self):
        status, emergency = self.start(everywhere=False, screens=["creapolis-hall"])
        self.assertEqual(status, 201)
        self.until(lambda: self.running_on("creapolis-hall"))
        self.assertEqual(self.running_on("creapolis-hall")[0]["rule"], emergency["id"])
        self.assertEqual(self.running_on(SCREEN), [])

    def test_what_is_refused(self):
        for change, field in (({"title": ""}, "title"), ({"title": "  "}, "title"),
                              ({"title": "x" * 121}, "title"), ({"title": "a\nb"}, "title"),
                              ({"text": "x" * 401}, "text"), ({"text": "\x1b[2J"}, "text"),
                              ({"minutes": 0}, "minutes"), ({"minutes": 10081}, "minutes"),
                              ({"everywhere": False}, "screens"), ({"more": 1}, "more"),
                              ({"everywhere": False, "screens": ["nulle-part"]}, "screens"),
                              ({"everywhere": False, "groups": ["nulle-part"]}, "groups"),
                              ({"screens": [1]}, "screens"), ({"title": None}, "title")):
            status, problem = self.start(**change)
            self.assertEqual((status, problem.get("field")), (400, field), (change, problem))
        self.assertEqual(self.ask("GET")[1], {"emergencies": []})

    def test_who_may(self):
        SITE.run("user", "add", "éditrice", "--role", "publisher", "--password-file",
                 SITE.password_file)
        response, _ = SITE.login(user="éditrice")
        headers = person(response.getheader("Set-Cookie").split(";")[0])
        self.assertEqual(self.ask("GET", headers=headers)[0], 200)
        for method, path, body in (("POST", "", {}), ("DELETE", "/x", None), ("POST", "/frame", {})):
            self.assertEqual(self.ask(method, path, body, headers)[0], 403)
            self.assertEqual(self.ask(method, path, body, {"Cookie": "x=y"})[0], 401)
            self.assertEqual(self.ask(method, path, body, DEVICE)[0], 401)
            self.assertEqual(self.ask(method, path, body, {"Cookie": SITE.cookie()})[0], 403)

    @unittest.skipUnless(os.path.exists(os.path.join(os.path.dirname(SERVER), "vitrine-render")),
                         "vitrine-render is not built beside the server")
    def test_its_frame_is_seen_beforehand(self):
        for screen, size in ((SCREEN, (1920, 1080)), ("creapolis-hall", (1080, 1920))):
            response, content = SITE.ask("POST", self.path + "/frame",
                                         {"title": "Évacuation", "text": "", "screen": screen}, person())
            self.assertEqual((response.status, response.getheader("Content-Type")),
                             (200, "image/png"), content)
            self.assertEqual(content[16:24], size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big"))
        for body, status in (({"title": "", "screen": SCREEN}, 400), ({"title": "x"}, 400),
                             ({"title": "x", "screen": "nulle-part"}, 404)):
            self.assertEqual(self.ask("POST", "/frame", body)[0], status, body)
        self.assertEqual(self.ask("GET")[1], {"emergencies": []}, "a look begins nothing")

    def run_command(self, *words):
        result = SITE.run("emergency", *words, check=False)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def test_by_the_command_line(self):
        self.assertIn("Aucune urgence", self.run_command("list")[1])
        code, out, err = self.run_command("start", "--title", "Alerte", "--text", "Gaz", "--screen",
                                          SCREEN, "--for", "1h30", "--user", "zoé")
        self.assertEqual((code, err), (0, ""))
        self.assertIn("1 écran ", out)
        ident = out.split()[0]
        interval, = self.running_on(SCREEN)
        self.assertAlmostEqual(interval["until_ms"] / 1000 - time.time(), 5400, delta=30)
        code, out, _ = self.run_command("list")
        self.assertIn(ident, out)
        self.assertIn("Alerte", out)
        self.assertEqual(self.run_command("end", ident)[0], 0)
        code, _, err = self.run_command("end", ident)
        self.assertEqual(code, 1)
        self.assertIn(ident, err)

    def test_explain_says_that_the_strip_is_not_there(self):
        self.assertNotIn("Zone news : couverte", SITE.run("explain", SCREEN).stdout.decode())
        self.start()
        self.assertIn("Zone news : couverte", SITE.run("explain", SCREEN).stdout.decode())

    def test_what_the_command_line_refuses(self):
        good = ("start", "--title", "Alerte", "--screen", SCREEN)
        for words, code, text in ((good + ("--for", "0m"), 1, "0m"), (good + ("--for", "x"), 1, "x"),
                                  (good + ("--for", "30m", "--until", "12:00"), 1, "--until"),
                                  (good + ("--for", "8000h"), 1, "sept jours"),
                                  (good + ("--until", "25:00"), 1, "25:00"),
                                  (("start", "--title", "A", "--screen", "x"), 1, "« x »"),
                                  (("start", "--title", "A\x07", "--all"), 1, "commande"),
                                  (("start", "--title", "A"), 2, "--all"), (("start", "--all"), 2, "--title"),
                                  (("end",), 2, "end"), ((), 2, "start"), (("end", "x"), 1, "x")):
            result = self.run_command(*words)
            self.assertEqual(result[0], code, words)
            self.assertIn(text, result[2], words)
        self.assertIn("Aucune urgence", self.run_command("list")[1])
