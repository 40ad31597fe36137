#!/usr/bin/env python3
"""Whether a drive's memory stays flat: the whole comparison's work on one mount, over and over.

    bench/mount/soak.py [--minutes N] [--work DIR]        (default: 60)

Prints a Markdown table of the drive's resident memory after each round, and its open descriptors. Needs root, /dev/fuse, fio and the Release build.
"""
import argparse, os, shutil, sys, tempfile, time

import systems, workloads


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--work")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("run it as root: caches are dropped and file systems mounted")
    work = tempfile.mkdtemp(prefix="securevault-soak-", dir=options.work)
    system = systems.SecureVault(work)
    system.up()
    try:
        pid = systems.process_of(system)
        began = time.monotonic()
        print("| minutes | resident, MiB | descriptors |\n|---|---|---|")
        print(f"| 0 | {systems.resident(pid)} | {len(os.listdir(f'/proc/{pid}/fd'))} |", flush=True)
        while time.monotonic() < began + options.minutes * 60:
            workloads.measure(system, True, workloads.KINDS)
            time.sleep(5)  # what was written is committed within two seconds
            print(f"| {(time.monotonic() - began) / 60:.1f} | {systems.resident(pid)} | {len(os.listdir(f'/proc/{pid}/fd'))} |", flush=True)
    finally:
        system.down()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
