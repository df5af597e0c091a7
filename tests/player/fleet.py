"""Real players on a real server, as a technician sees them: identify, restart, silence's opposite,
and two machines with one state folder. fleet.py BUILD SOURCE."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

BUILD, SOURCE = sys.argv[1:3]
sys.argv[1:] = [f"{BUILD}/vitrine-server", f"{BUILD}/tests/http/enrolment_request", SOURCE]
sys.path.insert(0, f"{SOURCE}/tests/http")
from site_under_test import SCREEN, SITE  # noqa: E402

RESTART = 75
EVENTS = []  # processes


def person():
    return {"Cookie": SITE.cookie(), "Origin": f"http://127.0.0.1:{SITE.port}"}


def ask(method, path, body=None):
    response, content = SITE.ask(method, "/api/v1" + path, body, person())
    return response.status, json.loads(content) if content else None


def until(what, seconds, condition):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


class Player:
    def __init__(self, name, size="640x360", supervised=True, state=None):
        self.state = state or os.path.join(SITE.folder, name)
        self.log = os.path.join(SITE.folder, name + ".log")
        self.frames = os.path.join(SITE.folder, name + "-frames")
        self.size, self.supervised, self.process = size, supervised, None
        os.makedirs(self.state, exist_ok=True)

    def start(self):
        environment = {**os.environ, "SDL_VIDEODRIVER": "dummy",
                       "SDL_FRAMEBUFFER_ACCELERATION": "0"}
        environment.pop("NOTIFY_SOCKET", None)
        if self.supervised:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            path = os.path.join(SITE.folder, f"n{len(EVENTS)}")
            self.socket.bind(path)
            environment["NOTIFY_SOCKET"] = path
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [f"{BUILD}/vitrine-player", "--server", f"http://127.0.0.1:{SITE.port}", "--state",
                 self.state, "--backend", "surface", "--windowed", self.size, "--frames-to",
                 self.frames, "--quit-after", "200"], stderr=log, env=environment)
        EVENTS.append(self.process)
        return self

    def enrol(self, screen):
        code = until("a code", 30, lambda: re.search(
            r"event=enrolment_code .*code=([0-9A-Z-]*)", self.said()))[1]
        SITE.run("screen", "approve", code, "--as", screen, "--replace")
        until("a programme", 60, lambda: "event=manifest_current" in self.said())
        return code

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def command(kind):
    status, answer = ask("POST", f"/screens/{SCREEN}/commands", {"kind": kind})
    assert status == 202, answer
    return answer["items"][0]["id"]


def ended(wish):
    def look():
        _, answer = ask("GET", f"/screens/{SCREEN}/commands")
        one = [item for item in answer["items"] if item["id"] == wish][0]
        return one if one["state"] not in ("waiting", "told") else None
    return until("the wish is met", 40, look)


def identifies(player):
    before = set(os.listdir(player.frames)) if os.path.isdir(player.frames) else set()
    assert ended(command("identify"))["state"] == "done"
    new = until("a frame", 10, lambda: sorted(set(os.listdir(player.frames)) - before))
    time.sleep(0.5)
    # Navy, which no slide of the programme is made of: the page's margin.
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", f"{player.frames}/{new[-1]}",
                    "-vf", "crop=8:8:2:2", "-f", "rawvideo", "-pix_fmt", "rgb24",
                    f"{SITE.folder}/corner"], check=True)
    with open(f"{SITE.folder}/corner", "rb") as file:
        assert file.read(3) == bytes((0x0B, 0x1F, 0x3A)), "not the page of a screen"
    if os.environ.get("KEEP_FRAMES"):
        shutil.copy(f"{player.frames}/{new[-1]}",
                    os.path.join(os.environ["KEEP_FRAMES"], f"identify-{player.size}.png"))


def restarts(player):
    boots = len(re.findall("event=first_frame", player.said()))
    assert ended(command("restart"))["state"] == "done"
    assert player.process.wait(20) == RESTART, player.said()[-2000:]
    player.start()
    until("it shows again", 30, lambda: len(re.findall("event=first_frame", player.said())) > boots)
    status, screen = ask("GET", f"/screens/{SCREEN}")
    assert status == 200 and screen["presence"] == "ok", screen
    assert not [one for one in screen["faults"] if one["code"] == "cloned"], "a restart is no clone"


def alone(player):
    player.stop()
    player.supervised = False
    player.start()
    until("it shows", 30, lambda: player.said().count("event=first_frame") > 2)
    answer = ended(command("restart"))
    assert answer["state"] == "failed" and "systemd" in answer["reason"], answer
    assert player.process.poll() is None, "it must stay"


def is_cloned():
    _, answer = ask("GET", f"/faults?open=1&screen={SCREEN}")
    return [one for one in answer["items"] if one["code"] == "cloned"]


def cloned(player):
    player.stop()
    copy = os.path.join(SITE.folder, "copy")
    shutil.copytree(player.state, copy)
    assert not is_cloned()
    other = Player("other", state=copy).start()
    player.start()
    until("both show", 30, lambda: "event=first_frame" in other.said())

    def look():
        command("screenshot")  # wakes both
        time.sleep(1)
        return is_cloned()
    fault = until("the copy is noticed", 120, look)[0]
    assert fault["detail"].count("127.0.0.1") == 2 and fault["advice"], fault
    other.stop()


def main():
    try:
        player = Player("hall").start()
        player.enrol(SCREEN)
        identifies(player)
        restarts(player)
        alone(player)
        cloned(player)
        player.stop()
        for name in ("hall", "other"):
            with open(os.path.join(SITE.folder, name + ".log"), encoding="utf-8") as log:
                text = log.read()
            assert "AddressSanitizer" not in text and "runtime error" not in text, text[-4000:]
        code, log = SITE.stop()
        assert code == 0 and "AddressSanitizer" not in log, log[-4000:]
    finally:
        for process in EVENTS:
            if process.poll() is None:
                process.kill()


if __name__ == "__main__":
    main()
