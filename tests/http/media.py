"""What people send, from the first byte to what screens get: a server of its own, which is killed now
and then. Arguments: vitrine-server, the source folder."""
import base64
import hashlib
import http.client
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
import zlib

from media_site import Site


def ffmpeg(*words, body=None):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin" if body is None else "-y", *words],
                          input=body, check=True, capture_output=True).stdout


def made(suffix, *words):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made" + suffix)
        ffmpeg("-y", *words, path)
        with open(path, "rb") as file:
            return file.read()


def photo(size="640x480", more=""):
    return made(".jpg", "-f", "lavfi", "-i", f"testsrc2=s={size}{more}", "-frames:v", "1", "-q:v",
                "3")


def two_colours():
    """400 × 200: red on the left, blue on the right."""
    return made(".jpg", "-f", "lavfi", "-i", "color=red:s=200x200", "-f", "lavfi", "-i",
                "color=blue:s=200x200", "-filter_complex", "hstack", "-frames:v", "1", "-q:v", "1")


def with_exif(jpeg, orientation):
    """Orientation, and a position: 49° N."""
    def entry(tag, kind, count, value):
        return struct.pack("<HHI", tag, kind, count) + value
    ifd = struct.pack("<H", 2) + entry(0x0112, 3, 1, struct.pack("<HH", orientation, 0)) + \
        entry(0x8825, 4, 1, struct.pack("<I", 38)) + struct.pack("<I", 0)
    gps = struct.pack("<H", 2) + entry(1, 2, 2, b"N\0\0\0") + \
        entry(2, 5, 3, struct.pack("<I", 68)) + struct.pack("<I", 0)
    degrees = struct.pack("<6I", 49, 1, 26, 1, 30, 1)
    tiff = b"II*\0" + struct.pack("<I", 8) + ifd + gps + degrees
    body = b"Exif\0\0" + tiff
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GEHEIM</x:xmpmeta>"
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    segment += b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp
    segment += b"\xff\xfe" + struct.pack(">H", 8) + b"GEHEIM"
    return jpeg[:2] + segment + jpeg[2:]


def png(width, height, rows=None, extra=b""):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + \
            struct.pack(">I", zlib.crc32(name + body))
    pixels = rows if rows is not None else (b"\0" + b"\x80\x20\x40\x60" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0,
                                                           0, 0)) + \
        chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"") + extra


def archive():
    name = b"secret.txt"
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0) + name
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name),
                          0, 0, 0, 0, 0, 0) + name
    return local + central + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central),
                                         len(local), 0)


def pdf(pages):
    kids = " ".join(f"{3 + 2 * i} 0 R" for i in range(pages))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"]
    for i in range(pages):
        drawing = f"{i} 0 0 rg 0 0 320 360 re f"
        objects += [f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 640 360] /Contents {4 + 2 * i}"
                    " 0 R >>", f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream"]
    out, places = b"%PDF-1.4\n", []
    for i, text in enumerate(objects):
        places.append(len(out))
        out += f"{i + 1} 0 obj\n{text}\nendobj\n".encode()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + table + \
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"\
        .encode()


def presentation(pages):
    """An OpenDocument presentation of that many slides, each with a line of text."""
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{value}:1.0"'
                     for name, value in (("office", "office"), ("text", "text"),
                                         ("draw", "drawing"), ("svg", "svg-compatible")))
    body = "".join(f"<draw:page><draw:frame svg:width='20cm' svg:height='5cm'><draw:text-box>"
                   f"<text:p>Page {page}</text:p></draw:text-box></draw:frame></draw:page>"
                   for page in range(1, pages + 1))
    kind = "application/vnd.oasis.opendocument.presentation"
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as file:
        file.writestr("mimetype", kind)
        file.writestr("content.xml", f"<office:document-content {names} office:version='1.3'>"
                      f"<office:body><office:presentation>{body}</office:presentation>"
                      "</office:body></office:document-content>", zipfile.ZIP_DEFLATED)
        file.writestr("META-INF/manifest.xml",
                      "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:"
                      f"manifest:1.0'><manifest:file-entry manifest:full-path='/' "
                      f"manifest:media-type='{kind}'/><manifest:file-entry manifest:full-path="
                      "'content.xml' manifest:media-type='text/xml'/></manifest:manifest>")
    return document.getvalue()


