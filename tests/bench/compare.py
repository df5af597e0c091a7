"""The player beside Chromium and mpv on the same X display, the same pictures and the same film, one
after the other in one run: compare.py BUILD FOLDER LOOP_SECONDS DISPLAY_PID
(of the X server). Prints name=value lines for bench.sh.
FOLDER holds what prepare() of bench.sh made: slide-N.png, film.mp4, the players' state folders."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD, FOLDER = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
LOOP_SECONDS, DISPLAY_PID = int(sys.argv[3]), int(sys.argv[4])
STARTS, STILL_SECONDS, FILM_SECONDS, SETTLE_SECONDS = 5, 30, 60, 6
STAND_MS, FADE_MS = 4000, 500
# What it is compared in does not change with time; only we promise ten minutes.
CHROMIUM_SECONDS = 120
ASIDE = ["--no-first-run", "--no-default-browser-check", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-quic", "--no-sandbox",
         "--password-store=basic", "--test-type", "--disable-gpu"]


def say(text):
    print("  " + text, file=sys.stderr, flush=True)


def result(name, value):
    print(f"{name}={value}", flush=True)


# --- Programs ------------------------------------------------------------------------------------

def player(state):
    return [f"{BUILD}/vitrine-player", "--state", f"{FOLDER}/{state}", "--backend", "surface",
            "--quit-after", "3600"]


def player_at_films_start():
    """The player joins a film where the clock says; to be compared with mpv it starts with it."""
    subprocess.run([f"{BUILD}/tests/player/make_manifest", f"{FOLDER}/film",
                    f"origin={time.time_ns() // 1000000}", f"film:{FOLDER}/film.mp4:20000:Film"],
                   check=True)
    return player("film")


def chromium(pictures):
    query = urllib.parse.urlencode(
        [("stand", STAND_MS), ("fade", FADE_MS)] + [("picture", p) for p in pictures])
    profile = f"{FOLDER}/profile-{time.monotonic_ns()}"
    return ["chromium", *ASIDE, f"--user-data-dir={profile}", "--window-size=1920,1080",
            "--window-position=0,0", "--kiosk", f"--app=file://{FOLDER}/fade.html?{query}"]


def mpv(film):
    return ["mpv", "--no-config", "--vo=x11", "--hwdec=no", "--no-audio", "--fs", "--no-osc",
            "--no-input-default-bindings", "--really-quiet", "--loop-file=inf",
            f"--input-ipc-server={FOLDER}/mpv.socket", film]


class Running:
    """A program with its children, in a session of its own."""

    def __init__(self, command):
        self.log = open(f"{FOLDER}/running.log", "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log,
                                        start_new_session=True)

    def tree(self):
        parents = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                        parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
                except OSError:
                    pass
        found = {self.process.pid}
        while True:
            more = {pid for pid, parent in parents.items() if parent in found} - found
            if not more:
                return found
            found |= more

    def pss_mb(self):
        total = 0
        for pid in self.tree():
            try:
                with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                    total += int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M).group(1))
            except (OSError, AttributeError):
                pass
        return total / 1024

    def end(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        time.sleep(0.5)
        self.log.seek(0)
        return self.log.read()


def cpu_s(pids):
    total = 0
    for pid in pids:
        try:
            total += time.clock_gettime((~pid << 3) | 2)
        except OSError:
            pass
    return total


def watch(running, seconds):
    """Percent of a processor of the program, the same with the display server, highest PSS."""
    time.sleep(SETTLE_SECONDS)
    pids = running.tree()
    began, own, shown = time.monotonic(), cpu_s(pids), cpu_s([DISPLAY_PID])
    time.sleep(seconds)
    elapsed = time.monotonic() - began
    own = (cpu_s(pids) - own) * 100 / elapsed
    shown = (cpu_s([DISPLAY_PID]) - shown) * 100 / elapsed
    return own, own + shown, running.pss_mb()


# --- Measures ------------------------------------------------------------------------------------

def colour_of(file):
    """Of the pixel that is looked at: in the middle of the left half."""
    out = subprocess.run(["ffmpeg", "-v", "error", "-i", file, "-frames:v", "1", "-vf",
                          "scale=1920:1080,format=rgb24,crop=1:1:480:540", "-f", "rawvideo", "-pix_fmt",
                          "rgb24", "-"], stdout=subprocess.PIPE, check=True).stdout
    return out[:3].hex()


def start_ms(command, colour):
    times = []
    for _ in range(STARTS + 1):
        out = subprocess.run([f"{BUILD}/tests/bench/until_pixel", "480", "540", colour, "30",
                              *command()], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             check=True).stdout
        times.append(float(out))
        time.sleep(1)
    return sorted(times[1:])[STARTS // 2]


def counts(text, names):
    return {name: int(re.findall(rf"\b{name}=(\d+)", text)[-1]) for name in names}


def measure_start():
    say("démarrage, chacun six fois")
    slide, film = colour_of(f"{FOLDER}/slide-0.png"), colour_of(f"{FOLDER}/film.mp4")
    result("start_player_ms", f"{start_ms(lambda: player('one'), slide):.0f}")
    result("start_chromium_ms", f"{start_ms(lambda: chromium(['slide-0.png']), slide):.0f}")
    result("start_player_film_ms", f"{start_ms(player_at_films_start, film):.0f}")
    result("start_mpv_ms", f"{start_ms(lambda: mpv(FOLDER + '/film.mp4'), film):.0f}")


def window_title():
    out = subprocess.run(["xdotool", "search", "--name", "fades="], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True, check=False).stdout.split()
    return subprocess.run(["xdotool", "getwindowname", out[0]], stdout=subprocess.PIPE, text=True,
                          check=True).stdout if out else ""


def measure_pictures(what, seconds, ours, pictures):
    say(f"{what} : lecteur {seconds} s, puis Chromium")
    running = Running(player(ours))
    cpu, both, memory = watch(running, seconds)
    text = running.end()
    result(f"{what}_player_cpu", f"{cpu:.3f}")
    result(f"{what}_player_cpu_x", f"{both:.3f}")
    result(f"{what}_player_mb", f"{memory:.1f}")
    if len(pictures) > 1:
        for name, value in counts(text, ["fades", "frames", "dropped"]).items():
            result(f"{what}_player_{name}", value)
    running = Running(chromium(pictures))
    cpu, both, memory = watch(running, min(seconds, CHROMIUM_SECONDS))
    title = window_title()
    running.end()
    result(f"{what}_chromium_cpu", f"{cpu:.3f}")
    result(f"{what}_chromium_cpu_x", f"{both:.3f}")
    result(f"{what}_chromium_mb", f"{memory:.1f}")
    if len(pictures) > 1:
        for name, value in counts(title, ["fades", "frames", "dropped"]).items():
            result(f"{what}_chromium_{name}", value)


def ask_mpv(name):
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(f"{FOLDER}/mpv.socket")
        peer.sendall(json.dumps({"command": ["get_property", name]}).encode() + b"\n")
        for line in peer.makefile():
            answer = json.loads(line)
            if "error" in answer:
                return answer.get("data", 0)
    return 0


def measure_film():
    say(f"film 1080p30 : lecteur puis mpv (x11), {FILM_SECONDS} s chacun")
    running = Running(player("film"))
    cpu, both, memory = watch(running, FILM_SECONDS)
    text = running.end()
    result("film_player_cpu", f"{cpu:.2f}")
    result("film_player_cpu_x", f"{both:.2f}")
    result("film_player_mb", f"{memory:.1f}")
    for name, value in counts(text, ["frames", "dropped"]).items():
        result(f"film_player_{name}", value)
    running = Running(mpv(f"{FOLDER}/film.mp4"))
    cpu, both, memory = watch(running, FILM_SECONDS)
    dropped = ask_mpv("frame-drop-count") + ask_mpv("decoder-frame-drop-count")
    running.end()
    result("film_mpv_cpu", f"{cpu:.2f}")
    result("film_mpv_cpu_x", f"{both:.2f}")
    result("film_mpv_mb", f"{memory:.1f}")
    result("film_mpv_dropped", dropped)


os.chdir(FOLDER)
with open(f"{HERE}/fade.html", encoding="utf-8") as page:
    open("fade.html", "w", encoding="utf-8").write(page.read())
measure_start()
measure_film()
measure_pictures("still", STILL_SECONDS, "one", ["slide-0.png"])
measure_pictures("loop", LOOP_SECONDS, "loop", [f"slide-{i}.png" for i in range(4)])
