"""Putting an order together: kind, period, purpose. Each answer is stored at once; what was typed is never lost."""

from dataclasses import dataclass, field, replace
from datetime import date

from core.domain.access import Deed, Section
from core.domain.account import Account
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.code import Channel, Purpose
from core.domain.extract import (
    WORDS_LIMIT,
    Aim,
    Extract,
    ExtractKind,
    Extracts,
    ExtractState,
    Order,
    OrderIncomplete,
    Span,
    checked_days,
    checked_words,
    day_of,
    fresh_number,
    fresh_token,
)
from core.domain.factor import Factor, FactorKind, Factors
from core.domain.identifiers import Phone
from core.domain.ids import ExtractId, new_id
from core.domain.record.looking import parse_days
from core.ports import Clock, Transaction
from core.services.access import Gate
from core.services.code import CodeOffice, Sent


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as far as it is. `by_totp` and `phone` (masked) are the ways to confirm it; `sent`: a code is under way.

    `days` are the first day (None: since ever) and the last.
    """

    kind: ExtractKind
    order: Order = field(repr=False)
    days: tuple[date | None, date]
    by_totp: bool
    phone: str | None = field(default=None, repr=False)
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What the steps share, inside the open transaction of whoever uses it."""

    gate: Gate
    extracts: Extracts
    audit: AuditLog

    async def draft(self, citizen: Citizen) -> tuple[Account, Extract]:
        """Return the account and its draft. Raises OrderIncomplete, and what the gate raises."""
        account = await self.gate.owner(citizen, Section.EXTRACTS, Deed.ASK)
        draft = await self.extracts.draft_of(citizen)
        if draft is None:
            raise OrderIncomplete
        return account, draft

    async def put(self, citizen: Citizen, draft: Extract, order: Order) -> None:
        """Store what was chosen."""
        await self.extracts.save(replace(draft, order=order))
        self.audit.record(citizen, Operation.EXTRACT_ASKED, citizen.account, extract=str(draft.id))


@dataclass(frozen=True, slots=True)
class BeginOrder:
    """The citizen chooses a kind; what was put together before is begun anew. Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, kind: ExtractKind, language: str) -> None:
        async with self.transaction:
            account = await self.gate.owner(citizen, Section.EXTRACTS, Deed.ASK)
            now, draft = self.clock.now(), await self.extracts.draft_of(citizen)
            if draft is not None:
                await self.extracts.save(replace(draft, kind=kind, language=language, order=Order(), asked_at=now))
            else:
                draft = Extract(
                    id=ExtractId(new_id(now)),
                    account=account.id,
                    kind=kind,
                    state=ExtractState.ASKED,
                    asked_at=now,
                    language=language,
                    number=fresh_number(now),
                    token=fresh_token(),
                )
                await self.extracts.begin(draft)
            self.audit.record(
                citizen, Operation.EXTRACT_ASKED, account.id, extract=str(draft.id), extract_kind=kind.value
            )


@dataclass(frozen=True, slots=True)
class ViewOrder:
    """The citizen looks at what is put together. Raises OrderIncomplete where there is nothing, and what the gate raises."""

    transaction: Transaction
    desk: Desk
    factors: Factors
    office: CodeOffice
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> OrderView:
        async with self.transaction.looking():
            account, draft = await self.desk.draft(citizen)
            factor = await self.factors.of(account.id)
            sent = await self.office.pending(account, Purpose.EXTRACT)
            self.audit.record(citizen, Operation.RECORDS_VIEWED, account.id, section=Section.EXTRACTS.value)
        return OrderView(
            kind=draft.kind,
            order=draft.order,
            days=draft.order.days(day_of(self.clock.now())),
            by_totp=has_totp(factor),
            phone=Phone.parse(account.phone).masked if account.phone else None,
            sent=replace(sent, destination=Phone.parse(sent.destination).masked)
            if sent and sent.channel is Channel.SMS
            else None,
        )


def has_totp(factor: Factor | None) -> bool:
    """Whether an authenticator is set up."""
    return factor is not None and factor.kind is FactorKind.TOTP and factor.confirmed and factor.secret is not None


@dataclass(frozen=True, slots=True)
class ChoosePeriod:
    """A month, a year, all time, or own days from the calendar. Raises BadPeriod, OrderIncomplete, WrongMove."""

    transaction: Transaction
    desk: Desk
    clock: Clock

    async def __call__(
        self, citizen: Citizen, span: Span, since: date | None = None, until: date | None = None
    ) -> None:
        async with self.transaction:
            _, draft = await self.desk.draft(citizen)
            order = replace(draft.order, span=span, since=None, until=None)
            if span is Span.OWN and since is not None:
                # The first day of two is kept as both until the second is there.
                first, last = checked_days(since, until or since, day_of(self.clock.now()))
                order = replace(order, since=first, until=last)
            await self.desk.put(citizen, draft, order)


@dataclass(frozen=True, slots=True)
class ChooseLastDay:
    """The second day from the calendar; days that came in the wrong order are put right. Raises BadPeriod."""

    transaction: Transaction
    desk: Desk
    clock: Clock

    async def __call__(self, citizen: Citizen, day: date) -> None:
        async with self.transaction:
            _, draft = await self.desk.draft(citizen)
            if draft.order.since is None:
                raise OrderIncomplete
            since, until = checked_days(draft.order.since, day, day_of(self.clock.now()))
            await self.desk.put(citizen, draft, replace(draft.order, span=Span.OWN, since=since, until=until))


@dataclass(frozen=True, slots=True)
class TypePeriod:
    """Own days, typed. Raises InvalidDates, OrderIncomplete, WrongMove."""

    transaction: Transaction
    desk: Desk
    clock: Clock

    async def __call__(self, citizen: Citizen, text: str) -> None:
        since, until = parse_days(text, day_of(self.clock.now()))
        async with self.transaction:
            _, draft = await self.desk.draft(citizen)
            await self.desk.put(citizen, draft, replace(draft.order, span=Span.OWN, since=since, until=until))


@dataclass(frozen=True, slots=True)
class ChooseAim:
    """What the paper is for. Raises OrderIncomplete, WrongMove."""

    transaction: Transaction
    desk: Desk

    async def __call__(self, citizen: Citizen, aim: Aim) -> None:
        async with self.transaction:
            _, draft = await self.desk.draft(citizen)
            await self.desk.put(citizen, draft, replace(draft.order, aim=aim, words=""))


@dataclass(frozen=True, slots=True)
class TypeAim:
    """What it is for, in own words. Raises WordsWanted, WordsTooLong, OrderIncomplete, WrongMove."""

    transaction: Transaction
    desk: Desk

    async def __call__(self, citizen: Citizen, text: str) -> None:
        words = " ".join(checked_words(text, WORDS_LIMIT).split())
        async with self.transaction:
            _, draft = await self.desk.draft(citizen)
            await self.desk.put(citizen, draft, replace(draft.order, aim=Aim.OTHER, words=words))


@dataclass(frozen=True, slots=True)
class DropOrder:
    """The citizen thinks better of it. Twice is once."""

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    audit: AuditLog

    async def __call__(self, citizen: Citizen) -> None:
        async with self.transaction:
            await self.gate.owner(citizen, Section.EXTRACTS, Deed.ASK)
            draft = await self.extracts.draft_of(citizen)
            if draft is not None:
                await self.extracts.save(replace(draft, order=Order()), ExtractState.DROPPED)
                self.audit.record(
                    citizen, Operation.EXTRACT_ASKED, citizen.account, extract=str(draft.id), dropped="yes"
                )
