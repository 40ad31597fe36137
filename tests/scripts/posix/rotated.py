"""Programs append to a log that another empties with O_TRUNC: only whole records, no gaps."""
import os
import sys

os.chdir(sys.argv[1])
RECORD = b"record 0123456789 abcdefghijklmnopqrstuvwxyz\n"
open("log", "w").close()
children = []
stop = os.pipe()
for child in range(3):
    pid = os.fork()
    if pid == 0:
        os.close(stop[1])
        os.set_blocking(stop[0], False)
        fd = os.open("log", os.O_WRONLY | os.O_APPEND)
        while True:
            assert os.write(fd, RECORD) == len(RECORD)
            try:
                os.read(stop[0], 1)
                os._exit(0)  # the parent has closed its end
            except BlockingIOError:
                pass
    children.append(pid)
os.close(stop[0])


def check(content, when, tail=b""):
    assert content == RECORD * (len(content) // len(RECORD)) + tail, f"{when} the log of {len(content)} bytes has gaps or torn records"


rotations = 0
while rotations < 300:
    with open("log", "rb") as log:
        content = log.read()
    # A record that is being written across a page may be seen up to it, on any disk.
    check(content, f"after {rotations} rotations", RECORD[: len(content) % len(RECORD)])
    if content:
        os.close(os.open("log", os.O_WRONLY | os.O_TRUNC))
        rotations += 1
os.close(stop[1])
for pid in children:
    assert os.waitpid(pid, 0)[1] == 0
with open("log", "rb") as log:
    content = log.read()
check(content, "at the end")
assert os.stat("log").st_size == len(content)
os.unlink("log")
