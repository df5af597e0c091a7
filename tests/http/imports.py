"""Files that people bring to the desk: looked at, mapped, rehearsed, applied, undone; and files that
mean harm."""
import io
import json
import os
import time
import unittest
import urllib.parse
import zipfile

from site_under_test import PASSWORD, SITE, SOURCE

SHARED = os.path.join(SOURCE, "..", "shared", "data")
DEMO = os.path.join(SOURCE, "assets", "demo")

PARTNER = """Liste des partenaires 2026;;;;
N° SIRET;Raison sociale;Ville;CP;Adresse mail
39359706700023;Les Jardins d’Essai;Rouen;76000;bonjour@jardins.example
3935970670002;Trop court;Rouen;76000;
;Sans clé;Rouen;76000;
39359706700023;Les Jardins bis;Rouen;76000;
"""


def column(number):
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)


def workbook(rows, sheet=None, strings=None, styles="", more=(), declare=""):
    """rows of cells: None, a text, a number, or (attributes, inner XML)."""
    lines = []
    for y, row in enumerate(rows, 1):
        cells = ""
        for x, value in enumerate(row):
            ref = f'r="{column(x)}{y}"'
            if value is None:
                continue
            if isinstance(value, tuple):
                cells += f"<c {ref} {value[0]}>{value[1]}</c>"
            elif isinstance(value, str):
                cells += f'<c {ref} t="inlineStr"><is><t>{value}</t></is></c>'
            else:
                cells += f"<c {ref}><v>{value}</v></c>"
        lines.append(f'<row r="{y}">{cells}</row>')
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{rel}"><sheets>'
                         '<sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.'
                         'openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
                         f'Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        if strings is not None:
            archive.writestr("xl/sharedStrings.xml", strings)
        if styles:
            archive.writestr("xl/styles.xml", styles)
        archive.writestr("xl/worksheets/sheet1.xml", sheet if sheet is not None else
                         f'{declare}<worksheet {main}><sheetData>{"".join(lines)}</sheetData>'
                         '</worksheet>')
        for name, data in more:
            archive.writestr(name, data)
    return out.getvalue()


