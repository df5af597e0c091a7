"""How long a save waits while a long import is applied, and undone, beside it:
delivery.py VITRINE_SERVER SOURCE."""
import json
import sys
import tempfile
import threading
import time

from desk import Desk

SERVER, SOURCE = sys.argv[1:3]
ROWS = 20000


class Saver(threading.Thread):
    """Somebody who saves twenty times a second, and notes how long each takes."""

    def __init__(self, desk):
        super().__init__()
        self.desk, self.going, self.waits = desk, True, []
        self.start()

    def run(self):
        while self.going:
            response, _ = self.desk.ask("GET", "/sites/mesure")
            body = {"id": "mesure", "name": f"Mesure {len(self.waits)}"}
            began = time.perf_counter()
            self.desk.ask("PUT", "/sites/mesure", body, {"If-Match": response.getheader("ETag")})
            self.waits.append((time.perf_counter() - began) * 1000)
            time.sleep(0.05)

    def longest(self):
        self.going = False
        self.join()
        return max(self.waits)


def step(desk, one, name):
    began = time.perf_counter()
    desk.ask("POST", f"/imports/{one['id']}/{name}")
    while True:
        time.sleep(0.1)
        answer = json.loads(desk.ask("GET", f"/imports/{one['id']}")[1])
        if not answer["state"].endswith("ing"):
            assert not answer["message"], answer["message"]
            return time.perf_counter() - began


def main():
    lines = "".join(f"masse-{i};Structure {i};Rouen\n" for i in range(ROWS))
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(SERVER, SOURCE, folder)
        one = json.loads(desk.ask("POST", "/imports?name=liste.csv",
                                  ("id;nom;ville\n" + lines).encode())[1])
        desk.ask("PUT", f"/imports/{one['id']}/mapping", {"mode": "publish", "source": "mesure"})
        step(desk, one, "rehearse")
        desk.ask("POST", "/sites", {"id": "mesure", "name": "Mesure"})
        for name in ("apply", "undo"):
            saver = Saver(desk)
            print(f"{name}_s={step(desk, one, name):.1f}")
            print(f"{name}_wait_ms={saver.longest():.0f}")
        desk.stop()


main()
