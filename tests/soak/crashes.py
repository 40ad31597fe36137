#!/usr/bin/env python3
"""Kills drives, or cuts the power of their disks, while programs write; then looks whether all of it can be read, written and removed, and whether what fsync promised is there.

    SECUREVAULT='dotnet .../securevault.dll' python3 crashes.py kill 200
    SECUREVAULT=...                          python3 crashes.py xfs 25        # a power cut (FS_IOC_SHUTDOWN of a loop device); also ext4

Root. Prints a line every ten rounds; ends with "N rounds, N promises kept, N lost, N objects that could not be used" and exits with 1 when a number that should be 0 is not.
"""
import fcntl
import hashlib
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import uuid

SECUREVAULT = os.environ["SECUREVAULT"].split()
WORKERS = 3


class Place:
    """A vault, on this disk or on one of its own whose power can be cut."""

    def __init__(self, how):
        self.how = how
        self.top = tempfile.mkdtemp(prefix="securevault-crashes-")
        self.store = self.top
        self.drive = self.top + "/drive"
        os.mkdir(self.drive)
        if how != "kill":
            self.store = self.top + "/disk"
            os.mkdir(self.store)
            subprocess.run(["truncate", "-s", "400M", self.top + "/image"], check=True)
            subprocess.run(["mkfs." + how, "-q", self.top + "/image"], check=True)
            self.attach()
        with open(self.top + "/boot", "w") as boot:
            boot.write(str(uuid.uuid4()))
        if how != "kill":  # a power cut ends the machine: the next mount is after another start
            subprocess.run(["mount", "--bind", self.top + "/boot", "/proc/sys/kernel/random/boot_id"], check=True)
        environment = {"STATEFOLDER": "state", "RUNFOLDER": "run", "LOG__FOLDER": "log"}
        os.environ.update({"SECUREVAULT_" + k: f"{self.top}/{v}" for k, v in environment.items()}, SECUREVAULT_PASSPHRASE="soak")
        self.run("init", self.store + "/vault")

    def attach(self):
        subprocess.run(["mount", "-o", "loop", self.top + "/image", self.store], check=True)

    def run(self, *arguments):
        ended = subprocess.run([*SECUREVAULT, *arguments], capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            sys.exit(f"{' '.join(arguments)}: exit {ended.returncode}\n{ended.stdout}{ended.stderr}")
        return ended.stdout

    def mount(self):
        self.run("mount", self.store + "/vault", self.drive)

    def crash(self):
        if self.how != "kill":
            folder = os.open(self.store, os.O_RDONLY)
            flag = random.choice((1, 2))  # the journal is written out first, or not
            fcntl.ioctl(folder, 0x8004587D, struct.pack("I", flag))
            os.close(folder)
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as words:
                    if b"--internal-drive" in (line := words.read()) and self.top.encode() in line:
                        os.kill(int(pid), signal.SIGKILL)
                        while os.path.exists(f"/proc/{pid}"):
                            time.sleep(0.01)
            except (FileNotFoundError, ProcessLookupError):
                pass
        subprocess.run(["umount", "-l", self.drive], check=False)
        if self.how != "kill":
            while subprocess.run(["umount", self.store], capture_output=True, check=False).returncode != 0:
                time.sleep(0.1)
            self.attach()
            with open(self.top + "/boot", "w") as boot:
                boot.write(str(uuid.uuid4()))

    def end(self):
        self.run("unmount", self.drive)
        if self.how != "kill":
            subprocess.run(["umount", "/proc/sys/kernel/random/boot_id"], check=True)
            subprocess.run(["umount", self.store], check=True)
        shutil.rmtree(self.top)


def work(folder, report, seed):
    """Makes, writes, moves and removes until the drive is gone; tells what was promised, and before it touches a promise that it is in doubt."""
    dice = random.Random(seed)
    os.makedirs(folder, exist_ok=True)
    files = []
    number = 0
    while True:
        number += 1
        choice = dice.random()
        if choice < 0.5 or not files:
            path = f"{folder}/{'d%d/' % dice.randrange(4) if dice.random() < 0.5 else ''}f{number}" + ("n" * 200 if dice.random() < 0.05 else "")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            data = dice.randbytes(dice.choice((0, 1, 100, 4096, 5000, 70000, 300000)))
            with open(path, "wb") as file:
                file.write(data)
                if dice.random() < 0.4:
                    file.flush()
                    os.fsync(file.fileno())
                    for name in (os.path.dirname(path), folder, os.path.dirname(folder)):
                        directory = os.open(name, os.O_RDONLY)
                        os.fsync(directory)
                        os.close(directory)
                    report.write(f"P {path} {hashlib.sha256(data).hexdigest()}\n")
                    report.flush()
            files.append(path)
            continue
        path = files.pop(dice.randrange(len(files)))
        report.write(f"D {path}\n")
        report.flush()
        if choice < 0.65:
            os.unlink(path)
        elif choice < 0.8:
            os.rename(path, path + "-moved"[: 255 - len(os.path.basename(path))] if len(os.path.basename(path)) < 249 else path)
        elif choice < 0.9:
            with open(path, "r+b") as file:
                file.seek(dice.randrange(100000))
                file.write(dice.randbytes(5000))
        else:
            os.truncate(path, dice.randrange(50000))


def begin(folder, seed):
    """Workers; returns their pids and the ends of the pipes they report through."""
    started = []
    for number in range(WORKERS):
        inner, outer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(inner)
            try:
                work(f"{folder}/w{number}", os.fdopen(outer, "w"), seed * WORKERS + number)
            except OSError:
                pass
            finally:
                os._exit(0)
        os.close(outer)
        started.append((pid, os.fdopen(inner)))
    return started


def promised(started):
    promises = {}
    for pid, report in started:
        for line in report:
            if not line.endswith("\n"):
                continue
            word, path, *rest = line.split()
            promises.pop(path, None)
            if word == "P":
                promises[path] = rest[0]
        report.close()
        os.waitpid(pid, 0)
    return promises


def use(top):
    """Reads, writes, moves and removes all that is there; returns what could not be."""
    bad = []
    for here, folders, files in os.walk(top, topdown=False, onerror=lambda e: bad.append(f"{e.filename}: {e.strerror}")):
        for name in files:
            path = f"{here}/{name}"
            try:
                with open(path, "rb") as file:
                    before = file.read()
                with open(path, "ab") as file:
                    file.write(b"more")
                with open(path, "rb") as file:
                    assert file.read() == before + b"more"
                os.rename(path, here + "/x")
                os.unlink(here + "/x")
            except (OSError, AssertionError) as trouble:
                bad.append(f"{path}: {trouble}")
        for name in folders:
            try:
                os.rmdir(f"{here}/{name}")
            except OSError as trouble:
                bad.append(f"{here}/{name}: {trouble}")
    return bad


def main():
    how, rounds = sys.argv[1], int(sys.argv[2])
    place = Place(how)
    kept = lost = 0
    unusable = []
    place.mount()
    for turn in range(1, rounds + 1):
        started = begin(place.drive, turn)
        time.sleep(random.Random(turn).uniform(0.05, 1.5))
        place.crash()
        promises = promised(started)
        place.mount()
        for path, digest in promises.items():
            try:
                with open(path, "rb") as file:
                    same = hashlib.sha256(file.read()).hexdigest() == digest
            except OSError:
                same = False
            kept += same
            lost += not same
            if not same:
                print("lost:", path)
        unusable += use(place.drive)
        if turn % 10 == 0:
            place.run("unmount", place.drive)
            place.run("verify", place.store + "/vault")
            place.mount()
            print(f"{turn} rounds, {kept} promises kept, {lost} lost, {len(unusable)} objects that could not be used", flush=True)
    print(*unusable[:20], sep="\n")
    place.end()
    print(f"{rounds} rounds, {kept} promises kept, {lost} lost, {len(unusable)} objects that could not be used")
    sys.exit(lost > 0 or len(unusable) > 0)


if "SECUREVAULT_CRASHES_APART" not in os.environ:  # mounts of its own, which nobody else holds
    os.environ["SECUREVAULT_CRASHES_APART"] = "1"
    os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable, *sys.argv])
main()
