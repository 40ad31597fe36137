#!/usr/bin/env python3
"""How a mounted drive's cost grows with files, bytes and threads.

    bench/mount/scale.py [--quick]

Prints three tables: listing folders of 1,000 to 100,000 files (time for each file should stay), random 4 KiB reads in files of 512 MiB to
20 GiB (rate should stay while the system's cache holds the file), and 1, 2, 4, 8 readers at once (rate should grow until the processors are used); then the drive's memory before and
after and its processor time over ten idle seconds. --quick: 10,000 files and 4 GiB at most. Needs root, /dev/fuse, fio and the Release build.
"""
import argparse, os, shutil, subprocess, sys, tempfile, time

import systems, workloads


def disk_bytes(pid):
    """What the process has had read from the disk, which what the system's cache holds needs not."""
    with open(f"/proc/{pid}/io", encoding="ascii") as io:
        return next(int(line.split()[1]) for line in io if line.startswith("read_bytes"))


def listing(system, counts):
    print("\n| files in a folder | list and stat, us a file |\n|---|---|")
    folder = f"{system.mount}/wide"
    os.mkdir(folder)
    made = 0
    for count in counts:
        for i in range(made, count):
            os.close(os.open(f"{folder}/file-{i:07d}", os.O_CREAT | os.O_WRONLY, 0o644))
        made = count
        times = []
        for _ in range(3):
            workloads.forget(system)
            start = time.perf_counter()
            for entry in os.scandir(folder):
                entry.stat()
            times.append(time.perf_counter() - start)
        print(f"| {count:,} | {sorted(times)[1] / count * 1e6:.1f} |", flush=True)


def reading(system, pid, sizes):
    print("\n| file | random 4 KiB reads, 1 job, ops/s | KiB that each read took from the disk |\n|---|---|---|")
    for size in sizes:
        path = f"{system.mount}/fio.bin"
        subprocess.run(["dd", "if=/dev/urandom", f"of={path}", "bs=1M", f"count={size}", "status=none"], check=True)
        subprocess.run(["sync"], check=True)
        from_disk = -disk_bytes(pid)
        rates = sorted(workloads.fio(system, rw="randread", bs="4k", size=f"{size}M", io_size="64M", direct=1)["iops"] for _ in range(3))
        from_disk += disk_bytes(pid)
        print(f"| {size:,} MiB | {rates[1]:,.0f} | {from_disk / (3 * 64 << 20) * 4:.1f} |", flush=True)


def readers(system):
    print("\n| readers at once | random 4 KiB reads, ops/s |\n|---|---|")
    for jobs in (1, 2, 4, 8):
        rates = sorted(workloads.fio(system, rw="randread", bs="4k", size="512M", io_size=f"{64 // jobs}M", numjobs=jobs, direct=1)["iops"] for _ in range(3))
        print(f"| {jobs} | {rates[1]:,.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("run it as root: caches are dropped and file systems mounted")
    work = tempfile.mkdtemp(prefix="securevault-bench-")
    system = systems.SecureVault(work)
    system.up()
    try:
        pid = systems.process_of(system)
        before = systems.resident(pid)
        listing(system, (1_000, 10_000) if options.quick else (1_000, 10_000, 100_000))
        reading(system, pid, (512, 4_096) if options.quick else (512, 4_096, 20_480))
        readers(system)
        time.sleep(3)
        idle = systems.processor_seconds(pid)
        time.sleep(10)
        print(f"\nResident memory: {before} MiB at first, {systems.resident(pid)} MiB after. Processor time while idle for 10 s: {(systems.processor_seconds(pid) - idle) * 1000:.0f} ms.")
    finally:
        system.down()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
