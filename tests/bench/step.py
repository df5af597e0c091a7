"""Two players with the same programme, side by side: step.py BUILD FOLDER SECONDS. FOLDER/step is a state
folder whose loop cuts from slide to slide. Each player saves its frames, named by the wall clock at
which they were shown; prints by how much the same change came apart, in milliseconds."""
import os
import shutil
import signal
import subprocess
import sys
import time

BUILD, FOLDER, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3])
ITEM_MS = 2000


def start(name):
    state, frames = f"{FOLDER}/step-{name}", f"{FOLDER}/step-frames-{name}"
    shutil.copytree(f"{FOLDER}/step", state)
    log = open(f"{FOLDER}/step-{name}.log", "wb")
    return frames, subprocess.Popen(
        [f"{BUILD}/vitrine-player", "--state", state, "--backend", "surface", "--windowed",
         "480x270", "--frames-to", frames], stderr=log,
        env={**os.environ, "SDL_VIDEODRIVER": "dummy"})


def changes(frames):
    """When each item was shown first, by its number since 1970."""
    shown = {}
    for name in sorted(os.listdir(frames)):
        wall_ms = int(name.rpartition("-")[2].removesuffix(".png"))
        shown.setdefault(wall_ms // ITEM_MS, wall_ms)
    return shown


# Not at the same time: their phases must not help them.
players = [start("a")]
time.sleep(0.7)
players.append(start("b"))
time.sleep(SECONDS)
for _, process in players:
    process.send_signal(signal.SIGTERM)
    process.wait()
first, second = (changes(frames) for frames, _ in players)
# The first items were joined in their course.
both = sorted(set(first) & set(second))[2:]
apart = sorted(abs(first[item] - second[item]) for item in both)
print(f"step_changes={len(apart)}\nstep_median_ms={apart[len(apart) // 2]}\nstep_most_ms={apart[-1]}")
