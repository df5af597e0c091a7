"""Screens as technicians see them: their list and who sees it, what is wrong, what is asked of them,
machines that are replaced or taken away."""
import json
import os
import sqlite3
import subprocess
import time
import unittest

from site_under_test import SCREEN, SERVER, SITE, TOKEN

DEVICE = {"Authorization": "Bearer " + TOKEN}
OTHER = "creapolis-hall"
FIELDS = ("id", "name", "site", "groups", "width_px", "height_px", "rotation", "diagonal_mm",
          "viewing_distance_mm", "bottom_edge_mm", "kiosk", "time_zone", "languages", "opening",
          "layout", "reduced_motion")


def database():
    return sqlite3.connect(os.path.join(SITE.data, "vitrine.db"), timeout=10)


class Fleet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.person = {"Cookie": SITE.cookie(), "Origin": f"http://127.0.0.1:{SITE.port}"}

    def ask(self, method, path, body=None, status=200, **headers):
        response, content = SITE.ask(method, "/api/v1" + path, body, {**self.person, **headers})
        self.assertEqual(response.status, status, content)
        return json.loads(content) if content else None

    def poll(self, wait_s=1, token=TOKEN):
        headers = {"Authorization": "Bearer " + token}
        response, _ = SITE.ask("GET", "/player/v1/manifest", headers=headers)
        return SITE.ask("GET", "/player/v1/manifest",
                        headers={**headers, "Prefer": f"wait={wait_s}",
                                 "If-None-Match": response.getheader("ETag") or ""})[0]

    def report(self, *records, boot="f" * 32):
        response, content = SITE.ask("POST", "/player/v1/reports",
                                     {"boot": boot, "records": list(records)}, DEVICE)
        self.assertEqual(response.status, 200, content)

    def faults(self, query=""):
        return self.ask("GET", f"/faults?screen={SCREEN}{query}")["items"]


class Screens(Fleet):
    def test_who_is_closed_is_told_dark(self):
        path = f"/screens/{OTHER}"
        response, content = SITE.ask("GET", "/api/v1" + path, headers=self.person)
        before = {name: json.loads(content)[name] for name in FIELDS}
        today = ("mo", "tu", "we", "th", "fr", "sa", "su")[time.localtime().tm_wday]
        days = [day for day in ("mo", "tu", "we", "th", "fr", "sa", "su") if day != today]
        for opening, closed in (([{"days": days[3:5], "from": "10:00", "until": "11:00"}], True),
                                ([], False)):
            response, content = SITE.ask("GET", "/api/v1" + path, headers=self.person)
            self.ask("PUT", path, {**before, "opening": opening},
                     **{"If-Match": response.getheader("ETag")})
            end = time.time() + 20
            while (self.ask("GET", path)["now"]["closed"] != closed) and time.time() < end:
                time.sleep(0.1)
            self.assertEqual(self.ask("GET", path)["now"]["closed"], closed)

    def test_pages(self):
        seen, after = [], ""
        while after is not None:
            page = self.ask("GET", f"/screens?limit=1{after and '&after=' + after}")
            self.assertEqual(len(page["items"]), 1)
            seen += [one["id"] for one in page["items"]]
            after = page["next"]
        self.assertEqual(seen, sorted(seen))
        self.assertIn(SCREEN, seen)

    def test_a_screen_that_was_heard_is_there(self):
        self.poll()
        one = self.ask("GET", f"/screens/{SCREEN}")
        self.assertEqual((one["presence"], one["silent_since_ms"]), ("ok", None))
        self.assertLess(one["device"]["quiet_ms"], 60000)
        self.assertTrue(one["now"]["title"])

    def test_a_screen_without_player_was_never_heard(self):
        one = self.ask("GET", "/screens/creapolis-borne")
        if one["device"] is None:
            self.assertEqual(one["presence"], "never")

    def test_a_change_needs_what_was_read(self):
        response, content = SITE.ask("GET", f"/api/v1/screens/{OTHER}", headers=self.person)
        body = {key: value for key, value in json.loads(content).items() if key in FIELDS}
        body["name"] = "Un autre nom"
        self.ask("PUT", f"/screens/{OTHER}", body, 428)
        self.ask("PUT", f"/screens/{OTHER}", body, 200, **{"If-Match": response.getheader("ETag")})
        self.ask("PUT", f"/screens/{OTHER}", body, 412, **{"If-Match": response.getheader("ETag")})
        self.assertEqual(self.ask("GET", f"/screens/{OTHER}")["name"], "Un autre nom")

    def test_groups_and_sites_reach_the_screen(self):
        """Another group, another manifest: what the group's rules say is on the screen at once."""
        token = SITE.enrol("fleet-member", "creapolis-borne")["token"]
        headers = {"Authorization": "Bearer " + token}
        before = SITE.ask("GET", "/player/v1/manifest", headers=headers)[0].getheader("ETag")
        response, content = SITE.ask("GET", "/api/v1/screens/creapolis-borne", headers=self.person)
        body = {key: value for key, value in json.loads(content).items() if key in FIELDS}
        body["groups"] = ["bornes"]  # whose campaign of the month goes
        self.ask("PUT", "/screens/creapolis-borne", body, 200,
                 **{"If-Match": response.getheader("ETag")})
        answer = SITE.ask("GET", "/player/v1/manifest",
                          headers={**headers, "If-None-Match": before, "Prefer": "wait=20"})[0]
        self.assertEqual(answer.status, 200)
        self.assertNotEqual(answer.getheader("ETag"), before)


