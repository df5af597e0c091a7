"""Notices in the page and by e-mail, with a real mail server on this machine: STARTTLS with its own
authority, login, a server that is away for a while, and one that offers no encryption.
Usage: test_mail.py BUILD SOURCE"""
import email
import email.policy
import http.cookies
import json
import re
import sqlite3
import ssl
import subprocess
import sys
import unittest
import urllib.parse

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult, LoginPassword
except ImportError:
    print("python3-aiosmtpd is not here", file=sys.stderr)
    sys.exit(77)

from place import PASSWORD, Place, until

SECRET = "sésame-du-courrier"
URL = "https://vitrine.exemple.fr"


class Letterbox:
    """The mail server: who may log in, and what came."""

    def __init__(self, folder, port=0, encrypts=True):
        self.came, self.tls = [], []
        certificate, key = folder / "smtp.pem", folder / "smtp.key"
        if not certificate.exists():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                            "-keyout", key, "-out", certificate], check=True, capture_output=True)
        self.certificate = certificate
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        more = {"tls_context": context, "require_starttls": True, "auth_required": True,
                "authenticator": self.knows} if encrypts else {}
        self.controller = Controller(self, hostname="127.0.0.1", port=port or free_port(), **more)
        self.controller.start()
        self.port = self.controller.port

    @staticmethod
    def knows(server, session, envelope, mechanism, data):
        right = isinstance(data, LoginPassword) and data.login == b"vitrine" and \
            data.password == SECRET.encode()
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, server, session, envelope):
        self.tls.append(session.ssl is not None)
        self.came.append((envelope, email.message_from_bytes(envelope.content,
                                                             policy=email.policy.default)))
        return "250 OK"

    def close(self):
        self.controller.stop(no_assert=True)


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Person:
    def __init__(self, place, name):
        self.place, self.headers = place, {"Origin": f"http://127.0.0.1:{place.port}",
                                           "Content-Type": "application/json"}
        response, content = place.ask("POST", "/api/v1/session", {"user": name, "password": PASSWORD},
                                      self.headers)
        assert response.status == 200, content
        cookie = http.cookies.SimpleCookie(response.getheader("Set-Cookie"))
        self.headers["Cookie"] = "; ".join(f"{one.key}={one.value}" for one in cookie.values())
        self.headers["X-CSRF-Token"] = json.loads(content)["csrf"]

    def ask(self, method, path, body=None, **more):
        response, content = self.place.ask(method, "/api/v1" + path, body, {**self.headers, **more})
        self.etag = (response.getheader("ETag") or "").strip('"')
        self.status = response.status
        return json.loads(content) if content else None

    def step(self, record, action, body=None):
        self.ask("GET", record)
        said = self.ask("POST", f"{record}/{action}", body, **{"If-Match": f'"{self.etag}"'})
        assert self.status == 200, said
        return said


def announcement(ident, title="Marché de Noël solidaire"):
    return {"id": ident, "title": title, "severity": "info", "text": "Samedi, place du marché, dès 10 h.",
            "from": "2026-01-01", "until": "2029-12-31"}


