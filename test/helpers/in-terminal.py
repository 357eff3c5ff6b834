"""Runs a command in a terminal of 80 columns and types into it: the tests' stand-in for a person at a keyboard.

Arguments: the steps as JSON, [[what to wait for, what to type], ...], then the command. Prints everything that the
terminal was sent; ends with the command's exit code.
"""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

PATIENCE = 40

steps, command = json.loads(sys.argv[1]), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    # Wide as it is before the program looks.
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    os.execvp(command[0], command)
seen, read = "", b""


def pump(until, patience):
    """Reads until the text has come since the last step, or the command has ended."""
    global read
    start, end = len(read), time.time() + patience
    while time.time() < end:
        if until is not None and until in read[start:].decode(errors="ignore"):
            return True
        if not select.select([fd], [], [], 0.05)[0]:
            continue
        try:
            chunk = os.read(fd, 65536)
        except OSError:
            return False
        if not chunk:
            return False
        read += chunk
    return until is None


for until, typed in steps:
    if not pump(until, PATIENCE):
        sys.stdout.buffer.write(read)
        sys.exit(f"waited for {until!r} in vain")
    os.write(fd, typed.encode())
pump(None, PATIENCE)
sys.stdout.buffer.write(read)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