class Scope(Fleet):
    def test_who_is_bound_to_a_site_sees_no_other(self):
        site = self.ask("GET", f"/screens/{OTHER}")["site"]
        password = "un mot de passe assez long"
        path = os.path.join(SITE.folder, "operator-password")
        with open(path, "w", encoding="utf-8") as file:
            file.write(password + "\n")
        SITE.run("user", "add", "exploitante", "--role", "site_operator", "--password-file", path)
        with database() as store:
            store.execute("UPDATE users SET sites = ? WHERE name = 'exploitante'", (site,))
        response, content = SITE.ask("POST", "/api/v1/session", {
            "user": "exploitante", "password": password},
            {"Origin": f"http://127.0.0.1:{SITE.port}"})
        self.assertIn(response.status, (200, 204), content)
        cookie = response.getheader("Set-Cookie").split(";")[0]
        if content and "csrf" in json.loads(content):
            SITE.csrf[cookie] = json.loads(content)["csrf"]
        own = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{SITE.port}"}

        def status(method, path, body=None, **headers):
            return SITE.ask(method, "/api/v1" + path, body, {**own, **headers})[0].status
        listed = json.loads(SITE.ask("GET", "/api/v1/screens", headers=own)[1])["items"]
        self.assertEqual({one["site"] for one in listed}, {site})
        for method, path, body in (
                ("GET", "", None), ("GET", "/frame", None), ("GET", "/explain", None),
                ("GET", "/screenshot", None), ("POST", "/screenshot", None),
                ("GET", "/commands", None), ("POST", "/commands", {"kind": "identify"}),
                ("DELETE", "/device", None)):
            self.assertEqual(status(method, f"/screens/{SCREEN}{path}", body), 404, path)
        self.assertEqual(status("POST", f"/screens/{OTHER}/commands", {"kind": "restart"}), 202)
        self.report({"sequence": 900, "time_ms": int(time.time() * 1000), "kind": "fault",
                     "code": "storage", "detail": "scope"})
        number = self.faults("&code=storage")[0]["number"]
        listed = json.loads(SITE.ask("GET", "/api/v1/faults", headers=own)[1])["items"]
        self.assertNotIn(number, [one["number"] for one in listed])
        self.assertEqual(status("POST", f"/faults/{number}/close"), 404)


