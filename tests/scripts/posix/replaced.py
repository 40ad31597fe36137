"""A file is replaced by rename again and again: whoever opens or stats it gets the old or the new one."""
import os
import sys

os.chdir(sys.argv[1])
open("shared", "w").write("x")
children = []
for child in range(3):
    pid = os.fork()
    if pid == 0:
        for _ in range(700):
            with open(f"t{child}", "w") as file:
                file.write("x")
            os.rename(f"t{child}", "shared")
        os._exit(0)
    children.append(pid)
opens = 0
left = set(children)
while left:
    for _ in range(50):
        fd = os.open("shared", os.O_RDONLY)
        assert os.read(fd, 10) == b"x"
        os.close(fd)
        os.stat("shared")
        opens += 1
    left -= {pid for pid in left if os.waitpid(pid, os.WNOHANG)[0]}
os.unlink("shared")
print(opens, "opens")
