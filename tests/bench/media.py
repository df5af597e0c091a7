"""Upload and rendition as they are felt: media.py VITRINE_SERVER SOURCE_FOLDER. Prints lines "NAME=
VALUE": photo_ms and photo_mb (a 24-megapixel JPEG by vitrine-worker: best of five, peak of resident
memory), upload_mb (how much the server's memory grows while 2 GiB come in) and upload_mbps."""
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "http"))

from media_site import SERVER, Site  # noqa: E402 (after the path)

WORKER = os.path.join(os.path.dirname(SERVER), "vitrine-worker")
SIZE = 2 * 1024 ** 3 - 1
PIECE = 1024 * 1024


def make_photo(path):
    """Detail and noise, as a camera's picture has."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
                    "mandelbrot=s=6000x4000:start_scale=0.5,noise=alls=8:allf=t", "-frames:v", "1",
                    "-q:v", "3", path], check=True)


def measure_photo(folder):
    path = os.path.join(folder, "photo.jpg")
    make_photo(path)
    best, peak = None, 0
    for i in range(5):
        out = os.path.join(folder, f"out-{i}")
        os.mkdir(out)
        begun = time.monotonic()
        process = subprocess.Popen([WORKER, "picture", path, out], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.monotonic() - begun
        process.returncode = status
        if status != 0:
            sys.exit("vitrine-worker failed")
        best = taken if best is None else min(best, taken)
        peak = max(peak, usage.ru_maxrss)
    print(f"photo_ms={best * 1000:.0f}")
    print(f"photo_mb={peak / 1024:.1f}")


def resident(pid):
    """The server's own pages: what is only mapped from files is the kernel's."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("RssAnon"))


def measure_upload():
    site = Site()
    site.send("chauffe.jpg", b"\xff\xd8\xff" + bytes(PIECE))
    before = most = resident(site.process.pid)
    path = site.begin(SIZE, "film.bin")
    done = threading.Event()

    def watch():
        nonlocal most
        while not done.wait(0.02):
            most = max(most, resident(site.process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    connection.putrequest("PATCH", path)
    for name, value in site.headers({"Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                                     "Content-Type": "application/offset+octet-stream",
                                     "Content-Length": str(SIZE)}).items():
        connection.putheader(name, value)
    connection.endheaders()
    piece = os.urandom(PIECE)
    left = SIZE
    while left > 0:
        connection.send(piece[:min(left, PIECE)])
        left -= min(left, PIECE)
    response = connection.getresponse()
    taken = time.monotonic() - begun
    done.set()
    watcher.join()
    if response.status != 204:
        sys.exit(f"upload: {response.status} {response.read()}")
    site.stop()
    print(f"upload_mb={(most - before) / 1024:.1f}")
    print(f"upload_mbps={SIZE / taken / 1e6:.0f}")


def main():
    folder = tempfile.mkdtemp(prefix="vitrine-bench-media-")
    try:
        measure_photo(folder)
    finally:
        shutil.rmtree(folder)
    measure_upload()


main()
