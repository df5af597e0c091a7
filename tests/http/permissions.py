"""Every route × role × scope, from the server's own description of its routes: who passes the gate
is what tests/cases/permissions.test says. Then what a site's people may do to another site's things.
Usage: permissions.py VITRINE_SERVER ENROLMENT_REQUEST SOURCE_FOLDER"""
import http.client
import json
import os
import re
import sqlite3
import sys
import unittest

from site_under_test import SITE, SOURCE, TOKEN

ROLES = ("reader", "contributor", "validator", "publisher", "site_operator", "administrator")
OWN, OTHER = "creapolis", "actipolis"
GATE = re.compile("n’a pas ce droit")  # what the gate says; handlers say why
ORIGIN = f"http://127.0.0.1:{SITE.port}"
WISH = '{"kind": "identify"}'
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# They end the session that asks.
FAREWELLS = (("DELETE", "/api/v1/session"), ("DELETE", "/api/v1/sessions"))


def read_table():
    table, roles = {}, None
    with open(os.path.join(SOURCE, "tests/cases/permissions.test"), encoding="utf-8") as file:
        for line in file:
            words = line.strip("# \n").split()
            if words[:1] == ["permission"] and len(words) == 9:
                roles = words[1:]
            elif words and not line.startswith("#"):
                table[words[0]] = dict(zip(roles, words[1:], strict=True))
    return table


class Asker:
    """One connection that is kept, and what it says of itself."""

    def __init__(self, headers=None):
        self.headers, self.peer = headers or {}, None

    def ask(self, method, path, body=None, **change):
        headers = {name: value for name, value in {**self.headers, **change}.items()
                   if value is not None}
        if body is not None:
            headers["Content-Type"] = "application/json"
        for last in (False, True):
            try:
                self.peer = self.peer or http.client.HTTPConnection("127.0.0.1", SITE.port, timeout=60)
                self.peer.request(method, path, body, headers)
                response = self.peer.getresponse()
                content = response.read()
                break
            except (http.client.HTTPException, OSError):
                self.peer.close()
                self.peer = None
                if last:
                    raise
        return response.status, response, content


class Person(Asker):
    def __init__(self, role, sites, alert, proof):
        super().__init__()
        self.role, self.sites, self.alert = role, sites, alert
        self.name = f"{role}{'-' + sites if sites else ''}{'-alert' if alert else ''}"
        with sqlite3.connect(SITE.data + "/vitrine.db", timeout=20) as db:
            db.execute("INSERT INTO users (name, password_hash, role, active, created_ms, sites, alert) "
                       "VALUES (?, ?, ?, 1, 0, ?, ?)", (self.name, proof, role, sites, alert))
        self.login()

    def login(self):
        response, content = SITE.login(user=self.name)
        assert response.status == 200, (self.name, response.status, content)
        self.headers = {"Cookie": response.getheader("Set-Cookie").split(";")[0], "Origin": ORIGIN,
                        "X-CSRF-Token": json.loads(content)["csrf"]}


def fill(path, name="nulle-part"):
    return re.sub(r"\{[^}]*\}", name, path)


def shows(value, path, screen):
    """Whether an answer has something of this screen in it; rules and playlists may be named alike."""
    if isinstance(value, list):
        return any(shows(one, path, screen) for one in value)
    if not isinstance(value, dict):
        return False
    own_id = value.get("id") == screen and (value.get("kind") == "screen"
                                            or path.startswith("/api/v1/screens"))
    return own_id or value.get("screen") == screen or any(shows(one, path, screen)
                                                          for one in value.values())


