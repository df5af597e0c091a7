"""An installation made from another's export shows the same: test_export.py BUILD SOURCE."""
import json
import subprocess
import unittest

from place import ENVIRONMENT, SERVER, Place


def manifest(place, screen):
    sealed = subprocess.run([SERVER, "manifest", screen, "--data", place.data], check=True,
                            capture_output=True, env=ENVIRONMENT).stdout
    shown = json.loads(sealed[sealed.index(b"\n") + 1:])
    for version in ("epoch", "version", "created_ms", "valid_until_ms"):
        shown.pop(version, None)
    return shown


def differences(a, b, path=""):
    if type(a) is not type(b):
        return [f"{path}: {a!r:.80} {b!r:.80}"]
    if isinstance(a, dict):
        return [line for key in sorted(a.keys() | b.keys())
                for line in differences(a.get(key), b.get(key), f"{path}.{key}")]
    if isinstance(a, list):
        found = [] if len(a) == len(b) else [f"{path}: {len(a)} and {len(b)}"]
        return found + [line for i, pair in enumerate(zip(a, b))
                        for line in differences(*pair, f"{path}[{i}]")]
    return [] if a == b else [f"{path}: {a!r:.80} {b!r:.80}"]


class Export(unittest.TestCase):
    def test_what_it_shows_is_the_same(self):
        first, second = Place(), Place(content=False)
        self.addCleanup(first.close)
        self.addCleanup(second.close)
        folder = first.folder / "export"
        _, said, _ = first.run("export", folder)
        self.assertIn("portraits", said)
        self.assertEqual(first.run("export", folder, check=False)[0], 1, "a folder in use was taken")
        _, said, _ = second.run("import", "annuaire", folder / "annuaire.csv")
        second.run("import", "evenements", folder / "evenements.ics")
        second.run("load", folder)
        for place in (first, second):
            place.run("publish")
        screens = [screen["id"] for screen in json.loads((folder / "ecrans.json").read_text())["screens"]]
        self.assertGreater(len(screens), 2)
        for screen in screens:
            found = differences(manifest(first, screen), manifest(second, screen))
            self.assertEqual(found[:12], [], screen)
        # Once more, from what came out of it: nothing is lost on the way.
        again = second.folder / "export"
        second.run("export", again)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                other = again / path.relative_to(folder)
                self.assertEqual(path.read_bytes(), other.read_bytes(), path)
        # An emergency is of its hour.
        first.run("emergency", "start", "--title", "Pas dans l’export", "--all", "--for", "1h")
        third = first.folder / "urgence"
        first.run("export", third)
        self.assertEqual(sorted(path.name for path in third.rglob("*")),
                         sorted(path.name for path in folder.rglob("*")))
        self.assertNotIn("Pas dans l’export", "".join(
            path.read_text(encoding="utf-8") for path in third.rglob("*.json")))


if __name__ == "__main__":
    unittest.main(argv=["test_export.py", *__import__("sys").argv[3:]], verbosity=2)
