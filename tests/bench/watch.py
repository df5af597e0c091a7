"""Watches a process from outside: watch.py PID SECONDS [--pss]. Prints name=value lines:
cpu_s (user and system time of all its threads meanwhile), main_s (of its first thread), elapsed_s,
and with --pss pss_peak_kb and pss_last_kb, looked at five times a second."""
import sys
import time


def cpu_s(pid):
    """The process's CPU clock: nanoseconds, and threads that have ended count as well."""
    return time.clock_gettime((~pid << 3) | 2)


def main_s(pid):
    with open(f"/proc/{pid}/task/{pid}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[0]) / 1e9


def pss_kb(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def main():
    pid, seconds, with_pss = int(sys.argv[1]), float(sys.argv[2]), "--pss" in sys.argv
    began, cpu, main_thread = time.monotonic(), cpu_s(pid), main_s(pid)
    peak = last = 0
    while (left := began + seconds - time.monotonic()) > 0:
        if with_pss:
            last = pss_kb(pid)
            peak = max(peak, last)
        time.sleep(min(left, 0.2) if with_pss else left)
    print(f"cpu_s={cpu_s(pid) - cpu:.6f}\nmain_s={main_s(pid) - main_thread:.6f}")
    print(f"elapsed_s={time.monotonic() - began:.3f}")
    if with_pss:
        print(f"pss_peak_kb={peak}\npss_last_kb={last}")


main()
