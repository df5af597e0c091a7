"""From a contributor's draft to the screens: who may take which step, what screens show meanwhile,
what is refused before it is shown, and what remains of it all."""
import json
import sqlite3
import time
import unittest
import urllib.parse

from accounts import Person, add
from site_under_test import SCREEN, SITE

PHOTO = {"focal_x": 0.5, "focal_y": 0.5, "alt": "Une femme tient une chaise repeinte.",
         "credit": "Illustration : projet Vitrine", "consent_date": "2026-01-12"}


def portrait(ident, **more):
    with sqlite3.connect(f"file:{SITE.data}/vitrine.db?mode=ro", uri=True) as db:
        media, = db.execute("SELECT photo FROM portraits WHERE photo <> '' LIMIT 1").fetchone()
    return {"id": ident, "organisation": "demo-seconde-rive", "leader_name": "Lina Varin",
            "leader_role": "menuisière", "quote": "Un meuble a deux vies.", "story": "",
            "sector": "reemploi", "photo": {"media": media, **PHOTO}, "from": "2026-01-01",
            "until": "2029-12-31", **more}


class Workflow(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for name, role in (("rédactrice", "contributor"), ("relecteur", "validator"),
                           ("éditeur", "publisher")):
            add(name, "--role", role)
        add("éditrice-creapolis", "--role", "publisher", "--site", "creapolis")
        cls.writer, cls.validator, cls.publisher, cls.bound = (
            Person(name) for name in ("rédactrice", "relecteur", "éditeur", "éditrice-creapolis"))
        cls.admin = Person("admin")
        cls.admin.ask("POST", "/playlists",
                      {"id": "essai-portraits", "title": "Portraits", "strip": False,
                       "entries": [{"source": "portraits", "sector": "essai"},
                                   {"source": "events", "days": 60, "count": 9}]})
        assert cls.admin.status == 201, cls.admin.said
        cls.admin.ask("POST", "/rules",
                      {"id": "essai-portraits", "title": "Portraits", "playlist": "essai-portraits",
                       "screens": [SCREEN], "groups": [], "class": "takeover",
                       "from": "2026-01-01", "until": "2029-12-31"})
        assert cls.admin.status == 201, cls.admin.said
        for plural in ("playlists", "rules"):
            cls.step(cls, cls.admin, f"/{plural}/essai-portraits", "publish")

    @classmethod
    def tearDownClass(cls):
        for plural in ("rules", "playlists"):
            cls.step(cls, cls.admin, f"/{plural}/essai-portraits", "archive")

    def step(self, person, place, action, body=None, expected=200):
        """Takes a step from what the record is now."""
        assert person.ask("GET", place) == 200, person.said
        status = person.ask("POST", f"{place}/{action}", body, If_Match=person.headers["ETag"])
        assert status == expected, (action, status, person.said)
        return person.said

    def change(self, person, place, body, expected=200):
        self.assertEqual(person.ask("GET", place), 200)
        status = person.ask("PUT", place, body, If_Match=person.headers["ETag"])
        self.assertEqual(status, expected, person.said)
        return person.said

    def publish(self, place):
        self.step(self.writer, place, "submit")
        self.step(self.validator, place, "approve")
        return self.step(self.publisher, place, "publish")

    def slides(self):
        sealed = SITE.run("manifest", SCREEN).stdout
        return json.loads(sealed.split(b"\n", 1)[1])["slides"]

    def shows(self, text):
        return any(text in json.dumps(slide["texts"], ensure_ascii=False)
                   for slide in self.slides())

    def until(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, "it did not come to pass")
            time.sleep(0.1)

    def test_from_a_draft_to_the_screen(self):
        place = "/portraits/essai-lina"
        body = portrait("essai-lina", sector="essai")
        self.assertEqual(self.writer.ask("POST", "/portraits", body), 201, self.writer.said)
        self.assertEqual((self.writer.said["state"], self.writer.said["live"],
                          self.writer.said["author"]), ("draft", False, "rédactrice"))
        self.assertEqual(self.writer.ask("POST", place + "/submit"), 428, "which one was read?")
        self.assertEqual(self.writer.ask("POST", place + "/submit", If_Match='"x"'), 412)
        self.step(self.publisher, place, "publish", expected=409)
        self.step(self.writer, place, "submit")
        self.step(self.writer, place, "approve", expected=403)
        self.step(self.bound, place, "approve", expected=403)
        sent = self.step(self.validator, place, "return", {"reason": "Qui est-elle ?"})
        self.assertEqual((sent["state"], sent["reason"], sent["reviewer"]),
                         ("draft", "Qui est-elle ?", "relecteur"))
        body["leader_role"] = "menuisière à La Seconde Rive"
        self.change(self.writer, place, body)
        self.step(self.writer, place, "submit")
        self.step(self.validator, place, "approve")
        body["quote"] = "Chaque meuble a deux vies."
        self.assertEqual(self.change(self.writer, place, body)["state"], "draft",
                         "an edit takes the approval back")
        self.step(self.publisher, place, "publish", expected=409)
        self.assertFalse(self.shows("Lina Varin"))
        self.publish(place)
        self.until(lambda: self.shows("Chaque meuble a deux vies"))
        # What is edited does not show before it is published in its turn.
        body["quote"] = "Rien ne se perd."
        edited = self.change(self.writer, place, body)
        self.assertEqual((edited["state"], edited["live"], edited["working_copy"]),
                         ("draft", True, True))
        self.writer.ask("GET", place + "/difference")
        self.assertEqual(self.writer.said["items"],
                         [{"field": "quote", "before": "Chaque meuble a deux vies.",
                           "after": "Rien ne se perd."}])
        time.sleep(1)
        self.assertTrue(self.shows("Chaque meuble a deux vies"))
        self.publish(place)
        self.until(lambda: self.shows("Rien ne se perd"))
        self.assertFalse(self.shows("Chaque meuble"))
        self.step(self.bound, place, "archive", expected=403)
        self.step(self.publisher, place, "archive")
        self.until(lambda: not self.shows("Lina Varin"))

    def test_nobody_approves_what_they_wrote(self):
        place = "/announcements/essai-a-quatre-mains"
        body = {"id": "essai-a-quatre-mains", "title": "Travaux", "text": "", "pictogram": "info",
                "severity": "info", "from": "2026-01-01", "until": "2029-12-31"}
        self.validator.ask("POST", "/announcements", body)
        self.change(self.writer, place, {**body, "title": "Travaux de nuit"})
        self.step(self.writer, place, "submit")
        refused = self.step(self.validator, place, "approve", expected=403)
        self.assertIn("quelqu’un d’autre", refused["detail"])
        for person, mine in ((self.validator, False), (self.publisher, True)):
            person.ask("GET", f"/approvals?mine={str(mine).lower()}")
            waiting = {one["id"]: one for one in person.said["items"]}
            self.assertEqual(waiting[body["id"]]["mine"], mine)
            person.ask("GET", f"/approvals?mine={str(not mine).lower()}")
            self.assertNotIn(body["id"], [one["id"] for one in person.said["items"]])
        self.step(self.publisher, place, "approve")
        self.step(self.publisher, place, "publish")
        for wrong in ("mine=perhaps", "limit=0", "limit=x", "after=x", "other=1"):
            self.assertEqual(self.writer.ask("GET", "/approvals?" + wrong), 400, wrong)
            self.assertEqual(self.writer.said["field"], wrong.split("=")[0])

    def change_store(self, sql):
        with sqlite3.connect(f"{SITE.data}/vitrine.db", timeout=10) as db:
            db.execute(sql)

    def test_what_may_not_be_shown(self):
        photo = portrait("x")["photo"]
        cases = (({"photo": {**photo, "consent_date": None}}, "photo.consent_date"),
                 ({"photo": {**photo, "consent_date": "2099-01-01"}}, "photo.consent_date"),
                 ({"photo": {**photo, "credit": ""}}, "photo.credit"),
                 ({"photo": {**photo, "alt": ""}}, "photo.alt"),
                 ({"photo": None}, "photo.media"), ({"organisation": "nulle-part"}, "organisation"),
                 ({"organisation": "essai-discrete"}, "organisation"),
                 ({"until": "2026-02-01"}, "until"), ({"until": "2039-01-01"}, "until"))
        place = "/portraits/essai-refus"
        self.addCleanup(self.change_store, "DELETE FROM organisations WHERE id = 'essai-discrete'")
        with sqlite3.connect(f"{SITE.data}/vitrine.db", timeout=10) as db:
            columns = [row[1] for row in db.execute("PRAGMA table_info(organisations)")]
            values = {"id": "'essai-discrete'", "siret": "''", "diffusable": "0"}
            db.execute(f"INSERT INTO organisations ({', '.join(columns)}) SELECT "
                       f"{', '.join(values.get(name, name) for name in columns)} "
                       "FROM organisations WHERE id = 'demo-seconde-rive'")
        self.assertEqual(self.writer.ask("POST", "/portraits", portrait("essai-refus")), 201)
        for change, field in cases:
            with self.subTest(field=field, change=change):
                self.change(self.writer, place, portrait("essai-refus", **change))
                self.step(self.writer, place, "submit")
                self.step(self.validator, place, "approve")
                problem = self.step(self.publisher, place, "publish", expected=400)
                self.assertEqual(problem["field"], field, problem)
                self.publisher.ask("GET", place)
                tag = self.publisher.headers["ETag"]
                self.publisher.ask("POST", place + "/publish", If_Match=tag, Accept_Language="en")
                self.assertNotEqual(self.publisher.said["detail"], problem["detail"])
                self.assertEqual(self.publisher.said["field"], field)

    def test_a_cancelled_event_leaves_at_once(self):
        ident = "essai-annulation@vitrine"
        place = "/events/" + urllib.parse.quote(ident, safe="")
        day = time.strftime("%Y-%m-%d", time.localtime(time.time() + 5 * 86400))
        body = {"id": ident, "title": "Bal d’essai", "commune": "Rouen", "place": "Halle",
                "when": {"start": day + "T18:30", "end": day + "T22:00", "except": [], "also": []}}
        self.assertEqual(self.writer.ask("POST", "/events", body), 201, self.writer.said)
        self.publish(place)
        self.until(lambda: self.shows("Bal d’essai"))
        self.change(self.writer, place, {**body, "place": "Grande halle"})
        self.step(self.bound, place, "cancel", expected=403)
        said = self.step(self.writer, place, "cancel")
        self.assertEqual((said["status"], said["state"], said["place"]),
                         ("annule", "draft", "Grande halle"))
        self.until(lambda: not self.shows("Bal d’essai"))
        self.step(self.writer, "/portraits/" + self.any_portrait(), "cancel", expected=404)

    def any_portrait(self):
        self.writer.ask("GET", "/portraits?limit=1")
        return self.writer.said["items"][0]["id"]

    def test_history_and_what_comes_back(self):
        place = "/portraits/essai-histoire"
        body = portrait("essai-histoire")
        self.writer.ask("POST", "/portraits", body)
        self.publish(place)
        self.change(self.writer, place, {**body, "quote": "Autre chose."})
        self.writer.ask("GET", place + "/history?limit=3")
        first = self.writer.said
        self.assertEqual([(one["revision"], one["action"], one["user"]) for one in first["items"]],
                         [(5, "edit", "rédactrice"), (4, "publish", "éditeur"),
                          (3, "approve", "relecteur")])
        self.assertEqual(first["items"][0]["record"]["quote"], "Autre chose.")
        self.assertIn('rel="next"', self.writer.headers["Link"])
        self.writer.ask("GET", f"{place}/history?limit=3&after={first['next']}")
        self.assertEqual([one["action"] for one in self.writer.said["items"]],
                         ["submit", "create"])
        self.assertIsNone(self.writer.said["next"])
        self.step(self.writer, place, "restore", {"revision": 99}, expected=400)
        self.step(self.writer, place, "restore", {"revision": "1"}, expected=400)
        restored = self.step(self.writer, place, "restore", {"revision": 1})
        self.assertEqual((restored["quote"], restored["state"]), (body["quote"], "draft"))
        self.step(self.writer, place, "discard")
        self.assertEqual(self.writer.ask("GET", "/portraits/nulle-part/history"), 404)

    def test_the_trail(self):
        self.admin.ask("GET", "/audit?action=portrait.&user=%C3%A9diteur&limit=200")
        self.assertEqual(self.admin.status, 200)
        for one in self.admin.said["items"]:
            self.assertTrue(one["action"].startswith("portrait."))
            self.assertEqual(one["user"], "éditeur")
        self.admin.ask("GET", "/audit?limit=2")
        numbers = [one["number"] for one in self.admin.said["items"]]
        self.admin.ask("GET", f"/audit?limit=2&after={self.admin.said['next']}")
        numbers += [one["number"] for one in self.admin.said["items"]]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] - 4, -1)))
        self.admin.ask("GET", "/audit?until=2020-01-01T00:00:00Z")
        self.assertEqual(self.admin.said, {"items": [], "next": None})
        for wrong in ("from=hier", "limit=201", "after=-1", "who=x"):
            self.assertEqual(self.admin.ask("GET", "/audit?" + wrong), 400, wrong)
        self.assertEqual(self.publisher.ask("GET", "/audit"), 403)
        for method in ("POST", "PUT", "DELETE"):
            self.assertIn(self.admin.ask(method, "/audit"), (404, 405), "rows are only added")

    def test_an_emergency_is_nobodys_draft(self):
        SITE.run("emergency", "start", "--title", "Alerte", "--screen", "actipolis-accueil")
        self.admin.ask("GET", "/emergencies")
        ident = self.admin.said["emergencies"][0]["id"]
        for plural in ("rules", "playlists", "announcements"):
            self.step(self.publisher, f"/{plural}/{ident}", "archive", expected=409)
        SITE.run("emergency", "end", ident)


