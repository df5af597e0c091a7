"""The player under faults: faults.py BUILD SOURCE CASE [RUNS [SEED]]. Cases: kill, full, eio, flip, lies,
time. Whatever happens, no frame is wrong, mixed or black, and no acknowledged or saved play is lost."""
import os
import random
import shutil
import subprocess
import sys
import time

from house import Broken, House, ITEM_MS, SLIDES, Server, check, digest

SKIP = 77


def skip(text):
    print(f"skipped: {text}")
    sys.exit(SKIP)


def check_reports(server):
    """Sent once and never twice different; of each start, from the first on without a gap."""
    check(not server.conflicts, f"one sequence, two records: {server.conflicts[:3]}")
    boots = {}
    for boot, sequence in server.reports:
        boots.setdefault(boot, []).append(sequence)
    for boot, sequences in boots.items():
        sequences.sort()
        missing = set(range(sequences[0], sequences[-1])) - set(sequences)
        check(not missing, f"boot {boot} lost {sorted(missing)[:5]} of {sequences[-1]}")


def kill(house, server, runs):
    """kill -9 at random instants while versions come, are fetched and shown."""
    version = 1
    house.settle(house.edition(version))
    server.publish(house.editions[version])
    for number in range(runs):
        if number % 3 == 0:
            version += 1
            edition = house.edition(version, heavy=random.choice([0, 0, 300_000]))
            server.publish(edition)
            server.tell_lie("slow", random.uniform(0.05, 1))
        # A kill in the middle of drawing looks like a crash: here no slide is to blame.
        house.forget("quarantine")
        player = house.start(server)
        time.sleep(random.uniform(0.03, 1.2))
        player.alive()
        player.kill()
        house.judge(player, {v for v in house.editions if v <= version})
        shutil.rmtree(player.shots, ignore_errors=True)
        print(f"  {number + 1}/{runs}", flush=True)
    server.tell_lie("")
    house.forget("quarantine")
    began_ms = time.time() * 1000
    player = house.start(server)
    player.wait_for(f"manifest=1-{version}")
    # The oldest are sent first: when plays of this start come, all before them are there.
    for _ in range(60):
        if any(play["from_ms"] >= began_ms for play in server.kinds("play")):
            break
        time.sleep(1)
    check(player.end() == 0, "does not end well")
    check(house.judge(player, set(house.editions)) == version, "the last version does not show")
    check(server.kinds("play"), "no play was ever reported")
    check_reports(server)


def full(house, server, _):
    """A state folder on a file system of 2.6 MB that fills."""
    house.settle(house.edition(1))
    seed = f"{house.folder}/seed"
    os.rename(house.state, seed)
    os.mkdir(house.state)
    script = f'mount -t tmpfs -o size=2600k tmpfs "$0" && cp -r "{seed}/." "$0" && shift 0 && exec "$@"'
    inside = ["unshare", "-rm", "sh", "-c", script, house.state]
    if subprocess.run([*inside, "true"], check=False, stderr=subprocess.DEVNULL).returncode != 0:
        skip("no mount namespace may be made here")
    server.publish(house.editions[1])
    player = house.start(server, before=inside)
    player.wait_for("event=first_frame")
    time.sleep(1)
    server.publish(house.edition(2, heavy=700_000))  # never fits
    end = time.monotonic() + 20
    while not server.kinds("fault") and time.monotonic() < end:
        time.sleep(0.1)
    check(server.kinds("fault"), "a full disk is not reported")
    player.alive()
    server.publish(house.edition(3))
    player.wait_for("manifest=1-3", 40)
    time.sleep(3 * ITEM_MS / 1000)
    check(player.end() == 0, "does not end well")
    check(house.judge(player, {1, 3}) == 3, "the version that fits does not show")


def eio(house, server, runs):
    """EIO on the n-th call of each kind that writes, for n = 1, 2, …"""
    if shutil.which("strace") is None:
        skip("strace is not there")
    probe = subprocess.run(["strace", "-f", "-e", "trace=none", "true"], check=False,
                           stderr=subprocess.DEVNULL)
    if probe.returncode != 0:
        skip("nothing may be traced here")
    version = 1
    house.settle(house.edition(version))
    calls = ["write", "pwrite64", "fsync,fdatasync", "rename,renameat,renameat2", "openat",
             "ftruncate", "unlink,unlinkat"]
    for number in range(runs):
        call = calls[number % len(calls)]
        which = number // len(calls) + 1
        if call == "openat":
            which += 40  # behind what the loader opens
        version += 1
        server.publish(house.edition(version))
        player = house.start(server, extra={"ASAN_OPTIONS": "detect_leaks=0"}, before=[
            "strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
            f"inject={call}:error=EIO:when={which}"])
        time.sleep(3)
        if player.process.poll() is not None:
            # Without a display, fonts or a state it could read there is nothing to show.
            text = player.log()
            check("Sanitizer" not in text and "assert" not in text, text[-3000:])
            check(call == "openat", f"{call} number {which}: the player ended: {text[-2000:]}")
        else:
            player.end()
        house.judge(player, set(house.editions), bare=True)
        shutil.rmtree(player.shots, ignore_errors=True)
        print(f"  {number + 1}/{runs}: {call} number {which}", flush=True)
    player = house.start(server)
    player.wait_for(f"manifest=1-{version}")
    time.sleep(2)
    check(player.end() == 0, "does not end well")
    check(house.judge(player, set(house.editions), bare=True) == version, "does not recover")


