#!/usr/bin/env python3
"""Where the drive's processor time goes, by a profiler: kernel crossing, encryption, backing I/O, ours.

    bench/mount/hotspots.py [--work DIR] [--seconds N] [WORK ...]        (all: sequential-write sequential-read random-read random-write create-unlink open-read)

Samples the drive's process with perf while one kind of work runs on a fresh mount, after a warm-up, and sorts each sample by its call chain.
The work is what compare.py measures: with what is stored in memory, and nothing that the kernel remembers of the drive.
Prints a Markdown table: microseconds of the drive's processor time for each MiB, read, write or file.

Needs root, /dev/fuse, the Release build of src/SecureVault.Cli and Debian's fio and linux-perf.
"""
import argparse, collections, contextlib, os, re, shutil, subprocess, sys, tempfile, time

import systems, workloads

# The first rule that matches a frame, from the innermost outwards, says what a sample was spent on.
RULES = [
    ("encryption", re.compile(r"libcrypto|EVP_|CRYPTO_gcm|aesni|gcm_|AES_|OpenSslGcm|RAND_")),
    ("audit record", re.compile(r"AuditTrail|AuditLog|AuditTail|AuditJson|JsonLine|CallerDirectory")),
    ("kernel crossing", re.compile(r"fuse_dev|fuse_copy|__x64_sys_poll|do_poll|RequestWorker.*TryTake|RequestWorker.*Take\b|futex|schedule")),
    ("backing I/O", re.compile(r"ext4|__x64_sys_(pwrite64|pread64|fallocate|ftruncate|openat|unlinkat|statx|close|fsync|fdatasync|syncfs|utimensat|flock|renameat2?)|LinuxStore|LinuxFiles|LinuxOpen|LinuxNames|LinuxAttributes")),
    ("garbage collection, compiler", re.compile(r"libclrjit|WKS::|gc_heap|Tiered|libclrgc")),
]
FILES = 2000
MIB = 256
OURS = "ours"
KINDS = [name for name, _ in RULES] + [OURS]


def sort_out(frames):
    for frame in frames:
        for name, pattern in RULES:
            if pattern.search(frame):
                return name
    return OURS


def sampled(data):
    """Samples by what they were spent on."""
    text = subprocess.run(["perf", "script", "-i", data, "-F", "ip,sym,dso"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode(errors="replace")
    counts = collections.Counter()
    for chain in text.split("\n\n"):
        frames = [line.strip() for line in chain.splitlines() if line.strip()]
        if frames:
            counts[sort_out(frames)] += 1
    return counts


def blocks(kind, system):
    """One round; how many MiB, reads or writes it was."""
    if kind == "sequential-write":
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{system.mount}/fio.bin")
    if kind == "sequential-write" or not os.path.exists(f"{system.mount}/fio.bin"):
        workloads.fio(system, rw="write", bs="1M", size=f"{MIB}M")
    if kind != "sequential-write":
        workloads.forget(system, 2 * MIB)  # for what is stored and what is read of it
    if kind == "random-read":
        return workloads.fio(system, rw="randread", bs="4k", size=f"{MIB}M", io_size="32M", numjobs=4)["total_ios"]
    if kind == "random-write":
        return workloads.fio(system, rw="randwrite", bs="4k", size=f"{MIB}M", io_size="32M")["total_ios"]
    if kind == "sequential-read":
        workloads.fio(system, rw="read", bs="1M", size=f"{MIB}M")
    return MIB


def work_on(kind, system):
    """One round; how many units of work it was."""
    names = workloads.small_files(system.mount, FILES)
    if kind == "create-unlink":
        workloads.create(names)
        workloads.unlink(names)
    elif kind == "open-read":
        if not os.path.exists(names[0]):
            workloads.create(names)
        workloads.forget(system)
        workloads.read(names)
    else:
        return blocks(kind, system)
    return FILES


def profile(kind, system, seconds, data):
    pid = systems.process_of(system)
    end = time.monotonic() + seconds / 2
    while time.monotonic() < end:
        work_on(kind, system)
    perf = subprocess.Popen(["perf", "record", "-q", "-F", "1999", "-g", "-p", str(pid), "-o", data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    used, began, units = systems.processor_seconds(pid), time.monotonic(), 0
    while time.monotonic() < began + seconds:
        units += work_on(kind, system)
    used = systems.processor_seconds(pid) - used
    perf.terminate()
    perf.wait()
    return sampled(data), used / units * 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("kinds", nargs="*", default=["sequential-write", "sequential-read", "random-read", "random-write", "create-unlink", "open-read"])
    options = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("perf") is None:
        sys.exit("run it as root, with Debian's linux-perf installed")
    os.environ.update(DOTNET_PerfMapEnabled="1", DOTNET_EnableWriteXorExecute="0")
    print("| us of processor time | all | " + " | ".join(KINDS) + " |\n" + "|---" * (len(KINDS) + 2) + "|")
    folder = tempfile.mkdtemp(prefix="securevault-profile-", dir=options.work)
    try:
        for kind in options.kinds:
            system = systems.SecureVault(f"{folder}/{kind}")
            os.mkdir(f"{folder}/{kind}")
            system.up()
            try:
                counts, used = profile(kind, system, options.seconds, f"{folder}/perf.data")
            finally:
                system.down()
            total = sum(counts.values())
            unit = {"sequential-write": "MiB", "sequential-read": "MiB", "random-read": "read", "random-write": "write"}.get(kind, "file")
            shares = " | ".join(f"{used * counts[name] / total:.0f} ({100 * counts[name] / total:.0f} %)" for name in KINDS)
            print(f"| {kind}, a {unit} | {used:.0f} | {shares} |", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
