"""Bad input on every route, driven by the API's own description: test_bad_input.py BUILD SOURCE.

Whatever is wrong with a request, the answer is a problem with a 4xx status that tells nothing of
the server's inside, it comes soon, and nothing is stored."""
import http.client
import json
import os
import re
import socket
import sqlite3
import sys
import time

from place import PASSWORD, SOURCE, Place

INSIDE = re.compile(rb"/tmp/|vitrine-operation|sqlite|SQLite|SELECT |INSERT |\.c:\d|server/|0x[0-9a-f]{6}|"
                    rb"no such table|Segmentation|assert", re.I)
# What these routes do to who asks, or do without a body, is no business of this test.
LEFT_OUT = {("delete", "/api/v1/session"), ("delete", "/api/v1/sessions"), ("post", "/api/v1/safe-slide"),
            ("delete", "/api/v1/safe-slide"), ("post", "/api/v1/uploads"), ("post", "/api/v1/session"),
            ("post", "/api/v1/session/code")}
# Tables that change because somebody asks (sessions are seen, refusals are written down) or because
# time passes (what was planned).
NOT_COMPARED = ("sessions", "audit", "devices", "enrolments", "login", "play_", "planned_", "screen_hours")
DEEP = "[" * 3000 + "]" * 3000


class Bad:
    def __init__(self, place):
        self.place = place
        self.count = 0
        self.wrong = []
        self.cookie = self.csrf = None
        self.peer = None

    def login(self):
        response, content = self.place.ask("POST", "/api/v1/session", {"user": "admin", "password": PASSWORD},
                                           {"Origin": f"http://127.0.0.1:{self.place.port}"})
        assert response.status == 200, content
        self.cookie = response.getheader("Set-Cookie").split(";")[0]
        self.csrf = json.loads(content)["csrf"]

    def ask(self, method, path, body=None, headers=None):
        base = {"Origin": f"http://127.0.0.1:{self.place.port}", "Cookie": self.cookie,
                "X-CSRF-Token": self.csrf}
        if body is not None:
            base["Content-Type"] = "application/json"
        for attempt in (1, 2):
            try:
                if self.peer is None:
                    self.peer = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=20)
                self.peer.putrequest(method, path, skip_accept_encoding=True)
                for name, value in {**base, **(headers or {})}.items():
                    self.peer.putheader(name, value)
                if body is not None:
                    self.peer.putheader("Content-Length", str(len(body)))
                self.peer.endheaders()
                if body is not None:
                    try:
                        self.peer.send(body)
                    except OSError:
                        pass  # refused before it was all sent
                response = self.peer.getresponse()
                return response, response.read()
            except (http.client.HTTPException, OSError):
                self.peer.close()
                self.peer = None
                if attempt == 2:
                    raise
        raise AssertionError

    def refused(self, what, method, path, body=None, headers=None, statuses=range(400, 500)):
        self.count += 1
        began = time.monotonic()
        name = f"{method} {path[:90]} {what}"
        try:
            response, content = self.ask(method, path, body, headers)
        except (http.client.HTTPException, OSError) as problem:
            self.wrong.append(f"{name}: no answer ({problem!r})")
            return
        if time.monotonic() - began > 5:
            self.wrong.append(f"{name}: took {time.monotonic() - began:.1f} s")
        if response.status not in statuses:
            self.wrong.append(f"{name}: {response.status} {content[:150]}")
            return
        if response.status < 400:
            return
        if INSIDE.search(content):
            self.wrong.append(f"{name}: tells of the inside: {content[:200]}")
        if response.getheader("Content-Type") == "application/problem+json":
            problem = json.loads(content)
            if problem["status"] != response.status or not problem["detail"]:
                self.wrong.append(f"{name}: {content[:200]}")
        elif response.status not in (400, 413, 414, 431):  # libmicrohttpd's own
            self.wrong.append(f"{name}: no problem but {response.getheader('Content-Type')}")


