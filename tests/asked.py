"""What a database was asked, statement by statement: what a step costs is counted, whatever else the machine does."""

import asyncio
import re
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event as hook
from sqlalchemy.ext.asyncio import AsyncEngine


@dataclass
class Asked:
    """What the database was asked, by SQLAlchemy or by the driver itself."""

    statements: list[str] = field(default_factory=list)

    def listen(self, engine: AsyncEngine) -> None:
        """Hear it from every connection that is made from now on."""

        @hook.listens_for(engine.sync_engine, "connect")
        def connected(connection: Any, _entry: object) -> None:
            connection.driver_connection.add_query_logger(lambda told: self.note(told.query))

        @hook.listens_for(engine.sync_engine, "before_cursor_execute")
        def executed(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            self.note(statement)

    def note(self, statement: str) -> None:
        self.statements.append(" ".join(statement.split())[:100])

    async def by(self, does: Awaitable[Any]) -> list[str]:
        """Return what it was asked while this was done."""
        await asyncio.to_thread(str)  # the driver tells of a statement a moment after it
        self.statements.clear()
        await does
        await asyncio.to_thread(str)
        # Who has just come is noted once in ten seconds, not once a call.
        return [each for each in self.statements if not re.match("UPDATE staff_sessions SET seen_at", each)]
