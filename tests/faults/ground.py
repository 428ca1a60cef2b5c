"""The ground that the product stands on: a PostgreSQL cluster and a Redis of this run's own, which may be shaken."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from tests.ports import free_ports
from tests.services import postgresql_programs

DATABASE = "medkarta"
PATIENCE_S = 60
Mode = Literal["fast", "immediate"]


@dataclass
class Ground:
    """Made in a folder under /tmp that the user `postgres` can enter; everything ends, and is removed, with the block."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="medkarta-faults-")))
    postgres_port: int = field(default_factory=lambda: free_ports(1)[0])
    redis_port: int = field(default_factory=lambda: free_ports(1)[0])
    redis: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        try:
            self._make_cluster()
            self.start_redis()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_gone: object) -> None:
        self.stop_redis()
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            self._pg_ctl("stop", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.postgres_port}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.redis_port}/0"

    def restart_postgres(self, mode: Mode) -> None:
        """`fast` breaks every connection, `immediate` is a crash: only what was committed is there afterwards."""
        self._pg_ctl("stop", "-m", mode)
        self._pg_ctl("start", "-l", str(self.cluster / "log"), "-o", self._options())

    def start_redis(self) -> None:
        """Start it empty: it keeps nothing, which is the worst that can happen to it."""
        port = str(self.redis_port)
        keep_nothing = ["--save", "", "--appendonly", "no"]
        command = ["redis-server", "--bind", "127.0.0.1", "--port", port, "--dir", str(self.folder), *keep_nothing]
        with (self.folder / "redis.log").open("ab") as log:
            self.redis = subprocess.Popen(command, stdout=log, stderr=log)

    def stop_redis(self) -> None:
        """Kill it."""
        if self.redis is not None:
            self.redis.kill()
            self.redis.wait(PATIENCE_S)
            self.redis = None

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    def _make_cluster(self) -> None:
        self.cluster.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.cluster, "postgres")
        self._run("initdb", "-D", self.cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self._pg_ctl("start", "-l", str(self.cluster / "log"), "-o", self._options())
        self._run("createdb", "-h", "127.0.0.1", "-p", self.postgres_port, "-U", "postgres", DATABASE)

    def _options(self) -> str:
        # A crash of the server loses nothing without fsync; only a crash of the machine would.
        said = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.cluster,
            "fsync": "off",
            "max_connections": 300,
        }
        return f"-p {self.postgres_port} " + " ".join(f"-c {name}={value}" for name, value in said.items())

    def _pg_ctl(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", self.cluster, "-w", "-t", PATIENCE_S, *arguments)

    def _run(self, program: str, *arguments: object) -> None:
        """Run a program of PostgreSQL to its end; it refuses to be run by root."""
        command = [str(postgresql_programs() / program), *map(str, arguments)]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # Its output goes to a file: the server that it leaves behind would hold a pipe open.
        with (self.folder / "postgresql.log").open("ab") as log:
            done = subprocess.run(command, cwd="/", stdout=log, stderr=log, check=False, timeout=2 * PATIENCE_S)
        if done.returncode:
            raise RuntimeError(
                f"{program} ended with {done.returncode}:\n{(self.folder / 'postgresql.log').read_text()}"
            )
