"""Random work of several users on files and folders with access control lists: prints what each step was answered and what the tree then shows.

    lists.py FOLDER [SEED [STEPS]]

Run on two file systems the outputs are the same, or one of them does not do what POSIX 1003.1e (as Linux has it) says. Needs root; all users are made up.
"""
import errno, os, random, stat, struct, sys

ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
USERS = [(0, 0, []), (65101, 65101, []), (65102, 65102, []), (65103, 65103, [65101]), (65104, 65104, [65200])]
FOLDERS = ["d", "e", "d/x", "e/z"]
NAMES = FOLDERS + [f"{folder}{name}" for folder in ["", "d/", "e/", "d/x/", "e/z/"] for name in "ab"]
MODES = [0o777, 0o666, 0o600, 0o640, 0o2770, 0o4755, 0o2755]
STEPS = ["create", "create", "folder", "folder", "node", "access", "access", "access", "default", "default", "no access", "no default", "chmod", "chmod",
         "chown", "read", "read", "write", "names", "may", "rename", "link", "unlink", "rmdir", "truncate"]


def spelled(entries, version=2):
    return struct.pack("<I", version) + b"".join(struct.pack("<HHI", tag, bits, number if tag in (2, 8) else 0xFFFFFFFF) for tag, bits, number in entries)


def read(value):
    return [struct.unpack_from("<HHI", value, 4 + i * 8) for i in range((len(value) - 4) // 8)]


def some_list(chance):
    """One in seven is malformed, or empty, which takes the list away."""
    users, groups = sorted(chance.sample([u for u, _, _ in USERS[1:]], chance.randrange(3))), sorted(chance.sample([65101, 65102, 65200], chance.randrange(3)))
    entries = [(1, chance.randrange(8), 0)] + [(2, chance.randrange(8), user) for user in users] + [(4, chance.randrange(8), 0)]
    entries += [(8, chance.randrange(8), group) for group in groups]
    if users or groups or chance.random() < 0.3:
        entries.append((16, chance.choice([7, 6, 5, 4, chance.randrange(8)]), 0))
    entries.append((32, chance.randrange(8), 0))
    broken = [entries[1:], entries[:-1], entries[::-1], [(1, 9, 0)] + entries[1:], entries + entries[-1:], []]
    which = chance.randrange(56)
    return spelled(broken[which]) if which < 6 else spelled(entries, 1) if which == 6 else spelled(entries)[:-3] if which == 7 else spelled(entries)


def step(name, path, other, mode, value, owner):
    if name == "create":
        file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
        os.write(file, b"made")
        return oct(os.fstat(file).st_mode)
    if name == "read":
        return sorted(os.listdir(path)) if os.path.isdir(path) else os.read(os.open(path, os.O_RDONLY), 10)
    if name == "write":
        return os.write(os.open(path, os.O_WRONLY), b"written")
    does = {
        "folder": lambda: os.mkdir(path, mode), "node": lambda: os.mknod(path, stat.S_IFREG | mode & 0o777),
        "access": lambda: os.setxattr(path, ACCESS, value), "default": lambda: os.setxattr(path, DEFAULT, value),
        "no access": lambda: os.removexattr(path, ACCESS), "no default": lambda: os.removexattr(path, DEFAULT),
        "chmod": lambda: os.chmod(path, mode), "chown": lambda: os.chown(path, owner, owner), "names": lambda: sorted(os.listxattr(path)),
        "may": lambda: [os.access(path, right) for right in (4, 2, 1)], "rename": lambda: os.rename(path, other), "link": lambda: os.link(path, other),
        "unlink": lambda: os.unlink(path), "rmdir": lambda: os.rmdir(path), "truncate": lambda: os.truncate(path, 0),
    }
    return does[name]()


def answer(user, umask, work):
    """What work returns, or the name of its error, as a user in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        uid, gid, groups = user
        os.setgroups(groups)
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        os.umask(umask)
        try:
            said = repr(work())
        except OSError as error:
            said = errno.errorcode[error.errno]
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    if os.waitpid(child, 0)[1] != 0:
        raise RuntimeError("a step failed by more than an error of the system")
    return said


def shown(path):
    lists = []
    for name in (ACCESS, DEFAULT):
        try:
            lists.append(read(os.getxattr(path, name)))
        except OSError as error:
            lists.append(errno.errorcode[error.errno])
    found = os.stat(path)
    return oct(found.st_mode), found.st_uid, found.st_gid, sorted(os.listxattr(path)), lists


def main(folder, seed=1, steps=400):
    chance = random.Random(seed)
    os.chdir(folder)
    os.chmod(".", 0o777)
    for name in ["d", "e"]:
        os.mkdir(name)
        os.chmod(name, 0o777)
    for number in range(steps):
        there = sorted(os.path.relpath(os.path.join(above, name)) for above, folders, files in os.walk(".") for name in folders + files)
        name, user, umask, mode = chance.choice(STEPS), chance.choice(USERS), chance.choice([0, 0o22, 0o27, 0o77]), chance.choice(MODES + [chance.randrange(0o10000)])
        makes = name in ("create", "folder", "node")
        path = chance.choice(there if there and not makes and chance.random() < 0.85 else NAMES)
        # FUSE leaves the set-group-id bit of what the group may not execute (fuse.h, HANDLE_KILLPRIV_V2); the kernel's own file systems no longer do.
        if name in ("write", "truncate") and os.path.exists(path) and os.stat(path).st_mode & 0o2010 == 0o2000:
            name = "may"
        other, value, owner = chance.choice(NAMES), some_list(chance), chance.choice(USERS)[0]
        print(number, name, path, user[0], answer(user, umask, lambda: step(name, path, other, mode, value, owner)))
        if number % 20 == 19:
            for path in ["."] + [path for path in there if os.path.exists(path)]:
                print("  ", path, *shown(path))


main(sys.argv[1], *map(int, sys.argv[2:]))
