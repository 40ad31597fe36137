#!/usr/bin/env python3
"""How long every command takes, beside the derivation of the key.

    bench/mount/commands.py [--program "CMD"] [--rounds N]

Prints a table of wall clocks, medians of N runs (5), on a vault of one department, one user and ten files; commands take turns, so that a busy
moment of the machine hits all of them. The derivation is timed by the program itself: the same command with a wrong passphrase, which ends after
the derivation, less the same command on a folder that is no vault, which ends before it. mount is timed until the command returns, for the drive
is live by then; what it is over the derivation is two starts of the program and the mount. The mounted drive is checked each time.
--program: what is run instead of the Release build, such as "/opt/securevault/securevault". Needs root, /dev/fuse and the Release build.
"""
import argparse, os, shlex, shutil, statistics, subprocess, sys, tempfile, time

import systems

PLAIN = ("--version", "--help", "version --json", "mount --help", "status", "status --json")
KEYED = ("department list {v}", "department add {v} d{i}", "level list {v}", "user list {v}", "group list {v}", "user add {v} u{i} --uid 7{i}",
         "user grant {v} u{i} bench:secret", "label show {v} /many", "label set {v} /many bench:secret", "explain {v} --user bench /many",
         "audit show {v}", "audit verify {v}", "verify {v}")


class Bench:
    def __init__(self, program, work):
        self.program, self.work, self.times = program, work, {}
        self.vault, self.place = f"{work}/vault", f"{work}/drive"

    def run(self, label, arguments, expected=0, passphrase=systems.PASSPHRASE):
        environment = {**os.environ, "SECUREVAULT_PASSPHRASE": passphrase}
        start = time.perf_counter()
        done = subprocess.run([*self.program, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.times.setdefault(label, []).append((time.perf_counter() - start) * 1000)
        if done.returncode != expected:
            raise RuntimeError(f"{' '.join(arguments)}: exit {done.returncode}: {done.stdout.decode(errors='replace')[-400:]}")

    def prepare(self):
        os.makedirs(self.place)
        for line in ("init {v}", "department add {v} bench", "user add {v} bench --uid 0", "user grant {v} bench bench:secret", "label set {v} / bench:secret"):
            self.run("", line.format(v=self.vault).split())
        self.run("", ["mount", self.vault, self.place])
        os.mkdir(f"{self.place}/many")
        for i in range(10):
            with open(f"{self.place}/many/file{i}", "wb") as file:
                file.write(b"x" * 1024)
        self.run("", ["unmount", self.place])

    def round(self, i):
        for line in PLAIN:
            self.run(line, line.split())
        self.run("init {v}", ["init", f"{self.work}/vault{i}"])
        self.run("wrong", ["level", "list", self.vault], expected=3, passphrase="wrong")
        self.run("none", ["level", "list", self.work], expected=1)
        for line in KEYED:
            self.run(line, line.format(v=self.vault, i=i).split())
        self.run("mount {v} DRIVE", ["mount", self.vault, self.place])
        if not os.path.ismount(self.place):
            raise RuntimeError("mount returned, but the drive is not live")
        self.run("status, of a drive", ["status"])
        self.run("unmount DRIVE", ["unmount", self.place])

    def down(self):
        if os.path.ismount(self.place):
            subprocess.run(["fusermount3", "-u", self.place], check=False)

    def report(self):
        median = {label: statistics.median(times) for label, times in self.times.items()}
        kdf = max(0, median.pop("wrong") - median.pop("none"))
        median.pop("")
        print(f"Derivation of the key: {kdf:.0f} ms.\n\n| command | ms | besides the derivation, ms |\n|---|---|---|")
        for label, time_ms in median.items():
            keyed = "{v}" in label
            print(f"| `{label.format(v='VAULT', i='1')}` | {time_ms:.0f} | {time_ms - kdf if keyed else time_ms:.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=shlex.join(systems.SECUREVAULT))
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("run it as root: the drive is mounted for every user")
    work = tempfile.mkdtemp(prefix="securevault-bench-")
    bench = Bench(shlex.split(options.program), work)
    try:
        bench.prepare()
        for i in range(1, options.rounds + 1):
            bench.round(i)
        bench.report()
    finally:
        bench.down()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
