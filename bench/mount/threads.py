#!/usr/bin/env python3
"""What runs while files are made, thread by thread, in a file system mounted just now and in one that worked before.

    bench/mount/threads.py [--work DIR] [--fs NAME,NAME] [--rounds N]        (default: securevault,securefs,passthrough,passthrough-checked; 3)

Each round mounts every file system anew and makes 20 folders of 500 files of 1 KiB in each; the file systems take turns at every folder. Prints a Markdown
table in microseconds a file, medians (of commit and compiler, which come in bursts, means): what the caller took, how long it ran and how long it was
ready but had no processor; how long the file system's own threads ran (those that serve requests; in SecureVault also those that commit closed files and
that compile its code); and how long the whole machine was busy, kernel threads included (counted by ticks: coarse). Times of threads are the scheduler's
(/proc/PID/task/TID/schedstat).

Needs root, /dev/fuse and the Release build of src/SecureVault.Cli.
"""
import argparse, collections, os, shutil, statistics, sys, tempfile, time

import systems, workloads

FILES = 500
FOLDERS = 20
PARTS = {"first": range(0, 1), "2nd to 4th": range(1, 4), "5th to 20th": range(4, FOLDERS)}
COLUMNS = ("taken", "ran", "without processor", "serving", "commit", "compiler", "machine")
KINDS = {"commit": "commit", ".NET Tiered Com": "compiler"}


def scheduled(pid):
    """Nanoseconds of each thread: name, ran, ready."""
    threads = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/comm", encoding="utf-8") as comm, open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as stat:
                ran, ready, _ = map(int, stat.read().split())
                threads[thread] = (comm.read().strip(), ran, ready)
        except OSError:
            continue
    return threads


def machine():
    """Nanoseconds that all processors were busy."""
    with open("/proc/stat", encoding="ascii") as stat:
        user, nice, system, _, _, irq, softirq, *_ = map(int, stat.readline().split()[1:])
    return (user + nice + system + irq + softirq) * 10**9 // os.sysconf("SC_CLK_TCK")


def measure(pid, names):
    """Microseconds a file, by column."""
    own, before, busy = scheduled(os.getpid())[str(os.getpid())], scheduled(pid), machine()
    began = time.perf_counter_ns()
    workloads.create(names)
    found = collections.Counter(taken=time.perf_counter_ns() - began, machine=machine() - busy)
    caller = scheduled(os.getpid())[str(os.getpid())]
    found.update({"ran": caller[1] - own[1], "without processor": caller[2] - own[2]})
    for thread, (name, ran, _) in scheduled(pid).items():
        found[KINDS.get(name, "serving")] += ran - before.get(thread, (name, 0, 0))[1]
    return {column: found[column] / len(names) / 1000 for column in COLUMNS}


def middle(column):
    return statistics.mean if column in KINDS.values() else statistics.median


def rounds(chosen, count, found):
    for turn in range(count):
        for system in chosen:
            system.up()
        pids = {system.name: systems.process_of(system) for system in chosen}
        for folder in range(FOLDERS):
            for system in chosen if (turn + folder) % 2 else chosen[::-1]:
                place = f"{system.mount}/{turn}-{folder}"
                os.mkdir(place)
                part = next(part for part, folders in PARTS.items() if folder in folders)
                found[part, system.name].append(measure(pids[system.name], workloads.small_files(place, FILES)))
        for system in chosen:
            for folder in range(FOLDERS):
                shutil.rmtree(f"{system.mount}/{turn}-{folder}")
            system.down()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work")
    parser.add_argument("--fs", default="securevault,securefs,passthrough,passthrough-checked")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("run it as root")
    work, found, chosen = tempfile.mkdtemp(prefix="securevault-threads-", dir=options.work), collections.defaultdict(list), []
    try:
        chosen = systems.chosen(options.fs.split(","), work)
        rounds(chosen, options.rounds, found)
        print("| folders | file system | " + " | ".join(COLUMNS) + " |\n|" + "---|" * (len(COLUMNS) + 2))
        for part in PARTS:
            for system in chosen:
                times = found[part, system.name]
                row = [f"{middle(column)(time[column] for time in times):.0f}" for column in COLUMNS]
                print(f"| {part} | {system.name} | " + " | ".join(row) + " |")
    finally:
        for system in chosen:
            system.down()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
