#!/usr/bin/env python3
"""Where the machine's processor time goes while one kind of work runs on a drive, by a profiler, and on FUSE itself beside it.

    bench/mount/hotspots.py [--work DIR] [--fs NAME,NAME] [--rounds N] [WORK ...]        (default: securevault,passthrough; 3; all of WORKS below)

Mounts the file systems, does each work of compare.py on each in turn (but in one go what that makes and copies in parts), and samples all processors with perf meanwhile. Each sample is sorted by its
process and its call chain. Prints a Markdown table of each work's middle round, microseconds for each MiB, read, write or file: what the caller waited for one, and what the processors did in that
time: the columns after "taken" add up to it times the processors. What a work takes more on one file system than on another is thereby divided into its causes.
caller: the program that does the work, with its part of the way through the kernel; machine: the kernel's own threads and what else runs; idle: no
one. The others are the file system's own process; its kernel crossing includes its waiting by looking for requests.

Needs root, /dev/fuse, the Release build of src/SecureVault.Cli and Debian's fio and linux-perf.
"""
import argparse, collections, contextlib, glob, os, re, shutil, subprocess, sys, tempfile, time

import systems, workloads

# The first rule that matches a frame, from the innermost outwards, says what a sample of the file system's process was spent on.
RULES = [
    ("encryption", re.compile(r"libcrypto|EVP_|CRYPTO_gcm|aesni|gcm_|AES_|OpenSslGcm|RAND_")),
    ("audit record", re.compile(r"AuditTrail|AuditLog|AuditTail|AuditJson|JsonLine|CallerDirectory")),
    ("kernel crossing", re.compile(r"fuse_dev|fuse_copy|__x64_sys_poll|do_poll|RequestWorker.*TryTake|RequestWorker.*Take\b|futex|schedule")),
    ("backing I/O", re.compile(r"ext4|filemap|__x64_sys_(pwrite64|pread64|fallocate|ftruncate|openat|unlinkat|statx|newfstatat|close|fsync|fdatasync|syncfs|utimensat|flock|renameat2?)|LinuxStore|LinuxFiles|LinuxOpen|LinuxNames|LinuxAttributes")),
    ("garbage collection, compiler", re.compile(r"libclrjit|WKS::|gc_heap|Tiered|libclrgc")),
]
OURS, CALLER, MACHINE, IDLE = "its own code", "caller", "machine", "idle"
COLUMNS = [CALLER, *(name for name, _ in RULES), OURS, MACHINE, IDLE]
HERTZ = 1999
MIB, RANDOM_MIB, FILES = 512, 64, 4000  # as compare.py
PROCESSORS = os.cpu_count()


class Blocks:
    """Work on one large file by fio, which knows how long its reads and writes took."""

    def __init__(self, unit, **options):
        self.unit, self.options = unit, {"size": f"{MIB}M", **options}

    def prepare(self, system):
        if self.options["rw"] == "write":
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{system.mount}/fio.bin")
            workloads.release()
            return
        if not os.path.exists(f"{system.mount}/fio.bin"):
            workloads.fio(system, rw="write", bs="1M", size=f"{MIB}M")
        workloads.forget(system)

    def run(self, system):
        job = workloads.fio(system, **self.options)
        return job["total_ios"], job["runtime"] / 1000


class Files:
    """Work on many files, by this process or by programs that it starts."""

    unit = "file"

    def __init__(self, count, prepare, run):
        self.count, self.prepare, self.action = count, prepare, run

    def run(self, system):
        began = time.perf_counter()
        self.action(system)
        return self.count, time.perf_counter() - began


def many(system):
    return f"{system.mount}/many"


def names(system):
    return workloads.small_files(many(system), FILES)


def target(system):
    return f"{system.mount}/tree"


def empty(folder):
    """What was made before is put aside and forgotten, not removed: removing it would hinder who makes files next."""
    if os.path.exists(folder):
        os.rename(folder, f"{folder}.{time.monotonic_ns()}")
    os.mkdir(folder)
    workloads.settle()
    workloads.release()
    workloads.search(workloads.TREE)


def fresh(folder):
    empty(folder)
    workloads.rest()


def made(system):
    if not os.path.exists(names(system)[0]):
        empty(many(system))
        workloads.create(names(system))
    workloads.forget(system)


def known(system):
    made(system)
    workloads.read(names(system))


def known_tree(system):
    empty(target(system))
    workloads.copy(workloads.branches(), target(system))
    workloads.search(target(system))


WORKS = {
    "sequential write": Blocks("MiB", rw="write", bs="1M", end_fsync=1),
    "sequential read": Blocks("MiB", rw="read", bs="1M"),
    "random read, 1 job": Blocks("read", rw="randread", bs="4k", io_size=f"{RANDOM_MIB}M"),
    "random read, 4 jobs": Blocks("read", rw="randread", bs="4k", io_size=f"{RANDOM_MIB}M", numjobs=4),
    "random write": Blocks("write", rw="randwrite", bs="4k", io_size=f"{RANDOM_MIB}M", end_fsync=1),
    "create": Files(FILES, lambda system: fresh(many(system)), lambda system: workloads.create(names(system))),
    "open and read": Files(FILES, made, lambda system: workloads.read(names(system))),
    "unlink": Files(FILES, known, lambda system: workloads.unlink(system, names(system))),
    "copy a tree": Files(workloads.tree_size(), lambda system: fresh(target(system)), lambda system: workloads.copy(workloads.branches(), target(system))),
    "remove a tree": Files(workloads.tree_size(), known_tree, lambda system: workloads.remove(system, target(system))),
}