class Mail(unittest.TestCase):
    def setUp(self):
        self.place = Place(content=False)
        self.addCleanup(self.place.close)
        self.box = Letterbox(self.place.folder)
        self.addCleanup(lambda: self.box.close())
        (self.place.folder / "mail-password").write_text(SECRET + "\n", encoding="utf-8")
        with sqlite3.connect(self.place.data / "vitrine.db") as db:
            proof, = db.execute("SELECT password_hash FROM users").fetchone()
            for name, role, display in (("camille", "contributor", "Camille Roux"),
                                        ("dominique", "validator", "Dominique Petit"),
                                        ("lecteur", "reader", "")):
                db.execute("INSERT INTO users (name, password_hash, role, active, created_ms, display, "
                           "email) VALUES (?, ?, ?, 1, 0, ?, ?)",
                           (name, proof, role, display, f"{name}@exemple.fr"))

    def serve(self, **more):
        settings = {"mail_server": f"127.0.0.1:{self.box.port}", "mail_user": "vitrine",
                    "mail_password_file": self.place.folder / "mail-password",
                    "mail_from": "vitrine@exemple.fr", "mail_ca_file": self.box.certificate,
                    "public_url": URL + "/", **more}
        self.place.serve(environment={f"VITRINE_{name.upper()}": str(value)
                                      for name, value in settings.items()})
        self.writer, self.validator = Person(self.place, "camille"), Person(self.place, "dominique")

    def submit(self, ident, **more):
        said = self.writer.ask("POST", "/announcements", announcement(ident, **more))
        self.assertEqual(self.writer.status, 201, said)
        self.writer.step(f"/announcements/{ident}", "submit")

    def message(self, count):
        until("no message", 20, lambda: len(self.box.came) >= count)
        return self.box.came[count - 1]

    def waiting(self):
        with sqlite3.connect(self.place.data / "vitrine.db", timeout=20) as db:
            return db.execute("SELECT tries, problem FROM mails").fetchall()

    def test_approval_is_wanted_sent_back_and_given(self):
        self.serve()
        self.submit("marche-noel", title="Marché d’été : pensez à réserver, l’entrée est à 2 €, "
                                         "venez nombreuses et nombreux")
        envelope, message = self.message(1)
        self.assertEqual(self.box.tls, [True])
        self.assertEqual(envelope.rcpt_tos, ["dominique@exemple.fr"])
        self.assertEqual(envelope.mail_from, "vitrine@exemple.fr")
        self.assertEqual(message["Subject"], "À valider : annonce « Marché d’été : pensez à réserver, "
                         "l’entrée est à 2 €, venez nombreuses et nombreux »")
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        text = message.get_content()
        self.assertTrue(text.startswith("Bonjour Dominique Petit,"), text)
        self.assertIn("Camille Roux vous demande de valider", text)
        self.assertIn(f"{URL}/admin/approvals/announcement/marche-noel", text)
        self.assertNotIn(SECRET, envelope.content.decode())
        self.assertLess(max(map(len, envelope.content.split(b"\r\n"))), 79)

        self.assertEqual(self.validator.ask("GET", "/notices/unread")["unread"], 1)
        self.validator.step("/announcements/marche-noel", "return",
                            {"reason": "L’heure manque.\n.Vérifiez le lieu"})
        envelope, message = self.message(2)
        self.assertEqual(envelope.rcpt_tos, ["camille@exemple.fr"])
        self.assertIn("À revoir", message["Subject"])
        self.assertIn("L’heure manque.", message.get_content())
        self.assertIn("\n.Vérifiez le lieu", message.get_content())
        notice, = self.writer.ask("GET", "/notices?unread=true")["items"]
        self.assertEqual((notice["kind"], notice["record"], notice["by"]),
                         ("sent_back", "marche-noel", "dominique"))
        self.writer.ask("POST", f"/notices/{notice['number']}/read")
        self.assertEqual(self.writer.ask("GET", "/notices/unread")["unread"], 0)
        returned = self.writer.ask("GET", "/today")["returned"]
        self.assertEqual((returned["count"], returned["items"][0]["id"]), (1, "marche-noel"))

        self.writer.step("/announcements/marche-noel", "submit")
        self.message(3)
        self.assertEqual(self.validator.ask("GET", "/today")["approvals"]["count"], 1)
        self.assertEqual(self.writer.ask("GET", "/today")["approvals"]["count"], 0)
        self.validator.step("/announcements/marche-noel", "approve")
        self.assertIn("Validé", self.message(4)[1]["Subject"])
        self.assertEqual(self.waiting(), [])

    def test_who_wants_none_gets_none(self):
        self.serve()
        self.validator.ask("PUT", "/notices/choices", {"mail": ["sent_back"]})
        self.assertEqual(self.validator.ask("GET", "/notices/choices"),
                         {"email": "dominique@exemple.fr", "mail": ["sent_back"]})
        self.submit("sans-courrier")
        until("no notice", 10, lambda: self.validator.ask("GET", "/notices/unread")["unread"] == 1)
        self.assertEqual((self.box.came, self.waiting()), ([], []))
        self.validator.ask("PUT", "/notices/choices", {"mail": ["gossip"]})
        self.assertEqual(self.validator.status, 400)

    def test_a_server_that_is_away_is_tried_again(self):
        self.serve()
        port = self.box.port
        self.box.close()
        self.submit("plus-tard")
        until("not tried", 20, lambda: [one for one in self.waiting() if one[0] == 1])
        self.assertIn("ne prend pas de courrier", self.waiting()[0][1])
        self.assertEqual(self.place.ask("GET", "/readyz")[0].status, 200)
        admin = Person(self.place, "admin")
        mail = admin.ask("GET", "/mail")
        self.assertEqual((mail["configured"], mail["waiting"], mail["sent"]), (True, 1, 0))
        self.assertNotEqual(mail["last_error"], "")
        self.box = Letterbox(self.place.folder, port)
        with sqlite3.connect(self.place.data / "vitrine.db", timeout=20) as db:
            db.execute("UPDATE mails SET next_ms = 0")
        self.assertIn("À valider", self.message(1)[1]["Subject"])
        until("still waits", 10, lambda: self.waiting() == [])

    def test_what_is_given_up_is_in_the_trail(self):
        self.serve()
        self.box.close()
        self.submit("trop-tard")
        until("not tried", 20, self.waiting)
        with sqlite3.connect(self.place.data / "vitrine.db", timeout=20) as db:
            db.execute("UPDATE mails SET next_ms = 0, created_ms = created_ms - 50 * 3600 * 1000")
        until("not given up", 30, lambda: self.waiting() == [])
        trail = Person(self.place, "admin").ask("GET", "/audit?action=mail.failed")["items"]
        self.assertEqual([line["subject"] for line in trail], ["dominique@exemple.fr"])
        self.box = Letterbox(self.place.folder)

    def test_wrong_password_and_no_encryption_send_nothing(self):
        (self.place.folder / "mail-password").write_text("autre chose\n", encoding="utf-8")
        self.serve()
        self.submit("refus")
        until("not tried", 20, lambda: [one for one in self.waiting() if one[0]])
        self.assertIn("refuse le nom ou le mot de passe", self.waiting()[0][1])
        self.place.stop()
        self.box.close()
        self.box = Letterbox(self.place.folder, encrypts=False)
        with sqlite3.connect(self.place.data / "vitrine.db", timeout=20) as db:
            db.execute("UPDATE mails SET next_ms = 0, tries = 0, problem = ''")
        self.serve(mail_server=f"127.0.0.1:{self.box.port}")
        until("not tried", 20, lambda: [one for one in self.waiting() if one[0]])
        self.assertEqual(self.box.came, [])
        self.place.stop()
        self.serve(mail_server=f"127.0.0.1:{self.box.port}", mail_security="none", mail_user="",
                   mail_password_file="")
        with sqlite3.connect(self.place.data / "vitrine.db", timeout=20) as db:
            db.execute("UPDATE mails SET next_ms = 0")
        self.message(1)

    def test_settings_that_do_not_go_together(self):
        for words, said in ((("--mail-server", "127.0.0.1:25"), "mail_from et public_url"),
                            (("--mail-server", "http://x/y", "--mail-from", "a@b.fr", "--public-url",
                              URL), "ne ressemble pas"),
                            (("--mail-server", "127.0.0.1:25", "--mail-from", "pas une adresse",
                              "--public-url", URL), "n’est pas une adresse"),
                            (("--mail-server", "127.0.0.1:25", "--mail-from", "a@b.fr",
                              "--public-url", URL, "--mail-user", "x", "--mail-password-file",
                              self.place.folder / "mail-password", "--mail-security", "none"),
                             "en clair")):
            code, _, problem = self.place.run("serve", "--listen", "127.0.0.1:0", "--metrics-listen",
                                              "", *words, check=False)
            self.assertNotEqual(code, 0)
            self.assertIn(said, problem)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
