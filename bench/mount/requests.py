#!/usr/bin/env python3
"""Which FUSE requests one file costs, and how long the caller waits for each: SecureVault beside FUSE itself and the peers.

    bench/mount/requests.py [--work DIR] [--fs NAME,NAME]        (default: securevault,securefs,passthrough)

The kernel's own tracepoints (fuse:fuse_request_send, fuse:fuse_request_end) are recorded while 3,000 files of 1 KiB are made, opened and read, and
removed on a warm mount. Prints a Markdown table: requests for each file and, in brackets, the median microseconds from sending to answer; tracing
itself costs each of them some. RELEASE is not waited for by its caller.

Needs root, /dev/fuse, Linux 6.14 or newer, the Release build of src/SecureVault.Cli and Debian's linux-perf.
"""
import argparse, collections, os, re, shutil, statistics, subprocess, sys, tempfile, time

import systems, workloads

COUNT = 3000
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


def traced(work, names, data):
    perf = subprocess.Popen(["perf", "record", "-q", "-a", "-o", data, "-e", "fuse:fuse_request_send", "-e", "fuse:fuse_request_end"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    began = time.perf_counter()
    work(names)
    took = (time.perf_counter() - began) / COUNT * 1e6
    perf.terminate()
    perf.wait()
    found = {request: times for request, times in waits(data).items() if len(times) > COUNT / 10}
    parts = [f"{request} {len(times) / COUNT:.1f} ({statistics.median(times):.0f})" for request, times in found.items()]
    return f"{took:.0f} us: " + ", ".join(parts)


def measure(system, data):
    folder = f"{system.mount}/many"
    os.mkdir(folder)
    names = workloads.small_files(folder, COUNT)
    for _ in range(3):
        workloads.create(names)
        workloads.unlink(names)
    made = traced(workloads.create, names, data)
    workloads.forget(system)
    return made, traced(workloads.read, names, data), traced(workloads.unlink, names, data)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work")
    parser.add_argument("--fs", default="securevault,securefs,passthrough")
    options = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("perf") is None:
        sys.exit("run it as root, with Debian's linux-perf installed")
    work = tempfile.mkdtemp(prefix="securevault-requests-", dir=options.work)
    print("| | create | open and read | unlink |\n|---|---|---|---|")
    try:
        for system in systems.chosen(options.fs.split(","), work):
            system.up()
            try:
                print(f"| {system.name} | " + " | ".join(measure(system, f"{work}/perf.data")) + " |", flush=True)
            finally:
                system.down()
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
