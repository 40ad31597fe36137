"""What was written past the page cache, synchronously or not (aio), is what a buffered read gives afterwards, though others read meanwhile."""
import ctypes
import mmap
import os
import platform
import struct
import sys

os.chdir(sys.argv[1])
SIZE = 65536
CALLS = {"x86_64": (206, 209, 208), "aarch64": (0, 2, 4)}[platform.machine()]  # io_setup, io_submit, io_getevents
libc = ctypes.CDLL(None, use_errno=True)
context = ctypes.c_void_p(0)
assert libc.syscall(CALLS[0], 8, ctypes.byref(context)) == 0
with open("direct", "wb") as file:
    file.write(b"\0" * SIZE)
children = []
stop = os.pipe()
for _ in range(2):
    pid = os.fork()
    if pid == 0:
        os.close(stop[1])
        os.set_blocking(stop[0], False)
        fd = os.open("direct", os.O_RDONLY)
        while True:
            os.pread(fd, SIZE, 0)
            try:
                os.read(stop[0], 1)
                os._exit(0)  # the parent has closed its end
            except BlockingIOError:
                pass
    children.append(pid)
os.close(stop[0])
writer = os.open("direct", os.O_RDWR | os.O_DIRECT)
reader = os.open("direct", os.O_RDONLY)
memory = mmap.mmap(-1, SIZE)
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))


def asynchronously():
    # struct iocb of linux/aio_abi.h: data 8, key 4, rw_flags 4, opcode 2 (PWRITE = 1), prio 2, fd 4, buf 8, nbytes 8, offset 8, reserved 8, flags 4, resfd 4
    block = ctypes.create_string_buffer(struct.pack("<QIIHhIQQqQII", 0, 0, 0, 1, 0, writer, address, SIZE, 0, 0, 0, 0))
    blocks = (ctypes.c_void_p * 1)(ctypes.addressof(block))
    assert libc.syscall(CALLS[1], context, 1, blocks) == 1
    event = ctypes.create_string_buffer(32)
    assert libc.syscall(CALLS[2], context, 1, 1, event, None) == 1


for how, write in (("sync", lambda: os.pwritev(writer, [memory], 0)), ("aio", asynchronously)):
    for turn in range(1, 1001):
        memory[:] = struct.pack("<Q", turn) * (SIZE // 8)
        write()
        assert os.pread(reader, SIZE, 0) == memory[:], f"{how}: write {turn} is not what is read"
os.close(stop[1])
for pid in children:
    os.waitpid(pid, 0)
os.unlink("direct")
