#!/usr/bin/env python3
"""Plays scripts of tests/scripts/windows on a vault: the Linux build prepares and examines it, securevault.exe mounts it under Wine.

    replay.py WORK [SCRIPT ...]      WORK has linux/securevault.dll, windows/securevault.exe and other/out/DokanNet.dll; see dokan.sh
"""
import glob, json, os, shutil, subprocess, sys, urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = int(os.environ.get("SECUREVAULT_TEST_PATIENCE", "600"))  # seconds; as the tests' own
SCRIPTS = os.path.join(HERE, "..", "scripts", "windows")

# Wine makes no token of another user: a group of Wine's own user stands for each of the scripts' SIDs.
STANDING = {
    "S-1-5-21-1-2-3-1001": ("alice", "S-1-5-32-544"),
    "S-1-5-21-1-2-3-1002": ("bob", "S-1-5-32-545"),
    "S-1-5-21-1-2-3-2001": ("accounting", "S-1-5-4"),
    "S-1-5-21-1-2-3-1003": ("mallory", ""),
}


class Failed(Exception):
    pass


def run(command, **more):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, **more)
    if done.returncode:
        raise Failed(f"{' '.join(command[:6])}: exit {done.returncode}: {done.stdout.decode(errors='replace')[-800:]}")
    return done.stdout.decode(errors="replace")


def text(word):
    return os.fsdecode(urllib.parse.unquote_to_bytes(word))


def data(word):
    kind, _, rest = word.partition(":")
    if kind == "text":
        return urllib.parse.unquote_to_bytes(rest)
    if kind == "hex":
        return bytes.fromhex(rest)
    if kind == "fill":
        count, value = rest.split(":")
        return bytes([int(value, 16)]) * int(count)
    return b""


def inner(word):
    """A path of a script as the vault spells it."""
    return text(word).replace("\\", "/")


class Vault:
    def __init__(self, work, name):
        self.work, self.folder, self.drive = work, f"{work}/{name}.vault", f"{work}/{name}.drive"
        self.state = f"{work}/{name}.state"
        os.mkdir(self.drive)
        self.linux("init", self.folder)
        self.linux("department", "add", self.folder, "finance")
        for who, sid in STANDING.values():
            if sid:
                self.linux("group", "add", self.folder, who, "--sid", sid)
        self.linux("group", "grant", self.folder, "alice", "finance:secret")
        self.linux("group", "grant", self.folder, "bob", "finance:secret", "--mode", "read-only")
        self.linux("group", "grant", self.folder, "accounting", "finance:internal")
        self.linux("user", "add", self.folder, "examiner", "--uid", "0")
        self.linux("user", "grant", self.folder, "examiner", "finance:top-secret")

    def linux(self, *arguments):
        folders = {"SECUREVAULT_STATEFOLDER": f"{self.state}/linux", "SECUREVAULT_RUNFOLDER": f"{self.state}/run", "SECUREVAULT_LOGFOLDER": f"{self.state}/log"}
        return run(["dotnet", f"{self.work}/linux/securevault.dll", *arguments], env={**os.environ, **folders})

    def windows(self, script, log):
        z = lambda path: "Z:" + path.replace("/", "\\")
        folders = {"SECUREVAULT_STATEFOLDER": z(f"{self.state}/windows"), "SECUREVAULT_RUNFOLDER": z(f"{self.state}/wrun"), "SECUREVAULT_LOGFOLDER": z(f"{self.state}/wlog")}
        actors = ",".join(f"{sid}={group}" for sid, (_, group) in STANDING.items())
        stand_in = {"DOKAN_SCRIPT": z(os.path.abspath(script)), "DOKAN_LOG": z(log), "DOKAN_ACTORS": actors, "DOKAN_SERIAL": self.serial()}
        return run(["wine", f"{self.work}/windows/securevault.exe", "mount", z(self.folder), "X:", "--foreground"], env={**os.environ, **folders, **stand_in})

    def serial(self):
        """The vault's volume serial number in hex: the first 4 bytes of its id."""
        with open(f"{self.folder}/securevault.json", encoding="utf-8") as config:
            return json.load(config)["id"][:8]

    def mounted(self, action):
        self.linux("mount", self.folder, self.drive)
        try:
            return action()
        finally:
            self.linux("unmount", self.drive)

    def at(self, path):
        return self.drive + inner(path)

    def give(self, words):
        """given folder PATH LABEL, given file PATH DATA LABEL, given link PATH TARGET."""
        if words[0] == "link":
            os.link(self.at(words[2]), self.at(words[1]))
            return
        if words[0] == "folder":
            os.mkdir(self.at(words[1]))
        else:
            with open(self.at(words[1]), "wb") as file:
                file.write(data(words[2]))
        if words[-1] != "-":
            self.linux("label", "set", self.folder, inner(words[1]), words[-1])

    def check(self, words):
        kind, rest = words[0], words[1:]
        if kind == "content":
            with open(self.at(rest[0]), "rb") as file:
                same(file.read(), data(rest[1]), rest[0])
        elif kind == "names":
            wanted = [] if rest[1] == "-" else sorted(text(rest[1]).split(","))
            same(sorted(os.listdir(self.at(rest[0]))), wanted, rest[0])
        elif kind == "label":
            same(json.loads(self.linux("label", "show", self.folder, inner(rest[0]), "--json"))["label"], rest[1].replace("-", "unlabelled") if rest[1] == "-" else rest[1], rest[0])
        elif kind in ("record", "no-record"):
            self.check_record(kind == "record", rest)

    def check_record(self, wanted, words):
        event, path = words[0], text(words[-1])
        allowed = words[2] == "allowed" if wanted else None
        records = [r for r in self.records() if r["event"] == event and r["path"] == path and (allowed is None or r["allowed"] == allowed)]
        if bool(records) != wanted:
            raise Failed(f"{'no' if wanted else 'a'} record of {event} {path}")

    def records(self):
        """What the Windows side recorded: the examiner's own records have a uid."""
        return [r for r in json.loads(self.linux("audit", "show", self.folder, "--json")) if r.get("uid") is None]


