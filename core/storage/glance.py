"""A glance at a citizen: what a turn of the application asks one after another, read beforehand in one round trip."""

import re
from collections import namedtuple
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Select, bindparam, select

from core.domain.actor import Citizen
from core.domain.document import Purpose
from core.domain.ids import ChatId
from core.storage.account import BY_CITIZEN
from core.storage.application import APPLICATIONS, IS_OPEN, OPEN_OF
from core.storage.base import table_of
from core.storage.chat import CHAT_BY_ID
from core.storage.consent import LATEST
from core.storage.document import GONE, STANDING_OF
from core.storage.key import owner_of
from core.storage.notification.rows import NotificationRow
from core.storage.notification.steering import WAITING_OF, WAITS
from core.storage.reminder import LAST, REMINDERS
from core.storage.straight import Ready, ready
from core.storage.transaction import SqlTransaction, Stored
from core.storage.update import STATE

Values = dict[str, Stored]
PLACE = re.compile(r"\$(\d+)")
NOTIFICATIONS = table_of(NotificationRow)
OF_OPEN = select(APPLICATIONS.c.id).where(APPLICATIONS.c.account == bindparam("account"), IS_OPEN).scalar_subquery()
OF_CITIZEN: tuple[Select[Any], ...] = (
    BY_CITIZEN,
    LATEST,
    OPEN_OF,
    STANDING_OF,
    # Asked by the application's id, which is not known yet.
    select(REMINDERS).where(REMINDERS.c.subject == OF_OPEN),
    select(NOTIFICATIONS.c.id).where(NOTIFICATIONS.c.subject == OF_OPEN, WAITS),
)
OF_ARRIVAL: tuple[Select[Any], ...] = (STATE, CHAT_BY_ID)


@dataclass(frozen=True, slots=True)
class SqlGlance:
    """`core.ports.Glance`. SQLite is asked without a round trip, and when something is wanted."""

    transaction: SqlTransaction

    async def at(self, citizen: Citizen) -> None:
        """Read ahead; what is asked then is answered from here, until its tables are changed."""
        by_account: Values = {"account": citizen.account}
        by_chat: Values = {**by_account, "chat": citizen.chat}
        standing: Values = {**by_chat, "purpose": Purpose.APPLICATION.value, "removed": GONE}
        person: Values = {**by_chat, "owner": owner_of(citizen.account)}
        found = await self._found(OF_CITIZEN, {**standing, **person})
        if not found:
            return
        asked = (by_account, by_chat, standing)
        for statement, values, rows in zip(OF_CITIZEN[:4], (person, *asked), found[:4], strict=True):
            self.transaction.foresee(statement, values, rows)
        if found[2]:
            subject: Values = {"subject": found[2][0].id}
            self.transaction.foresee(LAST, subject, found[4])
            self.transaction.foresee(WAITING_OF, subject, found[5])

    async def at_arrival(self, update: int, chat: ChatId) -> None:
        """Read ahead what is asked of an update that has come in."""
        found = await self._found(OF_ARRIVAL, {"update": update, "chat": chat})
        if found:
            self.transaction.foresee(STATE, {"update": update}, found[0])
            self.transaction.foresee(CHAT_BY_ID, {"chat": chat}, found[1])

    async def _found(self, questions: tuple[Select[Any], ...], values: Values) -> list[list[Any]]:
        if not self.transaction.on_postgresql:
            return []
        statement, kinds = together(questions, tuple(values), self.transaction.dialect)
        (rows,) = await self.transaction.ask_ready(statement, values)
        return [[kind(*each) for each in many] for kind, many in zip(kinds, rows, strict=True)]


@cache
def together(questions: tuple[Select[Any], ...], names: tuple[str, ...], dialect: Dialect) -> tuple[Ready, list[Any]]:
    """Return questions as one statement, with a list of rows for each, and what the rows of each are called."""
    texts, kinds, order = [], [], dict[str, int]()
    made, given = dict[str, Any](), dict[str, Any]()
    for question in questions:
        one = ready(question, dict.fromkeys(names), dialect)
        if one is None or one.given.keys() & given.keys():
            raise ValueError("a question that only SQLAlchemy can ask, or two that give the same name")
        places = [order.setdefault(name, len(order) + 1) for name, _ in one.parameters]
        made |= dict(one.parameters)
        given |= one.given
        texts.append(f"ARRAY(SELECT ROW(found.*) FROM ({_placed(one.text, places)}) AS found)")  # noqa: S608 - made by SQLAlchemy
        kinds.append(namedtuple("Found", [str(column.key) for column in question.selected_columns]))
    return Ready(f"SELECT {', '.join(texts)}", tuple((name, made[name]) for name in order), given), kinds


def _placed(text: str, places: list[int]) -> str:
    """Return a statement with its parameters at other places."""
    return PLACE.sub(lambda found: f"${places[int(found[1]) - 1]}", text)