class Faults(Fleet):
    def fault(self, sequence, kind="fault", code="network", detail="d", at=None):
        return {"sequence": sequence, "time_ms": at or int(time.time() * 1000), "kind": kind,
                "code": code, "detail": detail}

    def test_from_the_first_sign_to_the_end(self):
        now = int(time.time() * 1000)
        first = self.fault(1, at=now - 5000, detail="un")
        self.report(first)
        self.report(first)  # the same again: the answer was lost
        self.report(self.fault(2, at=now - 3000, detail="deux"))
        fault = self.faults("&open=1&code=network")[0]
        self.assertEqual((fault["count"], fault["detail"]), (2, "deux"))
        self.assertEqual((fault["opened_ms"], fault["last_ms"]), (now - 5000, now - 3000))
        self.assertTrue(fault["title"] and fault["advice"])
        shown = self.ask("GET", f"/screens/{SCREEN}")["faults"]
        self.assertIn("network", [one["code"] for one in shown])
        self.report(self.fault(3, "recovery", at=now - 1000, detail=""))
        self.assertEqual(self.faults("&open=1&code=network"), [])
        closed = self.faults("&open=0&code=network")[0]
        self.assertEqual((closed["closed_ms"], closed["number"]), (now - 1000, fault["number"]))
        self.report(self.fault(4))
        self.assertNotEqual(self.faults("&open=1&code=network")[0]["number"], fault["number"])

    def test_a_person_closes(self):
        self.report(self.fault(11, code="quarantine"))
        number = self.faults("&open=1&code=quarantine")[0]["number"]
        self.ask("POST", f"/faults/{number}/close", status=204)
        self.ask("POST", f"/faults/{number}/close", status=409)
        self.ask("POST", "/faults/987654321/close", status=404)
        self.ask("POST", "/faults/x/close", status=400)
        self.assertEqual(self.faults("&open=0&code=quarantine")[0]["closed_by"], "admin")

    def test_what_is_no_question(self):
        for query in ("open=2", "open=oui", "after=x", "limit=0", "limit=201", "other=1"):
            self.ask("GET", f"/faults?{query}", status=400)


class Commands(Fleet):
    def put(self, wish, body, status=204):
        response, content = SITE.ask("PUT", f"/player/v1/wanted/{wish}", body,
                                     {**DEVICE, "Content-Type": "application/json"})
        self.assertEqual(response.status, status, content)

    def command(self, kind, place=f"screens/{SCREEN}", status=202):
        return self.ask("POST", f"/{place}/commands", {"kind": kind}, status)

    def next(self, etag):
        return SITE.ask("GET", "/player/v1/manifest",
                        headers={**DEVICE, "Prefer": "wait=10", "If-None-Match": etag})[0]

    def state(self, wish):
        items = self.ask("GET", f"/screens/{SCREEN}/commands")["items"]
        return [one for one in items if one["id"] == wish][0]

    def test_asked_told_and_done(self):
        etag = self.poll().getheader("ETag")
        wish = self.command("identify")["items"][0]
        self.assertEqual(wish["state"], "waiting")
        self.assertGreaterEqual(wish["number"], 1)
        told = self.next(etag).getheader("Vitrine-Wanted")
        self.assertEqual(told, f"identify {wish['id']} {wish['number']}")
        self.assertEqual(self.state(wish["id"])["state"], "told")
        self.assertEqual(self.command("identify")["items"][0]["id"], wish["id"], "one at a time")
        self.put(wish["id"], {"result": "done"})
        self.assertEqual(self.state(wish["id"])["state"], "done")
        self.put(wish["id"], {"result": "done"}, 404)
        wish = self.command("restart")["items"][0]["id"]
        self.assertEqual(self.next(etag).getheader("Vitrine-Wanted"), f"restart {wish}")
        self.put(wish, {"result": "failed", "reason": "pas maintenant"})
        one = self.state(wish)
        self.assertEqual((one["state"], one["reason"]), ("failed", "pas maintenant"))

    def by_command_line(self, verb, answer):
        """Exit code and what is said, when the player that is asked answers so."""
        etag = self.poll().getheader("ETag")
        asked = subprocess.Popen([SERVER, "screen", verb, SCREEN, "--data", SITE.data],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env={**os.environ, "LANG": "fr_FR.UTF-8", "LC_ALL": "fr_FR.UTF-8"})
        kind, wish = self.next(etag).getheader("Vitrine-Wanted").split()[:2]
        self.assertEqual(kind, verb)
        self.put(wish, answer)
        out, err = asked.communicate(timeout=30)
        return asked.returncode, out, err

    def test_asked_by_the_command_line(self):
        for verb in ("identify", "restart"):
            code, out, err = self.by_command_line(verb, {"result": "done"})
            self.assertEqual((code, out), (0, f"{SCREEN} : fait\n"), err)
            self.assertIn(f"Demandé à l’écran {SCREEN}", err)
            code, out, err = self.by_command_line(verb, {"result": "failed", "reason": "occupé"})
            self.assertEqual((code, out), (1, ""))
            self.assertIn("ne l’a pas fait : occupé", err)
            result = SITE.run("screen", verb, "nulle-part", check=False)
            self.assertEqual(result.returncode, 1)
            self.assertIn("nulle-part", result.stderr.decode())

    def test_answers_that_are_none(self):
        wish = self.command("identify")["items"][0]["id"]
        for body in ({}, {"result": "maybe"}, {"result": "done", "more": 1}, [], {"result": 1},
                     {"result": "failed", "reason": "x" * 301}):
            self.put(wish, body, 413 if "x" * 301 in str(body) else 400)
        self.put("0" * 32, {"result": "done"}, 404)
        self.put(wish, {"result": "done"})

    def test_of_a_group_and_a_site(self):
        site = self.ask("GET", f"/screens/{SCREEN}")["site"]
        for one in self.command("identify", f"sites/{site}")["items"]:
            self.assertEqual(self.ask("GET", f"/screens/{one['screen']}")["site"], site)
            if one["screen"] == SCREEN:
                self.put(one["id"], {"result": "done"})
        group = [one["id"] for one in self.ask("GET", "/groups")["items"]][0]
        self.assertIn(self.ask("POST", f"/groups/{group}/commands", {"kind": "identify"},
                               202)["items"][0]["kind"], "identify")
        self.command("identify", "groups/nulle-part", 404)
        with database() as store:
            store.execute("UPDATE wanted SET expires_ms = 1 WHERE state = 'waiting'")

    def test_what_is_no_command(self):
        for kind in ("", "reboot", "screenshot ", 1, None):
            self.ask("POST", f"/screens/{SCREEN}/commands", {"kind": kind}, 400)
        self.command("identify", "screens/nulle-part", 404)