def same(found, wanted, what):
    if found != wanted:
        raise Failed(f"{what}: {found!r:.200} instead of {wanted!r:.200}")


def replay(work, script):
    name = os.path.basename(script)[:-3]
    with open(script, encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    vault = Vault(work, name)
    given = [line[1:] for line in lines if line[0] == "given"]
    last = max(i for i, line in enumerate(lines) if line[0] not in ("given", "check"))
    checks = [line[1:] for i, line in enumerate(lines) if line[0] == "check" and (i > last or line[1] != "no-record")]  # all are looked at in the end
    if given:
        vault.mounted(lambda: [vault.give(words) for words in given])
    log = f"{work}/{name}.log"
    said = vault.windows(script, log)
    played = open(log, encoding="utf-8", errors="replace").read() if os.path.exists(log) else said
    wrong = [line for line in played.splitlines() if line.startswith("FAILED")]
    if wrong or not played.rstrip().endswith("PASSED"):
        raise Failed("\n    ".join(["the stand-in says:", *(wrong or played.splitlines()[-5:])]))
    vault.mounted(lambda: [vault.check(words) for words in checks])
    vault.linux("verify", vault.folder)
    vault.linux("audit", "verify", vault.folder)
    return played.count("\nok ") + played.startswith("ok "), len(checks)


def other_library(work):
    """A DokanNet.dll of another release is refused in one line."""
    vault = Vault(work, "other-library")
    mine, kept = f"{work}/windows/DokanNet.dll", f"{work}/DokanNet.dll"
    shutil.move(mine, kept)
    try:
        shutil.copy(f"{work}/other/out/DokanNet.dll", mine)
        vault.windows(f"{SCRIPTS}/notepad-save.nt", f"{work}/other-library.log")
    except Failed as refused:
        said = [line for line in str(refused).splitlines() if line.startswith("securevault: ") or "xception" in line]
        if len(said) != 1 or "exit 1:" not in str(refused) or "is version 2.3.0.0, and this build runs with" not in said[0]:
            raise
        return 1, 1
    finally:
        shutil.move(kept, mine)
    raise Failed("it was taken")


def main():
    work = sys.argv[1]
    scripts = [s for s in sys.argv[2:] if s] or sorted(glob.glob(f"{SCRIPTS}/*.nt"))
    plays = [(os.path.basename(script), lambda script=script: replay(work, script)) for script in scripts]
    plays.append(("a DokanNet.dll of another release", lambda: other_library(work)))
    failed = 0
    for name, play in plays:
        try:
            operations, checks = play()
            print(f"ok      {name}: {operations} operations, {checks} checks", flush=True)
        except (Failed, OSError, KeyError, ValueError, subprocess.TimeoutExpired) as error:
            failed += 1
            print(f"FAILED  {name}: {error}", flush=True)
    print(f"{len(plays) - failed} passed, {failed} failed")
    return 1 if failed or not scripts else 0


sys.exit(main())
