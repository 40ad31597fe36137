"""What an open folder answers after it was removed or replaced; printed, to be compared with the plain disk."""
import errno
import os
import sys

os.chdir(sys.argv[1])


def show(what, call):
    try:
        answer = call()
    except OSError as error:
        answer = errno.errorcode[error.errno]
    print(f"{what}: {answer}")


def look(what, fd):
    show(what + " list", lambda: os.listdir(fd))
    show(what + " list again", lambda: os.listdir(fd))
    show(what + " links", lambda: os.fstat(fd).st_nlink)
    show(what + " make a file", lambda: os.open("x", os.O_CREAT, dir_fd=fd))
    show(what + " make a folder", lambda: os.mkdir("x", dir_fd=fd))
    show(what + " open again", lambda: os.close(os.open(".", os.O_RDONLY, dir_fd=fd)))
    show(what + " look up", lambda: os.stat("none", dir_fd=fd))
    show(what + " sync", lambda: os.fsync(fd))
    show(what + " mode", lambda: os.fchmod(fd, 0o700))
    show(what + " times", lambda: os.utime(fd))
    show(what + " attributes", lambda: [n for n in os.listxattr(fd) if not n.startswith("security.")])
    os.close(fd)


os.mkdir("d")
folder = os.open("d", os.O_RDONLY)
os.rmdir("d")
look("removed", folder)
os.mkdir("e")
open("e/f", "w").close()
folder = os.open("e", os.O_RDONLY)
os.listdir(folder)
os.unlink("e/f")
os.rmdir("e")
look("emptied and removed", folder)
os.mkdir("old")
os.mkdir("new")
folder = os.open("old", os.O_RDONLY)
os.rename("new", "old")
look("replaced", folder)
os.rmdir("old")
os.mkdir("c")
os.chdir("c")
os.rmdir("../c")
show("working folder list", lambda: os.listdir("."))
show("working folder links", lambda: os.stat(".").st_nlink)
show("working folder path", os.getcwd)
show("working folder make", lambda: os.open("x", os.O_CREAT))
