"""Bringing a dose: put together answer by answer in an encrypted draft, with or without a scan, and sent to be checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo

from core.domain.access import Deed, Section
from core.domain.account import Account
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.card import Cards
from core.domain.document import MAX_BYTES, BadFile
from core.domain.ids import ClaimId, new_id
from core.domain.record import Vaccination, Vaccinations
from core.domain.record.coding import Coding
from core.domain.vaccination import (
    OPEN_AT_MOST,
    Claim,
    ClaimIncomplete,
    ClaimKind,
    Claims,
    ClaimState,
    Field,
    Scan,
    TooManyClaims,
    checked,
    day_of_dose,
    search_vaccines,
    vaccine_at,
)
from core.ports import Clock, Inspector, Transaction
from core.services.access import Gate
from core.services.vaccination.viewing import today

SENT = {ClaimKind.NEW: Operation.VACCINATION_CLAIMED, ClaimKind.CORRECTION: Operation.CORRECTION_ASKED}


@dataclass(frozen=True, slots=True)
class Pen:
    """What the steps share, inside the open transaction of whoever uses it."""

    gate: Gate
    claims: Claims
    audit: AuditLog

    async def draft(self, citizen: Citizen, kind: ClaimKind) -> tuple[Account, Claim]:
        """Return the account and its draft. Raises ClaimIncomplete where there is none, and what the gate raises."""
        account = await self.gate.owner(citizen, Section.VACCINATIONS, Deed.ASK)
        claim = await self.claims.draft_of(citizen, kind)
        if claim is None:
            raise ClaimIncomplete
        return account, claim

    async def keep(self, citizen: Citizen, claim: Claim, step: str) -> Claim:
        """Store an answer."""
        kept = await self.claims.save(claim)
        self.note(citizen, claim, step)
        return kept

    def note(self, citizen: Citizen, claim: Claim, step: str) -> None:
        """Leave the line of a step."""
        details = {"claim": str(claim.id), "claim_kind": claim.kind.value, "step": step}
        self.audit.record(
            citizen, Operation.VACCINATION_DRAFTED, claim.account, section=Section.VACCINATIONS.value, **details
        )


@dataclass(frozen=True, slots=True)
class BeginClaim:
    """«Добавить прививку»: what was begun goes on. Raises TooManyClaims, and what the gate raises."""

    transaction: Transaction
    pen: Pen
    clock: Clock

    async def __call__(self, citizen: Citizen) -> Claim:
        async with self.transaction:
            account = await self.pen.gate.owner(citizen, Section.VACCINATIONS, Deed.ASK)
            found = await self.pen.claims.draft_of(citizen, ClaimKind.NEW)
            if found is not None:
                return found
            if await self.pen.claims.open_of(account.id) >= OPEN_AT_MOST:
                raise TooManyClaims
            now = self.clock.now()
            fresh = Claim(ClaimId(new_id(now)), account.id, ClaimKind.NEW, ClaimState.DRAFT, now)
            self.pen.note(citizen, fresh, "begun")
            return await self.pen.claims.begin(fresh)


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as far as it is. `dose` is what a correction is about; `meant` are places in the list of vaccines."""

    claim: Claim
    dose: Vaccination | None = field(default=None, repr=False)
    meant: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class ViewDraftClaim:
    """The citizen looks at what is put together. Raises ClaimIncomplete, NotFound, and what the gate raises."""

    transaction: Transaction
    pen: Pen
    vaccinations: Vaccinations
    audit: AuditLog

    async def __call__(self, citizen: Citizen, kind: ClaimKind) -> DraftView:
        async with self.transaction.looking():
            account, claim = await self.pen.draft(citizen, kind)
            dose = await self.vaccinations.one(account.id, claim.record) if claim.record else None
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.VACCINATIONS.value, look="draft"
            )
        vaccine = claim.right_vaccine if kind is ClaimKind.CORRECTION else claim.told.vaccine
        own_words = vaccine is not None and not vaccine.code
        return DraftView(claim, dose, search_vaccines(vaccine.display)[:6] if vaccine and own_words else ())


@dataclass(frozen=True, slots=True)
class AnswerVaccine:
    """The vaccine, by its place in the list or in own words. Raises WordsShort, WordsLong, ClaimIncomplete, WrongMove."""

    transaction: Transaction
    pen: Pen

    async def __call__(self, citizen: Citizen, kind: ClaimKind, answer: int | str) -> None:
        chosen = vaccine_at(answer) if isinstance(answer, int) else Coding("", "", checked(answer, "vaccine"))
        async with self.transaction:
            _, claim = await self.pen.draft(citizen, kind)
            if chosen is not None:
                await self.pen.keep(citizen, claim.with_vaccine(chosen), "vaccine")