class Machines(Fleet):
    def test_the_command_line_takes_a_player_away(self):
        screen = "actipolis-accueil"
        token = {"Authorization": "Bearer " + SITE.enrol("taken by command", screen)["token"]}
        self.assertEqual(SITE.ask("GET", "/player/v1/manifest", headers=token)[0].status, 200)
        self.assertIn(screen, SITE.run("screen", "revoke", screen).stdout.decode())
        until = time.monotonic() + 10 # the roster of the running server follows
        while SITE.ask("GET", "/player/v1/manifest", headers=token)[0].status == 200 and \
                time.monotonic() < until:
            time.sleep(0.05)
        self.assertEqual(SITE.ask("GET", "/player/v1/manifest", headers=token)[0].status, 401)
        for name in (screen, "nulle-part"):
            result = SITE.run("screen", "revoke", name, check=False)
            self.assertEqual(result.returncode, 1, name)
            self.assertIn(name, result.stderr.decode())

    def test_a_machine_is_replaced_only_when_that_is_said(self):
        SITE.enrol("fleet-first", OTHER)
        SITE.ask("POST", "/player/v1/enrolment", SITE.enrolment_body("fleet-second"))
        code = [one for one in self.ask("GET", "/enrolments")["enrolments"]
                if one["state"] == "pending"][0]
        body = {"screen": OTHER, "fingerprint": code["fingerprint"]}
        path = f"/enrolments/{code['code']}/approve"
        problem = self.ask("POST", path, body, 409)
        self.assertEqual(problem["field"], "replace")
        self.ask("POST", path, {**body, "replace": True}, 204)

    def test_a_machine_is_taken_away(self):
        token = SITE.enrol("fleet-lost", OTHER)["token"]
        self.poll(token=token)
        self.ask("DELETE", f"/screens/{OTHER}/device", status=204)
        for _ in range(50):
            status = SITE.ask("GET", "/player/v1/manifest",
                              headers={"Authorization": "Bearer " + token})[0].status
            if status == 401:
                break
            time.sleep(0.1)
        self.assertEqual(status, 401)
        response, _ = SITE.ask("POST", "/player/v1/enrolment", SITE.enrolment_body("fleet-lost"))
        self.assertEqual(response.status, 403, "it gets no other token by itself")
        self.ask("DELETE", f"/screens/{OTHER}/device", status=404)
