"""A process that has read the whole product and starts its parts by forking: a second instead of nine for each that was killed.

Run as `python -m tests.faults.nursery`. Reads one JSON object a line: {"name", "part", "environment", "log"}, where `part` is
a command of `medkarta` with its words; writes one a line:
{"name", "pid"} when started and {"name", "pid", "code"} when ended. What it started is killed when its input ends.
"""

import ctypes
import gc
import json
import os
import select
import signal
import sys
from importlib import import_module
from typing import Any, NoReturn

READ_BEFORE = (
    "ops.cli",
    "ops.processes",
    "ops.container",
    "ops.worker",
    "bot.app",
    "bot.messenger",
    "api.app",
    "playground.app",
)
ENDED_BADLY = 70
DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def become(part: str, environment: dict[str, str], log: str) -> NoReturn:
    """Be `medkarta <part>`, as if started from a shell with this environment and its output going to a file."""
    os.setsid()
    if sys.platform == "linux":
        # Where the nursery itself is killed, nobody would be left to end its children.
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, out), (2, out)):
        os.dup2(source, target)
    os.closerange(3, 64)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    os.environ.clear()
    os.environ.update(environment)
    code = ENDED_BADLY
    try:
        sys.argv = ["medkarta", *part.split()]
        import_module("ops.cli").app(part.split())
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def tell(**event: Any) -> None:
    os.write(1, json.dumps(event).encode() + b"\n")


def reap(children: dict[int, str]) -> None:
    """Tell of every child that has ended."""
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        tell(name=children.pop(pid), pid=pid, code=os.waitstatus_to_exitcode(status))


def main() -> None:
    for module in READ_BEFORE:
        import_module(module)
    gc.collect()
    gc.freeze()
    ended, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: dict[int, str] = {}
    tell(name="nursery", pid=os.getpid())
    heard = b""
    while True:
        ready, _, _ = select.select([0, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            reap(children)
        if 0 in ready:
            chunk = os.read(0, 65536)
            if not chunk:
                break
            *lines, heard = (heard + chunk).split(b"\n")
            for line in lines:
                asked = json.loads(line)
                pid = os.fork()
                if not pid:
                    become(asked["part"], asked["environment"], asked["log"])
                children[pid] = asked["name"]
                tell(name=asked["name"], pid=pid)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
