"""Previews of what is being written, playlists before they are saved, films of them, and whether a
screen can be read."""
import json
import os
import struct
import subprocess
import time
import unittest

from site_under_test import SCREEN, SERVER, SITE
from wishes import person

UNKNOWN = "0" * 64


def size_of(png):
    """Width and height, from a PNG's header."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:20]
    return struct.unpack(">II", png[16:24])


class Asking(unittest.TestCase):
    def ask(self, method, path, body=None, headers=None):
        response, content = SITE.ask(method, path, body, headers or person())
        return response, content

    def say(self, path, body, status=200):
        response, content = self.ask("POST", path, body)
        self.assertEqual(response.status, status, content)
        return json.loads(content)

    def preview(self, kind, document, **more):
        return self.say("/api/v1/previews", {"kind": kind, "document": document, **more})

    def picture(self, path):
        response, content = self.ask("GET", path)
        self.assertEqual((response.status, response.getheader("Content-Type")),
                         (200, "image/png"), content[:200])
        return content


class Previews(Asking):
    def portrait(self, **change):
        _, content = self.ask("GET", "/api/v1/portraits?limit=1")
        record = json.loads(content)["items"][0]
        names = ("organisation", "leader_name", "leader_role", "quote", "story", "photo", "sector")
        return {**{name: record[name] for name in names}, **change}

    def test_a_form_as_it_stands_has_a_picture_in_each_size(self):
        told = self.preview("portraits", self.portrait(), width=320)
        self.assertEqual([slide["size"] for slide in told["slides"]], ["16:9", "9:16"])
        self.assertEqual([size_of(self.picture(slide["image"])) for slide in told["slides"]],
                         [(320, 180), (320, 569)])
        self.assertEqual(told["problems"], [])
        again = self.preview("portraits", self.portrait(), width=320)
        self.assertEqual(again["slides"], told["slides"], "the same form has the same picture")
        other = self.preview("portraits", self.portrait(leader_name="Zoé Lefèvre"), width=320)
        self.assertNotEqual(other["slides"][0]["image"], told["slides"][0]["image"])

    def test_a_picture_at_full_size_is_what_a_screen_shows(self):
        slide, = self.preview("portraits", self.portrait(), screen=SCREEN)["slides"]
        self.assertEqual(size_of(self.picture(slide["image"])), (1920, 1080))

    def test_an_empty_form_shows_where_things_go(self):
        for kind, field in (("portraits", "quote"), ("events", "when"), ("announcements", "title"),
                            ("organisations", "nom")):
            told = self.preview(kind, {})
            self.assertIn(field, told["placeholders"], kind)
            self.picture(told["slides"][0]["image"])

    def test_what_cannot_be_read_is_told_and_left_out(self):
        told = self.preview("events", {"title": "Atelier", "url": "pas une adresse",
                                       "image": {"media": UNKNOWN}, "strange": 1})
        self.assertEqual(sorted(problem["field"] for problem in told["problems"]),
                         ["image.media", "url"])
        self.picture(told["slides"][0]["image"])

    def test_counts_are_what_fits(self):
        def texts(quote):
            told = self.preview("portraits", self.portrait(quote=quote), focus="quote",
                                sizes=["16:9"])
            text, = [one for one in told["texts"] if one["field"] == "quote"]
            return told["slides"][0]["excess"], text

        excess, text = texts("Réparer, c’est déjà transmettre.")
        self.assertEqual((excess, text["used"], text["words"], text["words_most"]), ([], 32, 4, 12))
        self.assertGreater(text["most"], text["used"])
        long = ("les mots de notre quartier " * 12)
        excess, text = texts(long[:text["most"] + 60].strip())
        self.assertEqual(excess[0]["field"], "quote")
        self.assertLess(text["most"], text["used"])
        excess, _ = texts(long[:text["most"]])
        self.assertEqual(excess, [], "so many characters fit")

    def test_who_is_nobody_sees_nothing(self):
        image = self.preview("announcements", {"title": "Bonjour"})["slides"][0]["image"]
        response, _ = self.ask("GET", image, headers={"Accept": "image/png"})
        self.assertEqual(response.status, 401)
        for path in ("/api/v1/previews/x.png", f"/api/v1/previews/{'0' * 32}.png"):
            self.assertEqual(self.ask("GET", path)[0].status, 404)

    def test_wrong_questions(self):
        for body, field in (({"kind": "rules", "document": {}}, "kind"),
                            ({"kind": "events"}, "document"),
                            ({"kind": "events", "document": {}, "sizes": ["4:3"]}, "sizes"),
                            ({"kind": "events", "document": {}, "width": 9}, "width"),
                            ({"kind": "events", "document": {}, "lang": "de"}, "lang")):
            self.assertEqual(self.say("/api/v1/previews", body, 400)["field"], field)

    def test_frames_come_reduced(self):
        response, content = self.ask("GET", f"/api/v1/screens/{SCREEN}/frame?width=320")
        self.assertEqual((response.status, size_of(content)), (200, (320, 180)))
        self.assertEqual(self.ask("GET", f"/api/v1/screens/{SCREEN}/frame?width=9")[0].status, 400)

    def test_frames_are_those_of_the_renderer(self):
        manifest = os.path.join(SITE.folder, "manifest")
        image = os.path.join(SITE.folder, "frame.png")
        with open(manifest, "wb") as file:
            file.write(SITE.run("manifest", SCREEN).stdout)
        with open(os.path.join(SITE.data, "key"), "rb") as file:
            key = file.read()[-32:].hex()
        now = time.time()
        for at in (now + 60, now + 3600, now + 86400):
            instant = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
            subprocess.run([os.path.join(os.path.dirname(SERVER), "vitrine-render"), "screen",
                            "--manifest", manifest, "--key", key, "--at", instant, "-o", image,
                            "--media", os.path.join(SITE.data, "media")], check=True, timeout=60)
            response, content = self.ask("GET", f"/api/v1/screens/{SCREEN}/frame?at={instant}")
            self.assertEqual(response.status, 200, content)
            with open(image, "rb") as file:
                self.assertTrue(file.read() == content, f"byte for byte at {instant}")


class Playlists(Asking):
    entries = [{"source": "portraits", "count": 2, "duration_s": 3},
               {"slide": {"template": "quote", "texts": {"quote": "Bonjour.", "author": "Zoé"}}}]

    def test_an_unsaved_playlist_tells_its_slides_in_order(self):
        told = self.say("/api/v1/playlists/preview", {
            "playlist": {"format": 1, "strip": True, "entries": self.entries}, "size": "9:16"})
        self.assertEqual([item["entry"] for item in told["items"]], [0, 1, 0])
        self.assertEqual(told["entries"], [{"slides": 2, "total_ms": 6000},
                                           {"slides": 1, "total_ms": 8000}])
        self.assertEqual((told["count"], told["total_ms"]), (3, 14000))
        self.assertEqual(size_of(self.picture(told["items"][1]["image"])), (320, 569))
        wrong = self.say("/api/v1/playlists/preview", {
            "playlist": {"format": 1, "strip": True, "entries": [{"source": "stars"}]}}, 400)
        self.assertEqual(wrong["field"], "playlist.entries[0].source")

    def test_a_film_is_made_and_can_be_given_up(self):
        body = {"playlist": {"format": 1, "strip": False, "entries": self.entries[:1]},
                "size": "1:1"}
        film, dropped = self.say("/api/v1/films", body, 202), self.say("/api/v1/films", body, 202)
        self.assertEqual(self.ask("DELETE", f"/api/v1/films/{dropped['id']}")[0].status, 204)
        self.assertEqual(self.ask("GET", f"/api/v1/films/{dropped['id']}")[0].status, 404)
        end = time.monotonic() + 120
        while film["state"] in ("waiting", "making") and time.monotonic() < end:
            time.sleep(0.2)
            film = json.loads(self.ask("GET", f"/api/v1/films/{film['id']}")[1])
        self.assertEqual((film["state"], film["progress"]), ("ready", 100), film)
        response, content = self.ask("GET", film["file"])
        self.assertEqual((response.getheader("Content-Type"), content[4:8]), ("video/mp4", b"ftyp"))
        response, piece = self.ask("GET", film["file"], headers={**person(), "Range": "bytes=4-7"})
        self.assertEqual((response.status, piece), (206, b"ftyp"))
        self.assertEqual(len(content), film["size"])

    def test_an_instant_without_a_programme_is_refused(self):
        for at in ("demain", "9999-12-31T12:00:00Z"):
            told = self.say("/api/v1/films", {
                "playlist": {"entries": self.entries}, "at": at}, 400)
            self.assertEqual(told["field"], "at", told)


class Legibility(Asking):
    def look(self, **screen):
        return self.say("/api/v1/legibility", {"screen": {"width_px": 1920, "height_px": 1080,
                                                          "name": "Hall", **screen}})

    def test_a_small_screen_far_away(self):
        told = self.look(diagonal_mm=610, viewing_distance_mm=3000)
        self.assertEqual(told["verdict"], "small")
        self.assertIn("À 3 m ce texte est trop petit", told["message"])
        self.assertLess(told["readable_mm"], 3000)
        near = self.look(diagonal_mm=610, viewing_distance_mm=told["readable_mm"])
        self.assertEqual((near["verdict"], near["advice"]), ("good", ""))
        self.assertEqual(self.look(diagonal_mm=1400, viewing_distance_mm=3000)["verdict"], "good")
        self.assertEqual(self.look()["verdict"], "unknown")

    def test_records_show_in_the_main_zone(self):
        screen = {"width_px": 1920, "height_px": 1080, "diagonal_mm": 1000,
                  "viewing_distance_mm": 6000}
        whole, column = (self.say("/api/v1/legibility", {
            "records": True, "screen": {**screen, "layout": layout}})
            for layout in ("plein", "colonne"))
        excess = [sum(text["characters"] for one in told["misfits"] for text in one["excess"])
                  for told in (whole, column)]
        self.assertLess(excess[0], excess[1], "a column beside takes room from the records")
        for told in (whole, column):
            self.assertEqual(told["texts"][-1], whole["texts"][-1], "emergencies have all of it")
            self.assertEqual(told["width_mm"], whole["width_mm"])
        response, content = self.ask("POST", "/api/v1/legibility",
                                     {"screen": {**screen, "layout": "absente"}})
        self.assertEqual((response.status, json.loads(content)["field"]), (404, "screen.layout"))

    def test_records_that_do_not_fit(self):
        told = self.say("/api/v1/legibility", {"records": True, "screen": {
            "width_px": 480, "height_px": 1920, "diagonal_mm": 600, "viewing_distance_mm": 3000}})
        self.assertGreater(told["checked"], 10)
        for misfit in told["misfits"]:
            self.assertTrue(misfit["id"] and misfit["excess"][0]["characters"] > 0, misfit)
