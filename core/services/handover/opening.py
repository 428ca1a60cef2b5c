"""What a specialist does: follows the link, opens it once, reads it for a while. The owner is told of the opening."""

from dataclasses import dataclass, field
from datetime import date, datetime

from core.domain.access import Deed, Section
from core.domain.account import Account, Accounts
from core.domain.actor import NotAllowed, Specialist
from core.domain.audit import AuditLog, Operation
from core.domain.consent import NoConsent
from core.domain.handover import (
    TRIES,
    Code,
    Handover,
    HandoverGone,
    Handovers,
    HandoverState,
)
from core.domain.notification import Button
from core.domain.record import Visit, Visits
from core.domain.subscription import Subscriptions
from core.ports import Clock, Codes, Transaction
from core.services.access import Gate
from core.services.telling import Teller

LOOK = (Button("handover.look", "handovers"),)


@dataclass(frozen=True, slots=True)
class Announced:
    """What the page says before anything is opened: for whom it is, and nothing else. Empty: nobody was named."""

    recipient: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnnounceHandover:
    """The link was followed, by a person or by a messenger that draws previews: nothing is used up. Raises HandoverGone."""

    transaction: Transaction
    gate: Gate
    handovers: Handovers
    clock: Clock

    async def __call__(self, token: str) -> Announced:
        async with self.transaction.looking():
            found = await self.handovers.by_token(token)
            if found is None or found.state_at(self.clock.now()) is not HandoverState.STANDING:
                raise HandoverGone
            await _admit(self.gate, found)
        return Announced(found.recipient)


@dataclass(frozen=True, slots=True)
class OpenHandover:
    """Somebody opens it, by the link or by a code, and burns both. Its owner is told, without content.

    Returns the name by which the browser may read it again. A handover that was refused has its line in the journal.
    Raises HandoverGone for everything that does not open, whatever the reason.
    """

    transaction: Transaction
    gate: Gate
    accounts: Accounts
    handovers: Handovers
    codes: Codes
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, token: str = "", code: str = "") -> str:
        reader = self.codes.token()
        async with self.transaction:
            found = await self._by_code(code) if code else await self.handovers.by_token(token)
            opened = found is not None and await self._opened(found, reader)
        if not opened:
            raise HandoverGone
        return reader

    async def _by_code(self, typed: str) -> Handover | None:
        code = Code.parse(typed)
        found = await self.handovers.by_name(code.name) if code else None
        tries = await self.handovers.spend(found) if found else 0
        if code is None or found is None or not tries:
            return None
        if await self.handovers.opens(found, code.secret):
            return found
        self._refused(found, "code")
        if tries == TRIES and found.state_at(self.clock.now()) is HandoverState.STANDING:
            await self.teller.citizen(await self.accounts.get(found.account), "handover.told_wrong", buttons=LOOK)
        return None

    async def _opened(self, found: Handover, reader: str) -> bool:
        now = self.clock.now()
        try:
            await _admit(self.gate, found)
        except HandoverGone:
            self._refused(found, "consent")
            return False
        if not await self.handovers.open(found, reader, now):
            self._refused(found, found.state_at(now).value)
            return False
        self.audit.record(Specialist(found.id), Operation.HANDOVER_OPENED, found.account, visits=str(len(found.visits)))
        await self.teller.citizen(await self.accounts.get(found.account), "handover.told_opened", buttons=LOOK)
        return True

    def _refused(self, found: Handover, why: str) -> None:
        self.audit.record(Specialist(found.id), Operation.HANDOVER_REFUSED, found.account, why=why)


@dataclass(frozen=True, slots=True)
class HandedVisits:
    """What the specialist reads: whose visits, which, and until when. `zone` is the patient's."""

    patient: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    recipient: str = field(repr=False)
    visits: tuple[Visit, ...] = field(repr=False)
    missing: int
    read_until: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class ReadHandover:
    """The browser that opened it reads it, for fifteen minutes, each time with a line in the journal. Raises HandoverGone."""

    transaction: Transaction
    gate: Gate
    accounts: Accounts
    subscriptions: Subscriptions
    handovers: Handovers
    visits: Visits
    audit: AuditLog
    clock: Clock

    async def __call__(self, reader: str) -> HandedVisits:
        async with self.transaction.looking():
            found = await self.handovers.by_reader(reader)
            if found is None or found.read_until is None or not found.readable_at(self.clock.now()):
                raise HandoverGone
            await _admit(self.gate, found)
            account = await self.accounts.get(found.account)
            visits = await self.visits.some(account.id, found.visits)
            subscription = await self.subscriptions.of(account.id)
            self.audit.record(
                Specialist(found.id),
                Operation.RECORDS_VIEWED,
                account.id,
                section=Section.VISITS.value,
                look="handover",
            )
        return HandedVisits(
            patient=_full_name(account),
            birth_date=account.known.birth_date,
            recipient=found.recipient,
            visits=tuple(visits),
            missing=len(found.visits) - len(visits),
            read_until=found.read_until,
            zone=subscription.zone,
        )


def _full_name(account: Account) -> str:
    known = account.known
    return " ".join(filter(None, (known.family_name, known.given_name, known.middle_name)))


async def _admit(gate: Gate, handover: Handover) -> None:
    """Ask the gate; whatever it says, a specialist hears that the link opens nothing."""
    try:
        await gate.other(Specialist(handover.id), handover.account, Section.VISITS, Deed.READ)
    except (NoConsent, NotAllowed):
        raise HandoverGone from None
