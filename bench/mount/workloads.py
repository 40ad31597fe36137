"""What is measured, each a rate: higher is better. One call of measure is one round of one mounted file system."""
import contextlib, json, mmap, os, subprocess, time

TREE = "/usr/include"
KINDS = ("blocks", "files", "tree")
PAYLOAD = os.urandom(1024)
PARTS = 8
REPORTED = 2 << 20  # bytes of the smallest free piece that is given to the host
REUSE = 61  # seconds until ext4 without a journal gives a removed file's inode to another
_removed = -float("inf")


def measure(system, quick, kinds):
    rates = {}
    for kind in kinds:
        for _ in steps(system, rates, quick, kind):
            pass
    return rates


def steps(system, rates, quick, kind):
    """One kind of work, a step at a time. A step warms what it measures warm, so that other file systems may take the same step in between."""
    if kind == "blocks":
        return blocks(system, rates, *((128, 16) if quick else (512, 64)))
    return files(system, rates, 1000 if quick else 4000) if kind == "files" else tree(system, rates)


def settle():
    """Lets the disk finish with what came before: its journal's commit, and the discards that follow it."""
    for _ in range(2):
        os.sync()
        time.sleep(1)


def rest():
    """Waits until what was removed last no longer hinders making: for a minute an ext4 without a journal does not use a removed file's inode again, and whoever makes
    a file passes by all of them that lie in its way, one by one (recently_deleted in the kernel's fs/ext4/ialloc.c)."""
    os.sync()
    time.sleep(max(0, _removed + REUSE - time.monotonic()))


@contextlib.contextmanager
def warm_memory():
    """While it lasts, some free memory stays the machine's own. A virtual machine's host takes free memory away (free page reporting: the kernel gives it every
    two seconds what is free in pieces of 2 MiB and more) and gives it again at the first touch, at 2.5 ms a MiB where that was measured; who is measured then would wait for
    it. So one page of each 2 MiB is held: what lies between is free, is touched already, and is in pieces too small to be given away."""
    length, page = min(6 << 30, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4), os.sysconf("SC_PAGE_SIZE")
    with mmap.mmap(-1, length, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_NOHUGEPAGE)
        for at in range(0, length, page):
            memory[at] = 1
        for at in range(0, length, REPORTED):
            memory.madvise(mmap.MADV_DONTNEED, at + page, REPORTED - page)
        yield


def release():
    """Empties every cache: what others did takes no memory from what comes next."""
    subprocess.run(["sync"], check=True)
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as control:
        control.write("3")


def forget(system):
    """Empties every cache, then brings what is stored back: the file system's work counts, not the disk's."""
    release()
    if system.mount != system.store:
        bring(system.store)


def bring(folder):
    """Reads what lies in a folder into memory."""
    for inner, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(inner, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    while file.read(1 << 20):
                        pass


def fio(system, **options):
    arguments = [f"--{key}={value}" for key, value in options.items()]
    done = subprocess.run(["fio", "--output-format=json", "--group_reporting", "--name=job", f"--filename={system.mount}/fio.bin", *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=600)
    text = done.stdout.decode()
    job = json.loads(text[text.index("{"):])["jobs"][0]
    return job["read"] if job["read"]["io_bytes"] else job["write"]


def blocks(system, rates, mib, random_mib):
    size, random_size = f"{mib}M", f"{random_mib}M"
    settle()
    release()
    rates["sequential write 1 MiB, MiB/s"] = fio(system, rw="write", bs="1M", size=size, end_fsync=1)["bw"] / 1024
    yield
    forget(system)
    rates["sequential read 1 MiB, MiB/s"] = fio(system, rw="read", bs="1M", size=size)["bw"] / 1024
    yield
    forget(system)
    rates["random read 4 KiB, 1 job, ops/s"] = fio(system, rw="randread", bs="4k", size=size, io_size=random_size)["iops"]
    yield
    forget(system)
    rates["random read 4 KiB, 4 jobs, ops/s"] = fio(system, rw="randread", bs="4k", size=size, io_size=random_size, numjobs=4)["iops"]
    rates["random write 4 KiB, ops/s"] = fio(system, rw="randwrite", bs="4k", size=size, io_size=random_size, end_fsync=1)["iops"]
    os.unlink(f"{system.mount}/fio.bin")


def rate(count, action):
    start = time.perf_counter()
    action()
    return count / (time.perf_counter() - start)


def in_parts(items, action):
    """Does a work a part at a time, so that the other file systems may do theirs in between: the disk's bad second hits all. Returns its rate."""
    spent, size = 0.0, -(-len(items) // PARTS)
    for first in range(0, len(items), size):
        yield
        start = time.perf_counter()
        action(items[first : first + size])
        spent += time.perf_counter() - start
    return len(items) / spent


def freed(system):
    """Ends a removal: free space is known only when what was removed is freed. In one go and to its end, for a file system that frees in the background
    would else do it while others have their turn."""
    global _removed
    os.statvfs(system.mount)
    _removed = time.monotonic()


def small_files(folder, count):
    return [f"{folder}/f{number:06d}" for number in range(count)]


def create(names):
    for name in names:
        with open(name, "wb") as file:
            file.write(PAYLOAD)


def read(names):
    for name in names:
        with open(name, "rb") as file:
            if file.read() != PAYLOAD:
                raise RuntimeError(f"{name} came back different")


def unlink(system, names):
    for name in names:
        os.unlink(name)
    freed(system)


def files(system, rates, count):
    folder = f"{system.mount}/many"
    os.mkdir(folder)
    names = small_files(folder, count)
    rates["create 1 KiB files, files/s"] = yield from in_parts(names, create)
    yield
    forget(system)
    rates["list and stat, files/s"] = rate(count, lambda: [entry.stat() for entry in os.scandir(folder)])
    yield
    forget(system)
    rates["stat by name, files/s"] = rate(count, lambda: [os.stat(name) for name in names])
    yield
    forget(system)
    rates["open and read 1 KiB files, files/s"] = rate(count, lambda: read(names))
    yield
    read(names)
    rates["unlink, files/s"] = rate(count, lambda: unlink(system, names))
    os.rmdir(folder)


def tree_size():
    return sum(len(names) for _, _, names in os.walk(TREE))


def branches():
    """The tree's entries of the second level, and files of the first: pieces to take it in parts by."""
    pieces = []
    for entry in sorted(os.scandir(TREE), key=lambda entry: entry.name):
        inner = sorted(os.listdir(entry.path)) if entry.is_dir(follow_symlinks=False) else []
        pieces += [f"{entry.name}/{name}" for name in inner] or [entry.name]
    return pieces


def copy(pieces, target):
    subprocess.run(["cp", "-r", "--parents", *pieces, target], cwd=TREE, check=True)
    subprocess.run(["sync"], check=True)


def search(target):
    subprocess.run(["grep", "-r", "no-such-word-anywhere", target], stdout=subprocess.DEVNULL, check=False)


def remove(system, target):
    subprocess.run(["rm", "-r", target], check=True)
    freed(system)


def tree(system, rates):
    count, pieces, target = tree_size(), branches(), f"{system.mount}/tree"
    bring(TREE)  # else who comes first in a round reads what is copied from the disk, for all
    os.mkdir(target)
    rates["copy a source tree in, files/s"] = count / len(pieces) * (yield from in_parts(pieces, lambda part: copy(part, target)))
    yield
    forget(system)
    rates["grep a source tree, files/s"] = rate(count, lambda: search(target))
    yield
    search(target)
    rates["remove a source tree, files/s"] = rate(count, lambda: remove(system, target))
