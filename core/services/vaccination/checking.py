"""The desk: what citizens brought, compared with its scan, and linked to the record or refused with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from core.domain.access import Deed, Section, roles
from core.domain.account import Account, Accounts, WrongMove
from core.domain.actor import Actor, NotAllowed, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.card import Cards
from core.domain.consent import NoConsent
from core.domain.ids import ClaimId, RecordId, StaffId, new_id
from core.domain.notification import Button, Topic
from core.domain.record import Origin, Period, Vaccination, Vaccinations
from core.domain.record.coding import CVX, Coding
from core.domain.record.names import table
from core.domain.staff import StaffMembers, require_role
from core.domain.vaccination import (
    Claim,
    ClaimDecided,
    ClaimKind,
    ClaimNotThere,
    Claims,
    ClaimState,
    Told,
    checked,
    day_of_dose,
)
from core.ports import Clock, Transaction
from core.services.access import Gate
from core.services.telling import Teller
from core.services.vaccination.following import dose_or_none
from core.services.vaccination.reminding import DoseReminders
from core.services.verification import REASON_LIMIT, ReasonNeeded

CHECKERS = tuple(roles(Deed.CHECK, Section.VACCINATIONS))
SIGNERS = tuple(roles(Deed.SIGN, Section.VACCINATIONS))
LIMIT = 100
OPEN = (Button("clinic.open_vaccinations", "vaccinations"),)


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim in the queue: since when it waits and for whom, «Анна И.»."""

    id: ClaimId
    kind: ClaimKind
    name: str = field(repr=False)
    since: datetime
    scanned: bool


@dataclass(frozen=True, slots=True)
class Counter:
    """What the steps at the desk share, inside the open transaction of whoever uses it."""

    gate: Gate
    claims: Claims
    staff: StaffMembers
    accounts: Accounts
    teller: Teller

    def member(self, actor: Actor, kind: ClaimKind | None = None) -> Staff:
        """Return who acts: whoever may check, and for a correction whoever may sign. Raises NotAllowed."""
        return require_role(actor, *(SIGNERS if kind is ClaimKind.CORRECTION else CHECKERS))

    async def find(self, staff: Staff, claim: ClaimId) -> Claim:
        """Return a claim that this member may see. Raises ClaimNotThere, also without a standing consent."""
        found = await self.claims.get(claim)
        deed = Deed.SIGN if found.kind is ClaimKind.CORRECTION else Deed.CHECK
        try:
            await self.gate.other(staff, found.account, Section.VACCINATIONS, deed)
        except (NotAllowed, NoConsent):
            raise ClaimNotThere from None
        return found

    async def waiting(self, staff: Staff, claim: ClaimId) -> Claim:
        """Return one that waits. Raises ClaimNotThere, ClaimDecided with the login of whoever was first."""
        found = await self.find(staff, claim)
        if not found.waiting:
            raise ClaimDecided(await self.login(found.decided_by))
        return found

    async def decide(self, claim: Claim, to: ClaimState) -> None:
        """Move it. Raises ClaimDecided with the login of whoever was faster."""
        try:
            await self.claims.save(claim, to)
        except WrongMove:
            faster = await self.claims.get(claim.id)
            raise ClaimDecided(await self.login(faster.decided_by)) from None

    async def login(self, member: StaffId | None) -> str | None:
        """Return a login."""
        return (await self.staff.names({member})).get(member) if member is not None else None

    async def tell(self, account: Account, key: str) -> None:
        """Tell the citizen that there is an answer, never what."""
        await self.teller.citizen(account, key, topic=Topic.VACCINATIONS, buttons=OPEN)


@dataclass(frozen=True, slots=True)
class ListWaitingClaims:
    """A member of staff looks at the queue, the longest wait first: what they may decide, no more. Raises NotAllowed."""

    transaction: Transaction
    counter: Counter
    audit: AuditLog

    async def __call__(self, actor: Actor) -> Sequence[ClaimEntry]:
        staff = self.counter.member(actor)
        kinds = tuple(ClaimKind) if staff.role in SIGNERS else (ClaimKind.NEW,)
        async with self.transaction.looking():
            found = await self.counter.claims.waiting(kinds, LIMIT)
            names = {each.account: (await self.counter.accounts.get(each.account)).first_name for each in found}
            self.audit.record(staff, Operation.QUEUE_VIEWED, None, queue="vaccinations")
        return [
            ClaimEntry(each.id, each.kind, names[each.account], each.sent_at or each.begun_at, each.scan is not None)
            for each in found
        ]


@dataclass(frozen=True, slots=True)
class DeskClaim:
    """A claim as the desk sees it, and whose it is. `dose` is what a correction is about; `by` has decided already.

    `known`: a dose of this vaccine on this day stands in the record already.
    """

    claim: Claim
    full_name: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    dose: Vaccination | None = field(default=None, repr=False)
    by: str | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class ViewDeskClaim:
    """A member of staff opens one. Raises NotAllowed, ClaimNotThere."""

    transaction: Transaction
    counter: Counter
    vaccinations: Vaccinations
    audit: AuditLog

    async def __call__(self, actor: Actor, claim: ClaimId) -> DeskClaim:
        staff = self.counter.member(actor)
        async with self.transaction.looking():
            found = await self.counter.find(staff, claim)
            account = await self.counter.accounts.get(found.account)
            correction = found.kind is ClaimKind.CORRECTION
            dose = await dose_or_none(self.vaccinations, found) if correction else None
            told = found.told
            same = not correction and found.waiting and told.given_on is not None
            every = await self.vaccinations.of(found.account, Period()) if same else ()
            by = await self.counter.login(found.decided_by)
            looked = Operation.CORRECTION_VIEWED if correction else Operation.VACCINATION_CHECKED
            self.audit.record(staff, looked, found.account, section=Section.VACCINATIONS.value, claim=str(found.id))
        known = any((each.given_on, each.vaccine) == (told.given_on, told.vaccine) for each in every)
        parts = (account.known.family_name, account.known.given_name, account.known.middle_name)
        name = " ".join(filter(None, parts))
        return DeskClaim(found, name, account.known.birth_date, dose, by, known)


