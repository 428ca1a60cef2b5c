"""Looking for what people typed in everything that the product keeps: database, Redis, files, logs."""

import asyncio
import base64
import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import redis


def written(value: str) -> set[bytes]:
    """Return every way in which a value may stand somewhere: plain, in other encodings, escaped, in base64 and hex."""
    ways = {value, value.lower(), value.upper(), value.casefold()}
    found: set[bytes] = set()
    for way in ways:
        utf8 = way.encode()
        found |= {
            utf8,
            way.encode("utf-16-le"),
            way.encode("utf-16-be"),
            json.dumps(way)[1:-1].encode(),
            utf8.hex().encode(),
        }
        for shift in range(3):
            # In the middle of something longer the first and the last character depend on the neighbours.
            whole = base64.b64encode(bytes(shift) + utf8)
            middle = whole[(shift * 8 + 5) // 6 : len(whole) - 4]
            if len(middle) >= 6:
                found |= {middle, middle.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def spellings(value: str) -> set[str]:
    """Return the value as typed, and a number without its separators."""
    digits = re.sub(r"\D", "", value)
    return {value} | ({digits, digits[1:]} if len(digits) >= 10 else set())


@dataclass
class Leak:
    """Where a value stands: `value` for the test's own report."""

    place: str
    value: str


class Sieve:
    """Knows the values and finds them in bytes."""

    def __init__(self, values: Iterable[str], codes: Iterable[str] = ()) -> None:
        self.values = {
            way: value for value in values for each in spellings(value) if len(each) >= 4 for way in written(each)
        }
        # Six digits stand in many a hash and fraction of a second by chance: a code counts when it stands alone.
        alone = "|".join(map(re.escape, codes))
        self.codes = re.compile(rf"(?<![\w.-])({alone})(?![\w-])".encode()) if alone else None

    def find(self, place: str, content: bytes) -> Iterator[Leak]:
        for way, value in self.values.items():
            if way in content:
                yield Leak(place, value)
        if self.codes and (code := self.codes.search(content)):
            yield Leak(place, code.group().decode())


def in_database(url: str, sieve: Sieve) -> list[Leak]:
    """Look through every column of every table, bytes included, and through a dump."""

    async def rows() -> list[tuple[str, bytes]]:
        connection = await asyncpg.connect(url)
        try:
            tables = await connection.fetch(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            )
            found = []
            for (table,) in tables:
                for row in await connection.fetch(f'SELECT * FROM "{table}"'):
                    for name, value in row.items():
                        content = value if isinstance(value, bytes) else str(value).encode()
                        found.append((f"{table}.{name}", content))
            return found
        finally:
            await connection.close()

    cells = asyncio.run(rows())
    assert len(cells) > 500
    leaks = [leak for place, content in cells for leak in sieve.find(place, content)]
    dump = subprocess.run(["pg_dump", "--dbname", url, "--inserts"], capture_output=True, check=True).stdout
    return leaks + list(sieve.find("pg_dump", dump))


def in_redis(url: str, sieve: Sieve) -> list[Leak]:
    """Look through every key and value."""
    leaks: list[Leak] = []
    with redis.Redis.from_url(url) as store:
        for key in store.scan_iter():
            content = store.dump(key) or b""
            if store.type(key) == b"string":
                content += store.get(key) or b""
            leaks += sieve.find(f"redis {key!r}", key + b"\n" + content)
    return leaks


def in_files(folder: Path, sieve: Sieve) -> list[Leak]:
    """Look through every file, logs included."""
    return [
        leak
        for each in sorted(folder.rglob("*"))
        if each.is_file()
        for leak in sieve.find(str(each.relative_to(folder)), str(each).encode() + b"\n" + each.read_bytes())
    ]