class Search(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        add("lectrice-creapolis", "--site", "creapolis")
        cls.reader, cls.bound = Person("admin"), Person("lectrice-creapolis")

    def find(self, person, **query):
        self.assertEqual(person.ask("GET", "/search?" + urllib.parse.urlencode(query)), 200,
                         person.said)
        return [(one["kind"], one["id"]) for one in person.said["items"]]

    def until(self, condition, seconds=15):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, "it did not come to pass")
            time.sleep(0.1)

    def test_each_kind_by_what_people_type(self):
        self.until(lambda: self.reader.ask("GET", "/search?q=x") == 200)
        for words, kind, ident in (("seconde riv", "organisation", "demo-seconde-rive"),
                                   ("LECACHEUX", "portrait", "portrait-seconde-rive"),
                                   ("astuce journ", "playlist", "astuce-journee"),
                                   ("trajets mat", "rule", "matin-astuce"),
                                   ("theatre des arts", "screen", SCREEN),
                                   ("merc", "announcement", "annonce-merci")):
            self.assertIn((kind, ident), self.find(self.reader, q=words, kind=kind), words)
            self.assertIn((kind, ident), self.find(self.reader, q=words, limit=200), words)
        self.assertTrue(self.find(self.reader, q="", kind="event"))
        self.assertTrue(self.find(self.reader, q="ressourcerie", kind="media"))
        self.assertEqual(self.find(self.reader, q="xyzzy"), [])

    def test_pages(self):
        whole = self.find(self.reader, q="", kind="organisation", limit=200)
        paged, after = [], ""
        while after is not None:
            paged += self.find(self.reader, q="", kind="organisation", limit=7, after=after)
            after = self.reader.said["next"]
        self.assertEqual(paged, whole)
        self.assertGreater(len(whole), 40)

    def test_screens_of_other_sites(self):
        screens = [ident for _, ident in self.find(self.bound, q="", kind="screen")]
        self.assertEqual(sorted(screens), ["creapolis-borne", "creapolis-hall"])
        self.assertNotIn(("screen", SCREEN), self.find(self.bound, q="theatre", limit=200))

    def test_what_changes_is_found(self):
        body = {"id": "essai-recherche", "title": "Fermeture quincaillerie", "text": "",
                "pictogram": "info", "severity": "info", "from": "2026-01-01",
                "until": "2029-12-31"}
        self.reader.ask("POST", "/announcements", body)
        tag = self.reader.headers["ETag"]
        self.until(lambda: self.find(self.reader, q="quincai") ==
                   [("announcement", "essai-recherche")])
        self.assertEqual(self.reader.said["items"][0]["state"], "draft")
        self.reader.ask("PUT", "/announcements/essai-recherche",
                        {**body, "title": "Fermeture papeterie"}, If_Match=tag)
        tag = self.reader.headers["ETag"]
        self.until(lambda: self.find(self.reader, q="fermeture papet"))
        self.assertEqual(self.find(self.reader, q="quincai"), [])
        self.reader.ask("DELETE", "/announcements/essai-recherche", If_Match=tag)
        self.until(lambda: not self.find(self.reader, q="papet"))

    def test_a_name_that_stands_elsewhere(self):
        """A file of the library is found by its new name, a screen by its site's."""
        photo, = [ident for kind, ident in self.find(self.reader, q="ressourcerie", kind="media")]
        self.rename(f"/media/{photo}", "PATCH", {"name": "meubles-anciens.jpg"})
        self.until(lambda: self.find(self.reader, q="anciens") == [("media", photo)])
        self.assertEqual(self.find(self.reader, q="ressourcerie", kind="media"), [])
        self.rename(f"/media/{photo}", "PATCH", {"name": "ressourcerie.jpg"})
        self.reader.ask("GET", "/sites/creapolis")
        place = {name: self.reader.said[name] for name in ("id", "name", "commune", "address")}
        self.rename("/sites/creapolis", "PUT", {**place, "name": "Docks aux bois"})
        self.until(lambda: len(self.find(self.reader, q="docks", kind="screen")) == 2)
        self.rename("/sites/creapolis", "PUT", place)
        self.until(lambda: not self.find(self.reader, q="docks", kind="screen"))

    def rename(self, path, method, body):
        self.assertEqual(self.reader.ask("GET", path), 200)
        self.assertEqual(self.reader.ask(method, path, body, If_Match=self.reader.headers["ETag"]),
                         200, self.reader.said)

    def test_wrong_questions(self):
        for query, field in (("q=" + "x" * 201, "q"), ("kind=person", "kind"), ("limit=0", "limit"),
                             ("after=organisation/none", "after"), ("words=x", "words")):
            self.assertEqual(self.reader.ask("GET", "/search?" + query), 400, query)
            self.assertEqual(self.reader.said["field"], field)
