"""The file systems of the comparison: how each is made, mounted and unmounted, and which version it is."""
import json, os, shutil, subprocess, sys, time

PASSPHRASE = "correct horse battery staple"
REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SECUREVAULT = ["dotnet", f"{REPOSITORY}/src/SecureVault.Cli/bin/Release/net10.0/securevault.dll"]


def run(*command, check=True, **environment):
    done = subprocess.run(command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}: {done.stdout.decode(errors='replace')[-400:]}")
    return done.stdout.decode(errors="replace")


def first_line(*command):
    return next((line.strip() for line in run(*command, check=False).splitlines() if line.strip()), "")


class FileSystem:
    """One file system over a folder of the disk. up and down mount it; the store keeps what was written."""

    name = ""
    program = ""

    def __init__(self, work):
        self.store, self.mount = f"{work}/{self.name}.store", f"{work}/{self.name}.mount"

    def available(self):
        return shutil.which(self.program) is not None

    def version(self):
        return first_line(self.program, "--version")

    def up(self):
        fresh = not os.path.isdir(self.store)
        os.makedirs(self.mount, exist_ok=True)
        if fresh:
            self.make()
        self.start()
        for _ in range(100):
            if os.path.ismount(self.mount):
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} did not mount")

    def make(self):
        os.makedirs(self.store)

    def down(self):
        for _ in range(50):
            if not os.path.ismount(self.mount):
                return
            run("fusermount3", "-u", self.mount, check=False)
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} did not unmount")


class SecureVault(FileSystem):
    name = "securevault"
    command = SECUREVAULT
    rules = 0

    def available(self):
        return os.path.exists(self.command[-1])

    def version(self):
        return f"{first_line(*self.command, '--version')}, {first_line('git', '-C', REPOSITORY, 'rev-parse', '--short', 'HEAD')}"

    def ours(self, *arguments):
        return run(*self.command, *arguments, SECUREVAULT_PASSPHRASE=PASSPHRASE)

    def make(self):
        """Labels, grants and audit as an admin would have them: root gets a clearance, for it has none by being root."""
        self.ours("init", self.store)
        self.ours("department", "add", self.store, "bench")
        self.ours("user", "add", self.store, "bench", "--uid", "0")
        self.ours("user", "grant", self.store, "bench", "bench:secret")
        self.ours("label", "set", self.store, "/", "bench:secret")
        if self.rules:
            self.rule()

    def rule(self):
        """Rules of every kind that let the work through, each of which has to be asked: another department, another path, hours, and a program (on another host, for what a script of /tmp runs cannot be told and would be denied)."""
        self.ours("program", "add", self.store, "sleep", "/usr/bin/sleep")
        policy = json.loads(self.ours("policy", "export", self.store, "--format", "json"))
        policy["departments"].append("other")
        selects = ({"department": "other"}, {"department": "bench", "path": "/never/**"}, {"department": "bench", "unless": {"hours": "mon-sun 00:00-24:00 UTC"}}, {"department": "bench", "when": {"programs": ["sleep"], "hosts": ["elsewhere"]}})
        policy["rules"] = [{"name": f"rule-{i}", "ceiling": "denied", **selects[i % len(selects)]} for i in range(self.rules)]
        with open(f"{self.store}.policy", "w") as file:
            json.dump(policy, file)
        self.ours("policy", "apply", self.store, file.name, "--yes")

    def start(self):
        self.ours("mount", self.store, self.mount)

    def down(self):
        if os.path.ismount(self.mount):
            self.ours("unmount", self.mount)


class OtherBuild(SecureVault):
    """Another build of SecureVault: what a change gains shows beside the build without it."""

    name = "before"

    def __init__(self, work, command):
        super().__init__(work)
        self.command = command

    def make(self):
        self.rules = 0  # it may be too old to know any
        super().make()

    def version(self):
        return first_line(*self.command, "--version")


class Gocryptfs(FileSystem):
    name = program = "gocryptfs"

    def make(self):
        os.makedirs(self.store)
        run("gocryptfs", "-init", "-q", "-extpass", f"echo {self.name}", self.store)

    def start(self):
        run("gocryptfs", "-q", "-allow_other", "-extpass", f"echo {self.name}", self.store, self.mount)


class Securefs(FileSystem):
    name = program = "securefs"

    def version(self):
        return first_line("securefs", "version")

    def make(self):
        os.makedirs(self.store)
        run("securefs", "create", "--pass", self.name, self.store)

    def start(self):
        run("securefs", "mount", "--pass", self.name, "-b", "--log", "/dev/null", self.store, self.mount, check=False)


class Encfs(FileSystem):
    name = program = "encfs"

    def start(self):
        run("sh", "-c", f"echo {self.name} | encfs -S --standard '{self.store}' '{self.mount}'")


class Cryfs(FileSystem):
    name = program = "cryfs"

    def start(self):
        run("sh", "-c", f"echo {self.name} | cryfs '{self.store}' '{self.mount}'", CRYFS_FRONTEND="noninteractive", CRYFS_NO_UPDATE_CHECK="true")


class Passthrough(FileSystem):
    """libfuse's own example that copies nothing: what FUSE itself costs."""

    name = "passthrough"
    source = "/usr/share/doc/libfuse3-dev/examples/passthrough_ll.c"
    options = ()

    def available(self):
        return os.path.exists(self.source) and shutil.which("gcc") is not None

    def version(self):
        return "libfuse " + first_line("pkg-config", "--modversion", "fuse3")

    def start(self):
        program = f"{os.path.dirname(self.store)}/passthrough_ll"
        if not os.path.exists(program):
            run("sh", "-c", f"gcc -O2 -D_FILE_OFFSET_BITS=64 '{self.source}' $(pkg-config --cflags --libs fuse3) -o '{program}'")
        subprocess.Popen([program, "-f", "-o", f"source={self.store}", "-o", "allow_other", "-o", "cache=auto", *self.options, self.mount], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class CheckedPassthrough(Passthrough):
    """The same with the kernel checking mode bits for it, as any file system that several users share must have it: after each change of a folder it asks for the folder's."""

    name = "passthrough-checked"
    options = ("-o", "default_permissions")


class Disk(FileSystem):
    """The plain folder: no file system between."""

    name = "disk"

    def __init__(self, work):
        super().__init__(work)
        self.mount = self.store

    def available(self):
        return True

    def version(self):
        return first_line("stat", "-f", "-c", "%T", os.path.dirname(self.store))

    def up(self):
        os.makedirs(self.store, exist_ok=True)

    def down(self):
        pass


def process_of(system):
    """The process that serves a mounted file system: the one that was started with its store or its mount point."""
    places = {system.store.encode(), system.mount.encode()}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as line:
                    if places.intersection(line.read().split(b"\0")):
                        return int(entry)
            except OSError:
                continue
    raise RuntimeError(f"the process of {system.name} is not found")


def resident(pid):
    """Memory of a process, MiB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) >> 10


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


ALL = [SecureVault, Gocryptfs, Securefs, Encfs, Cryfs, Passthrough, CheckedPassthrough, Disk]


def chosen(names, work):
    systems = [kind(work) for kind in ALL if not names or kind.name in names]
    unknown = set(names) - {kind.name for kind in ALL}
    if unknown:
        sys.exit(f"no file system here is called {', '.join(sorted(unknown))}")
    for system in systems:
        if not system.available():
            print(f"{system.name} is not installed: left out", file=sys.stderr)
    return [system for system in systems if system.available()]
