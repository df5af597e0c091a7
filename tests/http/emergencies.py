"""Emergencies: begun and ended by people and by the command line, first on the screens, ended by
themselves."""
import json
import os
import sqlite3
import threading
import time
import unittest

from accounts import Person, add
from fleet import FIELDS
from site_under_test import SCREEN, SCREENS, SERVER, SITE
from wishes import DEVICE, person


class Emergencies(unittest.TestCase):
    path = "/api/v1/emergencies"

    @classmethod
    def setUpClass(cls):
        add("veilleuse", "--alert")
        add("gardien-creapolis", "--alert", "--site", "creapolis")
        cls.second, cls.bound = Person("veilleuse"), Person("gardien-creapolis")

    def ask(self, method, path="", body=None, headers=None):
        response, content = SITE.ask(method, self.path + path, body, headers or person())
        return response.status, json.loads(content) if content else None

    def start(self, **change):
        """Asked for by one person and, where it takes two, confirmed by another."""
        body = {"title": "Évacuation", "text": "Sortez.", "everywhere": True, **change}
        status, emergency = self.ask("POST", body=body)
        if status == 202:
            status = self.second.ask("POST", f"/emergencies/{emergency['id']}/confirm")
            emergency = self.second.said
        return status, emergency

    def running(self, sealed):
        """The emergency intervals of a manifest that are not over."""
        return [one for one in json.loads(sealed.split(b"\n", 1)[1])["intervals"]
                if one["class"] == "emergency" and one["until_ms"] > time.time() * 1000]

    def running_on(self, screen):
        return self.running(SITE.run("manifest", screen).stdout)

    def listed(self):
        _, listed = self.ask("GET")
        return listed["emergencies"], listed["waiting"]

    def tearDown(self):
        SITE.run("emergency", "end", "--all")
        for one in self.ask("GET")[1]["waiting"]:
            self.ask("DELETE", "/" + one["id"])
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
        *_, last = intervals = self.running(answers[0][1])  # midnight divides them
        interval = intervals[0]
        self.assertEqual(last["until_ms"], emergency["until_ms"], "it ends by itself")
        self.assertEqual(emergency["until_ms"] - emergency["from_ms"], 30 * 60000)
        self.assertLessEqual(interval["from_ms"], int(time.time() * 1000), "it has begun")
        self.assertGreaterEqual(emergency["from_ms"], began - 1)
        self.assertEqual(len(emergency["screens"]), SCREENS)
        status, listed = self.ask("GET")
        self.assertEqual([one["id"] for one in listed["emergencies"]], [emergency["id"]])
        self.assertEqual(self.ask("DELETE", "/" + emergency["id"])[0], 204)
        self.assertEqual(self.ask("DELETE", "/" + emergency["id"])[0], 404, "it is over")
        self.assertEqual(self.listed(), ([], []))
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
        self.assertEqual(self.listed(), ([], []))

    def test_who_may(self):
        SITE.run("user", "add", "éditrice", "--role", "publisher", "--password-file",
                 SITE.password_file)
        response, _ = SITE.login(user="éditrice")
        headers = person(response.getheader("Set-Cookie").split(";")[0])
        self.assertEqual(self.ask("GET", headers=headers)[0], 200)
        for method, path, body in (("POST", "", {}), ("DELETE", "/x", None), ("POST", "/frame", {}),
                                   ("POST", "/x/confirm", None)):
            self.assertEqual(self.ask(method, path, body, headers)[0], 403)
            self.assertEqual(self.ask(method, path, body, {"Cookie": "x=y"})[0], 401)
            self.assertEqual(self.ask(method, path, body, DEVICE)[0], 401)
            self.assertEqual(self.ask(method, path, body, {"Cookie": SITE.cookie()})[0], 403)

    def waiting(self):
        return [one["id"] for one in self.ask("GET")[1]["waiting"]]

    def test_many_screens_take_two_people(self):
        status, emergency = self.ask("POST", body={"title": "Évacuation", "groups": ["pepinieres"]})
        self.assertEqual((status, emergency["waiting"], emergency["asked_by"]),
                         (202, True, "admin"), emergency)
        self.assertAlmostEqual(emergency["lapses_ms"] / 1000 - time.time(), 1800, delta=20)
        confirm = f"/emergencies/{emergency['id']}/confirm"
        listed = self.ask("GET")[1]
        self.assertEqual(listed["emergencies"], [])
        self.assertEqual([one["title"] for one in listed["waiting"]], ["Évacuation"])
        self.assertEqual(self.running_on("creapolis-hall"), [])
        status, problem = self.ask("POST", f"/{emergency['id']}/confirm")
        self.assertEqual(status, 403)
        self.assertIn("quelqu’un d’autre", problem["detail"])
        self.assertEqual(self.bound.ask("POST", confirm), 403, "it reaches other sites")
        self.assertEqual(self.waiting(), [emergency["id"]], "nothing has happened")
        self.assertEqual(self.second.ask("POST", confirm), 201)
        self.assertFalse(self.second.said["waiting"])
        self.assertEqual(self.second.ask("POST", confirm), 404, "once")
        self.until(lambda: self.running_on("actipolis-accueil"))
        self.assertEqual(self.running_on("actipolis-accueil")[0]["rule"], emergency["id"])
        self.assertEqual(self.waiting(), [])
        self.assertEqual([line[0] for line in self.trail(emergency["id"])],
                         ["emergency.ask", "emergency.confirm", "emergency.start"])

    def trail(self, subject):
        with sqlite3.connect(f"file:{SITE.data}/vitrine.db?mode=ro", uri=True) as db:
            return db.execute("SELECT action, user_name FROM audit WHERE subject = ? "
                              "ORDER BY number", (subject,)).fetchall()

    def test_one_does_not_grow_by_screens_that_join_a_group(self):
        admin = Person("admin")
        self.assertEqual(admin.ask("POST", "/groups", {"id": "grandit", "name": "Grandit"}), 201)
        status, problem = self.ask("POST", body={"title": "Évacuation", "groups": ["grandit"]})
        self.assertEqual((status, problem["field"]), (400, "groups"), "nothing is in it")
        self.assertEqual(admin.ask("GET", "/screens/creapolis-borne"), 200)
        screen = {name: value for name, value in admin.said.items() if name in FIELDS}
        self.assertEqual(admin.ask("PUT", "/screens/creapolis-borne",
                                   {**screen, "groups": screen["groups"] + ["grandit"]},
                                   If_Match=admin.headers["ETag"]), 200, admin.said)
        status, emergency = self.ask("POST", body={"title": "Évacuation", "groups": ["grandit"]})
        self.assertEqual((status, emergency["screens"], emergency["groups"]),
                         (201, ["creapolis-borne"], []), emergency)
        listed, = self.ask("GET")[1]["emergencies"]
        self.assertEqual((listed["screens"], listed["groups"]), (["creapolis-borne"], []))

    def test_one_that_waits_is_dropped_or_lapses(self):
        ids = [self.ask("POST", body={"title": f"Alerte {n}", "everywhere": True})[1]["id"]
               for n in range(2)]
        self.assertEqual(sorted(self.waiting()), sorted(ids))
        self.assertEqual(self.second.ask("DELETE", "/emergencies/" + ids[0]), 204)
        self.assertEqual(self.waiting(), [ids[1]])
        with sqlite3.connect(f"{SITE.data}/vitrine.db", timeout=10) as db:
            db.execute("UPDATE alerts SET lapses_ms = ?", (int(time.time() * 1000),))
        self.assertEqual(self.waiting(), [])
        self.assertEqual(self.second.ask("POST", f"/emergencies/{ids[1]}/confirm"), 404)
        self.assertEqual(self.running_on(SCREEN), [])

    def test_somebody_bound_to_a_site(self):
        body = {"title": "Alerte", "screens": ["creapolis-hall", "creapolis-borne"]}
        self.assertEqual(self.bound.ask("POST", "/emergencies", body), 201, self.bound.said)
        here = self.bound.said["id"]
        for wrong in ({"screens": [SCREEN]}, {"everywhere": True}, {"groups": ["pepinieres"]}):
            self.assertEqual(self.bound.ask("POST", "/emergencies", {"title": "A", **wrong}), 403)
        self.assertEqual(self.waiting(), [])
        _, there = self.start(everywhere=False, screens=[SCREEN])
        self.bound.ask("GET", "/emergencies")
        names = {one["user"]: one["sites"] for one in self.bound.said["alerters"]}
        self.assertTrue([] in names.values() and ["creapolis"] in names.values(), names)
        self.assertEqual([one["id"] for one in self.bound.said["emergencies"]], [here])
        self.assertTrue(self.bound.said["emergencies"][0]["yours"])
        self.assertEqual(self.bound.ask("DELETE", "/emergencies/" + there["id"]), 403)
        self.assertEqual(self.bound.ask("POST", "/safe-slide"), 403)
        self.assertEqual(self.bound.ask("POST", "/emergencies/frame",
                                        {"title": "A", "screen": SCREEN}), 404)
        self.assertEqual(self.bound.ask("DELETE", "/emergencies/" + here), 204)

    def slide_now(self, screen):
        manifest = json.loads(SITE.run("manifest", screen).stdout.split(b"\n", 1)[1])
        now = time.time() * 1000
        interval, = [one for one in manifest["intervals"] if one["from_ms"] <= now < one["until_ms"]
                     and one.get("zone", "main") == "main"]
        return interval

    def test_the_neutral_slide_takes_one_person(self):
        _, emergency = self.start()
        self.until(lambda: self.running_on(SCREEN))
        self.assertEqual(self.second.ask("POST", "/safe-slide"), 204, self.second.said)
        listed, = self.ask("GET")[1]["emergencies"]
        self.assertEqual((listed["safe"], len(listed["screens"])), (True, SCREENS))
        for screen in (SCREEN, "creapolis-hall"):
            self.until(lambda: self.slide_now(screen)["rule"] == "urgence-neutre")
        # An emergency that begins then is seen, and the neutral slide after it.
        _, later = self.start(everywhere=False, screens=[SCREEN])
        self.until(lambda: self.slide_now(SCREEN)["rule"] == later["id"])
        self.assertEqual(self.slide_now("creapolis-hall")["rule"], "urgence-neutre")
        self.ask("DELETE", "/" + later["id"])
        self.until(lambda: self.slide_now(SCREEN)["rule"] == "urgence-neutre")
        self.assertEqual(self.second.ask("DELETE", "/safe-slide"), 204)
        self.assertEqual(self.second.ask("DELETE", "/safe-slide"), 404)
        self.until(lambda: self.slide_now(SCREEN)["class"] != "emergency")
        self.assertEqual(self.trail("urgence-neutre")[-2:],
                         [("emergency.safe-start", "veilleuse"), ("emergency.safe-end", "veilleuse")])
        self.assertIn(("emergency.end", "veilleuse"), self.trail(emergency["id"]))
        self.assertEqual(self.run_command("safe", "--user", "zoé")[0], 0)
        self.assertIn("urgence-neutre", self.run_command("list")[1])
        self.assertEqual(self.slide_now(SCREEN)["rule"], "urgence-neutre")
        self.assertEqual(self.run_command("resume")[0], 0)
        self.assertEqual(self.run_command("resume")[0], 1)

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
        self.assertEqual(self.listed(), ([], []), "a look begins nothing")

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
        *_, interval = self.running_on(SCREEN)
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
