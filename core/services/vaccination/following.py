"""What became of what was sent; taking it back; and asking for a correction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.domain.access import Deed, Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.ids import ClaimId, RecordId, new_id
from core.domain.record import Vaccination, Vaccinations
from core.domain.record.coding import NotFound
from core.domain.vaccination import (
    OPEN_AT_MOST,
    Claim,
    ClaimDecided,
    ClaimKind,
    Claims,
    ClaimState,
    CorrectionWaits,
    Field,
    TooManyClaims,
    checked,
)
from core.ports import Clock, Transaction
from core.services.access import Gate
from core.services.vaccination.claiming import Pen


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim, with the dose that a correction is about, if it is still there."""

    claim: Claim
    dose: Vaccination | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ListClaims:
    """The citizen looks at what they sent, the newest first. Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    claims: Claims
    audit: AuditLog

    async def __call__(self, citizen: Citizen) -> Sequence[Claim]:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.VACCINATIONS)
            found = await self.claims.of(citizen)
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.VACCINATIONS.value, look="claims"
            )
        return found


@dataclass(frozen=True, slots=True)
class ViewClaim:
    """The citizen opens one. Raises ClaimNotThere, and what the gate raises."""

    transaction: Transaction
    gate: Gate
    claims: Claims
    vaccinations: Vaccinations
    audit: AuditLog

    async def __call__(self, citizen: Citizen, claim: ClaimId) -> ClaimView:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.VACCINATIONS)
            found, dose = await self.claims.one(citizen, claim), None
            if found.kind is ClaimKind.CORRECTION and found.record is not None:
                dose = await dose_or_none(self.vaccinations, found)
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.VACCINATIONS.value, look="claim"
            )
        return ClaimView(found, dose)


async def dose_or_none(vaccinations: Vaccinations, claim: Claim) -> Vaccination | None:
    """Return the dose of a claim; None where a clinic took it back meanwhile."""
    if claim.record is None:
        return None
    try:
        return await vaccinations.one(claim.account, claim.record)
    except NotFound:
        return None


@dataclass(frozen=True, slots=True)
class TakeBackClaim:
    """The citizen needs it no more. Twice is once. Raises ClaimNotThere, ClaimDecided, WrongMove."""

    transaction: Transaction
    pen: Pen

    async def __call__(self, citizen: Citizen, claim: ClaimId) -> None:
        async with self.transaction:
            await self.pen.gate.owner(citizen, Section.VACCINATIONS, Deed.ASK)
            found = await self.pen.claims.one(citizen, claim)
            if not found.waiting:
                raise ClaimDecided(None)
            await self.pen.claims.save(found.emptied(), ClaimState.DROPPED)
            self.pen.note(citizen, found, "taken_back")


@dataclass(frozen=True, slots=True)
class BeginCorrection:
    """«Здесь ошибка»: which field of which dose. Whatever was put together for another is begun anew.

    Raises NotFound, TooManyClaims, CorrectionWaits where one waits for this dose, WrongMove, and what the gate raises.
    """

    transaction: Transaction
    pen: Pen
    vaccinations: Vaccinations
    clock: Clock

    async def __call__(self, citizen: Citizen, record: RecordId, wrong: Field) -> None:
        async with self.transaction:
            account = await self.pen.gate.owner(citizen, Section.VACCINATIONS, Deed.ASK)
            dose = await self.vaccinations.one(account.id, record)
            waits = [each for each in await self.pen.claims.of(citizen) if each.waiting]
            if any(each.kind is ClaimKind.CORRECTION and each.record == record for each in waits):
                raise CorrectionWaits
            if await self.pen.claims.open_of(account.id) >= OPEN_AT_MOST:
                raise TooManyClaims
            now, draft = self.clock.now(), await self.pen.claims.draft_of(citizen, ClaimKind.CORRECTION)
            if draft is None:
                fresh = Claim(ClaimId(new_id(now)), account.id, ClaimKind.CORRECTION, ClaimState.DRAFT, now)
                draft = await self.pen.claims.begin(replace(fresh, record=dose.id, wrong=wrong))
                self.pen.note(citizen, draft, "begun")
            elif (draft.record, draft.wrong) != (dose.id, wrong):
                await self.pen.keep(
                    citizen, replace(draft.emptied(), scan=None, record=dose.id, wrong=wrong, begun_at=now), "begun"
                )


@dataclass(frozen=True, slots=True)
class TypeWhy:
    """Why it is wrong. Raises WordsShort, WordsLong, ClaimIncomplete, WrongMove."""

    transaction: Transaction
    pen: Pen

    async def __call__(self, citizen: Citizen, text: str) -> None:
        words = checked(text, "why")
        async with self.transaction:
            _, claim = await self.pen.draft(citizen, ClaimKind.CORRECTION)
            await self.pen.keep(citizen, replace(claim, why=words), "why")
