"""Logging in at an identity provider: the whole way of a browser with a real provider (npm
oidc-provider), then everything that a lying one may say. Usage: test_oidc.py VITRINE_SERVER
SOURCE_FOLDER NODE_MODULES_FOLDER (which holds node_modules/)"""
import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

SERVER, SOURCE, MODULES = sys.argv[1:4]
if not shutil.which("node") or not os.path.isdir(os.path.join(MODULES, "node_modules")):
    print(f"skipped: node, or the packages of tests/oidc in {MODULES}, are not there (./dev test)")
    sys.exit(77)
HERE = os.path.dirname(os.path.abspath(__file__))
PASSWORD = "mot de passe d’essai"
SECRET = "un secret: avec % et espaces"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as peer:
        return peer.getsockname()[1]


def node(script, *words):
    process = subprocess.Popen(["node", os.path.join(HERE, script), *words], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    while (line := process.stdout.readline()) != b"ready\n":
        if not line:
            raise RuntimeError(f"{script} did not start")
    return process


def end(process):
    process.terminate()
    process.wait(20)
    if process.stdout:
        process.stdout.close()


class Site:
    """A server that knows a provider."""

    def __init__(self, port, issuer, client="vitrine", secret=SECRET, *options):
        self.folder = tempfile.mkdtemp(prefix="vitrine-oidc-")
        self.data = os.path.join(self.folder, "data")
        self.words = os.path.join(self.folder, "password")
        secret_file = os.path.join(self.folder, "secret")
        for path, text in ((self.words, PASSWORD), (secret_file, secret)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text + "\n")
        self.run("init", "--password-file", self.words)
        self.run("load", os.path.join(SOURCE, "assets/demo/ecrans.json"), "--kind", "screens",
                 check=False)
        self.origin, self.port = f"http://127.0.0.1:{port}", port
        self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [SERVER, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}",
             "--metrics-listen", "", "--assets", os.path.join(SOURCE, "assets"),
             "--public-url", self.origin + "/", "--oidc-issuer", issuer,
             "--oidc-client-id", client, "--oidc-client-secret-file", secret_file,
             "--oidc-loopback-http", *options],
            stdout=subprocess.PIPE, stderr=self.log, env={**os.environ, "LANG": "fr_FR.UTF-8"})
        if b"http" not in self.process.stdout.readline():
            self.log.seek(0)
            raise RuntimeError(self.log.read())

    def run(self, *words, check=True):
        return subprocess.run([SERVER, *words, "--data", self.data], check=check, timeout=60,
                              capture_output=True)

    def add(self, name, *words):
        self.run("user", "add", name, "--password-file", self.words, *words)

    def stop(self):
        end(self.process)
        self.log.seek(0)
        log = self.log.read()
        self.log.close()
        shutil.rmtree(self.folder)
        assert self.process.returncode == 0 and "Sanitizer" not in log and "runtime error" not in log, log
        return log

    def trail(self, action):
        with sqlite3.connect(f"file:{self.data}/vitrine.db?mode=ro", uri=True) as db:
            return db.execute("SELECT user_name, subject, detail FROM audit WHERE action = ?",
                              (action,)).fetchall()


class Browser:
    """Follows nothing by itself; keeps cookies by host and port, as they are set."""

    def __init__(self):
        self.jar, self.marks = {}, {}

    def ask(self, method, url, form=None, headers=None, body=None):
        place = urllib.parse.urlsplit(url)
        jar = self.jar.setdefault(place.netloc, {})
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in jar.items()), **(headers or {})}
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        peer = http.client.HTTPConnection(place.netloc, timeout=30)
        peer.request(method, place.path + ("?" + place.query if place.query else ""), body, headers)
        response = peer.getresponse()
        self.content = response.read()
        for line in response.headers.get_all("Set-Cookie") or ():
            name, value = line.split(";")[0].split("=", 1)
            self.marks[name] = line
            jar[name] = value
            if not value or "Max-Age=0" in line or "expires=Thu, 01 Jan 1970" in line:
                del jar[name]
        peer.close()
        self.status, self.to = response.status, response.getheader("Location")
        if self.to:
            self.to = urllib.parse.urljoin(url, self.to)
        return self.status

    def session(self, site):
        self.ask("GET", site.origin + "/api/v1/session")
        return json.loads(self.content)

    def start(self, site):
        assert self.ask("GET", site.origin + "/api/v1/login/oidc") == 303, self.status
        return self.to

    def through_provider(self, site, name):
        """Types a name at the provider, agrees, and gives the address of the way back."""
        at = self.start(site)
        for _ in range(12):
            if at.startswith(site.origin):
                return at
            self.ask("GET", at)
            if self.status == 200:
                action = re.search(rb'action="([^"]+)"', self.content).group(1).decode()
                prompt = re.search(rb'name="prompt" value="([^"]+)"', self.content).group(1).decode()
                self.ask("POST", urllib.parse.urljoin(at, action),
                         {"prompt": prompt, "login": name, "password": "x"})
            assert self.status in (302, 303), (self.status, self.content)
            at = self.to
        raise RuntimeError("the provider goes round in circles")

    def login(self, site, name):
        """How it ends: the page's address."""
        self.ask("GET", self.through_provider(site, name))
        return self.where()

    def where(self):
        assert self.status == 303, (self.status, self.content)
        return self.to[self.to.index("/", 8):]