def resolve(document, schema):
    while "$ref" in schema:
        node = document
        for part in schema["$ref"].lstrip("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def wrong_values(schema):
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    values = [{"x": 1}] if "object" not in kinds and "oneOf" not in schema and kinds != [None] else [7]
    if "string" in kinds:
        values += ["x" * 100000, "a\u0001b", 12]
    if "integer" in kinds:
        values += [1.5, 1e300, "12", -(2 ** 60)]
    if "array" in kinds:
        values += ["x", [[[1]]] * 3, list(range(100000))]
    if "boolean" in kinds:
        values += ["yes", 1]
    return values


def bad_bodies(document, schema):
    yield "no JSON", b"{"
    yield "empty", b""
    yield "only blanks", b"  \n"
    for text in (b"[]", b'"x"', b"7", b"null", b"true"):
        yield "no object", text
    yield "two", b"{}{}"
    yield "too deep", ('{"x":' + DEEP + "}").encode()
    yield "too long", b'{"x":"' + b"x" * 9000000 + b'"}'
    yield "unknown member", b'{"zz_unknown":1}'
    yield "twice", b'{"zz":1,"zz":2}'
    yield "NUL", b'{"id":"a\\u0000b"}'
    yield "raw NUL", b'{"id":"a\0b"}'
    yield "no UTF-8", b'{"id":"\xff\xfe"}'
    yield "half a surrogate", b'{"id":"\\ud800"}'
    yield "number beyond all", b'{"id":1e999999}'
    yield "UTF-16", "{}".encode("utf-16")
    for name, part in resolve(document, schema).get("properties", {}).items():
        part = resolve(document, part)
        if part.get("readOnly"):
            continue
        for value in wrong_values(part):
            yield f"{name}={str(value)[:20]}", json.dumps({name: value}).encode()


IDS = ["nobody-has-this-id", "..%2f..%2fetc%2fpasswd", "%2e%2e", "%252e%252e%252f", "a%00b", "%ff%fe",
       "x" * 5000, "'%20OR%201=1--", "%3Cscript%3E", "%E2%80%AE", "a%0d%0aSet-Cookie:x"]


def concrete(path, ids):
    return re.sub(r"\{[^}]+\}", lambda _: ids, path)


def each_place(bad):
    """Records' ids reach the desk, also those with dots and signs; what looks like an attack does not."""
    for place in ("portraits", "events/abc.def@ville.example", "events/fete.js", "programming/rules/a~b:c+d"):
        bad.refused("place", "GET", f"/admin/{place}", statuses=(200,))
    for place in ("no-such.js", "..", "a/../b", "a//b", "a%2f..%2fb", "a/" * 9, "x" * 300, "a%20b"):
        bad.refused("place", "GET", f"/admin/{place}", statuses=(400, 404))


def each_query(bad, method, path, operation):
    bad.refused("unknown query", method, path + "?zz_unknown=1")
    for parameter in operation.get("parameters", []):
        if parameter["in"] != "query":
            continue
        schema, name = parameter["schema"], parameter["name"]
        if schema.get("type") == "integer":
            for value in ("abc", "1.5", "99999999999999999999", "-1", "", "1%00", "0x10"):
                bad.refused(f"?{name}={value}", method, f"{path}?{name}={value}",
                            statuses=range(200, 500) if value == "" else range(400, 500))
        elif schema.get("format") in ("date", "date-time"):
            for value in ("2026-13-45", "hier", "2026-02-30T00:00:00Z", "9" * 400):
                bad.refused(f"?{name}={value[:20]}", method, f"{path}?{name}={value}")
        else:
            bad.refused(f"?{name} too long", method, f"{path}?{name}=" + "x" * 9000,
                        statuses=range(200, 500))


def each_route(bad, document):
    for path, operations in document["paths"].items():
        parametric = "{" in path
        for verb, operation in operations.items():
            method = verb.upper()
            if (verb, path) in LEFT_OUT:
                continue
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if verb == "get":
                # A provider adds to the address it sends browsers back to what it likes.
                if path.startswith("/api/v1/") and "/login" not in path and not parametric:
                    each_query(bad, method, path, operation)
                # Any plain word is a place of the desk, which says itself when it knows it not.
                ids = IDS[1:] if path.startswith("/admin/") else IDS
                for other in ids if parametric else []:
                    bad.refused("id", method, concrete(path, other))
                continue
            if parametric:
                for other in IDS:
                    bad.refused("id", method, concrete(path, other), b"{}" if body else None,
                                {"If-Match": '"zz"'})
            if body is None:
                continue
            place = concrete(path, "nobody-has-this-id")
            for what, text in bad_bodies(document, body.get("schema", {})):
                bad.refused(what, method, place, text, {"If-Match": '"zz"'} if parametric else None)
        for method in {"GET", "PUT", "PATCH", "DELETE", "POST"} - {verb.upper() for verb in operations}:
            bad.refused("method", method, concrete(path, "nobody-has-this-id"), statuses=range(400, 500))
        bad.refused("method", "TRACE", concrete(path, "nobody-has-this-id"), statuses=range(400, 502))


def each_record(bad, document):
    """Records that are there: without If-Match, with a stale one, and with bodies that are wrong."""
    for path, operations in document["paths"].items():
        match = re.fullmatch(r"(/api/v1/[a-z]+)/\{(\w+)\}", path)
        if not match or "put" not in operations or "get" not in document["paths"].get(match[1], {}):
            continue
        response, content = bad.ask("GET", match[1] + "?limit=1")
        if response.status != 200 or not json.loads(content).get("items"):
            continue
        item = json.loads(content)["items"][0]
        place = f"{match[1]}/{item.get('id') or item.get('uid') or item.get('name')}"
        response, _ = bad.ask("GET", place)
        etag = response.getheader("ETag")
        if response.status != 200 or etag is None:
            continue
        bad.refused("without If-Match", "PUT", place, b"{}", statuses=(400, 428))
        bad.refused("without If-Match", "DELETE", place, statuses=(400, 403, 405, 409, 428))
        bad.refused("stale", "DELETE", place, headers={"If-Match": '"zz"'},
                    statuses=(403, 405, 409, 412))
        for mark in ("*", '"a", "b"', "zz", '"', ""):
            bad.refused(f"If-Match {mark}", "PUT", place, b"{}", {"If-Match": mark})
        schema = operations["put"]["requestBody"]["content"]["application/json"].get("schema", {})
        for what, text in bad_bodies(document, schema):
            bad.refused(what, "PUT", place, text, {"If-Match": etag})


def raw(place, text, wait=3):
    with socket.create_connection(("127.0.0.1", place.port), timeout=wait) as peer:
        peer.sendall(text)
        answer = b""
        try:
            while piece := peer.recv(65536):
                answer += piece
        except (socket.timeout, ConnectionResetError):
            pass
        return answer


def each_framing(bad, document):
    """Two lengths and a length beside chunks, on every route that takes a body."""
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            if "requestBody" not in operation or verb not in ("post", "put", "patch"):
                continue
            bad.count += 1
            answer = raw(bad.place, (f"{verb.upper()} {concrete(path, 'x')} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
                                     "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n"
                                     "\r\n").encode(), 3)
            if b"\r\n\r\nok\n" in answer or not re.match(rb"HTTP/1.1 4", answer):
                bad.wrong.append(f"CL+TE {verb} {path}: {answer[:100]}")


def dump(place):
    database = sqlite3.connect(place.data / "vitrine.db")
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
              if not any(part in name for part in NOT_COMPARED)]
    # How far repeated events are known moves with time, whoever asks.
    rows = {name: sorted(row for row in map(repr, database.execute(f'SELECT * FROM "{name}"'))
                         if "events_until_ms" not in row) for name in tables}
    database.close()
    return rows


