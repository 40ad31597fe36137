#!/usr/bin/env python3
"""Which FUSE requests one file costs, and how long the caller waits for each: SecureVault beside FUSE itself and the peers.

    bench/mount/requests.py [--work DIR] [--fs NAME,NAME]        (default: securevault,securefs,passthrough,passthrough-checked)

The kernel's own tracepoints (fuse:fuse_request_send, fuse:fuse_request_end) are recorded on a warm mount while 3,000 files of 1 KiB are made, opened and
read, and removed, and while a source tree is copied in, searched and removed; the best of three rounds, for whatever else the machine does only adds.
Prints a Markdown table: microseconds a file, what its requests waited together, and the requests for each file with, in brackets, the median
microseconds from sending to answer. Tracing itself costs each of them some; RELEASE and RELEASEDIR are not waited for by their caller.

Needs root, /dev/fuse, Linux 6.14 or newer, the Release build of src/SecureVault.Cli and Debian's linux-perf.
"""
import argparse, collections, contextlib, os, re, shutil, statistics, subprocess, sys, tempfile, time

import systems, workloads

COUNT = 3000
ROUNDS = 3
SENT = re.compile(r"\s*([\d.]+):\s+fuse:fuse_request_send: connection \d+ req (\d+) opcode \d+ \(FUSE_(\w+)\)")
ENDED = re.compile(r"\s*([\d.]+):\s+fuse:fuse_request_end: connection \d+ req (\d+)")


def waits(data):
    """Microseconds by request, of those that were answered."""
    text = subprocess.run(["perf", "script", "-i", data, "-F", "time,event,trace"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode()
    under_way, found = {}, collections.defaultdict(list)
    for line in text.splitlines():
        if sent := SENT.match(line):
            under_way[sent[2]] = (float(sent[1]), sent[3])
        elif (ended := ENDED.match(line)) and ended[2] in under_way:
            began, request = under_way.pop(ended[2])
            found[request].append((float(ended[1]) - began) * 1e6)
    return found


def traced(work, count, data):
    perf = subprocess.Popen(["perf", "record", "-q", "-a", "-m", "8M", "-o", data, "-e", "fuse:fuse_request_send", "-e", "fuse:fuse_request_end"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    began = time.perf_counter()
    work()
    took = (time.perf_counter() - began) / count * 1e6
    perf.terminate()
    perf.wait()
    found = waits(data)
    waited = sum(sum(times) for request, times in found.items() if not request.startswith("RELEASE")) / count
    often = sorted((pair for pair in found.items() if len(pair[1]) > count / 20), key=lambda pair: -sum(pair[1]))
    parts = [f"{request} {len(times) / count:.1f} ({statistics.median(times):.0f})" for request, times in often]
    return took, f"{took:.0f} | {waited:.0f} | " + ", ".join(parts)


def many(system):
    return workloads.small_files(f"{system.mount}/many", COUNT)


def warm(system, pieces):
    tree = f"{system.mount}/tree"
    os.mkdir(f"{system.mount}/many")
    for _ in range(3):
        workloads.create(many(system))
        workloads.unlink(system, many(system))
    os.mkdir(tree)
    workloads.copy(pieces, tree)
    workloads.remove(system, tree)
    os.mkdir(tree)


def measure(system, pieces, data):
    """Microseconds a file and the row's text, by kind of work: first what makes files, for who removes hinders who makes (workloads.rest)."""
    names, tree, count = many(system), f"{system.mount}/tree", workloads.tree_size()
    yield "create", traced(lambda: workloads.create(names), COUNT, data)
    yield "copy a tree", traced(lambda: workloads.copy(pieces, tree), count, data)
    workloads.forget(system)
    yield "open and read", traced(lambda: workloads.read(names), COUNT, data)
    workloads.forget(system)
    yield "grep a tree", traced(lambda: workloads.search(tree), count, data)
    workloads.read(names)
    yield "unlink", traced(lambda: workloads.unlink(system, names), COUNT, data)
    workloads.search(tree)
    yield "remove a tree", traced(lambda: workloads.remove(system, tree), count, data)
    os.rmdir(f"{system.mount}/many")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work")
    parser.add_argument("--fs", default="securevault,securefs,passthrough,passthrough-checked")
    options = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("perf") is None:
        sys.exit("run it as root, with Debian's linux-perf installed")
    work = tempfile.mkdtemp(prefix="securevault-requests-", dir=options.work)
    best = collections.defaultdict(dict)
    try:
        chosen = systems.chosen(options.fs.split(","), work)
        pieces = workloads.branches()
        for _ in range(ROUNDS):
            with contextlib.ExitStack() as mounted:
                for system in chosen:
                    system.up()
                    mounted.callback(system.down)
                    warm(system, pieces)
                workloads.rest()
                for row in zip(*(measure(system, pieces, f"{work}/perf.data") for system in chosen), strict=True):
                    for system, (kind, found) in zip(chosen, row):
                        best[kind][system.name] = min(found, best[kind].get(system.name, found))
        print("| work | file system | us a file | waited for requests | requests a file (us each) |\n|---|---|---|---|---|")
        print("\n".join(f"| {kind} | {name} | {row} |" for kind, found in best.items() for name, (_, row) in found.items()))
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
