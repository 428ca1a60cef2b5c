"""How Alembic reaches the database: inside the transaction it is given, or on its own over DATABASE_URL."""

import asyncio
import os
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from core.storage.base import UtcDateTime
from core.storage.engine import make_engine
from core.storage.schema import LOSE, metadata


def _rendered(kind: str, item: object, _autogenerate: AutogenContext) -> str | Literal[False]:
    # A migration must not change when a type of the product does.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        compare_type=True,
        render_item=_rendered,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        **{LOSE: _may_lose()},
    )
    with context.begin_transaction():
        context.run_migrations()


def _may_lose() -> bool:
    allowed: bool = context.config.attributes.get(LOSE, False)
    return allowed or context.get_x_argument(as_dictionary=True).get(LOSE) == "yes"


async def _on_its_own() -> None:
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ.get("DATABASE_URL")
    if not url:
        raise SystemExit("Set DATABASE_URL, or pass -x url=postgresql://… to alembic.")
    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    asyncio.run(_on_its_own())
