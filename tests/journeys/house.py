"""The running product as a newcomer starts it, on ports and state of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300
"""How long a process may take to come up on a machine that is busy with other things."""
STOPS_WITHIN_S = 60
"""Twenty seconds are the product's own; the rest is the machine's."""


class NotUp(Exception):
    """A process ended, or did not come up; says what it wrote."""


@dataclass
class House:
    """Processes of one installation. `parts` are commands of `medkarta`; `bot:2` is one more bot, with settings of its `own`."""

    folder: Path
    settings: dict[str, str]
    parts: tuple[str, ...] = ("run",)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    clients: list[httpx.Client] = field(default_factory=list)
    """Of those who sit before it for as long as it stands: they are closed with it."""

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.settings['API_PORT']}"

    @property
    def playground(self) -> str:
        return f"http://127.0.0.1:{self.settings['PLAYGROUND_PORT']}"

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def command(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `medkarta` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "ops", *arguments],
            cwd=ROOT,
            env=self._environment() | more,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def start(self, *parts: str) -> None:
        """Start parts (all by default) and wait until they answer."""
        if not self.processes and "run" not in self.parts:
            migrated = self.command("migrate")
            if migrated.returncode:
                raise NotUp(migrated.stderr)
        polling = self._polling()
        for part in parts or self.parts:
            with self.log.open("ab") as log:
                self.processes[part] = subprocess.Popen(
                    [sys.executable, "-m", "ops", part.partition(":")[0]],
                    cwd=ROOT,
                    env=self._environment() | self.own.get(part, {}),
                    stdout=log,
                    stderr=log,
                )
        self._wait(f"{self.api}/readyz")
        self._wait(f"{self.playground}/healthz")
        bots = sum(part.partition(":")[0] in {"bot", "run"} for part in parts or self.parts)
        self._wait_until(lambda: self._polling() >= polling + bots, "the bot did not start to take updates in")

    def _polling(self) -> int:
        """Count how often a bot has come up so far."""
        log = self.log.read_bytes() if self.log.exists() else b""
        return log.count(b'"bot.polling"') + log.count(b'"bot.listening"')

    def stop(self, *parts: str, kill: bool = False) -> None:
        """End parts (all by default), by the processes' own ids; the last one started goes first. Nobody is left behind."""
        late = []
        for part in parts or tuple(reversed(self.processes)):
            process = self.processes.pop(part)
            process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            try:
                process.wait(timeout=STOPS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=5)
                late.append(part)
        if late:
            raise NotUp(f"{', '.join(late)} did not stop within {STOPS_WITHIN_S} s")

    def log_tail(self, size: int = 1500) -> str:
        """Return the end of what the processes wrote."""
        return self.log.read_text("utf-8", "replace")[-size:]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
        return kept | {"PYTHONUNBUFFERED": "1", **self.settings}

    def _wait(self, url: str) -> None:
        def answers() -> bool:
            with contextlib.suppress(httpx.HTTPError):
                return httpx.get(url, timeout=10, trust_env=False).status_code == 200
            return False

        self._wait_until(answers, f"{url} did not answer")

    def _wait_until(self, there: Callable[[], bool], otherwise: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not there():
            for part, process in self.processes.items():
                if process.poll() is not None:
                    raise NotUp(f"{part} ended with {process.returncode}:\n{self.log_tail(2000)}")
            if time.monotonic() > end:
                raise NotUp(f"{otherwise}:\n{self.log_tail(2000)}")
            with contextlib.suppress(subprocess.TimeoutExpired):
                next(iter(self.processes.values())).wait(0.05)


@contextlib.contextmanager
def standing(
    folder: Path,
    keys: Path,
    parts: tuple[str, ...] = ("run",),
    own: dict[str, dict[str, str]] | None = None,
    **settings: str,
) -> Iterator[House]:
    """Start a house on free ports with a copy of the keys, and end it at the end of the block."""
    api, playground, smtp = free_ports(3)
    state = folder / "var"
    state.mkdir(mode=0o700)
    shutil.copytree(keys, state / "keys")
    (state / "keys").chmod(0o700)
    house = House(
        folder,
        {
            "API_PORT": str(api),
            "PLAYGROUND_PORT": str(playground),
            "PLAYGROUND_SMTP_PORT": str(smtp),
            "STATE_DIR": str(state),
            "LOG_LEVEL": "INFO",
            # Those who walk through tests are quicker than anybody.
            "CHAT_RATE": "1000",
            # Several houses stand on one PostgreSQL at a time, and it takes 100 connections as it comes.
            "DATABASE_CONNECTIONS": "6",
            **settings,
        },
        parts,
        own=own or {},
    )
    try:
        house.start()
        yield house
    finally:
        for client in house.clients:
            client.close()
        house.stop()
