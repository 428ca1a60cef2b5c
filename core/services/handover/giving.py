"""What the owner does: hands visits over, sees what became of it, takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.access import Section
from core.domain.account import Accounts
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.handover import (
    MOST_VISITS,
    SHOWN_FOR,
    SPANS,
    Code,
    Handover,
    HandoverGone,
    Handovers,
    HandoverState,
    NothingTicked,
    Term,
    TooManyTicked,
    Ways,
    parse_recipient,
)
from core.domain.ids import AccountId, HandoverId, RecordId, new_id
from core.domain.record import Visits
from core.ports import Clock, Codes, Transaction
from core.services.access import Gate

NAMES_TRIED = 8


@dataclass(frozen=True, slots=True)
class Made:
    """A fresh handover with what opens it, known at this moment alone."""

    handover: Handover
    token: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HandOver:
    """The citizen hands ticked visits over, for a term, and may say for whom («» for nobody in particular).

    `key`: a secret of the form that is sent. Sent twice it makes one handover, and both answers tell the same link and code.
    Raises NothingTicked, TooManyTicked, TooManyHandovers, InvalidRecipient, and what the gate raises.
    """

    transaction: Transaction
    gate: Gate
    visits: Visits
    handovers: Handovers
    codes: Codes
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, citizen: Citizen, records: Sequence[RecordId], term: Term, recipient: str = "", key: str = ""
    ) -> Made:
        told = parse_recipient(recipient) if recipient else ""
        if len(records) > MOST_VISITS:
            raise TooManyTicked
        now = self.clock.now()
        async with self.transaction:
            account = await self.gate.owner(citizen, Section.VISITS)
            made = await self._made(account.id, key) if key else None
            if made is not None:
                return made
            found = await self.visits.some(account.id, records)
            if not found:
                raise NothingTicked
            handover = Handover(
                id=HandoverId(new_id(now)),
                account=account.id,
                visits=tuple(visit.id for visit in found),
                recipient=told,
                made_at=now,
                expires_at=now + SPANS[term],
            )
            ways = await self._stored(handover, now, key)
            if ways is None:
                made = await self._made(account.id, key)
                if made is None:
                    raise HandoverGone
                return made
            self.audit.record(
                citizen,
                Operation.HANDOVER_MADE,
                account.id,
                visits=str(len(found)),
                term=term.value,
                id=str(handover.id),
            )
        return Made(handover, ways.token, str(ways.code))

    async def _made(self, account: AccountId, key: str) -> Made | None:
        """Return what this key made before; of somebody else's there is nothing to be known."""
        for attempt in range(NAMES_TRIED):
            ways = Ways.keyed(key, attempt)
            found = await self.handovers.by_token(ways.token)
            if found is None or found.account != account:
                return None
            if await self.handovers.opens(found, ways.code.secret):
                return Made(found, ways.token, str(ways.code))
        return None

    async def _stored(self, handover: Handover, now: datetime, key: str) -> Ways | None:
        """Store it under fresh ways, or those of the key; None where the same form was stored in this very moment."""
        for attempt in range(NAMES_TRIED):
            ways = Ways.keyed(key, attempt) if key else Ways(self.codes.token(), Code.fresh())
            if await self.handovers.add(handover, ways, now):
                return ways
            if key and await self.handovers.by_token(ways.token) is not None:
                return None
        raise RuntimeError("no name for a code is free")


@dataclass(frozen=True, slots=True)
class Handed:
    """A handover as its owner sees it."""

    handover: Handover
    state: HandoverState
    revocable: bool
    """Whether there is anything to take back: it can be opened, or read still."""


@dataclass(frozen=True, slots=True)
class ViewHandovers:
    """The citizen looks at what was handed over in the last thirty days. Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    handovers: Handovers
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> list[Handed]:
        now = self.clock.now()
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.VISITS)
            found = await self.handovers.of(account.id, now - SHOWN_FOR)
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.VISITS.value, look="handovers"
            )
        states = ((each, each.state_at(now)) for each in found)
        standing = HandoverState.STANDING
        return [Handed(each, state, state is standing or each.readable_at(now)) for each, state in states]


@dataclass(frozen=True, slots=True)
class RevokeHandover:
    """The citizen takes one back with one tap, the sections open or not. What is open in a browser closes, too.

    Twice is once; somebody else's, and one that has run out, change nothing. True when something was taken back.
    """

    transaction: Transaction
    accounts: Accounts
    handovers: Handovers
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, handover: HandoverId) -> bool:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            revoked = await self.handovers.revoke(account.id, handover, self.clock.now())
            if revoked:
                self.audit.record(citizen, Operation.HANDOVER_REVOKED, account.id, id=str(handover))
        return revoked
