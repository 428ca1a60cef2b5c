"""The database copied as one moment saw it, and put back: SQLite by itself, PostgreSQL by its own programs."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL

from core.storage.engine import driver_url
from ops.commands.backup.manifest import BackupRefused

NEWEST = "SELECT coalesce(max(number), -1) FROM audit_checkpoints"
JOURNAL = "audit_checkpoints"
COPIED = re.compile(r"^COPY \S+ \((?P<columns>[^)]*)\) FROM stdin;\n(?P<rows>.*?)^\\\.$", re.DOTALL | re.MULTILINE)
"""The rows of a table as pg_restore writes them."""
REVISION = "SELECT version_num FROM alembic_version"
BUSY_SECONDS = 30


class Database(Protocol):
    """A database that can be backed up."""

    @property
    def kind(self) -> str:
        """Which one it is."""
        ...

    @property
    def copy(self) -> str:
        """The name of its file within a backup."""
        ...

    def dump(self, target: Path) -> None:
        """Copy what is committed at one moment; others go on reading and writing."""
        ...

    def newest_checkpoint(self, copy: Path) -> int:
        """Return the number of the last checkpoint of the journal in such a copy; -1 when there is none."""
        ...

    def is_empty(self) -> bool:
        """Tell whether nothing is there yet."""
        ...

    def revision(self) -> str:
        """Return the migration that it stands at."""
        ...

    def restore(self, source: Path) -> None:
        """Put such a copy in the place of whatever is there."""
        ...


def database(url: str) -> Database:
    """Return the database behind the URL."""
    address = driver_url(url)
    if address.get_backend_name() == "sqlite":
        return Sqlite(Path(address.database or ""))
    return Postgresql(libpq(address))


@dataclass(frozen=True)
class Sqlite:
    """The embedded database: one file."""

    path: Path
    kind: str = "sqlite"
    copy: str = "database.sqlite"

    def dump(self, target: Path) -> None:
        # `VACUUM INTO` reads one snapshot; the paged backup would begin anew at every write and never end.
        with opened(self.path) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))

    def newest_checkpoint(self, copy: Path) -> int:
        with opened(copy) as connection:
            return int(connection.execute(NEWEST).fetchone()[0])

    def is_empty(self) -> bool:
        return not self.path.exists()

    def revision(self) -> str:
        with opened(self.path) as connection:
            return str(connection.execute(REVISION).fetchone()[0])

    def restore(self, source: Path) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.restored")
        shutil.copyfile(source, fresh)
        fresh.chmod(0o600)
        # The log of the old database must not be played over the new one.
        for tail in ("-wal", "-shm"):
            self.path.with_name(self.path.name + tail).unlink(missing_ok=True)
        fresh.replace(self.path)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an SQLite file that exists; BackupRefused when it cannot be read."""
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)
        ) as connection:
            yield connection
    except sqlite3.Error as fault:
        raise BackupRefused(f"{path}: cannot be read ({fault}).") from fault


@dataclass(frozen=True)
class Postgresql:
    """The database of production. `environment` is how libpq's programs reach it: no password stands in a command line."""

    environment: Mapping[str, str]
    kind: str = "postgresql"
    copy: str = "database.dump"

    def dump(self, target: Path) -> None:
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")

    def newest_checkpoint(self, copy: Path) -> int:
        told = self._run("pg_restore", "--data-only", f"--table={JOURNAL}", "--file=-", str(copy))
        rows = COPIED.search(told)
        if rows is None:
            return -1
        place = [name.strip() for name in rows["columns"].split(",")].index("number")
        return max((int(row.split("\t")[place]) for row in rows["rows"].splitlines()), default=-1)

    def is_empty(self) -> bool:
        return self._ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"

    def revision(self) -> str:
        return self._ask(REVISION)

    def restore(self, source: Path) -> None:
        self._run("pg_restore", "--list", str(source))  # it can be read, before anything is removed
        if not self.is_empty():
            self._ask("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        target = f"--dbname={self.environment.get('PGDATABASE', '')}"
        self._run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            target,
            str(source),
        )

    def _ask(self, statement: str) -> str:
        return self._run("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement).strip()

    def _run(self, program: str, *arguments: str) -> str:
        found = shutil.which(program)
        if found is None:
            raise BackupRefused(f"{program} is not found: install the client programs of PostgreSQL.")
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, no shell
            [found, *arguments],
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            told = done.stderr.strip().splitlines() or ["it says nothing"]
            raise BackupRefused(f"{program} failed: {told[0]}")
        return done.stdout


def libpq(url: URL) -> dict[str, str]:
    """Return the variables by which PostgreSQL's own programs reach what the URL names."""
    query = {name: value if isinstance(value, str) else value[0] for name, value in url.query.items()}
    given = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("ssl") or query.get("sslmode"),
        "PGCONNECT_TIMEOUT": "10",
    }
    return {name: value for name, value in given.items() if value}
