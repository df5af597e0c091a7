"""Backups while the server works, and their way back: test_backup.py BUILD SOURCE."""
import hashlib
import json
import random
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import tarfile
import threading
import time
import unittest

from place import ENVIRONMENT, PLAYER, SCREEN, SERVER, Place, run, until


def sets(folder):
    return sorted((folder / "sets").iterdir())


class Backup(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.folder = self.place.folder / "sauvegardes"
        self.addCleanup(self.place.close)

    def backup(self, to=None, *words, **more):
        return self.place.run("backup", to or self.folder, *words, **more)

    def announce(self, title):
        self.place.run("emergency", "start", "--title", title, "--screen", SCREEN, "--for", "2h")

    def test_during_writes_and_publications(self):
        self.place.serve()
        over = threading.Event()
        written = []

        def write():
            while not over.is_set():
                self.announce(f"Message {len(written)}")
                self.place.run("emergency", "end", "--all")
                written.append(time.monotonic())

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for turn in range(4):
                self.backup()
                self.backup(self.place.folder / f"{turn}.tar")
        finally:
            over.set()
            writer.join()
        self.assertGreater(len(written), 2, "nobody wrote meanwhile")
        made = sets(self.folder)
        self.assertEqual(len(made), 4)
        for number, path in enumerate([*made, *self.place.folder.glob("*.tar")]):
            self.assertIn("entière", run("backup", "--check", path)[1])
            to = self.place.folder / f"restored-{number}"
            run("restore", path, "--data", to)
            self.assertIn("0 manquants, 0 abîmés", run("check", "--data", to)[1])
        self.assertEqual(self.place.stop(), 0)

    def test_what_is_in_it(self):
        self.backup()
        before = {path: path.stat().st_ino for path in (self.folder / "media").rglob("*")
                  if path.is_file()}
        self.assertGreater(len(before), 5)
        _, out, _ = self.backup()
        self.assertIn("nouveaux médias : 0", out)
        newest = sets(self.folder)[-1]
        self.assertEqual(before, {path: path.stat().st_ino
                                  for path in (self.folder / "media").rglob("*") if path.is_file()})
        text = (newest / "manifest.json").read_bytes()
        self.assertEqual((newest / "manifest.sha256").read_text().split()[0],
                         hashlib.sha256(text).hexdigest())
        for entry in json.loads(text)["files"]:
            path = (self.folder if entry["name"].startswith("media/") else newest) / entry["name"]
            content = path.read_bytes()
            self.assertEqual((entry["size"], entry["sha256"]),
                             (len(content), hashlib.sha256(content).hexdigest()), entry["name"])
        for private in ("key", "vitrine.db", "manifest.json"):
            self.assertEqual(stat.S_IMODE((newest / private).stat().st_mode), 0o600, private)
        self.assertEqual(stat.S_IMODE(self.folder.stat().st_mode), 0o700)
        archive = self.place.folder / "tout.tar"
        self.backup(archive)
        self.assertEqual(stat.S_IMODE(archive.stat().st_mode), 0o600)
        with tarfile.open(archive) as tar:  # what others read too
            names = tar.getnames()
            self.assertEqual(names[-2:], ["manifest.json", "manifest.sha256"])
            self.assertEqual(tar.extractfile("key").read(), (self.place.data / "key").read_bytes())
        self.assertEqual(sorted(path.name for path in self.place.folder.glob("tout*")),
                         ["tout.tar"])

    def test_old_ones_go(self):
        for _ in range(4):
            self.backup(None, "--backups-kept", "2")
        self.assertEqual(len(sets(self.folder)), 2)
        media = sorted(path.name for path in (self.folder / "media").rglob("*") if path.is_file())
        stray = self.folder / "media" / "00" / ("0" * 64)
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"of a set that is gone")
        self.backup(None, "--backups-kept", "2")
        self.assertEqual(media, sorted(path.name for path in (self.folder / "media").rglob("*")
                                       if path.is_file()))
        self.assertIn("entière", run("backup", "--check", self.folder)[1])

    def test_killed_at_any_moment(self):
        self.backup()
        whole = {path.name for path in sets(self.folder)}
        chance = random.Random(4)
        killed = 0
        for turn in range(16):
            target = self.folder if turn % 2 else self.place.folder / "k.tar"
            process = subprocess.Popen([SERVER, "backup", target, "--data", self.place.data],
                                       stdout=subprocess.DEVNULL, env=ENVIRONMENT)
            time.sleep(chance.uniform(0.005, 0.15))
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
            for path in sets(self.folder):
                if not path.name.startswith(".part-"):
                    self.assertIn("entière", run("backup", "--check", path)[1])
            if (self.place.folder / "k.tar").exists():
                self.assertIn("entière", run("backup", "--check", self.place.folder / "k.tar")[1])
        self.assertGreater(killed, 3)
        self.backup()
        self.backup(self.place.folder / "k.tar")
        self.assertTrue(whole <= {path.name for path in sets(self.folder)})
        self.assertEqual([path.name for path in sets(self.folder)
                          if path.name.startswith(".part-")], [])

    def test_damage_is_refused(self):
        self.backup()
        archive = self.place.folder / "a.tar"
        self.backup(archive)
        made = sets(self.folder)[-1]
        media = next(path for path in (self.folder / "media").rglob("*") if path.is_file())
        to = self.place.folder / "new"
        for path in (made / "vitrine.db", made / "key", made / "manifest.json",
                     made / "manifest.sha256", media):
            kept = path.read_bytes()
            for damage in ("flip", "cut", "gone"):
                path.unlink()  # media may be the data folder's own file by another name
                if damage == "flip":
                    path.write_bytes(kept[:40] + bytes([kept[40] ^ 1]) + kept[41:])
                elif damage == "cut":
                    path.write_bytes(kept[:len(kept) // 2])
                for command in (("backup", "--check", self.folder),
                                ("restore", self.folder, "--data", to)):
                    code, out, err = run(*command, check=False)
                    self.assertEqual((code, out), (1, ""), (path, damage))
                    self.assertTrue(err)
                self.assertFalse(to.exists())
                path.touch()
                path.write_bytes(kept)
        self.assertIn("entière", run("backup", "--check", self.folder)[1])
        content = archive.read_bytes()
        chance = random.Random(5)
        for turn in range(12):
            at = chance.randrange(len(content))
            bad = content[:at] if turn % 2 else content[:at] + bytes([content[at] ^ 4]) + content[at + 1:]
            archive.write_bytes(bad)
            code, _, err = run("restore", archive, "--data", to, check=False)
            if code == 0:  # the time of a member, or what is between members
                self.assertEqual(turn % 2, 0)
                run("check", "--data", to)
                shutil.rmtree(to)
            else:
                self.assertTrue(err)
                self.assertFalse(to.exists())
        self.assertEqual(list(self.place.folder.glob("new*")), [])

    def test_an_archive_cannot_leave_its_folder(self):
        import io
        for name in ("../vitrine.db", "/etc/passwd", "media/../../x", "media/aa/" + "b" * 64,
                     "screenshots/../key", "screenshots/.x", "data/x"):
            path = self.place.folder / "evil.tar"
            with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
                info = tarfile.TarInfo(name)
                info.size = 3
                tar.addfile(info, io.BytesIO(b"abc"))
            code, _, _ = run("restore", path, "--data", self.place.folder / "new", check=False)
            self.assertEqual(code, 1, name)
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE):
            with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
                info = tarfile.TarInfo("key")
                info.type = kind
                info.linkname = "/etc/passwd"
                tar.addfile(info)
            self.assertEqual(run("restore", path, "--data", self.place.folder / "new",
                                 check=False)[0], 1)

    def test_places_that_are_not_free(self):
        self.backup()
        self.place.serve()
        code, _, err = self.place.run("restore", self.folder, check=False)
        self.assertEqual(code, 1)
        self.assertIn("--force", err)
        code, _, err = self.place.run("restore", self.folder, "--force", check=False)
        self.assertEqual(code, 1)
        self.assertIn("arrêtez", err)
        self.place.stop()
        key = (self.place.data / "key").read_bytes()
        (self.place.data / "mine").write_text("keep me")
        _, out, _ = self.place.run("restore", self.folder, "--force")
        aside = next(self.place.folder.glob("data.before-*"))
        self.assertIn(str(aside), out)
        self.assertEqual((aside / "mine").read_text(), "keep me")
        self.assertEqual((self.place.data / "key").read_bytes(), key)
        self.assertEqual(stat.S_IMODE((self.place.data / "key").stat().st_mode), 0o600)

    def test_two_at_once(self):
        self.backup()
        first = subprocess.Popen([SERVER, "backup", self.folder, "--data", self.place.data],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT)
        codes = [self.backup(check=False)[0] for _ in range(2)]
        codes.append(first.wait())
        first.stderr.close()
        self.assertIn(0, codes)
        self.assertLessEqual(set(codes), {0, 1})
        self.assertIn("entière", run("backup", "--check", self.folder)[1])

    def test_check_changes_nothing(self):
        old = self.place.folder / "old"
        shutil.copytree(self.place.data, old)
        with sqlite3.connect(old / "vitrine.db") as database:
            newest = database.execute("SELECT max(version) FROM schema_version").fetchone()[0]
            database.execute("DELETE FROM schema_version WHERE version = ?", (newest,))
        database.close()
        code, out, _ = run("check", "--data", old, check=False)
        self.assertEqual(code, 1)
        self.assertIn(f"schéma {newest - 1}", out)
        with sqlite3.connect(old / "vitrine.db") as database:
            self.assertEqual(database.execute("SELECT max(version) FROM schema_version")
                             .fetchone()[0], newest - 1)
        database.close()
        (self.place.data / "key").chmod(0o644)
        code, _, err = self.place.run("check", check=False)
        self.assertEqual(code, 1)
        self.assertIn("chmod 600", err)

    @unittest.skipUnless(PLAYER.exists(), "vitrine-player is not built")
    def test_a_player_with_something_newer_follows(self):
        port = self.place.serve()
        log = self.place.play("player")

        def shown():
            found = re.findall(r"event=manifest_current .*manifest=(\d+)-(\d+)", log.read_text())
            return tuple(map(int, found[-1])) if found else None

        first = until("no manifest", 30, shown)
        self.backup()
        self.announce("Après la sauvegarde")
        newer = until("the emergency did not come", 30, lambda: shown() > first and shown())
        for _ in range(2):  # the same backup twice: the second time players have a raised epoch
            self.assertEqual(self.place.stop(), 0)
            self.place.run("restore", self.folder, "--force")
            self.place.serve(port=port)
            followed = until("the player did not follow", 60, lambda: shown() > newer and shown())
            self.assertGreater(followed[0], newer[0])
            newer = followed
            time.sleep(1.1)  # epochs are seconds
        self.assertNotIn("manifest_version", log.read_text())


if __name__ == "__main__":
    unittest.main(argv=["test_backup.py", *__import__("sys").argv[3:]], verbosity=2)