class Everybody(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.table = read_table()
        with sqlite3.connect(SITE.data + "/vitrine.db") as db:
            proof, = db.execute("SELECT password_hash FROM users WHERE name = 'admin'").fetchone()
        cls.people = [Person(role, sites, alert, proof) for role in ROLES for sites in ("", OWN)
                      for alert in (False, True)]
        cls.nobody = Asker({"Origin": ORIGIN})
        cls.player = Asker({"Origin": ORIGIN, "Authorization": "Bearer " + TOKEN})
        cls.chief = next(one for one in cls.people
                         if (one.role, one.sites, one.alert) == ("administrator", "", True))
        status, _, content = cls.chief.ask("GET", "/api/v1/openapi.json")
        assert status == 200, content
        told = [(method.upper(), path, one) for path, methods in json.loads(content)["paths"].items()
                for method, one in methods.items() if method.upper() in ("GET", *UNSAFE)]
        cls.routes = [(method, path, one["x-permission"]) for method, path, one in told]
        cls.bodies = {(method, path) for method, path, one in told if "requestBody" in one}

    def body(self, method, path):
        return "{}" if (method, path) in self.bodies else None

    def may(self, person, permission):
        answer = self.table[permission][person.role]
        return person.alert if answer == "flag" else answer == "yes"

    def test_the_description_has_every_route_and_the_table_every_permission(self):
        self.assertGreater(len(self.routes), 50)
        self.assertEqual({permission for _, _, permission in self.routes} - set(self.table), set())
        for route in (("DELETE", "/api/v1/session", "session"), ("GET", "/api/v1/users", "people"),
                      ("POST", "/player/v1/reports", "device"), ("GET", "/healthz", "none")):
            self.assertIn(route, self.routes)

    def test_nobody_and_players(self):
        for method, path, permission in self.routes:
            for asker, role in ((self.nobody, "nobody"), (self.player, "device")):
                status, _, content = asker.ask(method, fill(path), self.body(method, path))
                allowed = self.table[permission][role] == "yes"
                if allowed and permission != "none":
                    self.assertNotIn(status, (401, 403), (role, method, path, content))
                elif not allowed:
                    self.assertEqual(status, 401, (role, method, path, content))

    def test_every_role_and_scope(self):
        asked = 0
        for person in self.people:
            for method, path, permission in self.routes:
                if permission == "none" or (method, path) in FAREWELLS:
                    continue
                status, response, content = person.ask(method, fill(path),
                                                       self.body(method, path))
                where = (person.name, method, path, status, content[:300])
                asked += 1
                if permission == "device":
                    self.assertEqual(status, 401, where)
                elif not self.may(person, permission):
                    self.assertEqual(status, 403, where)
                    self.assertEqual(response.getheader("Content-Type"), "application/problem+json")
                else:
                    self.assertLess(status, 501, where)
                    self.assertNotEqual(status, 401, where)
                    if status == 403:
                        self.assertNotEqual(person.sites, "", where)
                        self.assertIsNone(GATE.search(content.decode()), where)
        self.assertGreater(asked, 1000)

    def test_farewells(self):
        for person in self.people:
            for method, path in FAREWELLS:
                self.assertEqual(person.ask(method, path)[0], 204, (person.name, path))
                self.assertEqual(person.ask("GET", "/api/v1/session")[0], 401)
                person.login()

    def test_every_change_needs_token_and_origin(self):
        chief, reader = self.chief, self.people[0]
        for method, path, permission in self.routes:
            if method not in UNSAFE or permission in ("none", "device"):
                continue
            for change in ({"X-CSRF-Token": None}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64},
                           {"X-CSRF-Token": reader.headers["X-CSRF-Token"]}, {"Origin": None},
                           {"Origin": "http://ailleurs.example"}, {"Origin": "null"}):
                status, _, content = chief.ask(method, fill(path),
                                                   self.body(method, path), **change)
                self.assertEqual(status, 403, (method, path, change, content))

    def test_anonymous_changes_need_the_origin(self):
        for method, path, permission in self.routes:
            if method in UNSAFE and permission == "none" and path.startswith("/api/"):
                for origin in (None, "http://ailleurs.example"):
                    status, _, content = self.nobody.ask(method, fill(path),
                                                             self.body(method, path), Origin=origin)
                    self.assertEqual(status, 403, (method, path, content))

    def places(self):
        """A screen of the own site, and one of another."""
        with sqlite3.connect(SITE.data + "/vitrine.db") as db:
            return [db.execute("SELECT id FROM screens WHERE site = ? LIMIT 1", (site,)).fetchone()[0]
                    for site in (OWN, OTHER)]

    def test_screens_of_other_sites_are_not_there(self):
        own, other = self.places()
        for person in (one for one in self.people if one.sites):
            for method, path, permission in self.routes:
                if not path.startswith("/api/v1/screens/{") or not self.may(person, permission):
                    continue
                body = self.body(method, path)
                if body and path.endswith("/commands"):
                    body = WISH
                at = path.replace(path[path.index("{"):path.index("}") + 1], "{id}", 1)
                status, _, content = person.ask(method, fill(at.replace("{id}", other)), body)
                where = (person.name, method, path, content[:300])
                if status in (400, 428):  # what is asked is wrong before it is known of what
                    self.assertEqual(person.ask(method, fill(at), body)[0], status, where)
                else:
                    self.assertEqual(status, 404, where)
                if method == "GET":
                    status, _, content = person.ask(method, fill(at.replace("{id}", own)))
                    self.assertNotIn(status, (401, 403), (person.name, path, content[:300]))

    def test_lists_hold_no_screen_of_other_sites(self):
        own, other = self.places()
        seen = 0
        for person in (one for one in self.people if one.sites and not one.alert):
            for method, path, permission in self.routes:
                if method != "GET" or "{" in path or not self.may(person, permission) or \
                        not path.startswith("/api/v1/"):
                    continue
                status, response, content = person.ask(method, path)
                if status == 200 and response.getheader("Content-Type") == "application/json":
                    told = json.loads(content)
                    self.assertFalse(shows(told, path, other), (person.name, path))
                    seen += shows(told, path, own)
        self.assertGreater(seen, 0)

    def test_players_of_other_sites_are_not_taken(self):
        """To approve a player as another screen, or to refuse it, takes it from where it is."""
        own, other = self.places()
        SITE.enrol("player-of-another-site", other)
        status, _, content = self.chief.ask("GET", "/api/v1/enrolments")
        there, = [one for one in json.loads(content)["enrolments"] if one["screen"] == other]
        for person in (one for one in self.people if one.sites and self.may(one, "read")):
            _, _, content = person.ask("GET", "/api/v1/enrolments")
            self.assertNotIn(there["code"], content.decode(), person.name)
            if not self.may(person, "operate"):
                continue
            for verb, body in (("approve", {"screen": own, "replace": True}), ("refuse", {})):
                status, _, content = person.ask(
                    "POST", f"/api/v1/enrolments/{there['code']}/{verb}",
                    json.dumps({"fingerprint": there["fingerprint"], **body}))
                self.assertEqual(status, 404, (person.name, verb, content))
        _, _, content = self.chief.ask("GET", "/api/v1/enrolments")
        self.assertIn(other, [one["screen"] for one in json.loads(content)["enrolments"]])

    def test_what_is_of_the_whole_network_is_nothing_for_a_sites_people(self):
        for person in (one for one in self.people if one.sites and one.role == "administrator"):
            for method, path, permission in self.routes:
                if permission == "audit" or (permission == "settings" and method in UNSAFE):
                    status, _, content = person.ask(method, path, self.body(method, path))
                    self.assertEqual(status, 403, (person.name, method, path, content))

    def test_content_of_the_network_is_read_and_not_changed(self):
        """By people of a site; the demo's content is the network's."""
        kinds = [path for method, path, _ in self.routes
                 if method == "PUT" and re.fullmatch(r"/api/v1/[a-z]+/\{[a-z]+\}", path)
                 and path.split("/")[3] in ("organisations", "portraits", "events", "announcements",
                                            "playlists", "rules")]
        self.assertEqual(len(kinds), 6)
        for path in kinds:
            base = path[:path.index("/{")]
            _, _, content = self.chief.ask("GET", base + "?limit=1")
            items = json.loads(content)["items"]
            if not items:
                continue
            _, response, content = self.chief.ask("GET", f"{base}/{items[0]['id']}")
            etag, record = response.getheader("ETag"), json.loads(content)
            for person in (one for one in self.people if one.sites and not one.alert):
                for method, route, permission in self.routes:
                    if method not in UNSAFE or not route.startswith(path) or \
                            not self.may(person, permission):
                        continue
                    place = fill(route.replace(route[route.index("{"):route.index("}") + 1],
                                               items[0]["id"], 1), "1")
                    body = json.dumps(record) if method == "PUT" else self.body(method, route)
                    status, _, content = person.ask(method, place, body, **{"If-Match": etag})
                    self.assertIn(status, (400, 403, 404, 409), (person.name, method, place, content))
                    if method == "DELETE":
                        self.assertIn(status, (403, 404), (person.name, method, place, content))
            _, response, _ = self.chief.ask("GET", f"{base}/{items[0]['id']}")
            self.assertEqual(response.getheader("ETag"), etag, "nothing has changed")


def main():
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Everybody)
    passed = unittest.TextTestRunner(verbosity=1).run(suite).wasSuccessful()
    code, log = SITE.stop()
    if code != 0 or "Sanitizer" in log or "runtime error" in log:
        print(f"the server ended with {code}\n{log[-4000:]}", file=sys.stderr)
        return 1
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
