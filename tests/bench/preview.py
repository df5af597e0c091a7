"""Key to picture: preview.py VITRINE_SERVER SOURCE. Each round types one character more of a portrait
with a photo and waits until both pictures have come, as the desk asks for them."""
import concurrent.futures
import json
import statistics
import sys
import tempfile
import time

from desk import Desk

SERVER, SOURCE = sys.argv[1:3]
ROUNDS = 40
SCREEN = "astuce-theatre-des-arts"


def key_to_picture(desk, pool, document, **more):
    began = time.perf_counter()
    _, content = desk.ask("POST", "/previews", {"kind": "portraits", "document": document,
                                                "width": 640, **more})
    list(pool.map(lambda slide: desk.ask("GET", slide["image"]), json.loads(content)["slides"]))
    return (time.perf_counter() - began) * 1000


def main():
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        desk = Desk(SERVER, SOURCE, folder)
        _, content = desk.ask("GET", "/portraits?limit=20")
        record = [one for one in json.loads(content)["items"] if one["photo"]["media"]][0]
        names = ("organisation", "leader_name", "leader_role", "quote", "story", "photo", "sector")
        document = {name: record[name] for name in names}
        words = "Chaque objet réparé est une petite victoire sur l’oubli."
        times = {False: [], True: []}
        for counted in (False, True):
            for i in range(ROUNDS + 1):
                document["quote"] = words[:8 + i]
                document["leader_role"] = "gérante" if counted else "gérant"
                more = {"focus": "quote"} if counted else {}
                times[counted].append(key_to_picture(desk, pool, document, **more))
        frames = []
        for _ in range(10):
            began = time.perf_counter()
            desk.ask("GET", f"/screens/{SCREEN}/frame?width=320")
            frames.append((time.perf_counter() - began) * 1000)
        desk.stop()
    plain = times[False][1:]  # the first one starts the drawers
    print(f"key_ms={statistics.median(plain):.0f}")
    print(f"key_p95_ms={statistics.quantiles(plain, n=20)[18]:.0f}")
    print(f"count_ms={statistics.median(times[True][1:]):.0f}")
    print(f"frame_ms={statistics.median(frames):.0f}")


main()