@dataclass(frozen=True, slots=True)
class AnswerDay:
    """The day, chosen or typed. Raises BadDose, ClaimIncomplete, WrongMove."""

    transaction: Transaction
    pen: Pen
    clock: Clock

    async def __call__(self, citizen: Citizen, kind: ClaimKind, day: date | str, zone: tzinfo) -> None:
        async with self.transaction:
            account, claim = await self.pen.draft(citizen, kind)
            read = day_of_dose(day, account.known.birth_date, today(self.clock, zone))
            await self.pen.keep(citizen, claim.with_day(read), "given_on")


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """Series, institution, reaction in words; an empty text is «не знаю».

    Raises WordsShort, WordsLong, ClaimIncomplete, WrongMove.
    """

    transaction: Transaction
    pen: Pen

    async def __call__(self, citizen: Citizen, kind: ClaimKind, what: Field, text: str) -> None:
        words = checked(text, what.value) if text or kind is ClaimKind.CORRECTION else ""
        async with self.transaction:
            _, claim = await self.pen.draft(citizen, kind)
            await self.pen.keep(citizen, claim.with_words(what, words), what.value)


@dataclass(frozen=True, slots=True)
class AttachScan:
    """A scan of the certificate: looked into, cleaned, encrypted, in place of an earlier one.

    Where no new dose is put together one is begun; a correction must have been. Raises BadFile with the reason,
    ClaimIncomplete, TooManyClaims, WrongMove, and what the gate raises.
    """

    transaction: Transaction
    pen: Pen
    inspector: Inspector
    clock: Clock

    async def __call__(self, citizen: Citizen, content: bytes, kind: ClaimKind = ClaimKind.NEW) -> None:
        if len(content) > MAX_BYTES:
            raise BadFile("document.too_big", {"limit": str(MAX_BYTES // 1024 // 1024)})
        async with self.transaction.looking():
            # Nobody who may not bring anything lets the inspector work.
            await self.pen.gate.owner(citizen, Section.VACCINATIONS, Deed.ASK)
        inspected = await self.inspector.inspect(content)
        scan = Scan(inspected.mime, len(inspected.content), inspected.pages)
        async with self.transaction:
            account = await self.pen.gate.owner(citizen, Section.VACCINATIONS, Deed.ASK)
            claim = await self.pen.claims.draft_of(citizen, kind)
            if claim is None:
                if kind is ClaimKind.CORRECTION:
                    raise ClaimIncomplete
                if await self.pen.claims.open_of(account.id) >= OPEN_AT_MOST:
                    raise TooManyClaims
                now = self.clock.now()
                fresh = Claim(ClaimId(new_id(now)), account.id, ClaimKind.NEW, ClaimState.DRAFT, now)
                claim = await self.pen.claims.begin(fresh)
            await self.pen.claims.attach(claim, scan, inspected.content)
            self.pen.note(citizen, claim, "scan")


@dataclass(frozen=True, slots=True)
class SendClaim:
    """«Отправить»: it waits for the desk from now on.

    Raises ClaimIncomplete, TooManyClaims, WrongMove, and what the gate raises.
    """

    transaction: Transaction
    pen: Pen
    cards: Cards
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, kind: ClaimKind) -> None:
        async with self.transaction:
            account, claim = await self.pen.draft(citizen, kind)
            if not claim.ready:
                raise ClaimIncomplete
            # Two that are sent at once are counted one after the other.
            await self.cards.hold(account.id)
            if await self.pen.claims.open_of(account.id) >= OPEN_AT_MOST:
                raise TooManyClaims
            await self.pen.claims.save(replace(claim, sent_at=self.clock.now()), ClaimState.WAITING)
            self.audit.record(citizen, SENT[kind], account.id, section=Section.VACCINATIONS.value, claim=str(claim.id))


@dataclass(frozen=True, slots=True)
class DropDraftClaim:
    """The citizen thinks better of it: answers and scan are gone. Twice is once."""

    transaction: Transaction
    pen: Pen

    async def __call__(self, citizen: Citizen, kind: ClaimKind) -> None:
        async with self.transaction:
            await self.pen.gate.owner(citizen, Section.VACCINATIONS, Deed.ASK)
            claim = await self.pen.claims.draft_of(citizen, kind)
            if claim is not None:
                await self.pen.claims.save(claim.emptied(), ClaimState.DROPPED)
                self.pen.note(citizen, claim, "dropped")