class RealProvider(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        port, cls.at = free_port(), free_port()
        cls.issuer = f"http://127.0.0.1:{port}"
        back = f"http://127.0.0.1:{cls.at}/api/v1/login/oidc/callback"
        cls.provider = node("provider.mjs", str(port), back, MODULES)
        cls.site = Site(cls.at, cls.issuer, "vitrine", SECRET, "--oidc-link-by-email")
        for words in (("lea", "--role", "publisher", "--email", "Lea@ville.example"),
                      ("lin", "--role", "reader", "--email", "lin@ville.example"),
                      ("chef", "--role", "administrator", "--email", "chef@ville.example"),
                      ("veilleuse", "--alert", "--email", "veilleuse@ville.example"),
                      ("deux", "--email", "double@ville.example"),
                      ("trois", "--email", "double@ville.example"),
                      ("close", "--email", "close@ville.example"), ("prudent",)):
            cls.site.add(*words)

    @classmethod
    def tearDownClass(cls):
        end(cls.provider)
        cls.site.stop()

    def test_the_whole_way(self):
        browser = Browser()
        browser.ask("GET", self.site.origin + "/api/v1/login")
        self.assertEqual(json.loads(browser.content)["oidc"]["url"], "/api/v1/login/oidc")
        at = urllib.parse.urlsplit(browser.start(self.site))
        asked = dict(urllib.parse.parse_qsl(at.query))
        self.assertEqual((asked["response_type"], asked["code_challenge_method"],
                          asked["redirect_uri"]),
                         ("code", "S256", self.site.origin + "/api/v1/login/oidc/callback"))
        for word in ("HttpOnly", "SameSite=Lax", "Max-Age=600"):
            self.assertIn(word, browser.marks["vitrine_oidc"])
        self.assertEqual(browser.login(self.site, "lea"), "/admin/")
        for word in ("HttpOnly", "SameSite=Strict"):
            self.assertIn(word, browser.marks["vitrine_session"])
        self.assertNotIn("vitrine_oidc", browser.jar[f"127.0.0.1:{self.at}"])
        session = browser.session(self.site)
        self.assertEqual((session["user"], session["role"]), ("lea", "publisher"))
        self.assertIn(("", "lea", "lea"), self.site.trail("user.link"))
        browser.ask("DELETE", self.site.origin + "/api/v1/session", headers={
            "Origin": self.site.origin, "X-CSRF-Token": session["csrf"]})
        self.assertEqual(browser.status, 204)
        # Linked by now: neither address nor its verification count any more.
        with sqlite3.connect(self.site.data + "/vitrine.db") as db:
            db.execute("UPDATE users SET email = '' WHERE name = 'lea'")
        self.assertEqual(Browser().login(self.site, "lea"), "/admin/")

    def test_who_has_no_account(self):
        for name in ("personne", "unverified-lin", "double", "chef", "veilleuse"):
            browser = Browser()
            self.assertEqual(browser.login(self.site, name), "/admin/?login=unknown", name)
            self.assertNotIn("vitrine_session", browser.jar[f"127.0.0.1:{self.at}"])
        with sqlite3.connect(self.site.data + "/vitrine.db") as db:
            self.assertEqual(db.execute("SELECT count(*) FROM users").fetchone(), (9,),
                             "nobody is made an account")
        self.assertEqual(len(self.site.trail("login.oidc_unknown")), 5)

    def test_an_administrator_is_linked_by_an_administrator(self):
        admin, origin = Browser(), {"Origin": self.site.origin}
        admin.ask("POST", self.site.origin + "/api/v1/session", headers=origin,
                  body=json.dumps({"user": "admin", "password": PASSWORD}))
        origin["X-CSRF-Token"] = json.loads(admin.content)["csrf"]
        place = self.site.origin + "/api/v1/users/admin"
        admin.ask("GET", place)
        account = {key: value for key, value in json.loads(admin.content).items()
                   if key not in ("second_factor", "created_ms", "has_password")}
        peer = http.client.HTTPConnection("127.0.0.1", self.at)
        peer.request("GET", "/api/v1/users/admin", headers={
            "Cookie": "vitrine_session=" + admin.jar[f"127.0.0.1:{self.at}"]["vitrine_session"]})
        etag = peer.getresponse().getheader("ETag")
        peer.close()
        admin.ask("PUT", place, headers={**origin, "If-Match": etag},
                  body=json.dumps({**account, "oidc_subject": "chef-1"}))
        self.assertEqual(admin.status, 200, admin.content)
        browser = Browser()
        self.assertEqual(browser.login(self.site, "chef-1"), "/admin/")
        self.assertEqual(browser.session(self.site)["user"], "admin")

    def test_a_closed_account_stays_closed(self):
        self.assertEqual(Browser().login(self.site, "close"), "/admin/")
        self.site.run("user", "close", "close")
        self.assertEqual(Browser().login(self.site, "close"), "/admin/?login=closed")

    def test_the_way_back_works_once_and_for_who_began(self):
        victim, thief = Browser(), Browser()
        back = victim.through_provider(self.site, "lin")
        self.assertEqual((thief.ask("GET", back), thief.where()), (303, "/admin/?login=late"))
        thief.start(self.site)
        thief.ask("GET", back)
        self.assertEqual(thief.where(), "/admin/?login=late", "another's state")
        victim.ask("GET", back.replace("state=", "state=0"))
        self.assertEqual(victim.where(), "/admin/?login=late")
        victim.ask("GET", back)
        self.assertEqual(victim.where(), "/admin/?login=late", "a wrong answer spends the login")

        self.assertEqual(victim.ask("GET", back := victim.through_provider(self.site, "lin")), 303)
        self.assertEqual(victim.where(), "/admin/")
        victim.ask("GET", back)
        self.assertEqual(victim.where(), "/admin/?login=late", "the way back works once")

    def test_a_code_of_another_login_is_refused(self):
        thief, victim = Browser(), Browser()
        code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(
            thief.through_provider(self.site, "lin")).query))["code"]
        back = victim.through_provider(self.site, "lin")
        victim.ask("GET", re.sub(r"code=[^&]*", "code=" + code, back))
        self.assertEqual(victim.where(), "/admin/?login=refused", "PKCE and nonce tell")

    def test_a_login_is_good_for_ten_minutes(self):
        browser = Browser()
        back = browser.through_provider(self.site, "lin")
        with sqlite3.connect(self.site.data + "/vitrine.db") as db:
            db.execute("UPDATE passes SET expires_ms = 1 WHERE kind = 'oidc'")
        browser.ask("GET", back)
        self.assertEqual(browser.where(), "/admin/?login=late")