@dataclass(frozen=True, slots=True)
class OpenClaimScan:
    """A member of staff opens the scan. Returns the claim with the bytes. Raises NotAllowed, ClaimNotThere."""

    transaction: Transaction
    counter: Counter
    audit: AuditLog

    async def __call__(self, actor: Actor, claim: ClaimId) -> tuple[Claim, bytes]:
        staff = self.counter.member(actor)
        async with self.transaction.looking():
            found = await self.counter.find(staff, claim)
            content = await self.counter.claims.content(found)
            self.audit.record(
                staff,
                Operation.VACCINATION_CHECKED,
                found.account,
                section=Section.VACCINATIONS.value,
                claim=str(found.id),
                look="scan",
            )
        return found, content


@dataclass(frozen=True, slots=True)
class Written:
    """A dose as the desk writes it down from the scan: the code of CVX, or own words where there is none."""

    given_on: str = field(repr=False)
    code: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    series: str = field(default="", repr=False)
    institution: str = field(default="", repr=False)

    def read(self, born: date | None, today: date) -> Told:
        """Return it as a dose. Raises WordsShort, WordsLong, BadDose."""
        english, _, _ = table().get((CVX, self.code), ("", "", ""))
        vaccine = Coding(CVX, self.code, english) if english else Coding("", "", checked(self.words, "vaccine"))
        return Told(
            vaccine,
            day_of_dose(self.given_on, born, today),
            checked(self.series, "series", at_least=0),
            checked(self.institution, "institution", at_least=0),
        )


@dataclass(frozen=True, slots=True)
class AcceptClaim:
    """What the citizen brought is right: from now on it stands in the record, with the day and words that the desk saw.

    Raises NotAllowed, ClaimNotThere, ClaimDecided, WordsShort, WordsLong, BadDose.
    """

    transaction: Transaction
    counter: Counter
    cards: Cards
    vaccinations: Vaccinations
    reminders: DoseReminders
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, claim: ClaimId, written: Written) -> RecordId:
        staff, now = self.counter.member(actor), self.clock.now()
        async with self.transaction:
            found = await self.counter.waiting(staff, claim)
            if found.kind is not ClaimKind.NEW:
                raise ClaimNotThere
            account = await self.counter.accounts.get(found.account)
            await self.cards.hold(account.id)
            told = written.read(account.known.birth_date, now.astimezone(UTC).date())
            record = RecordId(new_id(now))
            decided = replace(found, told=told, record=record, decided_at=now, decided_by=staff.staff)
            await self.counter.decide(decided, ClaimState.ACCEPTED)
            await self.vaccinations.put([dose_of(decided, told, record)])
            self.audit.record(
                staff,
                Operation.VACCINATION_DECIDED,
                account.id,
                section=Section.VACCINATIONS.value,
                claim=str(found.id),
                decision="accept",
            )
            await self.reminders.renew(account.id)
            await self.counter.tell(account, "vaccination.told_accepted")
        return record


def dose_of(claim: Claim, told: Told, record: RecordId) -> Vaccination:
    """Return the dose that a claim became."""
    if told.vaccine is None or told.given_on is None:
        raise ClaimNotThere
    return Vaccination(
        id=record,
        account=claim.account,
        given_on=told.given_on,
        vaccine=told.vaccine,
        series=told.series or "",
        institution=told.institution or "",
        origin=Origin.CITIZEN,
    )


@dataclass(frozen=True, slots=True)
class RefuseClaim:
    """Refused with a reason, which the citizen reads; a correction by whoever could have signed it.

    Raises NotAllowed, ClaimNotThere, ClaimDecided, ReasonNeeded.
    """

    transaction: Transaction
    counter: Counter
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, claim: ClaimId, reason: str) -> None:
        staff, reason = self.counter.member(actor), " ".join(reason.replace("\0", "").split())
        if not 3 <= len(reason) <= REASON_LIMIT:
            raise ReasonNeeded
        async with self.transaction:
            found = await self.counter.waiting(staff, claim)
            now, correction = self.clock.now(), found.kind is ClaimKind.CORRECTION
            decided = replace(found, reason=reason, decided_at=now, decided_by=staff.staff)
            await self.counter.decide(decided, ClaimState.REFUSED)
            done = Operation.CORRECTION_DECIDED if correction else Operation.VACCINATION_DECIDED
            self.audit.record(
                staff,
                done,
                found.account,
                section=Section.VACCINATIONS.value,
                claim=str(found.id),
                decision="refuse",
            )
            key = "vaccination.told_not_corrected" if correction else "vaccination.told_refused"
            await self.counter.tell(await self.counter.accounts.get(found.account), key)