class Sampler:
    """perf over all processors, on only while asked."""

    def __init__(self, folder):
        self.data, self.pipes = f"{folder}/perf.data", [f"{folder}/control", f"{folder}/answer"]
        for pipe in self.pipes:
            os.mkfifo(pipe)

    def __enter__(self):
        self.perf = subprocess.Popen(["perf", "record", "-q", "-a", "-F", str(HERTZ), "-g", "-D", "-1", "--control", "fifo:" + ",".join(self.pipes), "-o", self.data],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.control, self.answer = open(self.pipes[0], "w", encoding="ascii"), open(self.pipes[1], encoding="ascii")
        return self

    def __exit__(self, *_):
        self.control.close()
        self.answer.close()
        self.perf.terminate()
        self.perf.wait()

    def say(self, word):
        self.control.write(word + "\n")
        self.control.flush()
        self.answer.readline()

    def samples(self):
        """(process, its program's name, frames from the innermost outwards), one for each sample."""
        with subprocess.Popen(["perf", "script", "-i", self.data, "-F", "comm,pid,ip,sym,dso"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace") as script:
            chain = []
            for line in script.stdout:
                if line.strip():
                    chain.append(line.strip())
                elif chain:
                    program, process = chain[0].rsplit(maxsplit=1)
                    yield int(process), program, chain[1:]
                    chain = []


def sort_out(frames):
    for frame in frames:
        for name, pattern in RULES:
            if pattern.search(frame):
                return name
    return OURS


def sorted_samples(samples, server):
    """Seconds of processor time by column. A caller is who was seen inside FUSE's part of the kernel; another process of the same program only starts
    callers (fio's first), before and after what is measured, and does not count."""
    by_process, programs, callers = collections.defaultdict(collections.Counter), {}, set()
    for process, program, frames in samples:
        programs[process] = program
        if process == server:
            by_process[process][sort_out(frames)] += 1
        else:
            by_process[process][IDLE if process == 0 else MACHINE] += 1
            if process and any("fuse_" in frame for frame in frames):
                callers.add(process)
    found, starting = collections.Counter(), {programs[process] for process in callers}
    for process, counts in by_process.items():
        if process in callers:
            found[CALLER] += counts[MACHINE]
        elif programs[process] not in starting:
            found.update(counts)
    return collections.Counter({column: count / HERTZ for column, count in found.items()})


def measure(work, system, folder):
    """One round: units of work, seconds it took, processor seconds by column."""
    work.prepare(system)
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    sampler = Sampler(folder)
    with sampler:
        sampler.say("enable")
        units, seconds = work.run(system)
        sampler.say("disable")
    return units, seconds, sorted_samples(sampler.samples(), systems.process_of(system))


def row(title, system, work, rounds):
    """Of the round that took the middle time: its parts add up."""
    units, seconds, spent = sorted(rounds, key=lambda each: each[1] / each[0])[len(rounds) // 2]
    spent[IDLE] = PROCESSORS * seconds - sum(spent[column] for column in COLUMNS if column != IDLE)
    cells = [f"{spent[column] / units * 1e6:.1f}" for column in COLUMNS]
    return f"| {title}, a {work.unit} | {system.name} | {seconds / units * 1e6:.1f} | " + " | ".join(cells) + " |"


def profile(titles, chosen, count, folder):
    print("| work | file system | taken | " + " | ".join(COLUMNS) + " |\n" + "|---" * (len(COLUMNS) + 3) + "|")
    for title in titles:
        work, rounds = WORKS[title], collections.defaultdict(list)
        for number in range(count + 1):  # the first warms up: code is compiled while it runs
            for system in chosen if number % 2 else chosen[::-1]:
                rounds[system.name].append(measure(work, system, f"{folder}/sampled"))
        for system in chosen:
            print(row(title, system, work, rounds[system.name][1:]), flush=True)


def maps():
    """What .NET tells perf about the code of its processes; it stays behind when they end."""
    return {path for kind in ("perf", "perfinfo") for path in glob.glob(f"/tmp/{kind}-*.map")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work")
    parser.add_argument("--fs", default="securevault,passthrough")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("works", nargs="*", metavar="WORK", default=list(WORKS))
    options = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("perf") is None:
        sys.exit("run it as root, with Debian's linux-perf installed")
    if unknown := set(options.works) - set(WORKS):
        sys.exit(f"there are no works called {', '.join(sorted(unknown))}: take some of {', '.join(WORKS)}")
    os.environ.update(DOTNET_PerfMapEnabled="3", DOTNET_EnableWriteXorExecute="0")  # 3: only the map that perf reads
    before = maps()
    folder, chosen = tempfile.mkdtemp(prefix="securevault-profile-", dir=options.work), []
    try:
        chosen = systems.chosen(options.fs.split(","), folder)
        for system in chosen:
            system.up()
        with workloads.warm_memory():
            profile(options.works, chosen, options.rounds, folder)
    finally:
        for system in chosen:
            system.down()
        shutil.rmtree(folder, ignore_errors=True)
        for written in maps() - before:
            os.unlink(written)


if __name__ == "__main__":
    main()
