"""Applications and their answers: each answer is a row of its own, sealed, with a version of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, delete, exists, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.application import Answer, Application, ApplicationState, Check, Field, NoApplication, Source
from core.domain.application.entity import OPEN
from core.domain.ids import AccountId, ApplicationId
from core.security.envelope import DataKey
from core.storage.base import Base
from core.storage.chat import is_bound
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


@dataclass(frozen=True, slots=True)
class SqlApplications:
    """`core.domain.application.Applications`."""

    transaction: SqlTransaction
    seals: Seals

    async def open_of(self, citizen: Citizen) -> Application | None:
        """Return the open one with all its answers."""
        return await self._find(
            ApplicationRow.account == citizen.account, ApplicationRow.state.in_(OPEN_STATES), is_bound(citizen)
        )

    async def get(self, application: ApplicationId) -> Application:
        """For the product's own work (the worker's later checks); NoApplication otherwise."""
        found = await self._find(ApplicationRow.id == application)
        if found is None:
            raise NoApplication
        return found

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
        unchanged = (ApplicationRow.id == application.id, ApplicationRow.version == application.version)
        changed = update(ApplicationRow).where(*unchanged)
        values = {
            "state": application.state.value,
            "benefits": application.benefits,
            "reviewed": application.reviewed,
            "version": application.version + 1,
            "touched_at": now,
        }
        if not await self.transaction.change(changed.values(values)):
            raise WrongMove
        await self._store_answers(application, await self._answer_rows(application.id))
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

    async def _find(self, *conditions: ColumnElement[bool]) -> Application | None:
        row = await self.transaction.session.scalar(select(ApplicationRow).where(*conditions))
        if row is None:
            return None
        key = await self.seals.of_account(row.account)
        rows = await self._answer_rows(row.id)
        return Application(
            id=row.id,
            account=row.account,
            state=ApplicationState(row.state),
            answers={field: self._opened(answer, key) for field, answer in rows.items()},
            benefits=row.benefits,
            reviewed=row.reviewed,
            version=row.version,
            created_at=row.created_at,
        )

    async def _answer_rows(self, application: ApplicationId) -> Mapping[Field, AnswerRow]:
        rows = await self.transaction.session.scalars(select(AnswerRow).where(AnswerRow.application == application))
        found = {Field(row.field): row for row in rows}
        return {field: found[field] for field in Field if field in found}

    async def _store_answers(self, application: Application, before: Mapping[Field, AnswerRow]) -> None:
        key = await self.seals.of_account(application.account)
        for field, answer in application.answers.items():
            row = before.get(field)
            if row is not None and self._opened(row, key) == answer:
                continue
            version = row.version + 1 if row else 1
            values: dict[str, Stored] = {
                "value": self._seal(application.id, field, version, key).shut("value", answer.text),
                "source": answer.source.value,
                "checked": answer.check.value,
                "proved": answer.proved,
                "version": version,
            }
            if row is None:
                await self.transaction.insert(
                    AnswerRow, {"application": application.id, "field": field.value, **values}
                )
            else:
                await self.transaction.change(update(AnswerRow).where(*_is(application.id, field)).values(values))
        for field in before.keys() - application.answers.keys():
            await self.transaction.change(delete(AnswerRow).where(*_is(application.id, field)))

    def _opened(self, row: AnswerRow, key: DataKey) -> Answer:
        field = Field(row.field)
        value = self._seal(row.application, field, row.version, key).open("value", row.value)
        return Answer(field, value, Source(row.source), Check(row.checked), row.proved)

    def _seal(self, application: ApplicationId, field: Field, version: int, key: DataKey) -> RowSeal:
        return RowSeal(self.seals.envelope, key, ANSWERS, f"{application}:{field.value}", version)


def _is(application: ApplicationId, field: Field) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return AnswerRow.application == application, AnswerRow.field == field.value
