"""Records that people keep, through the API: what is created is found, changed, lost to nobody."""
import json
import unittest
import urllib.parse

from site_under_test import SITE

PEOPLE = {}


class Person:
    """Somebody logged in; an administrator, or an account made for the test."""

    def __init__(self, user="admin"):
        response, _ = SITE.login(user=user)
        self.cookie = response.getheader("Set-Cookie").split(";")[0]

    def ask(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.update({"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{SITE.port}"})
        response, content = SITE.ask(method, "/api/v1" + path, body, headers)
        return response, json.loads(content) if content else None

    def read(self, path):
        response, record = self.ask("GET", path)
        assert response.status == 200, (path, response.status, record)
        return record, response.getheader("ETag")


def person(name="admin", *options):
    if name not in PEOPLE:
        if options:
            SITE.run("user", "add", name, *options, "--password-file", SITE.password_file)
        PEOPLE[name] = Person(name)
    return PEOPLE[name]


def organisation(**more):
    return {"id": "essai-coop", "nom": "La Coop d’essai", "commune": "elbeuf",
            "code_postal": "76500", "categorie_juridique": "5196", "naf": "47.11B",
            "secteurs": ["alimentation"], "diffusable": True, **more}


PORTRAIT = {"id": "essai-portrait", "organisation": "essai-coop", "leader_name": "Awa Essai",
            "quote": "Ensemble, c’est mieux.", "story": "", "from": "2026-01-01",
            "until": "2030-12-31", "sector": "alimentation"}
EVENT = {"id": "essai@vitrine/50%2F1", "title": "Repas d’essai", "commune": "Rouen",
         "when": {"start": "2031-03-04T18:30", "end": "2031-03-04T20:00",
                  "rrule": "FREQ=WEEKLY;COUNT=4", "except": ["2031-03-11"], "also": []}}
ANNOUNCEMENT = {"id": "essai-annonce", "title": "Travaux", "text": "L’accueil est fermé.",
                "pictogram": "info", "severity": "info", "from": "2026-01-01",
                "until": "2030-12-31"}
PLAYLIST = {"id": "essai-boucle", "title": "Essai", "strip": True,
            "entries": [{"source": "portraits"}]}
RULE = {"id": "essai-regle", "title": "Essai", "playlist": "essai-boucle",
        "screens": ["creapolis-hall"], "groups": [], "class": "base", "from": "2026-01-01",
        "until": "2030-12-31", "hours": {"from": "22:00", "until": "02:00"}}
GROUP = {"id": "essai-groupe", "name": "Essai"}
PLACE = {"id": "essai-site", "name": "Essai", "commune": "Rouen", "address": "1, rue d’Essai"}

# plural, body, a member to change and its new value
KINDS = [
    ("organisations", organisation(), "enseigne", "Chez nous"),
    ("portraits", PORTRAIT, "leader_role", "gérante"),
    ("events", EVENT, "place", "Halle"),
    ("announcements", ANNOUNCEMENT, "text", "L’accueil rouvre lundi."),
    ("playlists", PLAYLIST, "title", "Essai, deuxième"),
    ("rules", RULE, "title", "Essai, deuxième"),
    ("groups", GROUP, "name", "Essai, deuxième"),
    ("sites", PLACE, "name", "Essai, deuxième"),
]


class Records(unittest.TestCase):
    def test_from_creation_to_deletion(self):
        admin = person()
        for plural, body, member, changed in KINDS:
            with self.subTest(plural):
                response, record = admin.ask("POST", "/" + plural, body)
                self.assertEqual(response.status, 201, record)
                place = "/" + plural + "/" + urllib.parse.quote(body["id"], safe="")
                self.assertEqual(response.getheader("Location"), "/api/v1" + place)
                tag = response.getheader("ETag")
                self.assertEqual(body, {name: record[name] for name in body})
                again, read = admin.ask("GET", place)
                self.assertEqual((again.status, read), (200, record))
                self.assertEqual(again.getheader("ETag"), tag)
                self.assertEqual(admin.ask("GET", place, If_None_Match=tag)[0].status, 304)
                self.assertIn(body["id"], self.ids(admin, plural))
                self.assertEqual(admin.ask("POST", "/" + plural, body)[0].status, 409)
                self.change_and_delete(admin, place, {**body, member: changed}, member, tag)
                self.assertEqual(admin.ask("GET", place)[0].status, 404)
                self.assertNotIn(body["id"], self.ids(admin, plural))

    def change_and_delete(self, admin, place, body, member, tag):
        self.assertEqual(admin.ask("PUT", place, body)[0].status, 428)
        response, record = admin.ask("PUT", place, body, If_Match=tag)
        self.assertEqual((response.status, record[member]), (200, body[member]))
        new = response.getheader("ETag")
        self.assertNotEqual(new, tag)
        # Somebody who read it before would overwrite what they never saw.
        self.assertEqual(admin.ask("PUT", place, body, If_Match=tag)[0].status, 412)
        self.assertEqual(admin.read(place)[1], new)
        # What was read can be sent back, but for what only the workflow says.
        for name in ("state", "live", "working_copy", "author", "editor", "reviewer", "reason",
                     "created_ms", "updated_ms"):
            del record[name]
        if "organisations" not in place:
            del record["site"]
        response, again = admin.ask("PUT", place, record, If_Match=new)
        self.assertEqual(response.status, 200, again)
        new = response.getheader("ETag")
        self.assertEqual(admin.ask("PUT", place, {**body, "id": "un-autre"}, If_Match=new)[0].status,
                         400)
        self.assertEqual(admin.ask("DELETE", place)[0].status, 428)
        self.assertEqual(admin.ask("DELETE", place, If_Match=tag)[0].status, 412)
        self.assertEqual(admin.ask("DELETE", place, If_Match=new)[0].status, 204)

    def ids(self, admin, plural, query=""):
        ids, after = [], ""
        while after is not None:
            record, _ = admin.read(f"/{plural}?limit=200&after={urllib.parse.quote(after)}{query}")
            ids += [one["id"] for one in record["items"]]
            after = record["next"]
        return ids

    def test_an_id_is_made(self):
        admin = person()
        body = {name: value for name, value in ANNOUNCEMENT.items() if name != "id"}
        response, record = admin.ask("POST", "/announcements", body)
        self.assertEqual(response.status, 201)
        self.assertRegex(record["id"], "^announcement-[a-z0-9]{12}$")
        place = response.getheader("Location").removeprefix("/api/v1")
        self.assertEqual(admin.ask("DELETE", place, If_Match=response.getheader("ETag"))[0].status,
                         204)

    def test_pages(self):
        admin = person()
        made = [f"page-{number:03d}" for number in range(250)]
        tags = {}
        for name in made:
            response, _ = admin.ask("POST", "/groups", {"id": name, "name": name})
            self.assertEqual(response.status, 201)
            tags[name] = response.getheader("ETag")
        found, path, pages = [], "/groups?limit=60", 0
        while path is not None:
            response, page = admin.ask("GET", path)
            self.assertLessEqual(len(page["items"]), 60)
            found += [one["id"] for one in page["items"]]
            link = response.getheader("Link")
            self.assertEqual(link is None, page["next"] is None)
            path = link and link.split(">")[0].removeprefix("</api/v1")
            pages += 1
        self.assertEqual([one for one in found if one in tags], made)
        self.assertEqual(found, sorted(found))
        self.assertEqual(pages, -(-len(found) // 60))
        self.assertEqual(len(admin.read("/groups")[0]["items"]), 50)
        for name in made:
            self.assertEqual(admin.ask("DELETE", "/groups/" + name, If_Match=tags[name])[0].status,
                             204)

    def test_filters(self):
        admin = person()
        drafts = [("organisations", organisation()), ("portraits", PORTRAIT), ("events", EVENT)]
        for plural, body in drafts:
            self.assertEqual(admin.ask("POST", "/" + plural, body)[0].status, 201)
        try:
            everything = self.ids(admin, "organisations")
            self.assertGreater(len(everything), 20)
            draft, published = (self.ids(admin, "organisations", "&state=" + state)
                                for state in ("draft", "published"))
            self.assertEqual(draft, ["essai-coop"])
            self.assertEqual(sorted(draft + published), everything)
            for plural, query, expected in (
                    ("organisations", "&commune=ELBEUF", True),
                    ("organisations", "&commune=Rouen", False),
                    ("organisations", "&sector=alimentation", True),
                    ("organisations", "&sector=culture", False),
                    ("organisations", "&site=creapolis", False),
                    ("portraits", "&organisation=essai-coop", True),
                    ("portraits", "&organisation=absente", False),
                    ("portraits", "&sector=alimentation", True),
                    ("events", "&commune=rouen", True),
                    ("events", "&organisation=essai-coop", False),
                    ("portraits", "&state=submitted", False)):
                ids = self.ids(admin, plural, query)
                self.assertEqual(any(one.startswith("essai") for one in ids), expected,
                                 (plural, query, ids))
            # What an import brought is found by the same questions.
            some = [one for one in admin.read("/organisations?limit=200")[0]["items"]
                    if one["commune"] and one["secteurs"] and one["state"] == "published"]
            for one in some[:5]:
                query = f"&commune={urllib.parse.quote(one['commune'])}&sector={one['secteurs'][-1]}"
                self.assertIn(one["id"], self.ids(admin, "organisations", query))
            self.assertEqual(self.ids(admin, "organisations", "&commune=Nulle-Part"), [])
        finally:
            for plural, body in drafts:
                place = f"/{plural}/{urllib.parse.quote(body['id'], safe='')}"
                self.assertEqual(
                    admin.ask("DELETE", place, If_Match=admin.read(place)[1])[0].status, 204)

    def test_wrong_questions(self):
        admin = person()
        for path, name in (("/portraits?limit=0", "limit"), ("/portraits?limit=201", "limit"),
                           ("/portraits?limit=dix", "limit"), ("/portraits?titre=x", "titre"),
                           ("/portraits?state=fini", "state"), ("/groups?state=draft", "state"),
                           ("/portraits?limit=5&limit=6", "limit"), ("/sites/creapolis?x=1", "x"),
                           ("/announcements?commune=Rouen", "commune")):
            response, problem = admin.ask("GET", path)
            self.assertEqual((response.status, problem["field"]), (400, name), path)

    def test_wrong_bodies(self):
        admin = person()
        deep = "[" * 40 + "]" * 40
        for plural, body, status, field in (
                ("announcements", {**ANNOUNCEMENT, "priorité": 1}, 400, "priorité"),
                ("announcements", {**ANNOUNCEMENT, "title": 7}, 400, "title"),
                ("announcements", {**ANNOUNCEMENT, "title": "é" * 101}, 413, "title"),
                ("announcements", {**ANNOUNCEMENT, "severity": "grave"}, 400, "severity"),
                ("announcements", {**ANNOUNCEMENT, "until": "2025-01-01"}, 400, "until"),
                ("announcements", {**ANNOUNCEMENT, "state": "published"}, 400, "state"),
                ("announcements", "{\"id\":\"a\",\"id\":\"b\"}", 400, "id"),
                ("announcements", deep, 413, None),
                ("announcements", [], 400, None),
                ("announcements", "", 400, None),
                ("organisations", organisation(siret="12345678901234"), 400, "siret"),
                ("organisations", organisation(resume="a" * 281), 413, "resume"),
                ("organisations", organisation(courriel="nulle part"), 400, "courriel"),
                ("portraits", {**PORTRAIT, "quote": "mot " * 13}, 413, "quote"),
                ("portraits", {**PORTRAIT, "photo": {"file": "x.jpg"}}, 400, "photo.file"),
                ("portraits", {**PORTRAIT, "photo": {"media": "abc"}}, 400, "photo.media"),
                ("events", {**EVENT, "when": {"start": "demain"}}, 400, "when.start"),
                ("events", {**EVENT, "when": {"start": "2026-01-02T10:00",
                                              "end": "2026-01-01T10:00"}}, 400, "when.end"),
                ("events", {**EVENT, "when": {"start": "2026-01-02", "rrule": "FREQ=SECONDLY"}},
                 400, "when"),
                ("events", {**EVENT, "when": {"start": "2026-01-02", "rrule": "oui"}}, 400,
                 "when.rrule"),
                ("events", {**EVENT, "when": {"ical": "END:VEVENT"}}, 400, "when.ical"),
                ("playlists", {**PLAYLIST, "entries": [{"source": "tweets"}]}, 400,
                 "entries[0].source"),
                ("playlists", {**PLAYLIST, "entries": [{"film": {"file": "a.mp4"}}]}, 400,
                 "entries[0].film.file"),
                ("rules", {**RULE, "screens": []}, 400, "screens"),
                ("rules", {**RULE, "hours": {"from": "8h", "until": "09:00"}}, 400, "hours.from"),
                ("groups", {**GROUP, "id": "Été"}, 400, "id"),
                ("groups", {**GROUP, "name": "a\nb"}, 400, "name")):
            response, problem = admin.ask("POST", "/" + plural, body)
            self.assertEqual((response.status, problem.get("field")), (status, field), problem)
            self.assertEqual(response.getheader("Content-Type"), "application/problem+json")
        self.assertEqual(admin.ask("POST", "/groups", "{" + " " * 70000 + "}")[0].status, 413)
        self.assertNotIn("essai-annonce", self.ids(admin, "announcements"))

    def test_problems_in_both_languages(self):
        admin = person()
        for lang, words in (("fr", "champ inconnu"), ("en", "unknown field")):
            response, problem = admin.ask("POST", "/groups", {**GROUP, "nom": ""},
                                          Accept_Language=lang)
            self.assertEqual((response.status, problem["field"]), (400, "nom"))
            self.assertIn(words, problem["detail"])

    def test_what_is_used_stays(self):
        admin = person()
        for place, user in (("/sites/creapolis", "creapolis"), ("/groups/pepinieres", "")):
            response, problem = admin.ask("DELETE", place, If_Match=admin.read(place)[1])
            self.assertEqual(response.status, 409)
            self.assertIn("encore employé par", problem["detail"])
            self.assertIn(user, problem["detail"])
            self.assertEqual(admin.ask("GET", place)[0].status, 200)


class Publishing(unittest.TestCase):
    """What is published arrives in the records' own tables, with what follows from it."""

    def publish(self, plural, body):
        """Written by one, approved by another, published by a third."""
        writer = person("essai-redac", "--role", "contributor")
        response, record = writer.ask("POST", "/" + plural, body)
        self.assertEqual(response.status, 201, record)
        place = f"/{plural}/{urllib.parse.quote(body['id'], safe='')}"
        for who, step in ((writer, "submit"), (person("essai-valid", "--role", "validator"),
                                               "approve"),
                          (person("essai-publie", "--role", "publisher"), "publish")):
            response, record = who.ask("POST", f"{place}/{step}",
                                       If_Match=response.getheader("ETag"))
            self.assertEqual(response.status, 200, (step, record))
        self.assertEqual((record["state"], record["live"]), ("published", True))
        return place, record

    def test_an_organisation_is_located(self):
        place, record = self.publish("organisations", organisation(id="essai-lieu"))
        self.assertEqual((record["code_insee"], record["in_metropole"]), ("76231", True))
        self.assertTrue(record["naf_label"])
        self.assertEqual(record["famille_ess"], "cooperative")
        self.assertEqual(record["source"], "vitrine")
        # Its portrait needs it; the event as well.
        _, portrait = self.publish_refused(
            "portraits", {**PORTRAIT, "id": "essai-sans", "organisation": "essai-lieu"})
        self.assertIn("photo", portrait["field"])
        self.publish("events", {**EVENT, "id": "essai-lieu@vitrine/2", "organisation": "essai-lieu",
                                "when": {"start": "2027-01-05T18:30", "rrule": "FREQ=WEEKLY"}})
        response, problem = person().ask("DELETE", place, If_Match=person().read(place)[1])
        self.assertEqual(response.status, 409, problem)

    def publish_refused(self, plural, body):
        with self.assertRaises(AssertionError):
            self.publish(plural, body)
        place = f"/{plural}/{urllib.parse.quote(body['id'], safe='')}"
        return person("essai-publie").ask("POST", place + "/publish",
                                          If_Match=person().read(place)[1])

    def test_what_leads_nowhere(self):
        for plural, body, field in (
                ("events", {**EVENT, "id": "nulle@vitrine", "organisation": "absente"},
                 "organisation"),
                ("events", {"id": "jamais@vitrine", "title": "Jamais", "place": "Ici"}, "when")):
            response, problem = self.publish_refused(plural, body)
            self.assertEqual((response.status, problem["field"]), (400, field))


class OtherSites(unittest.TestCase):
    def test_somebody_bound_to_a_site(self):
        bound = person("essai-borne", "--role", "site_operator", "--site", "creapolis")
        self.assertEqual(bound.ask("GET", "/organisations")[0].status, 200)
        for plural, body, status in (
                ("groups", {**GROUP, "id": "essai-borne"}, 201),
                ("sites", {**PLACE, "id": "essai-ailleurs"}, 403)):
            response, record = bound.ask("POST", "/" + plural, body)
            self.assertEqual(response.status, status, record)
        self.assertEqual(bound.ask("POST", "/groups?site=actipolis", {**GROUP, "id": "a-b"})[0].status,
                         403)
        for place, status in (("/sites/creapolis", 200), ("/sites/actipolis", 403),
                              ("/groups/essai-borne", 200), ("/groups/bornes", 403)):
            record, tag = bound.read(place)
            body = {name: record[name] for name in ("id", "name")}
            self.assertEqual(bound.ask("PUT", place, body, If_Match=tag)[0].status, status, place)
        place = "/groups/essai-borne"
        self.assertEqual(bound.ask("DELETE", place, If_Match=bound.read(place)[1])[0].status, 204)

    def test_a_rule_touches_the_sites_of_its_screens(self):
        bound = person("essai-regles", "--role", "publisher", "--site", "creapolis")
        playlists = [one["id"] for one in bound.read("/playlists")[0]["items"]]
        rule = {**RULE, "playlist": playlists[0]}
        for more, status in (({"id": "regle-ici"}, 201),
                             ({"id": "regle-la", "screens": ["actipolis-accueil"]}, 403),
                             ({"id": "regle-deux", "screens": ["creapolis-hall",
                                                               "actipolis-accueil"]}, 403),
                             ({"id": "regle-groupe", "screens": [], "groups": ["pepinieres"]}, 403),
                             ({"id": "regle-borne", "screens": [], "groups": ["bornes"]}, 201)):
            response, record = bound.ask("POST", "/rules", {**rule, **more})
            self.assertEqual(response.status, status, (more, record))
        for name in ("regle-ici", "regle-borne"):
            place = "/rules/" + name
            self.assertEqual(bound.ask("DELETE", place, If_Match=bound.read(place)[1])[0].status,
                             204)

    def test_an_organisation_belongs_to_its_site(self):
        bound = person("essai-fiche", "--role", "contributor", "--site", "creapolis")
        for site, status in (("creapolis", 201), ("actipolis", 403), ("", 403)):
            response, record = bound.ask("POST", "/organisations",
                                         organisation(id="fiche-" + (site or "reseau"), site=site))
            self.assertEqual(response.status, status, record)
        place = "/organisations/fiche-creapolis"
        tag = bound.read(place)[1]
        moved = organisation(id="fiche-creapolis", site="actipolis")
        self.assertEqual(bound.ask("PUT", place, moved, If_Match=tag)[0].status, 403)
        self.assertEqual(bound.ask("DELETE", place, If_Match=tag)[0].status, 204)

    def test_readers_only_read(self):
        reader = person("essai-lit", "--role", "reader")
        for plural, body, _, _ in KINDS:
            self.assertEqual(reader.ask("GET", "/" + plural)[0].status, 200)
            self.assertEqual(reader.ask("POST", "/" + plural, body)[0].status, 403)
            self.assertEqual(reader.ask("DELETE", f"/{plural}/x", If_Match='"x"')[0].status, 403)
