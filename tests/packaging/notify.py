"""The player as systemd sees it: notify.py PLAYER MAKE_MANIFEST.

READY with the first frame, a status, WATCHDOG as long as slides are presented, none while the
process stands still, STOPPING at the end."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

player, make_manifest = sys.argv[1:3]
WATCHDOG_S = 3  # fed every second


class Manager:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)

    def listen(self, seconds, until=None):
        """What came within these seconds, or until a message begins like this."""
        heard = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                message = self.socket.recv(4096).decode()
            except TimeoutError:
                break
            heard += message.splitlines()
            if until and any(line.startswith(until) for line in heard):
                break
        return heard


def check(right, what):
    if not right:
        print(what)
        sys.exit(1)


def main():
    with tempfile.TemporaryDirectory() as folder:
        state = str(pathlib.Path(folder) / "state")
        subprocess.run([make_manifest, state, "duration=1500", "text:Un", "text:Deux"], check=True,
                       stdout=subprocess.DEVNULL)
        manager = Manager(f"{folder}/notify")
        environment = dict(os.environ, NOTIFY_SOCKET=f"{folder}/notify",
                           WATCHDOG_USEC=str(WATCHDOG_S * 1000000))
        environment.pop("WATCHDOG_PID", None)
        child = subprocess.Popen([player, "--state", state, "--windowed", "320x180"],
                                 env=environment, stderr=subprocess.PIPE, text=True)
        try:
            heard = manager.listen(20, until="READY=1")
            check("READY=1" in heard, f"not ready: {heard}")
            heard += manager.listen(5)
            fed = heard.count("WATCHDOG=1")
            check(4 <= fed <= 8, f"fed {fed} times in 5 s: {heard}")
            check(heard.count("READY=1") == 1, f"ready more than once: {heard}")
            check(any(line.startswith("STATUS=") for line in heard), f"no status: {heard}")

            child.send_signal(signal.SIGSTOP)
            manager.listen(0.5)  # what was under way
            heard = manager.listen(2 * WATCHDOG_S / 2)
            check(heard == [], f"a player that stands still said {heard}")
            child.send_signal(signal.SIGCONT)
            heard = manager.listen(5, until="WATCHDOG=1")
            check("WATCHDOG=1" in heard, "not fed after it went on")

            child.send_signal(signal.SIGTERM)
            heard = manager.listen(5, until="STOPPING=1")
            check("STOPPING=1" in heard, f"no farewell: {heard}")
            check(child.wait(10) == 0, f"ended with {child.returncode}")
        finally:
            if child.poll() is None:
                child.kill()
            said = child.stderr.read()
            if "--verbose" in sys.argv:
                print(said)


main()
