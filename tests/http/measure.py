"""What was shown: forged batches of two players, then sums, reports, files, and who may see them."""
import csv
import io
import json
import os
import sqlite3
import time
import unittest
import urllib.parse
import xml.etree.ElementTree
import zipfile

from site_under_test import PASSWORD, SITE

SCREEN, KIOSK = "actipolis-accueil", "creapolis-borne"
HOUR = 3600000
# A Tuesday, a day ago at least: reports of the past land in their hour.
START = (int(time.time()) // 86400 - 3) * 24 * HOUR + 9 * HOUR
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def day(ms):
    return time.strftime("%Y-%m-%d", time.gmtime(ms / 1000))


def play(sequence, from_ms, **change):
    return {"sequence": sequence, "time_ms": from_ms + 10000, "kind": "play", "slide": "portrait-1",
            "title": "La Seconde Rive", "subject": "seconde-rive",
            "organisation": "demo-seconde-rive", "playlist": "portraits", "rule": "portraits-jour",
            "zone": "main", "manifest": "1-1", "from_ms": from_ms, "until_ms": from_ms + 10000,
            **change}


def counters(sequence, hour_ms, **change):
    return {"sequence": sequence, "time_ms": hour_ms + HOUR, "kind": "counters",
            "hour_ms": hour_ms, "sessions": 3, "lists": 4, "searches": 1,
            "languages": {"en": 1}, "modes": {"large": 2},
            "sheets": {"demo-seconde-rive": 2, "demo-bocaux-robec": 1}, **change}


class Sheets:
    """A workbook as a spreadsheet reads it."""

    def __init__(self, content):
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        workbook = self.read("xl/workbook.xml")
        self.names = [sheet.get("name") for sheet in workbook.iter(SHEET + "sheet")]

    def read(self, name):
        return xml.etree.ElementTree.fromstring(self.archive.read(name))

    def rows(self, index):
        rows = []
        for row in self.read(f"xl/worksheets/sheet{index}.xml").iter(SHEET + "row"):
            cells = []
            for cell in row.iter(SHEET + "c"):
                value = cell.find(SHEET + "v")
                text = "".join(piece.text or "" for piece in cell.iter(SHEET + "t"))
                if cell.get("t") in ("s", "inlineStr"):
                    cells.append(text)
                else:
                    cells.append(float(value.text) if value is not None else None)
            rows.append(cells)
        return rows


class Measure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tokens = {screen: SITE.enrol("measure-" + screen, screen)["token"]
                      for screen in (SCREEN, KIOSK)}
        SITE.run("user", "add", "actipolis", "--role", "reader", "--site", "actipolis",
                 "--password-file", SITE.password_file)
        cls.everybody = SITE.cookie()
        response, _ = SITE.login(user="actipolis")
        cls.bound = response.getheader("Set-Cookie").split(";")[0]
        records = [play(i, START + i * 10000) for i in range(1, 361)]
        records += [play(361, START + 2 * HOUR, organisation="", slide="=SOMME(1;2)",
                         title="=SOMME(1;2)", rule="@régie", until_ms=START + 2 * HOUR + 1800000)]
        assert cls.report(SCREEN, records) == 361
        assert cls.report(SCREEN, records[100:200]) == 200, "told again"
        assert cls.report(SCREEN, records, boot="c" * 32) == 361, "another start: new plays"
        assert cls.report(KIOSK, [counters(1, START), counters(2, START + HOUR, sessions=0),
                                  play(3, START)]) == 3
        assert cls.report(KIOSK, [counters(1, START)]) == 1
        # As if they had been there for three hours: nobody waits that long in a test.
        database = sqlite3.connect(os.path.join(SITE.data, "vitrine.db"), timeout=10)
        for change in ("UPDATE devices SET enrolled_ms = enrolled_ms - 10800000",
                       "UPDATE manifests SET created_ms = created_ms - 10800000",
                       "UPDATE planned_marks SET until_ms = until_ms - 10800000"):
            database.execute(change)
        database.commit()
        database.close()

    @classmethod
    def report(cls, screen, records, boot="b" * 32):
        response, content = SITE.ask("POST", "/player/v1/reports",
                                     {"boot": boot, "records": records},
                                     {"Authorization": "Bearer " + cls.tokens[screen]})
        assert response.status == 200, content
        return json.loads(content)["acknowledged"]

    def get(self, path, cookie=None, **query):
        query = {name.rstrip("_"): value for name, value in query.items()}
        response, content = SITE.ask(
            "GET", f"/api/v1/{path}?{urllib.parse.urlencode(query)}",
            headers={"Cookie": cookie or self.everybody})
        return response, content

    def json(self, path, cookie=None, **query):
        response, content = self.get(path, cookie, **query)
        self.assertEqual(response.status, 200, content)
        return json.loads(content)

    def exposure(self, cookie=None, **query):
        period = {"from": day(START), "until": day(START), **query}
        return self.json("reports/exposure", cookie, **period)["items"]

    def test_exposure(self):
        rows = {row["id"]: row for row in self.exposure(by="organisation", site="actipolis")}
        ours = rows["demo-seconde-rive"]
        self.assertEqual(ours["name"], "La Seconde Rive")
        self.assertEqual((ours["plays"], ours["shown_ms"], ours["screens"]), (720, 7200000, 1))
        self.assertEqual(rows[""]["shown_ms"], 3600000)
        by_rule = {row["id"]: row["plays"] for row in self.exposure(by="rule")}
        self.assertEqual(by_rule["portraits-jour"], 721, "of the kiosk too")
        by_site = {row["id"]: row["name"] for row in self.exposure(by="site")}
        self.assertEqual(by_site["actipolis"], "Actipolis")
        week = self.json("reports/exposure", by="screen", grain="day",
                         **{"from": day(START - 24 * HOUR), "until": day(START + 24 * HOUR)})
        self.assertEqual({(row["from"], row["id"]) for row in week["items"]},
                         {(day(START), SCREEN), (day(START), KIOSK)})

    def test_a_bound_person_sees_their_site(self):
        self.assertEqual({row["id"] for row in self.exposure(self.bound, by="screen")}, {SCREEN})
        response, _ = self.get("reports/exposure", self.bound, site="creapolis")
        self.assertEqual(response.status, 404)
        self.assertEqual(self.json("reports/kiosks", self.bound,
                                   **{"from": day(START), "until": day(START)})["items"], [])
        plays = self.json("plays", self.bound, limit=200)["items"]
        self.assertEqual({item["screen"] for item in plays}, {SCREEN})
        self.assertEqual(self.json("plays", self.bound, screen=KIOSK)["items"], [])
        annual = self.json("reports/annual", self.bound, year=day(START)[:4])
        self.assertEqual([screen["id"] for screen in annual["screens"]], [SCREEN])
        self.assertEqual(annual["totals"]["visits"], 0)

    def test_plays_by_page(self):
        seen, after = [], {}
        while True:
            page = self.json("plays", screen=SCREEN, limit=100, **after)
            seen += [(item["from_ms"], item["boot"], item["sequence"]) for item in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        response, _ = self.get("plays", screen=SCREEN, limit=100)
        self.assertIn("screen=" + SCREEN, response.getheader("Link"), "the filters go along")
        seen = [key for key in seen if key[0] >= START]
        self.assertEqual(len(seen), 722)
        self.assertEqual(seen, sorted(seen, key=lambda key: key[0]))
        self.assertEqual(len(set(seen)), 722)
        one = self.json("plays", screen=SCREEN, rule="@régie")["items"]
        self.assertEqual(one[0]["title"], "=SOMME(1;2)")
        self.assertEqual(one[0]["until_ms"] - one[0]["from_ms"], 1800000)
        late = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime((START + HOUR) / 1000))
        self.assertEqual(len(self.json("plays", screen=SCREEN, **{"from": late})["items"]), 4)

    def test_csv_is_harmless_in_excel(self):
        response, content = self.get("reports/exposure", by="slide", format="csv",
                                     **{"from": day(START), "until": day(START)})
        self.assertEqual(response.status, 200)
        self.assertIn("attachment", response.getheader("Content-Disposition"))
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        self.assertEqual(rows[0][0], "Titre")
        lines = {row[0]: row for row in rows[1:]}
        self.assertIn("'=SOMME(1;2)", lines)
        self.assertEqual(lines["'=SOMME(1;2)"][3], "1,00", "hours, with a comma")
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})

    def test_workbook(self):
        response, content = self.get("reports/exposure", by="slide", format="xlsx",
                                     **{"from": day(START), "until": day(START)})
        self.assertEqual(response.status, 200)
        book = Sheets(content)
        self.assertEqual(book.names, ["Diapositives"])
        rows = book.rows(1)
        self.assertEqual(rows[0], ["Diffusion par diapositive"])
        lines = {row[0]: row for row in rows}
        self.assertEqual(lines["=SOMME(1;2)"][3], 1.0, "a typed number; the title is a text")
        formulas = [cell.text for cell in
                    book.read("xl/worksheets/sheet1.xml").iter(SHEET + "f")]
        self.assertTrue(formulas and all(text.startswith("SUBTOTAL(") for text in formulas))
        hours = sum(row[3] for row in rows if len(row) > 3 and isinstance(row[3], float)
                    and row[0] != "Total")
        self.assertAlmostEqual(lines["Total"][3], hours)
        panes = list(book.read("xl/worksheets/sheet1.xml").iter(SHEET + "pane"))
        self.assertEqual(panes[0].get("state"), "frozen")

    def test_kiosks(self):
        items = self.json("reports/kiosks", **{"from": day(START), "until": day(START)})["items"]
        counts = {(item["counter"], item["subject"]): item["count"] for item in items}
        self.assertEqual(counts[("sessions", "")], 3, "told twice, counted once")
        self.assertEqual(counts[("sheet", "demo-seconde-rive")], 4)
        self.assertEqual(counts[("mode", "large")], 4)
        self.assertEqual({item["subject_name"] for item in items if item["counter"] == "sheet"},
                         {"La Seconde Rive", "Les Bocaux du Robec"})

    def test_year(self):
        annual = self.json("reports/annual", year=day(START)[:4])
        self.assertGreaterEqual(annual["totals"]["plays"], 723)
        self.assertEqual(annual["totals"]["visits"], 3)
        self.assertEqual(annual["organisations"][0]["name"], "La Seconde Rive")
        self.assertEqual({family["name"] for family in annual["families"]
                          if family["organisations"]}, {"Association"})
        self.assertEqual(annual["before"]["plays"], 0)
        self.assertGreater(annual["never_shown"], 0)
        self.assertLess(annual["never_shown"], annual["displayable"])
        response, content = self.get("reports/annual", year=day(START)[:4], format="xlsx")
        self.assertEqual(response.status, 200)
        book = Sheets(content)
        self.assertEqual(book.names, ["Synthèse", "Mois", "Structures", "Familles de l’ESS",
                                      "Secteurs", "Communes", "Sites", "Écrans", "Bornes"])
        self.assertIn("La Seconde Rive", [row[0] for row in book.rows(3)])
        self.assertEqual(len(book.rows(2)), 2 + 1 + 12 + 1, "heading, titles, months, total")

    def test_planned_in_the_background(self):
        deadline = time.time() + 30
        while time.time() < deadline:
            rows = self.json("reports/exposure", by="screen")["items"]
            planned = {row["id"]: row["planned_ms"] for row in rows}
            if planned.get(SCREEN, 0) > 0 or time.gmtime().tm_hour in (22, 23, 0, 1, 2, 3, 4):
                break # at night it is closed
            time.sleep(0.5)
        else:
            self.fail("nothing was planned: " + repr(rows))
        for row in rows:
            self.assertLessEqual(row["deficit_ms"], row["planned_ms"])

    def test_bad_records_do_not_hold_the_others_up(self):
        bad = [play(1001, 1500000000000), play(1002, START, until_ms=START + 25 * HOUR),
               play(1003, int(time.time() * 1000) + 48 * HOUR), {"sequence": 1004}, 17,
               counters(1005, START + 1), counters(1006, START, sessions=-1),
               play(1007, START, boot="x"), {"kind": "play"}]
        self.assertEqual(self.report(SCREEN, bad + [play(1008, START - 48 * HOUR, rule="bonne", organisation="")]),
                         1008)
        self.assertEqual(len(self.json("plays", rule="bonne")["items"]), 1)
        database = sqlite3.connect(os.path.join(SITE.data, "vitrine.db"), timeout=10)
        aside = database.execute("SELECT reason, record FROM refused_records WHERE screen = ? "
                                 "ORDER BY number DESC LIMIT ?", (SCREEN, len(bad))).fetchall()
        database.close()
        self.assertEqual(len(aside), len(bad))
        self.assertTrue(all(reason for reason, _ in aside))
        self.assertEqual(json.loads(aside[-1][1])["sequence"], 1001)

    def test_bad_questions(self):
        for path, field in (("reports/exposure?by=personne", "by"),
                            ("reports/exposure?grain=hour", "grain"),
                            ("reports/exposure?from=hier", "from"),
                            ("reports/exposure?from=2026-02-01&until=2026-01-01", "until"),
                            ("reports/exposure?format=pdf", "format"),
                            ("reports/annual?year=26", "year"),
                            ("reports/annual?format=csv", "format"),
                            ("plays?limit=0", "limit"), ("plays?limit=201", "limit"),
                            ("plays?after=1.2.3", "after"), ("plays?ecran=x", "ecran"), ("plays?from=2026-01-01", "from")):
            response, content = SITE.ask("GET", "/api/v1/" + path,
                                         headers={"Cookie": self.everybody})
            self.assertEqual((response.status, json.loads(content).get("field")), (400, field), path)
        response, _ = SITE.ask("GET", "/api/v1/plays")
        self.assertEqual(response.status, 401)

    def test_command_line(self):
        path = os.path.join(SITE.folder, "bilan.xlsx")
        SITE.run("report", "annual", day(START)[:4], "--output", path)
        with open(path, "rb") as file:
            self.assertEqual(Sheets(file.read()).names[0], "Synthèse")
        said = json.loads(SITE.run("report", "screen", "day", "--from", day(START), "--until",
                                   day(START), "--site", "actipolis").stdout)
        self.assertEqual([row["id"] for row in said["items"]], [SCREEN])
        result = SITE.run("plays", "--screen", "nulle-part", check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("nulle-part", result.stderr.decode())
        result = SITE.run("report", "screen", "--output", path + ".pdf", check=False)
        self.assertEqual(result.returncode, 1)


if __name__ == "__main__":
    unittest.main()