class Clients(unittest.TestCase):
    """An ES256 token, and a client without a secret."""

    def test_each(self):
        for client, secret in (("vitrine-es", "autre"), ("vitrine-public", "")):
            with self.subTest(client):
                port, at = free_port(), free_port()
                provider = node("provider.mjs", str(port),
                                f"http://127.0.0.1:{at}/api/v1/login/oidc/callback", MODULES)
                site = Site(at, f"http://127.0.0.1:{port}", client, secret, "--oidc-link-by-email")
                try:
                    site.add("lea", "--email", "lea@ville.example")
                    self.assertEqual(Browser().login(site, "lea"), "/admin/")
                finally:
                    end(provider)
                    site.stop()


class LyingProvider(unittest.TestCase):
    GOOD = ("nothing", "es256", "audiences with party", "clock a little off", "no kid")

    @classmethod
    def setUpClass(cls):
        port, at = free_port(), free_port()
        cls.issuer = f"http://127.0.0.1:{port}"
        cls.liar = node("liar.mjs", str(port), "vitrine", SECRET)
        cls.site = Site(at, cls.issuer)
        cls.site.add("lea")
        with sqlite3.connect(cls.site.data + "/vitrine.db") as db:
            db.execute("UPDATE users SET oidc_subject = 'lea', oidc_issuer = ? WHERE name = 'lea'",
                       (cls.issuer,))
            db.execute("UPDATE users SET oidc_subject = 'admin', oidc_issuer = ? "
                       "WHERE name = 'admin'", (cls.issuer,))

    @classmethod
    def tearDownClass(cls):
        end(cls.liar)
        cls.site.stop()

    def tell(self, path):
        browser = Browser()
        browser.ask("GET", self.issuer + path)
        return json.loads(browser.content)

    def outcome(self, lie):
        self.tell("/lie/" + urllib.parse.quote(lie))
        browser = Browser()
        browser.ask("GET", browser.start(self.site))
        browser.ask("GET", browser.to)
        return browser.where(), "vitrine_session" in browser.jar[f"127.0.0.1:{self.site.port}"]

    def test_tokens(self):
        for lie in self.GOOD:
            self.assertEqual(self.outcome(lie), ("/admin/", True), lie)
        lies = [lie for lie in self.tell("/lies") if lie not in (*self.GOOD, "new key")]
        self.assertGreater(len(lies), 35)
        for lie in lies:
            self.assertEqual(self.outcome(lie), ("/admin/?login=refused", False), lie)
            self.assertEqual(self.outcome("nothing"), ("/admin/", True), "after " + lie)

    def test_answers(self):
        for lie, word in (("token 500", "trouble"), ("token elsewhere", "trouble"),
                          ("token too long", "trouble"), ("token no JSON", "trouble"),
                          ("no ID token", "trouble"), ("refusal", "refused"),
                          ("answer of another", "refused"), ("answer of nobody", "refused")):
            self.assertEqual(self.outcome(lie), ("/admin/?login=" + word, False), lie)
        self.assertNotIn("/token2", self.tell("/asked"), "redirects are not followed")

    def test_new_keys_are_fetched_but_not_for_every_token(self):
        self.outcome("nothing")
        before = self.tell("/asked")["/keys"]
        for _ in range(5):
            self.outcome("own key in the header")
        self.assertLessEqual(self.tell("/asked")["/keys"], before + 1)
        self.assertNotIn("/own-keys", self.tell("/asked"))
        time.sleep(10)
        self.assertEqual(self.outcome("new key"), ("/admin/", True))


