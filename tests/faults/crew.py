"""The processes of the product, each by its name: started, killed in mid-word, started again, and stopped in good order."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.journeys.house import ROOT

PATIENCE_S = 120
GRACE_S = 20
"""How long a part may take to stop when it is asked to (SIGTERM)."""


class Gone(Exception):
    """Something did not come up, or ended by itself; says what it wrote."""


@dataclass
class Member:
    """One process: `part` is the command of `medkarta`. `pid` 0: it does not run now. `killed`: its end was expected."""

    name: str
    part: str
    settings: dict[str, str]
    pid: int = 0
    born: int = 0
    killed: bool = False
    codes: list[int] = field(default_factory=list)


class Crew:
    """Starts members through the nursery, and knows which of them run. Methods may be called from any thread."""

    def __init__(
        self, folder: Path, settings: dict[str, str], members: list[Member], nursery: str = "tests.faults.nursery"
    ) -> None:
        """`nursery` is the module that starts them."""
        self.folder, self.nursery = folder, nursery
        self.settings = settings
        self.members = {member.name: member for member in members}
        self.fell: list[str] = []
        self._changed = threading.Condition()
        self._nursery: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Crew":
        with (self.folder / "nursery.log").open("ab") as log:
            command = [sys.executable, "-m", self.nursery]
            self._nursery = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        self._up = False
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()
        self._wait(lambda: self._up, "the nursery did not come up")
        return self

    def __exit__(self, *_gone: object) -> None:
        if self._nursery is None or self._nursery.stdin is None or self._nursery.stdout is None:
            return
        # At the end of its input it kills what still runs.
        self._nursery.stdin.close()
        try:
            self._nursery.wait(10)
        except subprocess.TimeoutExpired:
            self._nursery.kill()
            self._nursery.wait(10)
        self._ear.join(10)
        self._nursery.stdout.close()

    def log_of(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def start(self, name: str, *, ends: bool = False) -> None:
        """Start a member and return once its process is there; it may still be reading its settings. `ends` by itself."""
        member = self.members[name]
        kept = {each: value for each, value in os.environ.items() if each in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
        environment = kept | self.settings | member.settings
        asked = {"name": name, "part": member.part, "environment": environment, "log": str(self.log_of(name))}
        member.killed, before = ends, member.born
        assert self._nursery is not None
        assert self._nursery.stdin is not None
        with self._changed:
            self._nursery.stdin.write(json.dumps(asked).encode() + b"\n")
            self._nursery.stdin.flush()
        self._wait(lambda: member.born > before, f"{name} was not started")

    def kill(self, name: str) -> bool:
        """kill -9; False when it is not there."""
        member = self.members[name]
        with self._changed:
            if not member.pid:
                return False
            member.killed = True
            os.kill(member.pid, signal.SIGKILL)
        self._wait(lambda: not member.pid, f"{name} did not die")
        return True

    def stop(self, name: str) -> tuple[int, float]:
        """SIGTERM; returns exit code and seconds it took. Who does not go within the grace is killed: code -9.

        Several may be stopped at once, from a thread each.
        """
        member = self.members[name]
        began = time.monotonic()
        with self._changed:
            if not member.pid:
                return member.codes[-1] if member.codes else 0, 0.0
            member.killed = True
            os.kill(member.pid, signal.SIGTERM)
        try:
            self._wait(lambda: not member.pid, name, GRACE_S + 5)
        except Gone:
            self.kill(name)
        return member.codes[-1], time.monotonic() - began

    def run(self, command: str) -> tuple[int, str]:
        """Run a command of `medkarta` to its end; returns its code and what it wrote."""
        name = command.replace(" ", "-")
        member = self.members[name] = Member(name, command, {})
        self.start(name, ends=True)
        self._wait(lambda: bool(member.codes), f"{command} did not end")
        return member.codes[-1], self.log_of(name).read_text("utf-8", "replace")

    def _listen(self) -> None:
        assert self._nursery is not None
        assert self._nursery.stdout is not None
        for line in self._nursery.stdout:
            event = json.loads(line)
            with self._changed:
                member = self.members.get(event["name"])
                if member is None:
                    self._up = True
                elif "code" not in event:
                    member.pid, member.born = event["pid"], member.born + 1
                else:
                    member.pid = 0
                    member.codes.append(event["code"])
                    if not member.killed:
                        self.fell.append(f"{member.name} ended by itself with {event['code']}")
                self._changed.notify_all()

    def _wait(self, there: Callable[[], bool], otherwise: str, seconds: float = PATIENCE_S) -> None:
        with self._changed:
            if not self._changed.wait_for(there, seconds):
                raise Gone(f"{otherwise}\n{self.tail()}")

    def tail(self, size: int = 1500) -> str:
        """Return the ends of all logs."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {each.name}\n{each.read_text('utf-8', 'replace')[-size:]}" for each in logs)
