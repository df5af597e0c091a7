"""Uploads by a standard client (npm tus-js-client): whole, over a server that dies and comes back,
and by a second client that goes on where the first was killed. Usage: test_upload.py VITRINE_SERVER
SOURCE_FOLDER NODE_MODULES_FOLDER (which holds node_modules/)"""
import hashlib
import os
import shutil
import subprocess
import sys
import unittest

MODULES = sys.argv[3]
if not shutil.which("node") or not os.path.isdir(os.path.join(MODULES, "node_modules")):
    print(f"skipped: node, or the packages of tests/upload in {MODULES}, are not there (./dev test)")
    sys.exit(77)
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "http"))

from media_site import Site  # noqa: E402 (after the path)

SITE = Site()
SIZE = 12_000_000


class Client:
    def __init__(self, file):
        self.process = subprocess.Popen(
            ["node", os.path.join(HERE, "client.mjs"), MODULES, f"http://127.0.0.1:{SITE.port}",
             file, SITE.cookie, SITE.csrf, os.path.join(SITE.folder, "urls.json")],
            stdout=subprocess.PIPE, text=True)
        self.lines = []

    def read_until(self, found):
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if found(self.lines[-1]):
                return True
        return False

    def end(self):
        code = self.process.wait(60)
        self.process.stdout.close()
        return code


def beyond(size):
    return lambda line: line.startswith("at ") and int(line[3:]) >= size


class Uploads(unittest.TestCase):
    def make(self, name, seed):
        """No picture, but what is not one is taken in all the same, and refused with a reason."""
        block = hashlib.sha256(seed.encode()).digest() * 1024
        body = b"\xff\xd8\xff" + (block * (SIZE // len(block) + 1))[:SIZE]
        path = os.path.join(SITE.folder, name)
        with open(path, "wb") as file:
            file.write(body)
        return path, hashlib.sha256(body).hexdigest()

    def check(self, sha256, name):
        item = SITE.wait(sha256)
        self.assertEqual((item["name"], item["size"]), (name, SIZE + 3))

    def test_whole(self):
        path, sha256 = self.make("photo.jpg", "whole")
        client = Client(path)
        self.assertTrue(client.read_until(lambda line: line == "done"), client.lines)
        self.assertEqual(client.end(), 0)
        self.check(sha256, "photo.jpg")

    def test_the_server_dies(self):
        path, sha256 = self.make("tenace.jpg", "dies")
        client = Client(path)
        self.assertTrue(client.read_until(beyond(3_000_000)), client.lines)
        SITE.kill()
        SITE.start(SITE.port)
        self.assertTrue(client.read_until(lambda line: line == "done"), client.lines)
        self.assertEqual(client.end(), 0)
        self.check(sha256, "tenace.jpg")

    def test_the_client_dies(self):
        path, sha256 = self.make("reprise.jpg", "client")
        first = Client(path)
        self.assertTrue(first.read_until(beyond(3_000_000)), first.lines)
        first.process.kill()
        first.end()
        second = Client(path)
        self.assertTrue(second.read_until(lambda line: line == "done"), second.lines)
        self.assertEqual(second.end(), 0)
        self.assertIn("resumed", second.lines)
        begun = next(int(line[3:]) for line in second.lines if line.startswith("at "))
        self.assertGreaterEqual(begun, 1_000_000)
        self.check(sha256, "reprise.jpg")


def main():
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Uploads)
    passed = unittest.TextTestRunner(verbosity=1).run(suite).wasSuccessful()
    code, log = SITE.stop()
    sound = code == 0 and "ERROR: AddressSanitizer" not in log and "runtime error" not in log
    if not sound:
        print(f"the server ended with {code}\n{log[-4000:]}", file=sys.stderr)
    return 0 if passed and sound else 1


if __name__ == "__main__":
    sys.exit(main())