def files(place):
    return sorted(str(path) for path in place.data.rglob("*") if path.is_file()
                  and not path.name.startswith("vitrine.db") and "scratch" not in str(path)
                  and "search" not in path.name)


def main():
    document = json.loads((SOURCE / "docs/openapi.json").read_text(encoding="utf-8"))
    place = Place()
    bad = Bad(place)
    try:
        place.serve()
        bad.login()
        # What this server says of itself; the file is held to it by another test.
        response, content = bad.ask("GET", "/api/v1/openapi.json")
        document = json.loads(content) if response.status == 200 else document
        time.sleep(1.5)  # what serving itself writes at the beginning
        before, files_before = dump(place), files(place)
        each_place(bad)
        each_route(bad, document)
        each_record(bad, document)
        each_framing(bad, document)
        after = dump(place)
        for name in before:
            gone = [row for row in before[name] if row not in after.get(name, [])][:3]
            new = [row for row in after.get(name, []) if row not in before[name]][:3]
            if gone or new:
                bad.wrong.append(f"table {name}: gone {gone}, new {new}"[:600])
        if files(place) != files_before:
            bad.wrong.append(f"files: {sorted(set(files(place)) ^ set(files_before))[:5]}")
        response, _ = place.ask("GET", "/readyz")
        if response.status != 200:
            bad.wrong.append(f"not ready afterwards: {response.status}")
    finally:
        if bad.peer is not None:
            bad.peer.close()
        code = place.stop()
        log = place.close()
    if code != 0:
        bad.wrong.append(f"the server ended with {code}\n{log[-3000:]}")
    bad.wrong += [line for line in log.splitlines() if re.search(r"event=request .*status=5", line)][:20]
    print(f"{bad.count} requests, {len(bad.wrong)} wrong")
    for line in bad.wrong[:int(os.environ.get("SHOW", "60"))]:
        print(line)
    return 1 if bad.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
