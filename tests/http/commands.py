"""The commands beside serve: exit codes, messages in the user's language, damage that is found."""
import os
import shutil
import subprocess
import unittest

from site_under_test import SCREENS, SERVER, SITE


def run(*words, lang="fr_FR.UTF-8"):
    result = subprocess.run([SERVER, *words], capture_output=True, timeout=60,
                            env={**os.environ, "LANG": lang, "LC_ALL": lang})
    return result.returncode, result.stdout.decode(), result.stderr.decode()


class Commands(unittest.TestCase):
    def test_what_is_not_understood_is_2(self):
        for words in ((), ("frobnicate",), ("screen",), ("screen", "approve", "AAAA-AAAA"),
                      ("user", "add"), ("serve", "now"), ("serve", "--nothing"), ("serve", "--data"),
                      ("serve", "--secure=1"), ("-x",), ("check", "more"), ("import", "annuaire"),
                      ("load",), ("manifest",), ("explain",)):
            code, out, err = run(*words)
            self.assertEqual((code, out), (2, ""), words)
            self.assertIn("vitrine-server", err, words)

    def test_options_are_explained_in_the_users_language(self):
        for lang, words in (("fr_FR.UTF-8", ("inconnue", "manque", "pas de valeur")),
                            ("en_GB.UTF-8", ("unknown", "missing", "no value"))):
            for option, word in zip(("--nothing", "--data", "--secure=1"), words):
                self.assertIn(word, run("serve", option, lang=lang)[2], option)

    def test_help_of_every_command(self):
        code, out, _ = run("--help")
        self.assertEqual(code, 0)
        names = [line.split()[0] for line in out.splitlines() if line.startswith("  ")
                 and line[2].isalpha()]
        self.assertGreaterEqual(len(names), 12)
        for name in names:
            code, out, err = run(name, "--help")
            self.assertEqual((code, err), (0, ""), name)
            self.assertIn(name, out)
        for name, words in (("plays", ("--csv", "--keep", "--from")), ("emergency", ("--for", "--until",
                            "--group", "--all")), ("screen", ("screenshot",))):
            for lang in ("fr_FR.UTF-8", "en_GB.UTF-8"):
                for word in words:
                    self.assertIn(word, run(name, "--help", lang=lang)[1], name)

    def test_wrong_places_say_what_to_do(self):
        for words, code, text in (
                (("serve", "--data", "/nowhere"), 1, "init --data /nowhere"),
                (("serve", "--data", SITE.data, "--listen", "8080"), 1, "127.0.0.1:8080"),
                (("serve", "--data", SITE.data, "--listen", "localhost:1"), 1, "adresse IP"),
                (("serve", "--data", SITE.data, "--listen", f"127.0.0.1:{SITE.port}"), 1,
                 "tourne déjà"),
                (("import", "annuaire", "/nowhere", "--data", SITE.data), 1, "/nowhere"),
                (("import", "annuaire", "/dev/null", "--date", "hier", "--data", SITE.data), 1,
                 "hier"),
                (("user", "add", "x", "--role", "roi", "--data", SITE.data), 1, "roi")):
            result = run(*words)
            self.assertEqual(result[0], code, words)
            self.assertIn(text, result[2], words)

    def test_approving_without_a_fingerprint_says_which_to_compare(self):
        SITE.ask("POST", "/player/v1/enrolment", SITE.enrolment_body("unseen"))
        code, fingerprint = SITE.run("screen", "pending").stdout.decode().split()[:2]
        result = SITE.run("screen", "approve", code, "--as", "creapolis-hall", "--replace")
        self.assertIn(fingerprint, result.stderr.decode())
        result = SITE.run("screen", "approve", code, "--as", "creapolis-hall", "--replace", "--fingerprint",
                          fingerprint.lower().replace("-", " "))
        self.assertEqual(result.stderr, b"")
        SITE.run("screen", "refuse", code)

    def test_a_new_epoch_makes_players_take_what_follows_a_restore(self):
        copy = os.path.join(SITE.folder, "restored")
        shutil.copytree(SITE.data, copy)
        code, out, _ = run("publish", "--new-epoch", "--data", copy)
        self.assertEqual(code, 0)
        self.assertEqual(out.count("version 2-1"), SCREENS, out)
        self.assertIn(f"{SCREENS} inchangés", run("publish", "--data", copy)[1])

    def test_check_finds_what_is_missing_and_damaged(self):
        copy = os.path.join(SITE.folder, "copy")
        self.assertEqual(run("check", "--data", SITE.data)[0], 0)
        shutil.copytree(SITE.data, copy)
        files = sorted(os.path.join(folder, name) for folder, _, names
                       in os.walk(os.path.join(copy, "media")) for name in names)
        os.unlink(files[0])
        with open(files[1], "r+b") as file:
            file.write(b"\0\1\2")
        code, out, _ = run("check", "--data", copy)
        self.assertEqual(code, 1)
        self.assertIn("1 manquants, 1 abîmés", out)
        self.assertIn("Recherche : index en bon état", out)
        with open(os.path.join(copy, "search.db"), "r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 4096)
        code, out, _ = run("check", "--data", copy)
        self.assertEqual(code, 1)
        self.assertIn("search.db : il le refera", out)
        os.rename(os.path.join(copy, "key"), os.path.join(copy, "key.old"))
        for command in ("check", "serve", "publish"):
            code, _, err = run(command, "--data", copy)
            self.assertEqual(code, 1, command)
            self.assertIn("clé", err, command)
        os.rename(os.path.join(copy, "key.old"), os.path.join(copy, "key"))
        with open(os.path.join(copy, "vitrine.db"), "r+b") as file:
            file.truncate(40 * 4096)
        self.assertEqual(run("check", "--data", copy)[0], 1)
        with open(os.path.join(copy, "vitrine.db"), "wb") as file:
            file.write(b"no database at all " * 500)
        code, _, err = run("serve", "--data", copy)
        self.assertEqual(code, 1)
        self.assertIn("base de données", err)
