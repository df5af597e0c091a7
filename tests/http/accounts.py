"""Accounts: what administrators may give, links for new passwords, second factors, sessions."""
import base64
import hashlib
import hmac
import json
import re
import sqlite3
import struct
import time
import unittest
import urllib.parse

from site_under_test import PASSWORD, SITE

ORIGIN = f"http://127.0.0.1:{SITE.port}"


def totp(secret, step=None):
    step = int(time.time()) // 30 if step is None else step
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


class Person:
    """Somebody's browser: cookies and the token that changes carry."""

    def __init__(self, name=None, password=PASSWORD):
        self.cookies, self.csrf, self.address = {}, None, "/api/v1"
        if name:
            self.login(name, password)
            assert self.status == 200, (name, self.status, self.said)

    def ask(self, method, path, body=None, **headers):
        sent = {"Origin": ORIGIN, **{name.replace("_", "-"): value
                                     for name, value in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.csrf and method != "GET":
            sent.setdefault("X-CSRF-Token", self.csrf)
        response, content = SITE.ask(method, self.address + path, body, sent)
        for line in response.headers.get_all("Set-Cookie") or ():
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        self.status, self.headers = response.status, response.headers
        self.said = json.loads(content) if content else None
        if isinstance(self.said, dict) and "csrf" in self.said:
            self.csrf = self.said["csrf"]
        return self.status

    def login(self, name, password=PASSWORD):
        self.name = name
        return self.ask("POST", "/session", {"user": name, "password": password})

    def alive(self):
        return self.ask("GET", "/session") == 200


def account(name, **change):
    return {"name": name, "role": "reader", **change}


def add(name, *words):
    SITE.run("user", "add", name, "--password-file", SITE.password_file, *words)


def trail(action, subject):
    with sqlite3.connect(f"file:{SITE.data}/vitrine.db?mode=ro", uri=True) as db:
        return [row[0] for row in db.execute(
            "SELECT user_name FROM audit WHERE action = ? AND subject = ? ORDER BY number",
            (action, subject))]


class Accounts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.admin = Person("admin")
        add("chef-de-site", "--role", "administrator", "--site", "creapolis")
        cls.bound = Person("chef-de-site")

    def test_made_read_changed_closed(self):
        admin = self.admin
        self.assertEqual(admin.ask("POST", "/users", account("noémie", email="n@ville.example")), 201)
        self.assertEqual(admin.headers["Location"], "/api/v1/users/no%C3%A9mie")
        self.assertEqual(trail("user.create", "noémie"), ["admin"])
        place = "/users/" + urllib.parse.quote("noémie")
        self.assertEqual(admin.ask("GET", place), 200)
        first = admin.headers["ETag"]
        self.assertEqual((admin.said["has_password"], admin.said["active"]), (False, True))
        self.assertEqual(admin.ask("PUT", place, account("noémie", role="publisher")), 428)
        self.assertEqual(admin.ask("PUT", place, account("noémie", role="publisher"),
                                   If_Match=first), 200)
        self.assertEqual(admin.said["role"], "publisher")
        self.assertNotEqual(admin.headers["ETag"], first)
        self.assertEqual(admin.ask("PUT", place, account("noémie"), If_Match=first), 412)
        self.assertEqual(admin.ask("PUT", place, account("autre"),
                                   If_Match=self.etag(place)), 400)
        self.assertEqual(admin.ask("POST", "/users", account("noémie")), 409)

    def etag(self, place):
        self.admin.ask("GET", place)
        return self.admin.headers["ETag"]

    def test_pages(self):
        names, after = [], ""
        while after is not None:
            self.assertEqual(self.admin.ask("GET", "/users?limit=2&after="
                                            + urllib.parse.quote(after)), 200)
            names += [one["name"] for one in self.admin.said["items"]]
            after = self.admin.said["next"]
        self.assertIn("chef-de-site", names)
        self.assertEqual(names, sorted(set(names)))
        for wrong in ("0", "201", "x", "-1", "99999999999999999999"):
            self.assertEqual(self.admin.ask("GET", "/users?limit=" + wrong), 400, wrong)

    def test_how_people_are_called(self):
        for name, sites in (("nom-reseau", []), ("nom-ici", ["creapolis"]),
                            ("nom-ailleurs", ["actipolis"])):
            self.assertEqual(self.admin.ask("POST", "/users", account(
                name, display="Prénom " + name, sites=sites)), 201, self.admin.said)
        seen = {}
        for person in (self.admin, self.bound):
            self.assertEqual(person.ask("GET", "/names?limit=200"), 200)
            seen[person] = {one["user"]: one["name"] for one in person.said["items"]}
        self.assertEqual(seen[self.admin]["nom-ailleurs"], "Prénom nom-ailleurs")
        self.assertEqual(seen[self.bound]["nom-ici"], "Prénom nom-ici")
        self.assertEqual(seen[self.bound]["nom-reseau"], "Prénom nom-reseau")
        self.assertNotIn("nom-ailleurs", seen[self.bound])  # of a building that is not theirs

    def test_what_is_no_account(self):
        for body, field in ((account(""), "name"), (account("a b"), "name"),
                            (account("a/b"), "name"), (account(".."), "name"),
                            (account("x" * 65), "name"), (account("x", role="roi"), "role"),
                            (account("x", email="nulle part"), "email"),
                            (account("x", sites=["atlantide"]), "sites"),
                            (account("x", oidc_subject="1"), "oidc_subject"),
                            (account("x", second_factor=True), "second_factor"),
                            (account("x", password="bonjour"), "password")):
            self.assertIn(self.admin.ask("POST", "/users", body), (400, 413), body)
            self.assertEqual(self.admin.said["field"], field)

    def test_nobody_gives_more_than_they_have(self):
        bound = self.bound
        self.assertEqual(bound.ask("POST", "/users", account("s1", sites=["creapolis"])), 201)
        for sites in ([], ["actipolis"], ["creapolis", "actipolis"]):
            self.assertEqual(bound.ask("POST", "/users", account("s2", sites=sites)), 403, sites)
        self.assertEqual(bound.ask("POST", "/users", account("s2", sites=["creapolis"],
                                                             alert=True)), 403)
        self.assertEqual(bound.ask("GET", "/users/s1"), 200)
        etag = bound.headers["ETag"]
        for change in ({"sites": []}, {"sites": ["actipolis"]},
                       {"sites": ["creapolis"], "alert": True}):
            self.assertEqual(bound.ask("PUT", "/users/s1", account("s1", **change),
                                       If_Match=etag), 403, change)

    def test_a_bound_administrator_knows_their_own_alone(self):
        add("d-ailleurs", "--site", "actipolis")
        bound = self.bound
        for method, path in (("GET", ""), ("PUT", ""), ("POST", "/reset-link"),
                             ("DELETE", "/second-factor"), ("DELETE", "/sessions")):
            for name in ("admin", "d-ailleurs", "personne"):
                headers = {"If_Match": '"x"'} if method == "PUT" else {}
                body = account(name, sites=["creapolis"]) if method == "PUT" else None
                self.assertEqual(bound.ask(method, f"/users/{name}{path}", body, **headers), 404,
                                 (method, path, name))
        bound.ask("GET", "/users?limit=200")
        self.assertNotIn("admin", [one["name"] for one in bound.said["items"]])
        self.assertEqual(bound.ask("PUT", "/people-policy",
                                   {"administrators_second_factor": True}), 403)

    def test_a_bound_administrator_does_not_free_themselves(self):
        bound = self.bound
        self.assertEqual(bound.ask("GET", "/users/chef-de-site"), 200)
        etag = bound.headers["ETag"]
        for change in ({"sites": []}, {"sites": ["creapolis"], "alert": True},
                       {"sites": ["creapolis", "actipolis"]}):
            self.assertEqual(bound.ask("PUT", "/users/chef-de-site",
                                       account("chef-de-site", role="administrator", **change),
                                       If_Match=etag), 403, change)
        self.assertTrue(bound.alive())

    def test_who_has_no_right_to_emergencies_does_not_log_in_as_who_has(self):
        add("sans-alerte", "--role", "administrator")
        add("pompière", "--alert")
        person, place = Person("sans-alerte"), "/users/" + urllib.parse.quote("pompière")
        self.assertEqual(person.ask("POST", place + "/reset-link"), 403)
        self.assertEqual(person.ask("DELETE", place + "/second-factor"), 403)
        for change, status in (({"email": "moi@ville.example"}, 403), ({"display": "Zoé"}, 200),
                               ({"alert": False, "email": "moi@ville.example"}, 200),
                               ({"alert": True}, 403)):
            person.ask("GET", place)
            self.assertEqual(person.ask("PUT", place, account("pompière", **{"alert": True, **change}),
                                        If_Match=person.headers["ETag"]), status, change)
        self.assertEqual(person.ask("POST", place + "/reset-link"), 201)

    def test_the_last_administrator_stays(self):
        for change in ({"role": "reader"}, {"role": "administrator", "active": False},
                       {"role": "administrator", "sites": ["creapolis"]}):
            self.assertEqual(self.admin.ask("PUT", "/users/admin",
                                            {"name": "admin", "alert": True, **change},
                                            If_Match=self.etag("/users/admin")), 409, change)
        for words in (("close", "admin"), ("role", "admin", "reader"),
                      ("sites", "admin", "creapolis")):
            self.assertEqual(SITE.run("user", *words, check=False).returncode, 1, words)
        self.assertTrue(self.admin.alive())

    def test_less_rights_end_sessions_and_a_new_name_does_not(self):
        add("remuante", "--role", "publisher")
        person, place = Person("remuante"), "/users/remuante"
        self.admin.ask("PUT", place, account("remuante", role="publisher", display="Mme Remue"),
                       If_Match=self.etag(place))
        self.assertTrue(person.alive())
        self.assertEqual(person.said["display"], "Mme Remue")
        for change in ({"role": "reader"}, {"role": "reader", "sites": ["creapolis"]},
                       {"role": "reader", "sites": ["creapolis"], "alert": True},
                       {"role": "reader", "sites": ["creapolis"], "alert": True, "active": False}):
            self.assertEqual(self.admin.ask("PUT", place, account("remuante", **change),
                                            If_Match=self.etag(place)), 200, self.admin.said)
            self.assertFalse(person.alive(), change)
            if change.get("active", True):
                person = Person("remuante")
        self.assertEqual(Person().login("remuante"), 403)

    def test_the_command_line_keeps_the_rest_of_an_account(self):
        add("entière", "--role", "publisher", "--site", "creapolis", "--alert", "--email",
            "e@ville.example")
        SITE.run("user", "password", "entière", "--password-file", SITE.password_file)
        line, = [one for one in SITE.run("user", "list").stdout.decode().splitlines()
                 if one.startswith("entière")]
        self.assertRegex(line, r"publisher\s+creapolis urgences")
        for words in (("role", "entière", "validator"), ("sites", "entière"),
                      ("alert", "entière", "non"), ("close", "entière")):
            SITE.run("user", *words)
        line, = [one for one in SITE.run("user", "list").stdout.decode().splitlines()
                 if one.startswith("entière")]
        self.assertRegex(line, r"validator\s+fermé$")
        self.assertEqual(SITE.run("user", "role", "entière", "roi", check=False).returncode, 1)
        self.assertEqual(SITE.run("user", "sites", "entière", "atlantide", check=False).returncode, 1)


class Links(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.admin = Person("admin")

    def link(self, name):
        self.assertEqual(self.admin.ask("POST", f"/users/{name}/reset-link"), 201)
        page, token = self.admin.said["url"].split("#")
        self.assertTrue(page.endswith("/admin/reset"), page)
        return "/password-resets/" + token

    def test_from_the_link_to_the_login(self):
        self.admin.ask("POST", "/users", account("nouvelle"))
        self.assertEqual(Person().login("nouvelle", ""), 400)
        self.assertEqual(Person().login("nouvelle"), 403)
        response, page = SITE.ask("GET", "/admin/reset")
        self.assertEqual(response.status, 200)
        self.assertIn(b"start.js", page)  # the desk, which reads the link itself
        first, second = self.link("nouvelle"), self.link("nouvelle")
        nobody = Person()
        self.assertEqual(nobody.ask("GET", first), 404, "an earlier link is void")
        self.assertEqual(nobody.ask("GET", second), 200)
        self.assertEqual(nobody.said, {"user": "nouvelle"})
        self.assertEqual(nobody.ask("POST", second, {"password": "court"}), 400)
        self.assertEqual(nobody.ask("POST", second, {"password": PASSWORD}, Origin="http://x"), 403)
        self.assertEqual(nobody.ask("POST", second, {"password": "une phrase assez longue"}), 204)
        self.assertEqual(nobody.ask("POST", second, {"password": "une autre phrase longue"}), 404)
        Person("nouvelle", "une phrase assez longue")
        self.assertEqual(trail("user.password", "nouvelle"), ["nouvelle"])
        self.assertEqual(trail("user.reset_link", "nouvelle"), ["admin", "admin"])

    def test_a_link_is_good_for_a_day(self):
        add("lente")
        place = self.link("lente")
        with sqlite3.connect(f"{SITE.data}/vitrine.db") as db:
            left, = db.execute("SELECT expires_ms FROM passes WHERE user_name = 'lente'").fetchone()
            self.assertAlmostEqual(left / 1000 - time.time(), 86400, delta=60)
            stored = db.execute("SELECT * FROM passes").fetchall()
            self.assertNotIn(place.split("/")[-1], repr(stored), "the token itself is not stored")
            db.execute("UPDATE passes SET expires_ms = 1 WHERE user_name = 'lente'")
        self.assertEqual(Person().ask("POST", place, {"password": PASSWORD}), 404)

    def test_a_closed_account_has_no_links_even_when_it_opens_again(self):
        add("partie")
        place = self.link("partie")
        SITE.run("user", "close", "partie")
        self.assertEqual(Person().ask("POST", place, {"password": PASSWORD}), 404)
        SITE.run("user", "open", "partie")
        self.assertEqual(Person().ask("POST", place, {"password": PASSWORD}), 404)

    def test_the_command_line_gives_links(self):
        add("par-ligne")
        said = SITE.run("user", "reset-link", "par-ligne").stdout.decode()
        token = re.search(r"#([0-9a-f]{64})", said).group(1)
        person = Person("par-ligne")
        self.assertEqual(Person().ask("POST", "/password-resets/" + token,
                                      {"password": "une phrase assez longue"}), 204)
        self.assertFalse(person.alive(), "a new password ends sessions")


class Sessions(unittest.TestCase):
    def test_list_and_end(self):
        add("partout")
        here, there, third = Person("partout"), Person("partout"), Person("partout")
        self.assertEqual(here.ask("GET", "/sessions", User_Agent="x"), 200)
        self.assertEqual(len(here.said["items"]), 3)
        self.assertEqual(sum(one["current"] for one in here.said["items"]), 1)
        there.ask("GET", "/sessions")
        own, = [one["id"] for one in there.said["items"] if one["current"]]
        stranger = Person("admin")
        self.assertEqual(stranger.ask("DELETE", "/sessions/" + own), 404)
        self.assertEqual(here.ask("DELETE", "/sessions/" + own), 204)
        self.assertEqual((here.alive(), there.alive(), third.alive()), (True, False, True))
        self.assertEqual(here.ask("DELETE", "/sessions"), 204)
        self.assertEqual((here.alive(), third.alive()), (False, False))

    def test_login_renews(self):
        person = Person("admin")
        before = dict(person.cookies)
        person.login("admin")
        self.assertNotEqual(person.cookies, before)
        old = Person()
        old.cookies = before
        self.assertFalse(old.alive(), "the session before the login is over")

    def test_own_password(self):
        add("changeante")
        here, there = Person("changeante"), Person("changeante")
        new = "une phrase toute neuve"
        self.assertEqual(here.ask("PUT", "/session/password",
                                  {"password": "faux mot de passe", "new_password": new}), 403)
        self.assertEqual(here.ask("PUT", "/session/password",
                                  {"password": PASSWORD, "new_password": "court"}), 400)
        before = dict(here.cookies)
        self.assertEqual(here.ask("PUT", "/session/password",
                                  {"password": PASSWORD, "new_password": new}), 200)
        self.assertNotEqual(here.cookies, before)
        self.assertEqual((here.alive(), there.alive()), (True, False))
        self.assertEqual(Person().login("changeante"), 403)
        Person("changeante", new)


class SecondFactor(unittest.TestCase):
    def enrol(self, person):
        self.assertEqual(person.ask("POST", "/session/second-factor", {"password": PASSWORD}), 200)
        secret = person.said["secret"]
        self.assertIn(f"secret={secret}&issuer=Vitrine", person.said["uri"])
        step = int(time.time()) // 30
        self.assertEqual(person.ask("POST", "/session/second-factor/confirm",
                                    {"code": totp(secret, step - 1)}), 200, person.said)
        return secret, step, person.said["recovery_codes"]

    def test_a_login_in_two_steps(self):
        add("prudente")
        person = Person("prudente")
        self.assertEqual(person.ask("POST", "/session/second-factor", {"password": "x" * 12}), 403)
        secret, step, codes = self.enrol(person)
        self.assertEqual(len(set(codes)), 10)
        with sqlite3.connect(f"file:{SITE.data}/vitrine.db?mode=ro", uri=True) as db:
            rows = repr(db.execute("SELECT * FROM users WHERE name = 'prudente'").fetchall()
                        + db.execute("SELECT * FROM recovery_codes").fetchall())
        for told in (secret, base64.b32decode(secret).hex(), *codes):
            self.assertNotIn(told, rows, "nothing of it is stored as it is")

        again = Person()
        self.assertEqual(again.login("prudente"), 202)
        self.assertEqual(again.said, {"code_wanted": True})
        self.assertFalse(again.alive(), "a password alone is no session")
        for wrong in (totp(secret, step - 1), "000000" if totp(secret, step) != "000000" else "1",
                      "", "12345678901", codes[0][:-1]):
            self.assertIn(again.ask("POST", "/session/code", {"code": wrong}), (400, 403), wrong)
        good = totp(secret, step + 1 if int(time.time()) // 30 > step else step)
        self.assertEqual(again.ask("POST", "/session/code", {"code": good}), 200, again.said)
        self.assertTrue(again.alive())

        other = Person()
        other.login("prudente")
        self.assertEqual(other.ask("POST", "/session/code", {"code": good}), 403, "no replay")
        self.assertEqual(other.ask("POST", "/session/code", {"code": codes[0].upper()}), 200)
        other.login("prudente")
        self.assertEqual(other.ask("POST", "/session/code", {"code": codes[0]}), 403, "spent")

    def test_guesses_are_slowed_down(self):
        add("devinée")
        person = Person("devinée")
        _, _, codes = self.enrol(person)
        guesser = Person()
        guesser.login("devinée")
        for _ in range(5):
            self.assertEqual(guesser.ask("POST", "/session/code", {"code": "bcdef-ghjkm"}), 403)
        self.assertEqual(guesser.ask("POST", "/session/code", {"code": codes[0]}), 429)
        self.assertGreater(int(guesser.headers["Retry-After"]), 0)
        self.assertEqual(trail("login.code_failed", "devinée"), ["devinée"] * 5)
        admin = Person("admin")
        self.assertEqual(admin.ask("DELETE", "/users/" + urllib.parse.quote("devinée")
                                   + "/second-factor"), 204)
        self.assertFalse(person.alive())
        Person("devinée")

    def test_removed_with_the_password(self):
        add("oublieuse")
        person = Person("oublieuse")
        self.enrol(person)
        self.assertEqual(person.ask("POST", "/session/second-factor", {"password": PASSWORD}), 409)
        self.assertEqual(person.ask("POST", "/session/second-factor/remove",
                                    {"password": "x" * 12}), 403)
        self.assertEqual(person.ask("POST", "/session/second-factor/remove",
                                    {"password": PASSWORD}), 204)
        Person("oublieuse")
        for action in ("user.second_factor_on", "user.second_factor_off"):
            self.assertEqual(trail(action, "oublieuse"), ["oublieuse"])

    def test_the_house_may_ask_it_of_administrators(self):
        add("cheffe", "--role", "administrator")
        add("adjointe", "--role", "administrator")
        cheffe, adjointe = Person("cheffe"), Person("adjointe")
        policy = {"administrators_second_factor": True}
        self.assertEqual(cheffe.ask("PUT", "/people-policy", policy), 409, "one's own first")
        self.enrol(cheffe)
        self.assertEqual(cheffe.ask("PUT", "/people-policy", policy), 200)
        try:
            self.assertEqual(adjointe.ask("GET", "/users"), 403)
            self.assertEqual(adjointe.ask("GET", "/session"), 200)
            self.assertEqual((adjointe.said["second_factor_wanted"], adjointe.said["permissions"]),
                             (True, ["session"]))
            self.enrol(adjointe)
            self.assertEqual(adjointe.ask("GET", "/users"), 200)
        finally:
            self.assertEqual(cheffe.ask("PUT", "/people-policy",
                                        {"administrators_second_factor": False}), 200)
