"""Confirming an order: a code by SMS, or one of the authenticator, proves exactly what was put together."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta

from core.domain.access import Section
from core.domain.account import Account
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.code import Channel, CodeGone, Purpose, WrongCode
from core.domain.extract import (
    A_DAY,
    Extract,
    Extracts,
    ExtractState,
    NoWayToConfirm,
    OrderIncomplete,
    TooManyOrders,
)
from core.domain.factor import Factors
from core.domain.identifiers import OneTimeCode, Phone
from core.domain.ids import ExtractId
from core.ports import Clock, Transaction
from core.services.code import CodeOffice, Sent
from core.services.extract.ordering import Desk, has_totp
from core.services.factor import FactorCheck, Means, Typed

DAY = timedelta(days=1)


def digest_of(draft: Extract) -> str:
    """Return what a code proves: this paper, for this period and purpose. Changed after it was sent, the code is worth nothing."""
    chosen = (draft.id, draft.kind, draft.order.span, draft.order.since, draft.order.until, draft.order.aim)
    said = "\n".join([*map(str, chosen), draft.order.words])
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SendOrderCode:
    """A code goes to the confirmed phone. Raises OrderIncomplete, NoWayToConfirm, TooManyOrders, TooSoon."""

    transaction: Transaction
    desk: Desk
    extracts: Extracts
    office: CodeOffice
    clock: Clock

    async def __call__(self, citizen: Citizen) -> Sent:
        async with self.transaction:
            account, draft = await self.desk.draft(citizen)
            if not draft.order.complete:
                raise OrderIncomplete
            if account.phone is None:
                raise NoWayToConfirm
            await refuse_more(self.extracts, account, self.clock)
            sent = await self.office.send(
                citizen, account, Purpose.EXTRACT, Channel.SMS, target=digest_of(draft), destination=account.phone
            )
        return replace(sent, destination=Phone.parse(sent.destination).masked)


async def refuse_more(extracts: Extracts, account: Account, clock: Clock) -> None:
    """Raise TooManyOrders where ten were ordered within a day."""
    if await extracts.ordered_since(account.id, clock.now() - DAY) >= A_DAY:
        raise TooManyOrders


@dataclass(frozen=True, slots=True)
class ConfirmOrder:
    """The citizen enters a code: the order stands, and the worker makes the paper.

    While a code by SMS is under way it is that one, else the authenticator's. Each works once, for this order alone.
    Raises InvalidValue (not six digits), WrongCode, CodeGone, WrongFactor, FactorLocked, FactorEnded, NoWayToConfirm,
    OrderIncomplete, TooManyOrders, WrongMove, and what the gate raises.
    """

    transaction: Transaction
    desk: Desk
    extracts: Extracts
    factors: Factors
    check: FactorCheck
    office: CodeOffice
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, raw: str) -> ExtractId:
        typed = OneTimeCode.parse(raw).canonical
        async with self.transaction:
            account, draft = await self.desk.draft(citizen)
            if not draft.order.complete:
                raise OrderIncomplete
            await refuse_more(self.extracts, account, self.clock)
            # A wrong try must be counted, so what is wrong comes back as a value and is raised after the commit.
            proved = await self._proved(citizen, account, draft, typed)
            if isinstance(proved, str):
                await self._order(citizen, account, draft, proved)
        if not isinstance(proved, str):
            raise proved
        return draft.id

    async def _proved(self, citizen: Citizen, account: Account, draft: Extract, typed: str) -> str | Exception:
        if await self.office.pending(account, Purpose.EXTRACT) is not None:
            sent = await self.office.accept(citizen, account, Purpose.EXTRACT, typed)
            if isinstance(sent, WrongCode | CodeGone):
                return sent
            return f"sms {sent.id} {sent.target}" if sent.target == digest_of(draft) else CodeGone()
        if not has_totp(await self.factors.of(account.id)):
            return CodeGone() if account.phone else NoWayToConfirm()
        outcome = await self.check.accept(citizen, account, Typed(digits=typed))
        return f"totp {digest_of(draft)}" if isinstance(outcome, Means) else outcome

    async def _order(self, citizen: Citizen, account: Account, draft: Extract, proof: str) -> None:
        now = self.clock.now()
        await self.extracts.save(replace(draft, ordered_at=now, due_at=now, confirmed=proof), ExtractState.ORDERED)
        self.audit.record(
            citizen,
            Operation.EXTRACT_ORDERED,
            account.id,
            extract=str(draft.id),
            extract_kind=draft.kind.value,
            section=Section.EXTRACTS.value,
            proof=proof.split(" ", 1)[0],
        )
