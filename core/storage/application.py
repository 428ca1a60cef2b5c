"""Applications and their answers: each answer is a row of its own, sealed, with a version of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    ForeignKey,
    Index,
    Row,
    bindparam,
    delete,
    exists,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.application import Answer, Application, ApplicationState, Check, Field, NoApplication, Source
from core.domain.application.entity import OPEN
from core.domain.ids import AccountId, ApplicationId
from core.security.envelope import DataKey
from core.storage.base import Base, table_of
from core.storage.chat import speaks_for
from core.storage.consent import is_not_withdrawn
from core.storage.key import RowSeal, Seals
from core.storage.transaction import SqlTransaction, Stored

ANSWERS = "answers"
OPEN_STATES = tuple(sorted(state.value for state in OPEN))
IS_OPEN = text("state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_STATES)))


class ApplicationRow(Base):
    """An application; one open an account."""

    __tablename__ = "applications"
    __table_args__ = (
        Index("uq_applications_open", "account", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_applications_state_touched_at", "state", "touched_at"),
    )

    id: Mapped[ApplicationId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[str]
    benefits: Mapped[bool]
    reviewed: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]


class AnswerRow(Base):
    """One answered field; `value` is sealed for this application, field and version."""

    __tablename__ = ANSWERS

    application: Mapped[ApplicationId] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes]
    source: Mapped[str]
    checked: Mapped[str]
    proved: Mapped[bool]
    version: Mapped[int]


APPLICATIONS, ANSWER_TABLE = table_of(ApplicationRow), table_of(AnswerRow)
WHOLE = (
    select(
        *APPLICATIONS.c,
        ANSWER_TABLE.c.field,
        ANSWER_TABLE.c.value,
        ANSWER_TABLE.c.source,
        ANSWER_TABLE.c.checked,
        ANSWER_TABLE.c.proved,
        ANSWER_TABLE.c.version.label("answer_version"),
    )
    .select_from(APPLICATIONS)
    .outerjoin(ANSWER_TABLE, ANSWER_TABLE.c.application == APPLICATIONS.c.id)
)
"""An application with its answers: a row an answer, or one with no field where there are none."""
OPEN_OF = WHOLE.where(
    APPLICATIONS.c.account == bindparam("account"),
    APPLICATIONS.c.state.in_([literal_column(f"'{state}'") for state in OPEN_STATES]),
    speaks_for(),
)
COMPLETED_OF = WHOLE.where(
    APPLICATIONS.c.account == bindparam("account"),
    APPLICATIONS.c.state == literal_column(f"'{ApplicationState.COMPLETED.value}'"),
)
BY_ID = WHOLE.where(APPLICATIONS.c.id == bindparam("application"))
STORE = (
    update(APPLICATIONS)
    .where(APPLICATIONS.c.id == bindparam("of"), APPLICATIONS.c.version == bindparam("known"))
    .values({name: bindparam(f"to_{name}") for name in ("state", "benefits", "reviewed", "version", "touched_at")})
)
STORE_ANSWER = (
    update(ANSWER_TABLE)
    .where(ANSWER_TABLE.c.application == bindparam("of"), ANSWER_TABLE.c.field == bindparam("named"))
    .values({name: bindparam(f"to_{name}") for name in ("value", "source", "checked", "proved", "version")})
)
VALUES = ("value", "source", "checked", "proved", "version")


def _storing_both() -> postgresql.Insert:
    """Return the statement of PostgreSQL that stores an application and one answer of it, if nobody changed it meanwhile."""
    stored = STORE.returning(APPLICATIONS.c.id).cte("stored")
    answer = [bindparam(f"answer_{name}", type_=ANSWER_TABLE.c[name].type) for name in ("field", *VALUES)]
    new = postgresql.insert(ANSWER_TABLE).from_select(("application", "field", *VALUES), select(stored.c.id, *answer))
    return new.on_conflict_do_update(
        index_elements=[ANSWER_TABLE.c.application, ANSWER_TABLE.c.field],
        set_={name: new.excluded[name] for name in VALUES},
    )


STORE_BOTH = _storing_both()


@dataclass(frozen=True, slots=True)
class Seen:
    """An application as the open transaction read it: the version, and each answer with the version of its row."""

    block: object
    version: int
    answers: Mapping[Field, tuple[Answer, int]]


@dataclass(frozen=True, slots=True)
class SqlApplications:
    """`core.domain.application.Applications`."""

    transaction: SqlTransaction
    seals: Seals
    seen: dict[ApplicationId, Seen] = dataclass_field(init=False, default_factory=dict)

    async def open_of(self, citizen: Citizen) -> Application | None:
        """Return the open one with all its answers."""
        return await self._find(OPEN_OF, account=citizen.account, chat=citizen.chat)

    async def get(self, application: ApplicationId) -> Application:
        """For the product's own work (the worker's later checks); NoApplication otherwise."""
        found = await self._find(BY_ID, application=application)
        if found is None:
            raise NoApplication
        return found

    async def completed_of(self, account: AccountId) -> Application | None:
        """Return the one that made the account's card."""
        return await self._find(COMPLETED_OF, account=account)

    async def add(self, application: Application, now: datetime) -> None:
        """Store a new one with its answers; WrongMove when there is an open one already."""
        values: dict[str, Stored] = {
            "id": application.id,
            "account": application.account,
            "state": application.state.value,
            "benefits": application.benefits,
            "reviewed": application.reviewed,
            "version": application.version,
            "created_at": application.created_at or now,
            "touched_at": now,
        }
        if not await self.transaction.insert(ApplicationRow, values):
            raise WrongMove
        await self._store_answers(application, {})

    async def save(self, application: Application, now: datetime) -> Application:
        """Store state, flags and changed answers; returns it with its new version; WrongMove when it changed meanwhile."""
        values: dict[str, Stored] = {
            "of": application.id,
            "known": application.version,
            "to_state": application.state.value,
            "to_benefits": application.benefits,
            "to_reviewed": application.reviewed,
            "to_version": application.version + 1,
            "to_touched_at": now,
        }
        seen = self.seen.pop(application.id, None)
        if seen is None or seen.block is not self.transaction.block or seen.version != application.version:
            seen = None
        changed = self._changed(application, seen.answers) if seen else ()
        if self.transaction.on_postgresql and len(changed) == 1:
            row = await self._sealed(application, *changed[0])
            answer = {f"answer_{name}": value for name, value in row.items() if name != "application"}
            if not await self.transaction.alter(STORE_BOTH, **values, **answer):
                raise WrongMove
            return replace(application, version=application.version + 1)
        if not await self.transaction.alter(STORE, **values):
            raise WrongMove
        if seen is None:
            await self._find(BY_ID, application=application.id)
            seen = self.seen.pop(application.id)
        await self._store_answers(application, seen.answers)
        return replace(application, version=application.version + 1)

    async def touch(self, application: ApplicationId, now: datetime) -> None:
        """Note that it was looked at: others that wait have their turn first."""
        await self.transaction.change(
            update(ApplicationRow).where(ApplicationRow.id == application).values(touched_at=now)
        )

    async def waiting_for_registries(self, limit: int) -> list[ApplicationId]:
        """Return open applications with a WAITING check and no withdrawn consent, longest untouched first."""
        waiting = exists().where(AnswerRow.application == ApplicationRow.id, AnswerRow.checked == Check.WAITING.value)
        consented = is_not_withdrawn(ApplicationRow.account)
        asked = select(ApplicationRow.id).where(ApplicationRow.state.in_(OPEN_STATES), waiting, consented)
        oldest = asked.order_by(ApplicationRow.touched_at, ApplicationRow.id).limit(limit)
        return list(await self.transaction.session.scalars(oldest))

    async def _find(self, statement: Executable, **values: Stored) -> Application | None:
        rows = await self.transaction.ask(statement, **values)
        if not rows:
            return None
        row = rows[0]
        key = await self.seals.of_account(row.account)
        found = {each.field: self._opened(each, key) for each in rows if each.field is not None}
        answers = {field: found[field.value] for field in Field if field.value in found}
        self.seen[row.id] = Seen(self.transaction.block, row.version, answers)
        return Application(
            id=row.id,
            account=row.account,
            state=ApplicationState(row.state),
            answers={field: answer for field, (answer, _) in answers.items()},
            benefits=row.benefits,
            reviewed=row.reviewed,
            version=row.version,
            created_at=row.created_at,
        )

    async def _store_answers(self, application: Application, before: Mapping[Field, tuple[Answer, int]]) -> None:
        for answer, version in self._changed(application, before):
            row = await self._sealed(application, answer, version)
            if not version:
                await self.transaction.insert(AnswerRow, row)
                continue
            changed = {f"to_{name}": row[name] for name in VALUES}
            await self.transaction.alter(STORE_ANSWER, of=application.id, named=answer.field.value, **changed)
        for field in before.keys() - application.answers.keys():
            await self.transaction.change(delete(AnswerRow).where(*_is(application.id, field)))

    @staticmethod
    def _changed(
        application: Application, before: Mapping[Field, tuple[Answer, int]]
    ) -> tuple[tuple[Answer, int], ...]:
        """Return the answers that are new or other than before, each with the version of its row, 0 for none."""
        known = ((answer, *before.get(field, (None, 0))) for field, answer in application.answers.items())
        return tuple((answer, version) for answer, old, version in known if answer != old)

    async def _sealed(self, application: Application, answer: Answer, version: int) -> dict[str, Stored]:
        """Return the row of an answer whose last version is this."""
        key = await self.seals.of_account(application.account)
        seal = self._seal(application.id, answer.field, version + 1, key)
        return {
            "application": application.id,
            "field": answer.field.value,
            "value": seal.shut("value", answer.text),
            "source": answer.source.value,
            "checked": answer.check.value,
            "proved": answer.proved,
            "version": version + 1,
        }

    def _opened(self, row: Row[Any], key: DataKey) -> tuple[Answer, int]:
        field, version = Field(row.field), row.answer_version
        value = self._seal(row.id, field, version, key).open("value", row.value)
        return Answer(field, value, Source(row.source), Check(row.checked), row.proved), version

    def _seal(self, application: ApplicationId, field: Field, version: int, key: DataKey) -> RowSeal:
        return RowSeal(self.seals.envelope, key, ANSWERS, f"{application}:{field.value}", version)


def _is(application: ApplicationId, field: Field) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return AnswerRow.application == application, AnswerRow.field == field.value
