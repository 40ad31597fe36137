"""Names that stay are listed exactly once, whatever changes beside the listing, and after the kernel dropped what it had of it."""
import collections
import os
import sys

os.mkdir(sys.argv[1] + "/listed")
os.chdir(sys.argv[1] + "/listed")
STAY = {f"stay{i:05d}" for i in range(3000)}


def check(what, got, stay):
    count = collections.Counter(n for n in got if n.startswith("stay"))
    missing = stay - set(count)
    twice = [n for n in count if count[n] > 1]
    assert not missing and not twice, f"{what}: {len(missing)} missing, {len(twice)} twice"


def begun():
    """A listing of which the kernel has given the first part."""
    entries = os.scandir(".")
    return entries, [next(entries).name for _ in range(10)]


def touch(name):
    open(name, "w").close()


for name in STAY:
    touch(name)
os.listdir(".")
listing, first = begun()
for name in first:
    os.unlink(name)
os.listdir(".")
check("ten removed, another lists between", [e.name for e in listing], STAY - set(first))
for name in first:
    touch(name)
os.listdir(".")
listing, first = begun()
for i in range(10):
    touch(f"new{i}")
os.listdir(".")
check("ten made, another lists between", first + [e.name for e in listing], STAY)
os.listdir(".")
listing, first = begun()
for i in range(10):
    os.unlink(f"new{i}")
check("ten removed, nobody else lists", first + [e.name for e in listing], STAY)
check("afterwards", os.listdir("."), STAY)

# Two change other names while this lists.
children = []
for child in range(2):
    pid = os.fork()
    if pid == 0:
        for turn in range(400):
            name = f"c{child}-{turn % 7}"
            touch(name)
            os.rename(name, name + "-moved")
            os.unlink(name + "-moved")
        os._exit(0)
    children.append(pid)
left = set(children)
while left:
    check("beside two that change others", os.listdir("."), STAY)
    left -= {pid for pid in left if os.waitpid(pid, os.WNOHANG)[0]}

# Removed while listed, and the kernel forgets what it had cached (what want of memory does).
removed = 0
for entry in os.scandir("."):
    os.unlink(entry.name)
    removed += 1
    if removed == 600 and os.geteuid() == 0:
        with open("/proc/sys/vm/drop_caches", "w") as drop:
            drop.write("1")
assert removed == len(STAY) and not os.listdir("."), f"{removed} removed, {len(os.listdir('.'))} left"
os.chdir("..")
os.rmdir("listed")