def files_of(folder):
    return sorted(f"{root}/{name}" for root, _, names in os.walk(folder) for name in names
                  if name != "lock")


def flip_bit(path):
    with open(path, "r+b") as file:
        size = os.path.getsize(path)
        if size == 0:
            return
        at = random.randrange(size)
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ (1 << random.randrange(8))]))


def flip(house, server, runs):
    """A flipped bit in any file of the state folder, while it plays and between starts."""
    house.settle(house.edition(1))
    server.publish(house.edition(2))
    player = house.start(server)
    player.wait_for("manifest=1-2")
    player.end()
    house.judge(player, {1, 2})
    for number in range(runs):
        paths = [path for path in files_of(house.state) if not path.endswith(("server.json", "key"))]
        target = paths[number % len(paths)]
        flip_bit(target)
        player = house.start(server)
        time.sleep(0.6)
        flip_bit(random.choice([p for p in paths if "/cache/" in p and os.path.exists(p)] or [target]))
        time.sleep(1.2)
        player.alive()
        check(player.end() == 0, f"{target}: does not end well")
        house.judge(player, {1, 2}, bare=True)
        shutil.rmtree(player.shots, ignore_errors=True)
        print(f"  {number + 1}/{runs}: {os.path.relpath(target, house.state)}", flush=True)
    player = house.start(server)
    time.sleep(6)
    player.end()
    shown = house.judge(player, {1, 2}, bare=True)
    check(shown == 2, f"what was damaged is not whole again: version {shown}")
    names = sorted(os.listdir(player.shots))[-SLIDES:]
    for name in names:
        check(not house.frames[digest(f"{player.shots}/{name}")][2], "a photo stays lost")


# Answers that a player may put right by asking for the rest.
HEALING = ("wrong-range", "cut")


def lies(house, server, _):
    """Replay, another screen's and another server's manifest, freeze, endless bodies, wrong bytes,
    wrong ranges, cut and dripping answers, 500s: version 1 stays, then version 2 comes."""
    first, second = house.edition(1), house.edition(2)
    forged = second.sealed[:-40] + bytes([second.sealed[-40] ^ 1]) + second.sealed[-39:]
    told = [("sealed", ("1-1", first.sealed)), ("sealed", ("1-2", forged)),
            ("sealed", ("1-2", b"x" * 5000)), ("sealed", ("1-2", b"")),
            ("sealed", ("1-2", second.sealed[:-7])), ("500", None), ("freeze", None),
            ("endless", None), ("wrong", None), ("cut", None), ("drip", None),
            ("wrong-range", None)]
    for lie, value in told:
        house.settle(first)
        server.files.clear()
        server.tell_lie(lie, value)
        server.publish(second)
        player = house.start(server)
        player.wait_for("event=first_frame")
        time.sleep(2.5)
        player.alive()
        player.end()
        last = house.judge(player, {1, 2} if lie in HEALING else {1})
        check(last == 1 or lie in HEALING, f"{lie}: shows version {last}")
        print(f"  {lie}", flush=True)
    server.tell_lie("")
    player = house.start(server)
    player.wait_for("manifest=1-2", 40)
    time.sleep(2)
    check(player.end() == 0, "does not end well")
    check(house.judge(player, {1, 2}) == 2, "does not come back from the lies")


def jump(house, server, _):
    """The machine's clock jumps: 1970, an hour forward and back, twenty years on."""
    library = next((path for path in ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
                                      "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1")
                    if os.path.exists(path)), None)
    if library is None:
        skip("faketime is not there")
    house.settle(house.edition(1))
    server.publish(house.editions[1])
    clock = f"{house.folder}/clock"
    def set_clock(text):
        with open(f"{clock}.new", "w", encoding="ascii") as file:
            file.write(text + "\n")
        os.rename(f"{clock}.new", clock)
    set_clock("+0")
    player = house.start(server, extra={
        "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"})
    player.wait_for("event=first_frame")
    for step in ("+3600", "-3600", "-1800000000", "+630000000", "+0"):
        set_clock(step)
        time.sleep(2)
        player.alive()
        print(f"  {step} s", flush=True)
    player.end()
    check(house.judge(player, {1}, timed=False) == 1, "nothing was shown")


CASES = {"kill": kill, "full": full, "eio": eio, "flip": flip, "lies": lies, "time": jump}


def main():
    build, source, case = sys.argv[1:4]
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 10
    seed = sys.argv[5] if len(sys.argv) > 5 else str(time.time_ns())
    print(f"{case}: {runs} runs, seed {seed}", flush=True)
    random.seed(seed)
    house, server = House(build, source), Server()
    try:
        CASES[case](house, server, runs)
    except Broken as broken:
        print(f"FAILED ({case}, seed {seed}): {broken}\nkept: {house.folder}")
        sys.exit(1)
    finally:
        server.close()
    house.finish()


main()
