"""«Данные о прививках»: what was given, a page at a time; one in full; what is due by the calendar."""

from dataclasses import dataclass, field
from datetime import date, tzinfo

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.ids import RecordId
from core.domain.record import Period, Vaccination, Vaccinations
from core.domain.record.calendar import Plan, plan
from core.domain.record.looking import Paging
from core.domain.vaccination import Claim, ClaimKind, Claims
from core.ports import Clock, Transaction
from core.services.access import Gate

PER_PAGE = 8
"""On a phone more is no longer seen at once."""


@dataclass(frozen=True, slots=True)
class VaccinationPage:
    """A page, the newest first. `plan` is None where the date of birth is not known. `claims` wait, or were answered."""

    vaccinations: tuple[Vaccination, ...] = field(repr=False)
    paging: Paging
    plan: Plan | None = field(repr=False)
    waiting: int = 0
    answered: int = 0
    begun: bool = False


@dataclass(frozen=True, slots=True)
class ListVaccinations:
    """The citizen opens «Данные о прививках». Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    vaccinations: Vaccinations
    claims: Claims
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, zone: tzinfo, page: int = 1) -> VaccinationPage:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.VACCINATIONS)
            every = await self.vaccinations.of(account.id, Period())
            claims = await self.claims.of(citizen)
            begun = await self.claims.draft_of(citizen, ClaimKind.NEW) is not None
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.VACCINATIONS.value, look="list"
            )
        born, paging = account.known.birth_date, Paging(len(every), PER_PAGE, page)
        return VaccinationPage(
            tuple(paging.shown(every)),
            paging,
            plan(born, every, today(self.clock, zone)) if born else None,
            waiting=sum(claim.waiting for claim in claims),
            answered=sum(not claim.waiting for claim in claims),
            begun=begun,
        )


@dataclass(frozen=True, slots=True)
class VaccinationView:
    """One in full. `correction` is the latest that was asked for, whatever became of it."""

    vaccination: Vaccination = field(repr=False)
    correction: Claim | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ViewVaccination:
    """The citizen opens one. Raises NotFound, and what the gate raises."""

    transaction: Transaction
    gate: Gate
    vaccinations: Vaccinations
    claims: Claims
    audit: AuditLog

    async def __call__(self, citizen: Citizen, record: RecordId) -> VaccinationView:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.VACCINATIONS)
            found = await self.vaccinations.one(account.id, record)
            claims = await self.claims.of(citizen)
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.VACCINATIONS.value, look="one"
            )
        about = [each for each in claims if each.kind is ClaimKind.CORRECTION and each.record == record]
        return VaccinationView(found, about[0] if about else None)


def today(clock: Clock, zone: tzinfo) -> date:
    """Return the day by the person's clock."""
    return clock.now().astimezone(zone).date()
