"""Weeks of playing in minutes: soak.py BUILD SOURCE [DAYS [SPEED]]. The player runs under faketime with its
clocks SPEED times as fast, against a server that publishes a new version every simulated day. Prints
what it holds after each day; fails when file descriptors grow, or memory by more than 1 MiB a week.
Needs a build without sanitizers."""
import os
import re
import sys
import time

from house import Broken, House, Server, check

SLIDE_MS = 600_000
WEEK_DAYS = 7
# A picture more is held while one follows another: of so many looks a day the least counts.
LOOKS = 12
GROWTH_MB_WEEK = 1.0


def held(pid):
    """Open descriptors, memory of its own in MiB, threads."""
    fds = len(os.listdir(f"/proc/{pid}/fd"))
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        text = file.read()
    own = sum(int(re.search(rf"^{name}:\s+(\d+)", text, re.M).group(1))
              for name in ("Private_Dirty", "Private_Clean", "Swap"))
    return fds, own / 1024, len(os.listdir(f"/proc/{pid}/task"))


def slope(points):
    """Of the straight line nearest to the points, per step of x."""
    count = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def find_library():
    for machine in ("x86_64", "aarch64"):
        path = f"/usr/lib/{machine}-linux-gnu/faketime/libfaketime.so.1"
        if os.path.exists(path):
            return path
    raise Broken("faketime is not installed")


def soak(house, server, days, speed):
    # Two versions by turns are enough: what a version costs comes back with every change.
    editions = [house.edition(version) for version in range(1, 3)]
    house.settle(editions[0])
    server.publish(editions[0])
    player = house.start(server, extra={
        "LD_PRELOAD": find_library(), "FAKETIME": f"+0 x{speed}", "FAKETIME_NO_CACHE": "1"},
        frames=False)
    player.wait_for("event=first_frame")
    pid, day_s, seen = player.process.pid, 86400 / speed, []
    began = time.monotonic()
    for day in range(1, days + 1):
        if day + 2 not in house.editions:
            edition = house.edition(day + 2)
            server.publish(edition)
        looks = []
        for look in range(1, LOOKS + 1):
            time.sleep(max(0, began + (day - 1 + look / LOOKS) * day_s - time.monotonic()))
            player.alive()
            looks.append(held(pid))
        fds, memory, threads = (min(values) for values in zip(*looks))
        seen.append((day, memory, fds))
        print(f"day {day:3d}: {fds} descriptors, {memory:.2f} MiB, {threads} threads, "
              f"{len(server.reports)} reports", flush=True)
    last = max(house.editions)
    check(f"manifest=1-{last}" in player.log() or f"manifest=1-{last - 1}" in player.log(),
          "the last day's version never came")
    player.end()
    settled = seen[max(1, len(seen) // 5):]
    growth = slope([(day / WEEK_DAYS, memory) for day, memory, _ in settled])
    print(f"memory_growth_mb_week={growth:.3f}\ndescriptors_first={settled[0][2]}\n"
          f"descriptors_last={settled[-1][2]}\nmemory_mb={settled[-1][1]:.2f}")
    check(settled[-1][2] <= settled[0][2], "file descriptors grow")
    check(growth < GROWTH_MB_WEEK, "memory grows")


def main():
    build, source = sys.argv[1:3]
    days = int(sys.argv[3]) if len(sys.argv) > 3 else 30
    speed = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
    house, server = House(build, source, item_ms=SLIDE_MS), Server()
    try:
        soak(house, server, days, speed)
    except Broken as broken:
        print(f"FAILED: {broken}\nkept: {house.folder}")
        sys.exit(1)
    finally:
        server.close()
    house.finish()


main()
