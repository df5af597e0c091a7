"""What nobody should ask, and how the server bears it."""
import os
import re
import socket
import sqlite3
import time
import unittest

from site_under_test import SITE, TOKEN


class Abuse(unittest.TestCase):
    def status(self, text, wait=10):
        answer = SITE.raw(text, wait)
        return int(answer.split(b" ", 2)[1]) if answer else 0

    def test_ambiguous_lengths_are_refused_and_closed(self):
        for framing in ("Content-Length: 5\r\nTransfer-Encoding: chunked",
                        "Content-Length: 5\r\nContent-Length: 5",
                        "Content-Length: 5\r\nContent-Length: 6",
                        "Transfer-Encoding: gzip, chunked", "Content-Length: +5",
                        "Content-Length: -1", "Content-Length: 0x5"):
            answer = SITE.raw(f"POST /player/v1/enrolment HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n"
                              "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertNotIn(b"\r\n\r\nok\n", answer, framing)
            # libmicrohttpd writes the head of its own 400 twice: it is one refusal all the same.
            statuses = re.findall(rb"HTTP/1.1 (\d+)", answer)
            self.assertIn(set(statuses), ({b"400"}, {b"413"}), framing)

    def test_too_long(self):
        self.assertEqual(self.status("GET /" + "a" * 100000 + " HTTP/1.1\r\nHost: x\r\n\r\n"), 414)
        self.assertIn(self.status("GET /healthz HTTP/1.1\r\nHost: x\r\n" + "".join(
            f"X-{n}: {'v' * 100}\r\n" for n in range(1000)) + "\r\n"), (431, 413))
        self.assertEqual(self.status("POST /player/v1/enrolment HTTP/1.1\r\nHost: x\r\n"
                                     "Content-Length: 5000000\r\n\r\n"), 413)
        self.assertEqual(self.status("POST /player/v1/enrolment HTTP/1.1\r\nHost: x\r\n"
                                     "Content-Length: 99999999999999999999999\r\n\r\n"), 413)
        chunk = "1000\r\n" + "x" * 4096 + "\r\n"
        self.assertEqual(self.status("POST /player/v1/enrolment HTTP/1.1\r\nHost: x\r\nConnection: "
                                     "close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     + chunk * 20 + "0\r\n\r\n"), 413)

    def test_garbage(self):
        for text in (b"\x00" * 100, b"\xff\xfe\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", b"\r\n" * 50,
                     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
            SITE.raw(text, wait=1)
        self.assertEqual(SITE.ask("GET", "/healthz")[0].status, 200)

    def test_pipelined_requests_are_answered_in_order(self):
        answer = SITE.raw("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 9 +
                          "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertEqual(answer.count(b"HTTP/1.1 200"), 9)
        self.assertEqual(answer.count(b"HTTP/1.1 404"), 1)

    def test_addresses_that_c_strings_would_cut(self):
        for path in ("/healthz%00", "/%00", "/healthz%00/../x", "/media/" + "0" * 62 + "%00"):
            self.assertEqual(self.status(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"), 400, path)
        for path in ("/healthz%", "/healthz%zz", "/healthz/", "//healthz", "/healthz/..", "/.", "*"):
            self.assertIn(self.status(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                      "\r\n"), (400, 404), path)
        self.assertEqual(self.status("GET /%68ealthz?at=%00x HTTP/1.1\r\nHost: x\r\n\r\n"), 400)
        self.assertEqual(self.status("GET /%68ealthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                     "\r\n"), 200)

    def test_hosts(self):
        self.assertEqual(self.status("GET /healthz HTTP/1.1\r\n\r\n"), 400)
        self.assertEqual(self.status("GET /healthz HTTP/1.0\r\n\r\n"), 200)

    def test_cookies(self):
        cookie = SITE.cookie()
        for headers, status in ((f"Cookie: {cookie}", 200), (f"Cookie: a=b; {cookie}; c=d", 200),
                                (f"Cookie: a={'x' * 9000}; {cookie}", 200),
                                (f"Cookie: a={'x' * 90000}; {cookie}", 431),
                                (f"Cookie: {cookie}x", 401), (f"Cookie: {cookie.upper()}", 401),
                                ("Cookie: vitrine_session=", 401), ("Cookie: ;;;=;", 401)):
            self.assertEqual(self.status("GET /api/v1/session HTTP/1.1\r\nHost: x\r\nConnection: "
                                         f"close\r\n{headers}\r\n\r\n"), status, headers[:60])
        answer = SITE.raw("GET /api/v1/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                          f"Cookie: {cookie}\r\nCookie: vitrine_session={'0' * 64}\r\n\r\n")
        self.assertIn(answer.split(b" ")[1], (b"200", b"401"), "one of the two, and no crash")

    def test_a_locked_database_is_said_to_be_busy(self):
        database = sqlite3.connect(os.path.join(SITE.data, "vitrine.db"), isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        try:
            response, content = SITE.ask("POST", "/player/v1/reports",
                                         {"boot": "e" * 32, "records": []},
                                         {"Authorization": "Bearer " + TOKEN})
            self.assertEqual((response.status, response.getheader("Retry-After")), (503, "10"))
            self.assertNotIn(b"database", content)
            response, _ = SITE.ask("GET", "/player/v1/manifest",
                                   headers={"Authorization": "Bearer " + TOKEN})
            self.assertEqual(response.status, 200)
        finally:
            database.execute("ROLLBACK")
            database.close()
        response, _ = SITE.ask("POST", "/player/v1/reports", {"boot": "e" * 32, "records": []},
                               {"Authorization": "Bearer " + TOKEN})
        self.assertEqual(response.status, 200)

    def test_clients_that_go_away_do_no_harm(self):
        for _ in range(50):
            peer = socket.create_connection(("127.0.0.1", SITE.port))
            peer.sendall(f"GET /player/v1/manifest HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                         f"{TOKEN}\r\nPrefer: wait=3\r\nIf-None-Match: *\r\n\r\n".encode())
            peer.close()
        time.sleep(0.2)
        self.assertEqual(SITE.ask("GET", "/healthz")[0].status, 200)

    def test_zz_guessing_is_slowed_down(self):
        statuses = [SITE.login(password=f"faux {n} 123456")[0].status for n in range(6)]
        self.assertEqual(statuses[:5], [403] * 5)
        self.assertEqual(statuses[5], 429)
        response, _ = SITE.login()
        self.assertEqual(response.status, 429, "the right password waits too")
        self.assertGreater(int(response.getheader("Retry-After")), 10)