def pixel(content, x, y):
    """Of a picture, as red, green, blue."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        raw = ffmpeg("-i", file.name, "-vf", f"format=rgb24,crop=1:1:{x}:{y}", "-f", "rawvideo", "-pix_fmt",
                     "rgb24", "-")
    return tuple(raw[:3])


SITE = Site()


def files_below(*parts):
    found = []
    for folder, _, names in os.walk(os.path.join(SITE.data, *parts)):
        found += [os.path.join(folder, name) for name in names]
    return found


class Uploads(unittest.TestCase):
    def test_resumed_after_kills(self):
        body = photo("1600x1200") + bytes(3_000_000)
        path = SITE.begin(len(body), "vacances.jpg")
        response, _ = SITE.piece(path, 0, body[:1_000_000])
        self.assertEqual((response.status, response.getheader("Upload-Offset")), (204, "1000000"))
        self.assertIn("GMT", response.getheader("Upload-Expires"))
        SITE.kill()
        SITE.start()
        response, content = SITE.tus("HEAD", path)
        self.assertEqual((response.status, content), (200, b""))
        self.assertEqual(response.getheader("Upload-Offset"), "1000000")
        self.assertEqual(response.getheader("Upload-Length"), str(len(body)))
        self.assertIn("no-store", response.getheader("Cache-Control"))
        # Killed in the middle of a request: what is on disk is what has come.
        connection = http.client.HTTPConnection("127.0.0.1", SITE.port, timeout=30)
        connection.putrequest("PATCH", path)
        for name, value in SITE.headers({
                "Tus-Resumable": "1.0.0", "Upload-Offset": "1000000",
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(len(body) - 1_000_000)}).items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body[1_000_000:2_500_000])
        time.sleep(0.5)
        SITE.kill()
        connection.close()
        SITE.start()
        response, _ = SITE.tus("HEAD", path)
        offset = int(response.getheader("Upload-Offset"))
        self.assertGreater(offset, 2_000_000)
        response, _ = SITE.piece(path, offset, body[offset:])
        self.assertEqual(response.status, 204)
        sha256 = hashlib.sha256(body).hexdigest()
        self.assertEqual(response.getheader("Vitrine-Media"), sha256)
        self.assertEqual(SITE.tus("HEAD", path)[0].status, 404)
        item = SITE.wait(sha256)
        self.assertEqual((item["state"], item["name"], item["width"], item["height"]),
                         ("ready", "vacances.jpg", 1600, 1200))

    def test_a_line_that_breaks_keeps_what_came(self):
        body = bytes(range(256)) * 4000
        path = SITE.begin(len(body), "x.bin")
        connection = http.client.HTTPConnection("127.0.0.1", SITE.port, timeout=30)
        connection.putrequest("PATCH", path)
        for name, value in SITE.headers({
                "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(len(body))}).items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body[:500_001])
        connection.close()
        for _ in range(50):
            response, _ = SITE.tus("HEAD", path)
            if response.getheader("Upload-Offset") == "500001":
                break
            time.sleep(0.1)
        self.assertEqual(response.getheader("Upload-Offset"), "500001")
        self.assertEqual(SITE.tus("DELETE", path)[0].status, 204)

    def test_who_comes_back_takes_over(self):
        """The first request hangs: its line is dead, and nobody knows yet."""
        body = bytes(1_000_000)
        path = SITE.begin(len(body), "x.bin")
        hanging = http.client.HTTPConnection("127.0.0.1", SITE.port, timeout=30)
        hanging.putrequest("PATCH", path)
        for name, value in SITE.headers({
                "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(len(body))}).items():
            hanging.putheader(name, value)
        hanging.endheaders()
        hanging.send(body[:300_000])
        time.sleep(0.3)
        offset = int(SITE.tus("HEAD", path)[0].getheader("Upload-Offset"))
        response, content = SITE.piece(path, offset, body[offset:])
        self.assertEqual(response.status, 204, content)
        hanging.close()

    def test_refusals(self):
        path = SITE.begin(100, "x.bin")
        json_type = "application/offset+octet-stream"
        cases = (
            (412, SITE.ask("POST", "/api/v1/uploads", headers={"Upload-Length": "5"})),
            (412, SITE.tus("HEAD", path, Tus_Resumable="0.2.2")),
            (400, SITE.tus("POST", "/api/v1/uploads")),
            (400, SITE.tus("POST", "/api/v1/uploads", Upload_Length="-5")),
            (413, SITE.tus("POST", "/api/v1/uploads", Upload_Length="3000000000")),
            (400, SITE.tus("POST", "/api/v1/uploads", Upload_Length="5",
                           Upload_Metadata="filename !!!")),
            (400, SITE.tus("POST", "/api/v1/uploads", Upload_Length="5",
                           Upload_Metadata="filename " + base64.b64encode(b"a\nb").decode())),
            (404, SITE.tus("POST", "/api/v1/uploads", Upload_Length="5",
                           Upload_Metadata="site " + base64.b64encode(b"nulle-part").decode())),
            (415, SITE.tus("PATCH", path, b"x", Upload_Offset="0", Content_Type="text/plain")),
            (409, SITE.piece(path, 1, b"x")),
            (413, SITE.piece(path, 0, bytes(101))),
            (404, SITE.piece("/api/v1/uploads/0123", 0, b"x")),
            (404, SITE.piece("/api/v1/uploads/..%2fvitrine.db", 0, b"x")),
            (400, SITE.tus("PATCH", path, b"x", Content_Type=json_type)),
            (401, SITE.ask("PATCH", path, b"x", {"Tus-Resumable": "1.0.0"}, plain=True)),
            (400, SITE.ask("POST", "/api/v1/media")),
        )
        for i, (status, (response, content)) in enumerate(cases):
            with self.subTest(i, content=content):
                self.assertEqual(response.status, status)
        response, _ = SITE.tus("HEAD", path)
        self.assertEqual(response.getheader("Upload-Offset"), "0")
        self.assertEqual(SITE.tus("DELETE", path)[0].status, 204)
        self.assertEqual(SITE.tus("DELETE", path)[0].status, 404)
        response, _ = SITE.ask("OPTIONS", "/api/v1/uploads", plain=True)
        self.assertEqual((response.status, response.getheader("Tus-Version")), (204, "1.0.0"))
        self.assertIn("creation", response.getheader("Tus-Extension"))

    def test_unfinished_ones_are_counted(self):
        paths = []
        for _ in range(10):
            paths.append(SITE.begin(10, "x"))
        response, content = SITE.tus("POST", "/api/v1/uploads", Upload_Length="10")
        self.assertEqual(response.status, 409, content)
        for path in paths:
            self.assertEqual(SITE.tus("DELETE", path)[0].status, 204)


class Pictures(unittest.TestCase):
    def test_a_turned_photo_comes_upright_and_bare(self):
        body = with_exif(two_colours(), 6)
        item = SITE.sent("portrait.jpg", body)
        self.assertEqual((item["state"], item["width"], item["height"]), ("ready", 200, 400))
        about, content = SITE.rendition(item, "screen")
        self.assertEqual((about["type"], about["width"], about["height"]), ("image/jpeg", 200, 400))
        for word in (b"Exif", b"GEHEIM", b"adobe", b"ICC_PROFILE"):
            self.assertNotIn(word, content)
        top, bottom = pixel(content, 100, 50), pixel(content, 100, 350)
        self.assertTrue(top[0] > 200 and top[2] < 60, top)
        self.assertTrue(bottom[2] > 200 and bottom[0] < 120, bottom)
        # The original, with its position, is for who is logged in.
        path = f"/api/v1/media/{item['sha256']}/original"
        response, content = SITE.ask("GET", path)
        self.assertEqual((response.status, content), (200, body))
        self.assertIn("attachment", response.getheader("Content-Disposition"))
        self.assertIn("private", response.getheader("Cache-Control"), "no proxy keeps it")
        self.assertEqual(SITE.ask("GET", path, plain=True)[0].status, 401)
        self.assertEqual(SITE.ask("GET", "/media/" + item["sha256"], plain=True)[0].status, 404)

    def test_sizes(self):
        item = SITE.sent("grande.jpg", photo("4000x3000"))
        self.assertEqual({one["role"]: (one["width"], one["height"]) for one in item["renditions"]},
                         {"screen": (1920, 1440), "thumbnail": (480, 360)})
        response, content = SITE.ask("GET", f"/api/v1/media/{item['sha256']}/thumbnail")
        self.assertEqual((response.status, response.getheader("Content-Type")),
                         (200, "image/jpeg"))
        self.assertEqual(content[:2], b"\xff\xd8")

    def test_what_shows_through_stays(self):
        item = SITE.sent("logo.png", png(300, 200))
        about, content = SITE.rendition(item, "screen")
        self.assertEqual((about["type"], about["width"]), ("image/png", 300))
        self.assertEqual(content[25], 6)

    def test_the_same_again_is_the_same(self):
        body = photo("320x200")
        first = SITE.sent("une.jpg", body)
        again = SITE.send("autre.jpg", body)
        self.assertEqual((again["sha256"], again["name"], again["state"]),
                         (first["sha256"], "une.jpg", "ready"))
        self.assertEqual(again["created_ms"], first["created_ms"])

    def test_of_an_animation_the_first_view(self):
        body = made(".gif", "-f", "lavfi", "-i", "testsrc2=s=100x80:r=5:d=1")
        item = SITE.sent("danse.gif", body)
        self.assertEqual(item["state"], "ready")
        self.assertIn("animée", item["reason"])
        self.assertEqual(SITE.rendition(item, "screen")[0]["height"], 80)


class Documents(unittest.TestCase):
    def test_pages(self):
        item = SITE.sent("plan.pdf", pdf(2))
        self.assertEqual((item["state"], item["kind"], item["pages"]), ("ready", "pages", 2))
        for page in (1, 2):
            about, content = SITE.rendition(item, "page", page)
            self.assertEqual((about["width"], about["height"]), (1920, 1080))
            self.assertEqual(pixel(content, 1500, 500), (255, 255, 255))
            red = pixel(content, 400, 500)[0]
            self.assertTrue(red > 240 if page == 2 else red < 15, red)

    @unittest.skipUnless(os.path.exists("/usr/bin/soffice"), "LibreOffice is not installed")
    def test_slides(self):
        item = SITE.sent("vues.odp", presentation(2))
        self.assertEqual((item["state"], item["pages"]), ("ready", 2), item)
        for page in (1, 2):
            self.assertGreater(SITE.rendition(item, "page", page)[0]["width"], 1000)

    def test_captions(self):
        body = "WEBVTT\n\n00:00.000 --> 00:02.000\nBonjour à tous\n".encode()
        item = SITE.sent("film.vtt", body)
        self.assertEqual((item["state"], item["kind"]), ("ready", "captions"))
        response, content = SITE.ask("GET", "/media/" + item["sha256"], plain=True)
        self.assertEqual((response.status, content), (200, body))


class Films(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.film = made(".mp4", "-f", "lavfi", "-i", "testsrc2=s=2560x1440:r=60:d=3", "-f", "lavfi",
                        "-i", "sine=d=3", "-c:v", "libx264", "-preset", "ultrafast", "-movflags",
                        "+faststart", "-metadata", "title=GEHEIM")

    def test_film(self):
        """The server is killed while it is at work: the work is done all the same."""
        sha256 = SITE.send("concert.mp4", self.film)["sha256"]
        until = time.monotonic() + 60
        while SITE.item(sha256)["state"] == "received" and time.monotonic() < until:
            time.sleep(0.05)
        SITE.kill()
        SITE.start()
        item = SITE.wait(sha256)
        self.assertEqual((item["state"], item["reason"]), ("ready", ""))
        self.assertEqual((item["width"], item["height"]), (2560, 1440))
        about, content = SITE.rendition(item, "film")
        self.assertEqual((about["type"], about["width"], about["height"]),
                         ("video/mp4", 1920, 1080))
        self.assertNotIn(b"GEHEIM", content)
        self.assertLess(content.index(b"moov"), content.index(b"mdat"))
        with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
            file.write(content)
            file.flush()
            streams = json.loads(subprocess.run(
                ["ffprobe", "-v", "error", "-of", "json", "-show_streams", file.name], check=True,
                capture_output=True).stdout)["streams"]
        self.assertEqual([(one["codec_name"], one["profile"], one["level"], one["pix_fmt"],
                           one["avg_frame_rate"]) for one in streams],
                         [("h264", "High", 41, "yuv420p", "30/1")])
        self.assertEqual(SITE.rendition(item, "poster")[0]["width"], 1920)
        self.assertEqual(SITE.rendition(item, "thumbnail")[0]["width"], 480)

    def test_turned_film(self):
        with tempfile.TemporaryDirectory() as folder:
            lying, turned = os.path.join(folder, "a.mp4"), os.path.join(folder, "b.mp4")
            ffmpeg("-y", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1", "-c:v", "libx264",
                   lying)
            ffmpeg("-y", "-display_rotation", "90", "-i", lying, "-c", "copy", turned) \
                if b"display_rotation" in ffmpeg("-h", "full") else \
                ffmpeg("-y", "-i", lying, "-c", "copy", "-metadata:s:v:0", "rotate=90", turned)
            with open(turned, "rb") as file:
                item = SITE.sent("debout.mp4", file.read())
        about, _ = SITE.rendition(item, "film")
        self.assertEqual((about["width"], about["height"]), (180, 320))


class Refused(unittest.TestCase):
    def check(self, name, body, word):
        sha256 = hashlib.sha256(body).hexdigest()
        item = SITE.sent(name, body)
        self.assertEqual(item["state"], "refused", item)
        self.assertIn(word, item["reason"])
        english = SITE.item(sha256, "en")["reason"]
        self.assertTrue(english and english != item["reason"])
        self.assertEqual(item["renditions"], [])
        self.assertEqual([path for path in files_below("originals") if sha256 in path], [])

    def test_pictures(self):
        jpeg = photo("320x240")
        bomb = png(30000, 30000, rows=bytes(1000))
        for name, body, word in (
                ("bombe.png", bomb, "900 mégapixels"),
                ("coupée.jpg", jpeg[:len(jpeg) // 2], "manque la fin"),
                ("coupée.png", png(50, 50)[:-20], "manque la fin"),
                ("menteuse.png", png(500, 500, rows=bytes(100)), "abîmée"),
                ("photo.jpg", jpeg + archive(), "caché"),
                ("photo.png", png(40, 40, extra=b"\n<html><script>alert(1)</script>"), "caché"),
                ("photo.jpg", png(41, 40), "« .jpg »"),
                ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>" + b" " * 40, "PNG"),
                ("page.html", b"<!doctype html><script>alert(1)</script>", "ni une image"),
                ("archive.zip", archive(), "ni une image"),
                ("vide.jpg", b"\xff\xd8\xff", "vide")):
            with self.subTest(name, word=word):
                self.check(name, body, word)

    def test_what_hides_in_a_comment_is_stripped(self):
        jpeg = photo("330x240")
        body = jpeg[:2] + b"\xff\xfe\x00\x30" + b"<script>alert('GEHEIM')</script>".ljust(46) + \
            jpeg[2:]
        item = SITE.sent("photo.jpg", body)
        self.assertEqual(item["state"], "ready")
        self.assertNotIn(b"GEHEIM", SITE.rendition(item, "screen")[1])

    def test_films(self):
        webm = made(".webm", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=6", "-c:v", "libvpx")
        mp4 = made(".mp4", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=6", "-movflags",
                   "+faststart")
        for name, body, word in (
                ("coupe.webm", webm[:len(webm) // 2], "la fin"),
                ("coupe.mp4", mp4[:len(mp4) // 2], "entier"),
                ("son.mp4", made(".mp4", "-f", "lavfi", "-i", "sine=d=2"), "images de film"),
                ("long.mp4", made(".mp4", "-f", "lavfi", "-i", "color=s=64x64:r=1:d=660"),
                 "10 minutes"),
                ("archive.mp4", mp4 + archive(), "caché")):
            with self.subTest(name):
                self.check(name, body, word)

    def test_documents(self):
        self.check("long.pdf", pdf(51), "51 pages")
        self.check("casse.pdf", b"%PDF-1.7\n" + b"x" * 400, "PDF")
        if not os.path.exists("/usr/bin/soffice"):
            self.check("vues.pptx", archive(), "libreoffice")


class Library(unittest.TestCase):
    def test_described_used_deleted(self):
        item = SITE.sent("bureau.jpg", photo("300x300"))
        path = "/api/v1/media/" + item["sha256"]
        response, _ = SITE.ask("GET", path)
        etag = response.getheader("ETag")
        self.assertEqual(SITE.ask("GET", path, headers={"If-None-Match": etag})[0].status, 304)
        words = json.dumps({"alt": "Un bureau", "credit": "Ana Petit"})
        self.assertEqual(SITE.ask("PATCH", path, words)[0].status, 428)
        self.assertEqual(SITE.ask("PATCH", path, words, {"If-Match": '"x"'})[0].status, 412)
        response, content = SITE.ask("PATCH", path, words, {"If-Match": etag})
        self.assertEqual(response.status, 200, content)
        changed = json.loads(content)
        self.assertEqual((changed["name"], changed["alt"], changed["credit"]),
                         ("bureau.jpg", "Un bureau", "Ana Petit"))
        response, content = SITE.ask("PATCH", path, '{"nom": "x"}',
                                     {"If-Match": response.getheader("ETag")})
        self.assertEqual((response.status, json.loads(content)["field"]), (400, "nom"))

        _, content = SITE.ask("GET", "/api/v1/organisations?limit=1")
        organisation = json.loads(content)["items"][0]
        portrait = {"id": "essai", "organisation": organisation["id"], "leader_name": "Ana Petit",
                    "quote": "Ensemble", "sector": "culture", "from": "2026-01-01",
                    "until": "2030-01-01",
                    "photo": {"media": item["sha256"], "alt": "x", "credit": "y",
                              "consent_date": "2026-01-01"}}
        response, content = SITE.ask("POST", "/api/v1/portraits", json.dumps(portrait))
        self.assertEqual(response.status, 201, content)
        whole = SITE.item(item["sha256"])
        self.assertEqual([(one["kind"], one["id"]) for one in whole["uses"]],
                         [("portrait", "essai")])
        etag = SITE.ask("GET", path)[0].getheader("ETag")
        response, content = SITE.ask("DELETE", path, headers={"If-Match": etag})
        self.assertEqual(response.status, 409)
        self.assertIn("Ana Petit", json.loads(content)["detail"])
        response, _ = SITE.ask("GET", "/api/v1/portraits/essai")
        self.assertEqual(SITE.ask("DELETE", "/api/v1/portraits/essai",
                                  headers={"If-Match": response.getheader("ETag")})[0].status, 204)
        self.assertEqual(SITE.ask("DELETE", path, headers={"If-Match": etag})[0].status, 204)
        self.assertEqual(SITE.ask("GET", path)[0].status, 404)
        for one in item["renditions"]:
            self.assertEqual(SITE.ask("GET", one["url"], plain=True)[0].status, 404)
        self.assertEqual([one for one in files_below() if item["sha256"] in one], [])

    def test_replaced_in_all_its_places(self):
        old, new = (SITE.sent(name, photo(size)) for name, size in (("avant.jpg", "330x300"),
                                                                    ("apres.jpg", "340x300")))
        pages = SITE.sent("plan.pdf", pdf(2))
        path = "/api/v1/media/" + old["sha256"]
        etag = SITE.ask("GET", path)[0].getheader("ETag")
        SITE.ask("PATCH", path, json.dumps({"alt": "Une mire"}), {"If-Match": etag})
        etag = SITE.ask("GET", path)[0].getheader("ETag")

        def slide(sha256):
            return {"slide": {"template": "quote", "texts": {"quote": "Ensemble", "author": "Ana"},
                              "picture": {"file_sha256": sha256, "alt": "x", "credit": "y"}}}
        body = {"id": "essai-affiche", "title": "Affiche", "strip": False,
                "entries": [slide(old["sha256"])]}
        response, content = SITE.ask("POST", "/api/v1/playlists", json.dumps(body))
        self.assertEqual(response.status, 201, content)
        response, content = SITE.ask("POST", "/api/v1/playlists/essai-affiche/publish", "{}",
                                     {"If-Match": response.getheader("ETag")})
        self.assertEqual(response.status, 200, content)
        body["title"] = "Affiche d’après"
        response, content = SITE.ask("PUT", "/api/v1/playlists/essai-affiche", json.dumps(body),
                                     {"If-Match": response.getheader("ETag")})
        self.assertEqual(response.status, 200, content)

        def replace(sha256, tag):
            response, content = SITE.ask("POST", path + "/replace", json.dumps({"with": sha256}),
                                         {"If-Match": tag} if tag else None)
            return response.status, json.loads(content) if content else None
        self.assertEqual(replace(new["sha256"], None)[0], 428)
        self.assertEqual(replace(new["sha256"], '"x"')[0], 412)
        self.assertEqual(replace("0" * 64, etag)[0], 404)
        self.assertEqual(replace(old["sha256"], etag)[0], 409)
        self.assertEqual(replace(pages["sha256"], etag)[0], 409)
        status, told = replace(new["sha256"], etag)
        self.assertEqual(status, 200, told)
        self.assertEqual([(one["kind"], one["id"]) for one in told["uses"]],
                         [("playlist", "essai-affiche")])
        self.assertEqual(told["alt"], "Une mire")
        self.assertEqual(SITE.item(old["sha256"])["uses"], [])
        # What is shown and the working copy, each with its own title.
        response, content = SITE.ask("GET", "/api/v1/playlists/essai-affiche")
        copy = json.loads(content)
        self.assertEqual(copy["entries"][0]["slide"]["picture"]["file_sha256"], new["sha256"])
        self.assertEqual((copy["title"], copy["working_copy"], copy["live"]),
                         ("Affiche d’après", True, True))
        _, content = SITE.ask("GET", "/api/v1/playlists/essai-affiche/difference")
        self.assertEqual([one["field"] for one in json.loads(content)["items"]], ["title"])
        _, content = SITE.ask("GET", "/api/v1/playlists/essai-affiche/history")
        self.assertEqual(json.loads(content)["items"][0]["action"], "replace")
        _, content = SITE.ask("GET", "/api/v1/audit?action=media.replace")
        self.assertEqual(json.loads(content)["items"][0]["subject"], old["sha256"])
        self.assertEqual(SITE.ask("DELETE", path, headers={"If-Match": etag})[0].status, 204)

    def test_pages_and_filters(self):
        for i in range(3):
            SITE.sent(f"serie-{i}.png", png(20 + i, 30))
        seen, after = [], ""
        while True:
            _, content = SITE.ask("GET", "/api/v1/media?q=SERIE&limit=2" + after)
            page = json.loads(content)
            seen += [one["name"] for one in page["items"]]
            if page["next"] is None:
                break
            after = "&after=" + page["next"]
        self.assertEqual(seen, ["serie-2.png", "serie-1.png", "serie-0.png"])
        for query, status in (("kind=picture&state=ready&site=", 200), ("kind=x", 400),
                              ("state=x", 400), ("limit=0", 400), ("nom=x", 400), ("after=x", 400),
                              ("q=introuvable", 200)):
            response, content = SITE.ask("GET", "/api/v1/media?" + query)
            self.assertEqual(response.status, status, (query, content))
            if query == "q=introuvable":
                self.assertEqual(json.loads(content)["items"], [])

    def test_check_finds_originals_that_are_damaged_or_gone(self):
        for size, harm, word in (("310x300", lambda path: os.truncate(path, 100), "0 manquants, 1 abîmés"),
                                 ("320x300", os.unlink, "1 manquants, 0 abîmés")):
            item = SITE.sent("atelier.jpg", photo(size))
            result = SITE.check()
            self.assertEqual(result.returncode, 0, result.stdout)
            path = os.path.join(SITE.data, "originals", item["sha256"][:2], item["sha256"])
            with open(path, "rb") as file:
                whole = file.read()
            harm(path)
            result = SITE.check()
            self.assertEqual(result.returncode, 1, result.stdout)
            self.assertIn(word, result.stdout.split("Originaux")[1])
            self.assertIn("atelier.jpg", result.stdout)
            with open(path, "wb") as file:
                file.write(whole)

    def test_nothing_is_left_behind(self):
        until = time.monotonic() + 10
        while files_below("work") and time.monotonic() < until:
            time.sleep(0.1)
        self.assertEqual(files_below("work"), [])


class Trouble(unittest.TestCase):
    def test_a_worker_that_fails_is_tried_three_times(self):
        site = Site("--worker", "/bin/false")
        item = site.sent("photo.jpg", photo("100x100"))
        self.assertEqual(item["state"], "refused")
        self.assertIn("trois essais", item["reason"])
        code, _ = site.stop()
        self.assertEqual(code, 0)

    def test_a_worker_that_crashes_costs_its_item(self):
        with tempfile.NamedTemporaryFile("w", suffix=".sh", delete=False) as file:
            file.write("#!/bin/sh\necho progress\nkill -SEGV $$\n")
        os.chmod(file.name, 0o700)
        site = Site("--worker", file.name)
        item = site.sent("photo.jpg", photo("100x100"))
        self.assertEqual(item["state"], "refused")
        self.assertIn("échouer", item["reason"])
        self.assertEqual(site.stop()[0], 0)
        os.unlink(file.name)


def main():
    suite = unittest.TestSuite()
    names = sys.argv[3:]
    for case in (Uploads, Pictures, Documents, Films, Refused, Library, Trouble):
        if not names or case.__name__ in names:
            suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    passed = unittest.TextTestRunner(verbosity=2 if names else 1).run(suite).wasSuccessful()
    code, log = SITE.stop()
    sound = code == 0 and "ERROR: AddressSanitizer" not in log and "runtime error" not in log
    if not sound or not passed:
        print(f"the server ended with {code}\n{log[-4000:]}", file=sys.stderr)
    return 0 if passed and sound else 1


if __name__ == "__main__":
    sys.exit(main())