class Imports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.admin = SITE.cookie()
        SITE.run("user", "add", "importer", "--role", "contributor", "--password-file",
                 SITE.password_file)
        response, _ = SITE.login(PASSWORD, "importer")
        cls.lea = response.getheader("Set-Cookie").split(";")[0]

    def ask(self, method, path, body=None, who=None, data=None):
        headers = {"Cookie": who or self.admin, "Origin": f"http://127.0.0.1:{SITE.port}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        response, answer = SITE.ask(method, "/api/v1" + path, body if data is None else data,
                                    headers)
        return response.status, json.loads(answer) if answer else None

    def send(self, data, name="liste.csv", who=None, expect=201, **query):
        if isinstance(data, str):
            data = data.encode()
        words = urllib.parse.urlencode({"name": name, **query})
        status, answer = self.ask("POST", "/imports?" + words, data=data, who=who)
        self.assertEqual(status, expect, answer)
        return answer

    def step(self, one, name, who=None, expect=None):
        status, answer = self.ask("POST", f"/imports/{one['id']}/{name}", who=who)
        self.assertEqual(status, 202, answer)
        end = time.time() + 60
        while answer["state"].endswith("ing") and time.time() < end:
            time.sleep(0.05)
            _, answer = self.ask("GET", f"/imports/{one['id']}", who=who)
        self.assertEqual(answer["state"], expect or {"rehearse": "rehearsed", "apply": "applied",
                                                     "undo": "undone"}[name], answer["message"])
        return answer

    def rows(self, one, fate="", who=None):
        status, answer = self.ask("GET", f"/imports/{one['id']}/rows?limit=200&fate={fate}", who=who)
        self.assertEqual(status, 200, answer)
        return answer["items"]

    def map(self, one, who=None, expect=200, **body):
        status, answer = self.ask("PUT", f"/imports/{one['id']}/mapping", body, who=who)
        self.assertEqual(status, expect, answer)
        return answer

    def record(self, plural, name):
        status, answer = self.ask("GET", f"/{plural}/{urllib.parse.quote(name, safe='')}")
        return answer if status == 200 else None

    def counts(self, one, **expected):
        self.assertEqual({k: one["counts"][k] for k in expected}, expected)

    def test_people_of_a_site_bring_its_list(self):
        SITE.run("user", "add", "bound", "--role", "contributor", "--site", "creapolis",
                 "--password-file", SITE.password_file)
        response, _ = SITE.login(PASSWORD, "bound")
        bound = response.getheader("Set-Cookie").split(";")[0]
        whole = self.send("siret;nom;commune\n83020340700010;Du réseau entier;Rouen\n")
        self.step(self.step(self.map(whole, mode="drafts"), "rehearse"), "apply")
        one = self.send("siret;nom;commune\n82130391900012;Du bâtiment;Rouen\n"
                        "83020340700010;Prise au réseau;Rouen\n", who=bound)
        self.map(one, who=bound, expect=400, mode="drafts", site="actipolis")
        one = self.step(self.map(one, who=bound, mode="drafts", site="creapolis"), "rehearse",
                        who=bound)
        self.counts(one, rows=2, created=1, changed=0, rejected=1)
        self.assertIn("pas de vos sites", self.rows(one, "rejected", who=bound)[0]["notes"][0]["fr"])
        self.step(one, "apply", who=bound)
        self.assertEqual(self.record("organisations", "siret-82130391900012")["site"], "creapolis")
        self.assertEqual(self.record("organisations", "siret-83020340700010")["nom"],
                         "Du réseau entier")

    def test_a_list_from_a_partner(self):
        one = self.send(PARTNER, "partenaires.csv")
        self.assertEqual(one["kind"], "organisations")
        self.assertEqual(one["header_line"], 2)  # there is a title above
        self.assertEqual(one["mapping"], ["siret", "nom", "commune", "code_postal", "courriel"])
        one = self.step(self.map(one, mode="publish", source="adress"), "rehearse")
        self.counts(one, rows=4, created=1, changed=0, merged=1, rejected=2)
        row = self.rows(one, "created")[0]
        self.assertEqual((row["line"], row["title"]), (3, "Les Jardins d’Essai"))
        self.assertIn({"field": "commune", "before": None, "after": "Rouen"},
                      [dict(c, before=c["before"] or None) for c in row["changes"]])
        self.assertIn("SIRET absent", self.rows(one, "rejected")[1]["notes"][0]["fr"])
        self.assertIsNone(self.record("organisations", "siret-39359706700023"))
        one = self.step(one, "apply")
        record = self.record("organisations", "siret-39359706700023")
        self.assertEqual((record["state"], record["commune"], record["source"]),
                         ("published", "Rouen", "adress"))
        again = self.step(self.map(self.send(PARTNER), mode="publish", source="adress"), "rehearse")
        self.counts(again, created=0, changed=0, unchanged=1)
        one = self.step(one, "undo")
        self.counts(one, undone=1, kept=0)
        self.assertIsNone(self.record("organisations", "siret-39359706700023"))

    def test_undoing_leaves_what_somebody_changed(self):
        first = "siret;nom;commune;telephone\n39359706700023;Un;Rouen;0235000001\n"
        second = "siret;nom;commune;telephone\n39359706700023;Deux;Elbeuf;0235000002\n"
        base = self.step(self.step(self.map(self.send(first), mode="publish", source="s"),
                                   "rehearse"), "apply")
        one = self.step(self.map(self.send(second), mode="publish", source="s"), "rehearse")
        self.counts(one, changed=1)
        fields = {c["field"]: (c["before"], c["after"]) for c in self.rows(one)[0]["changes"]}
        self.assertEqual(fields["nom"], ("Un", "Deux"))
        one = self.step(one, "apply")
        third = "siret;nom;commune;telephone\n39359706700023;Deux;Elbeuf;0235000003\n"
        later = self.step(self.step(self.map(self.send(third), mode="publish", source="s"),
                                    "rehearse"), "apply")
        one = self.step(one, "undo")
        row = self.rows(one, "kept")[0]
        self.assertEqual(row["undo"], "partly")
        self.assertIn("1", row["undo_reason"])
        record = self.record("organisations", "siret-39359706700023")
        self.assertEqual((record["nom"], record["commune"], record["telephone"]),
                         ("Un", "Rouen", "02 35 00 00 03"))
        self.assertEqual(self.step(base, "undo")["counts"]["kept"], 1)  # not as it left it
        self.assertIsNotNone(self.record("organisations", "siret-39359706700023"))
        del later

    def test_what_changed_since_the_rehearsal_is_not_overrun(self):
        text = "id;nom;siret\nrepete-1;Essai répété;\n"
        one = self.step(self.map(self.send(text), mode="publish"), "rehearse")
        two = self.step(self.map(self.send(text.replace("répété", "autre")), mode="publish"),
                        "rehearse")
        self.step(two, "apply")
        one = self.step(one, "apply", expect="mapped")
        self.assertIn("répétez", one["message"])
        self.assertEqual(self.record("organisations", "repete-1")["nom"], "Essai autre")
        self.step(two, "undo")

    def under_way(self, one, step, reached):
        """Begins a step, and returns as soon as `reached` while it still goes on."""
        status, answer = self.ask("POST", f"/imports/{one['id']}/{step}")
        self.assertEqual(status, 202, answer)
        end = time.time() + 60
        while not reached() and time.time() < end:
            time.sleep(0.01)
        answer = self.ask("GET", f"/imports/{one['id']}")[1]
        self.assertIn(answer["state"], ("applying", "undoing"), "over too soon to look at")

    def test_a_long_one_lets_others_save_and_outlives_a_crash(self):
        rows = 2500
        text = "id;nom;ville\n" + "".join(f"masse-{i};Structure {i};Rouen\n" for i in range(rows))
        one = self.step(self.map(self.send(text), mode="publish", source="s"), "rehearse")
        self.counts(one, created=rows)
        self.under_way(one, "apply", lambda: self.record("organisations", "masse-0"))
        status, answer = self.ask("POST", "/sites", {"id": "entre-deux", "name": "Entre deux"})
        self.assertEqual(status, 201, answer)
        state = self.ask("GET", f"/imports/{one['id']}")[1]["state"]
        self.assertEqual(state, "applying")  # the save did not wait for its end
        SITE.crash()

        one = self.ask("GET", f"/imports/{one['id']}")[1]
        counts = one["counts"]
        self.assertEqual(one["state"], "applied")
        self.assertGreater(counts["created"], 0)
        self.assertGreater(counts["rejected"], 0)
        self.assertEqual(counts["created"] + counts["rejected"], rows)
        self.assertIn(f"lignes non faites : {counts['rejected']}", one["message"])
        last = counts["created"] - 1
        self.assertIsNotNone(self.record("organisations", f"masse-{last}"))
        self.assertIsNone(self.record("organisations", f"masse-{last + 1}"))
        row = self.rows(one, "rejected")[0]
        self.assertEqual(row["title"], f"Structure {last + 1}")
        self.assertIn("n’est pas faite", row["notes"][0]["fr"])

        self.under_way(one, "undo", lambda: not self.record("organisations", f"masse-{last}"))
        SITE.crash()
        one = self.ask("GET", f"/imports/{one['id']}")[1]
        self.assertEqual(one["state"], "applied")
        self.assertGreater(one["counts"]["undone"], 0)
        self.assertLess(one["counts"]["undone"], counts["created"])
        self.assertIn("Annulez encore", one["message"])
        one = self.step(one, "undo")
        self.assertEqual(one["counts"]["undone"], counts["created"])
        self.assertEqual(one["counts"]["kept"], 0)
        for number in (0, last // 2, last):
            self.assertIsNone(self.record("organisations", f"masse-{number}"))

    def test_drafts_wait_for_approval(self):
        lea = self.lea
        one = self.send("id;nom;ville\nbrouillon-1;À valider;Rouen\n", who=lea)
        self.assertFalse(one["may_publish"])
        self.map(one, who=lea, expect=403, mode="publish")
        one = self.step(self.step(one, "rehearse", who=lea), "apply", who=lea)
        record = self.record("organisations", "brouillon-1")
        self.assertEqual((record["state"], record["live"], record["author"]),
                         ("submitted", False, "importer"))
        one = self.step(one, "undo", who=lea)
        self.assertIsNone(self.record("organisations", "brouillon-1"))

    def test_nobody_sees_what_others_bring(self):
        one = self.send(PARTNER)
        self.assertEqual(self.ask("GET", f"/imports/{one['id']}", who=self.lea)[0], 404)
        self.assertEqual(self.ask("POST", f"/imports/{one['id']}/rehearse", who=self.lea)[0], 404)
        self.assertNotIn(one["id"], [i["id"] for i in
                                     self.ask("GET", "/imports", who=self.lea)[1]["items"]])
        self.assertEqual(self.ask("DELETE", f"/imports/{one['id']}")[0], 204)
        self.assertEqual(self.ask("GET", f"/imports/{one['id']}")[0], 404)

    def test_a_workbook(self):
        styles = ('<styleSheet xmlns="x"><numFmts><numFmt numFmtId="164" formatCode="00000"/>'
                  '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>')
        strings = ('<sst xmlns="x"><si><t>Les Jardins </t></si><si><r><t>Le </t></r><r><t>Relais'
                   '</t></r><rPh><t>reading</t></rPh></si></sst>')
        data = workbook([
            ["SIRET", "Nom", "Ville", "Code postal", "Tél."],
            [39359706700023, ('t="s"', "<v>1</v>"), "Rouen", ('s="1"', "<v>76000</v>"), 235597422],
            [3.2574948500018e13, ('t="str"', "<f>A1&amp;\"x\"</f><v>Formule</v>"), "Rouen", 76000.0,
             ('t="e"', "<v>#N/A</v>")]], styles=styles, strings=strings)
        one = self.send(data, "liste.xlsx")
        self.assertEqual((one["format"], one["look"]["sheets"]), ("xlsx", ["Liste"]))
        self.assertEqual(one["mapping"], ["siret", "nom", "commune", "code_postal", "telephone"])
        one = self.step(self.map(one, mode="publish"), "rehearse")
        titles = {row["title"]: {c["field"]: c["after"] for c in row["changes"]}
                  for row in self.rows(one)}
        self.assertEqual(titles["Le Relais"]["telephone"], "02 35 59 74 22")
        self.assertEqual(titles["Le Relais"]["siret"], "39359706700023")
        self.assertIn("Formule", titles)

    def test_events_of_a_table(self):
        styles = ('<styleSheet xmlns="x"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
                  '<xf numFmtId="20"/></cellXfs></styleSheet>')
        data = workbook([["Titre", "Date de début", "Heure", "Lieu", "Ville"],
                         ["Salon de l’ESS", ('s="1"', "<v>46351</v>"), ('s="2"', "<v>0.75</v>"),
                          "Halle aux Toiles", "Rouen"],
                         ["Portes ouvertes", "12 décembre 2026", None, "Créapolis", "Rouen"],
                         ["Sans date", None, None, "x", "Rouen"]], styles=styles)
        one = self.send(data, "agenda.xlsx")
        self.assertEqual(one["kind"], "events")
        self.assertEqual(one["mapping"], ["title", "start", "start_time", "place", "commune"])
        one = self.step(self.map(one, mode="publish"), "rehearse")
        self.counts(one, created=2, rejected=1)
        when = {row["title"]: next(c["after"] for c in row["changes"] if c["field"].startswith("when"))
                for row in self.rows(one, "created")}
        self.assertIn("2026-11-25T18:00", json.dumps(when["Salon de l’ESS"]))
        one = self.step(one, "apply")
        self.counts(self.step(self.map(self.send(data, "agenda.xlsx"), mode="publish"), "rehearse"),
                    unchanged=2)
        self.counts(self.step(one, "undo"), undone=2, kept=0)

    def test_a_calendar(self):
        with open(os.path.join(DEMO, "evenements.ics"), "rb") as file:
            data = file.read()
        one = self.send(data.replace(b"UID:", b"UID:x-"), "agenda.ics")
        self.assertEqual((one["format"], one["kind"]), ("ics", "events"))
        one = self.step(self.map(one, mode="publish"), "rehearse")
        created = one["counts"]["created"]
        self.assertGreater(created, 5)
        one = self.step(one, "apply")
        self.counts(self.step(self.map(self.send(data.replace(b"UID:", b"UID:x-"), "agenda.ics"),
                                       mode="publish"), "rehearse"), created=0, changed=0)
        self.counts(self.step(one, "undo"), undone=created, kept=0)

    def test_the_real_extract(self):
        path = os.path.join(SHARED, "annuaire", "2019_07_liste_siae_76.csv")
        if not os.path.exists(path):
            self.skipTest("shared data are absent")
        with open(path, "rb") as file:
            one = self.send(file.read(), "liste_siae_76.csv")
        self.assertEqual(one["look"]["layout"], "asp-siae")
        one = self.step(self.map(one, mode="publish"), "rehearse")
        made = one["counts"]["created"]
        self.assertGreater(made, 50)
        one = self.step(one, "apply")
        self.counts(self.step(one, "undo"), undone=made, kept=0)

    def test_harm(self):
        xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        bomb = "<worksheet><sheetData>" + "<row/>" * 50_000_000
        cases = {
            "entities": workbook([["SIRET", "Nom"]], declare=xml),
            "a bomb": workbook([], sheet=bomb),
            "cut": workbook([["SIRET", "Nom"], [1, "x"]])[:300],
            "no workbook": b"PK\x05\x06" + bytes(18),
            "binary": bytes(range(256)) * 50,
            "nothing": b"",
            "no columns": workbook([]),
            "spreadsheet of old": b"\xd0\xcf\x11\xe0" + bytes(600),
            "UTF-16": "siret;nom\n".encode("utf-16"),
            "an unclosed quote": b'siret;nom\n1;"x\n' * 3,
        }
        for name, data in cases.items():
            with self.subTest(name):
                status, answer = self.ask("POST", "/imports?name=x", data=data)
                self.assertIn(status, (400, 413), (name, answer))
                self.assertNotIn("/tmp", json.dumps(answer))
        self.assertEqual(self.ask("GET", "/imports?limit=5")[0], 200)

    def test_strange_cells(self):
        for reference in ("ZZZZZZ1", "A99999999", "1", "", "é"):
            sheet = ('<worksheet><sheetData><row r="0"><c t="inlineStr"><is><t>SIRET</t></is></c>'
                     f'<c r="{reference}" s="99999999999" t="s"><v>123456789</v></c>'
                     '<c t="inlineStr"><is><t>Nom</t></is></c></row></sheetData></worksheet>')
            status, answer = self.ask("POST", "/imports?name=x.xlsx",
                                      data=workbook([], sheet=sheet))
            self.assertIn(status, (201, 400), answer)


if __name__ == "__main__":
    unittest.main(argv=["imports"])