class Settings(unittest.TestCase):
    def serve(self, *options):
        folder = tempfile.mkdtemp(prefix="vitrine-oidc-")
        try:
            subprocess.run([SERVER, "init", "--data", folder], check=True, capture_output=True)
            process = subprocess.Popen(
                [SERVER, "serve", "--data", folder, "--listen", "127.0.0.1:0", "--metrics-listen",
                 "", "--assets", os.path.join(SOURCE, "assets"), *options],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                if b"http" in process.stdout.readline():
                    process.terminate()
                _, said = process.communicate(timeout=20)
            finally:
                process.kill()
            return process.returncode, said.decode()
        finally:
            shutil.rmtree(folder)

    def test_what_would_not_be_safe_does_not_start(self):
        url = ("--public-url", "https://vitrine.ville.example", "--oidc-client-id", "v")
        for options, word in (
                (("--oidc-issuer", "http://ville.example", *url), "oidc_issuer"),
                (("--oidc-issuer", "http://ville.example", "--oidc-loopback-http", *url), "oidc_issuer"),
                (("--oidc-issuer", "http://127.0.0.1:1", *url), "oidc_issuer"),
                (("--oidc-issuer", "http://127.0.0.1.ville.example", "--oidc-loopback-http", *url),
                 "oidc_issuer"),
                (("--oidc-issuer", "http://localhost:x@ville.example", "--oidc-loopback-http", *url),
                 "oidc_issuer"),
                (("--oidc-issuer", "https://id.ville.example", "--oidc-client-id", "v"), "public_url"),
                (("--oidc-issuer", "https://id.ville.example", *url[:2]), "oidc_client_id")):
            code, said = self.serve(*options)
            self.assertEqual(code, 1, options)
            self.assertIn(word, said)
        self.assertEqual(self.serve("--oidc-issuer", "https://id.ville.example", *url)[0], 0)

    def test_a_provider_that_is_not_there(self):
        site = Site(free_port(), f"http://127.0.0.1:{free_port()}")
        try:
            browser = Browser()
            for _ in range(2):
                browser.ask("GET", site.origin + "/api/v1/login/oidc")
                self.assertEqual(browser.where(), "/admin/?login=trouble")
        finally:
            site.stop()


if __name__ == "__main__":
    sys.argv[1:4] = []
    unittest.main()
