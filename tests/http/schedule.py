"""The programming through the API: what shows when and why, what a rule would do, holidays and
the exposure that companies are due."""
import time
import unittest

from content import person
from site_under_test import SCREEN

BASE = {"title": "Essai", "playlist": "boucle-generale", "screens": [SCREEN], "groups": [],
        "class": "takeover", "from": "2026-01-01", "until": "2099-12-31"}


def setUpModule():
    admin = person()
    playlists, _ = admin.read("/playlists")
    BASE["playlist"] = playlists["items"][0]["id"]


class Schedule(unittest.TestCase):
    def check(self, **members):
        response, answer = person().ask("POST", "/rules/check", {**BASE, **members})
        self.assertEqual(response.status, 200, answer)
        return answer

    def test_a_rule_is_judged_before_it_is_saved(self):
        shows = self.check(recurrence="FREQ=WEEKLY;BYDAY=TU,WE", hours={"from": "10:00",
                                                                      "until": "11:00"})
        self.assertIsNone(shows["never"])
        self.assertEqual(len(shows["next"]), 10)
        self.assertEqual(shows["screens"][0]["id"], SCREEN)
        self.assertGreater(shows["screens"][0]["shown_ms"], 0)
        for members, code in (({"from": "2020-01-01", "until": "2020-12-31"}, "past"),
                              ({"zone": "absente"}, "no_zone")):
            with self.subTest(code):
                self.assertEqual(self.check(**members)["never"]["code"], code)
        self.assertIsNone(self.check(**{"from": "2090-01-01"})["never"])
        leap = {"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "until": "2030-12-31"}
        self.assertIsNone(self.check(**leap)["never"], "in 2028")
        listed, _ = person().read("/rules?limit=200")
        self.assertNotIn("Essai", [rule["title"] for rule in listed["items"]])

    def test_hours_are_told_in_the_time_zone_of_most_screens(self):
        admin = person()
        model, _ = admin.read(f"/screens/{SCREEN}")
        names = ["essai-reunion", "essai-cayenne", "essai-noumea"]
        kept = {key: model[key] for key in ("site", "width_px", "height_px", "diagonal_mm",
                                            "viewing_distance_mm", "bottom_edge_mm", "kiosk",
                                            "languages", "opening", "layout")}
        for name, zone in zip(names, ("Indian/Reunion", "Indian/Reunion", "Pacific/Noumea")):
            response, problem = admin.ask("POST", "/screens", {
                **kept, "id": name, "name": name, "time_zone": zone, "groups": []})
            self.assertEqual(response.status, 201, problem)
            self.addCleanup(self.take_away, name)
        asked = {"recurrence": "FREQ=DAILY", "hours": {"from": "10:00", "until": "11:00"}}
        for screens, zone, utc in ((names, "Indian/Reunion", 6), (names[1:2], "Indian/Reunion", 6),
                                   ([names[2]], "Pacific/Noumea", 23)):
            with self.subTest(screens):
                told = self.check(screens=screens, **asked)
                self.assertEqual(told["next_time_zone"], zone)
                hours = [ms / 3600000 % 24 for ms in told["next"][1:]]
                self.assertEqual(hours, [utc] * 9, "the first may be now")
        self.assertEqual(self.check(**{**asked, "from": "2020-01-01", "until": "2020-12-31"})[
            "next_time_zone"], None)

    def take_away(self, screen):
        _, etag = person().read(f"/screens/{screen}")
        person().ask("DELETE", f"/screens/{screen}", If_Match=etag)

    def test_what_cannot_be_a_rule_is_refused_as_it_would_be_saved(self):
        for members, field in (({"recurrence": "FREQ=HOURLY"}, "recurrence"),
                               ({"holidays": "jamais"}, "holidays"),
                               ({"playlist": "absente"}, "playlist"),
                               ({"also": ["2100-01-01"]}, "also[0]")):
            with self.subTest(field):
                response, problem = person().ask("POST", "/rules/check", {**BASE, **members})
                self.assertIn(response.status, (400, 404), problem)
                self.assertEqual(problem["field"], field)

    def test_a_programme_has_no_holes(self):
        programme, _ = person().read(f"/screens/{SCREEN}/programme")
        main = [part for part in programme["stretches"] if part["zone"] == "main"]
        self.assertGreater(len(main), 0)
        for before, after in zip(main, main[1:]):
            self.assertEqual(before["until_ms"], after["from_ms"])
        self.assertAlmostEqual(main[-1]["until_ms"] - main[0]["from_ms"], 7 * 86400000, delta=1)
        response, _ = person().ask("GET", f"/screens/{SCREEN}/programme?from=hier")
        self.assertEqual(response.status, 400)
        response, _ = person().ask("GET", f"/screens/{SCREEN}/programme"
                                          "?from=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z")
        self.assertEqual(response.status, 400)
        response, _ = person().ask("GET", "/screens/absent/programme")
        self.assertEqual(response.status, 404)

    def test_a_group_shows_each_different_programme_once(self):
        groups, _ = person().read("/groups?limit=200")
        screens, _ = person().read("/screens?limit=200")
        for group in groups["items"]:
            told, _ = person().read(f"/groups/{group['id']}/programme")
            named = [one["id"] for part in told["programmes"] for one in part["screens"]]
            wanted = [one["id"] for one in screens["items"] if group["id"] in one["groups"]]
            self.assertEqual(sorted(named), sorted(wanted))
            self.assertEqual(told["screen_count"], len(wanted))
            for part in told["programmes"]:
                alone, _ = person().read(f"/screens/{part['screens'][0]['id']}/programme")
                self.assertEqual([one.get("rule") for one in part["stretches"]],
                                 [one.get("rule") for one in alone["stretches"]])
                for closed in part["closed"]:
                    self.assertLess(closed["from_ms"], closed["until_ms"])
        response, _ = person().ask("GET", "/groups/absent/programme")
        self.assertEqual(response.status, 404)

    def test_gaps_come_screen_by_screen(self):
        page, _ = person().read("/gaps?limit=2")
        self.assertEqual(len(page["items"]), 2)
        rest, _ = person().read("/gaps?limit=2&after=" + page["next"])
        self.assertGreater(rest["items"][0]["screen"], page["items"][1]["screen"])
        for screen in page["items"]:
            self.assertEqual(screen["total_ms"],
                             sum(gap["until_ms"] - gap["from_ms"] for gap in screen["gaps"]))
        day, _ = person().read("/gaps?from=2031-01-01T00:00:00Z&until=2031-01-02T00:00:00Z")
        gap = [one for one in day["items"] if one["total_ms"]][0]["gaps"][0]
        self.assertGreaterEqual(gap["from_ms"], 1924992000000)
        self.assertLessEqual(gap["until_ms"], 1924992000000 + 86400000)

    def test_an_explanation_names_the_holiday(self):
        explained, _ = person().read(f"/screens/{SCREEN}/explain?at=2026-12-25T10:00:00%2B01:00")
        self.assertEqual(explained["holiday"], "Noël")
        self.assertTrue(all(rule["verdict"] for rule in explained["rules"]))

    def test_holidays_are_replaced_by_who_has_read_them(self):
        admin = person()
        document = {"format": 1, "days": [{"name": "Saint-Romain", "date": "2026-10-23"}]}
        held, etag = admin.read("/holidays?from=2026-10-01&until=2026-11-30")
        self.assertEqual([day["name"] for day in held["days"]], ["Toussaint", "Armistice de 1918"])
        response, _ = admin.ask("PUT", "/holidays", document)
        self.assertEqual(response.status, 428)
        response, _ = admin.ask("PUT", "/holidays", document, If_Match='"autre"')
        self.assertEqual(response.status, 412)
        response, problem = admin.ask("PUT", "/holidays", {"format": 1, "days": [{"name": "x"}]},
                                      If_Match=etag)
        self.assertEqual((response.status, problem["field"]), (400, "days[0]"))
        response, _ = admin.ask("PUT", "/holidays", document, If_Match=etag)
        self.assertEqual(response.status, 204)
        changed, etag = admin.read("/holidays?from=2026-10-01&until=2026-11-30")
        self.assertEqual(changed["days"][0], {"date": "2026-10-23", "name": "Saint-Romain"})
        response, _ = admin.ask("PUT", "/holidays", {"format": 1}, If_Match=etag)
        self.assertEqual(response.status, 204)

    def test_exposure_is_sorted_by_what_lacks(self):
        admin = person()
        response, answer = admin.ask("PUT", "/exposure", {"minimum_s": 600})
        self.assertEqual((response.status, answer), (200, {"minimum_s": 600}))
        for wrong in ({"minimum_s": -1}, {"minimum_s": "600"}, {"minimum": 600}, {}):
            response, _ = admin.ask("PUT", "/exposure", wrong)
            self.assertEqual(response.status, 400)
        items = []
        for _ in range(100):  # the publisher counts at its next run
            page, _ = admin.read("/exposure?limit=3")
            items = page["items"]
            if items:
                break
            time.sleep(0.1)
        self.assertEqual(len(items), 3)
        self.assertEqual(items, sorted(items, key=lambda item: item["planned_ms"]))
        for item in items:
            self.assertEqual(item["deficit_ms"], max(600000 - item["planned_ms"], 0))
        more, _ = admin.read("/exposure?limit=3&after=" + page["next"])
        self.assertNotIn(more["items"][0]["organisation"],
                         [item["organisation"] for item in items])
        admin.ask("PUT", "/exposure", {"minimum_s": 0})

    def test_screens_of_other_sites_are_not_there(self):
        bound = person("essai-site", "--role", "site_operator", "--site", "creapolis")
        for path in (f"/screens/{SCREEN}/programme", f"/screens/{SCREEN}/explain"):
            response, _ = bound.ask("GET", path)
            self.assertEqual(response.status, 404, path)
        page, _ = bound.read("/gaps?limit=200")
        self.assertEqual({screen["site"] for screen in page["items"]}, {"creapolis"})
        response, _ = bound.ask("PUT", "/exposure", {"minimum_s": 1})
        self.assertEqual(response.status, 403)
        response, _ = bound.ask("PUT", "/holidays", {"format": 1}, If_Match='"x"')
        self.assertEqual(response.status, 403)
