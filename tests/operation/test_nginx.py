"""The nginx example with the real nginx: test_nginx.py BUILD SOURCE."""
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time

from place import ENVIRONMENT, SOURCE, Place

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
if NGINX is None or shutil.which("openssl") is None:
    print("skipped: nginx or openssl is not there")
    sys.exit(77)


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


def check(right, what):
    if not right:
        raise AssertionError(what)


def configuration(place, tls, plain):
    text = (SOURCE / "packaging/nginx.conf.example").read_text(encoding="utf-8")
    for pattern, replacement in (
            (r"server 127\.0\.0\.1:8080;", f"server 127.0.0.1:{place.port};"),
            (r"listen 443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;"),
            (r"listen 80;", f"listen 127.0.0.1:{plain};"), (r" *listen \[::\].*\n", ""),
            (r"/etc/ssl/vitrine\.example\.(pem|key)", rf"{place.folder}/tls.\1"),
            (r"/var/lib/vitrine-server/", f"{place.data}/")):
        text, count = re.subn(pattern, replacement, text)
        check(count > 0, f"the example has no {pattern}")
    temporary = "".join(f"{kind}_temp_path {place.folder}/nginx-{kind};\n"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (f"{user}daemon off;\nworker_processes 1;\npid {place.folder}/nginx.pid;\n"
            f"error_log {place.folder}/nginx.log;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{temporary}{text}}}\n")


def main():
    place = Place()
    nginx = None
    try:
        place.serve("--secure")
        tls, plain = free_port(), free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=vitrine.example",
                        "-days", "2", "-keyout", place.folder / "tls.key", "-out", place.folder / "tls.pem"],
                       check=True, capture_output=True)
        file = place.folder / "nginx.conf"
        file.write_text(configuration(place, tls, plain), encoding="utf-8")
        said = subprocess.run([NGINX, "-t", "-c", file, "-p", place.folder], capture_output=True, text=True)
        check(said.returncode == 0 and "[warn]" not in said.stderr, said.stderr)
        nginx = subprocess.Popen([NGINX, "-c", file, "-p", place.folder], env=ENVIRONMENT,
                                 stderr=subprocess.DEVNULL)
        trust = ssl.create_default_context(cafile=str(place.folder / "tls.pem"))
        trust.check_hostname = False

        def ask(method, path, body=None, headers=None):
            peer = http.client.HTTPSConnection("127.0.0.1", tls, context=trust, timeout=20)
            peer.request(method, path, body=body, headers=headers or {})
            response = peer.getresponse()
            content = response.read()
            peer.close()
            return response, content

        for _ in range(50):
            try:
                if ask("GET", "/healthz")[1] == b"ok\n":
                    break
            except OSError:
                time.sleep(0.1)
        response, content = ask("GET", "/healthz")
        check(content == b"ok\n" and response.getheader("Strict-Transport-Security"), content)

        # Files come from nginx: also while the server is stopped.
        media = next(path for path in (place.data / "media").rglob("*") if path.is_file())
        os.chmod(place.data, 0o755)
        os.kill(place.process.pid, 19)
        try:
            response, content = ask("GET", f"/media/{media.name}")
            check(response.status == 200, response.status)
            check(hashlib.sha256(content).hexdigest() == media.name, "another file")
            check("immutable" in response.getheader("Cache-Control"), "not immutable")
            check(ask("GET", f"/media/{media.name}", headers={"Range": "bytes=0-9"})[0].status == 206, "Range")
            for path in ("/media/" + "0" * 64, "/media/../key", "/media/..%2fkey", "/media/%2e%2e/key"):
                if path.endswith("0"):
                    check(ask("GET", path)[0].status == 404, path)
            check(ask("DELETE", f"/media/{media.name}")[0].status == 403, "DELETE passes")
        finally:
            os.kill(place.process.pid, 18)
        for path in ("/media/../key", "/media/..%2fkey", "/media/aa/../../key"):
            response, content = ask("GET", path)
            check(response.status in (400, 404), (path, response.status))

        # What is passed on, compressed where that helps, and who asks.
        response, content = ask("GET", "/admin/", headers={"Accept-Encoding": "gzip"})
        check(response.status == 200 and response.getheader("Content-Encoding") == "gzip", response.headers)
        response, content = ask("POST", "/api/v1/session", json.dumps(
            {"user": "admin", "password": "mot de passe d’essai"}),
            {"Origin": f"https://127.0.0.1:{tls}", "Content-Type": "application/json"})
        check(response.status in (200, 201, 204), (response.status, content))
        cookie = response.getheader("Set-Cookie")
        check(cookie.startswith("__Host-") and "Secure" in cookie, cookie)
        check(ask("GET", "/metrics")[0].status == 404, "/metrics is passed on")
        check(ask("POST", "/player/v1/reports", b"x" * (3 << 20))[0].status == 413, "too long")
        with socket.create_connection(("127.0.0.1", plain)) as peer:
            peer.sendall(b"GET /x HTTP/1.1\r\nHost: vitrine.example\r\nConnection: close\r\n\r\n")
            check(b"301" in peer.recv(200), "no redirect to https")
        done = subprocess.run(["curl", "-sk", "--http2", "-o", "/dev/null", "-w", "%{http_version}",
                               f"https://127.0.0.1:{tls}/healthz"], capture_output=True, text=True)
        check(done.returncode == 127 or done.stdout == "2", done.stdout)
    finally:
        if nginx is not None:
            nginx.terminate()
            nginx.wait(20)
        place.close()


main()
