"""One delivery taken in: all of it or nothing, in one transaction."""

from collections import Counter
from collections.abc import AsyncIterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from core.domain.access import Deed, Section
from core.domain.account import Accounts
from core.domain.actor import Clinic, NotAllowed
from core.domain.audit import AuditLog, Operation
from core.domain.card import Cards
from core.domain.consent import NoConsent
from core.domain.ids import AccountId, RecordId
from core.domain.notification import Button, Topic
from core.domain.record import Referrals, Results, Vaccinations, Visits
from core.domain.resource import Arrived, Delivery, Malformed, Outcome, PatientUnclear, Resources
from core.ports import BlindIndexes, ChatLink, Clock, Collided, Deliveries, Records, Transaction
from core.services.access import Gate
from core.services.resource.matching import PatientMatch
from core.services.resource.round import Round
from core.services.resource.scheduling import Mine, ScheduleIntake
from core.services.telling import Teller
from core.services.vaccination.reminding import DoseReminders

SECTIONS = {
    "Observation": Section.RESULTS,
    "DiagnosticReport": Section.RESULTS,
    "Immunization": Section.VACCINATIONS,
}
"""Which part of the record a type belongs to; everything else belongs to the visits."""
TRIES = 3
"""How often a delivery is begun that others get in the way of."""


@dataclass(frozen=True, slots=True)
class One:
    """What became of one resource, and whether the citizen sees something of it."""

    arrived: Arrived
    outcome: Outcome
    shown: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery, in its order; by type how many came, and how many of those are shown."""

    each: Sequence[One] = field(repr=False)
    counts: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class TakeIn:
    """A clinic delivers a bundle, or one resource of a type (under an id).

    Everything in it belongs to one card, whose owner's consent stands now. The same version again changes nothing, an
    older one does not either, one entered in error is taken back. Schedules, slots and appointments are of the clinic's own
    facilities and of no card. A refusal leaves a line of its own in the journal. Two clinics that call off appointments of
    the same people may wait for one another: the one that the database ends begins anew.
    Raises Malformed, NoConsent, PatientUnclear, Collided where that happened TRIES times.
    """

    transaction: Transaction
    deliveries: Deliveries
    match: PatientMatch
    gate: Gate
    cards: Cards
    accounts: Accounts
    resources: Resources
    results: Results
    visits: Visits
    vaccinations: Vaccinations
    referrals: Referrals
    indexes: BlindIndexes
    teller: Teller
    doses: DoseReminders
    schedules: ScheduleIntake
    link: ChatLink
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, clinic: Clinic, body: AsyncIterable[bytes], type_: str | None = None, id_: str | None = None
    ) -> Taken:
        whose: list[AccountId] = []
        try:
            delivery = await self.deliveries.read(body, type_, id_)
            for _ in range(TRIES - 1):
                with suppress(Collided):
                    return await self._once(clinic, delivery, whose)
            return await self._once(clinic, delivery, whose)
        except (NoConsent, NotAllowed, PatientUnclear, Malformed) as refused:
            async with self.transaction:
                account = whose[-1] if whose else None
                self.audit.record(clinic, Operation.RECORDS_REFUSED, account, why=type(refused).__name__)
            if isinstance(refused, NotAllowed):
                raise NoConsent from None
            raise

    async def _once(self, clinic: Clinic, delivery: Delivery, whose: list[AccountId]) -> Taken:
        """Take it in; `whose` is told as soon as that is known."""
        account: AccountId | None = None
        async with self.transaction:
            # Before any card is held: the desk comes to them in this order too.
            mine = await self.schedules.lock(clinic, delivery)
            if delivery.claims or any(each.of_patient for each in delivery.arrived):
                account = await self.match(clinic, delivery.claims)
                whose.append(account)
                await self._admit(clinic, account, delivery)
            return await self._take(clinic, account, delivery, mine)

    async def _admit(self, clinic: Clinic, account: AccountId, delivery: Delivery) -> None:
        """Hold the card, so that consent cannot be withdrawn half-way, and ask for each section that is delivered."""
        await self.cards.hold(account)
        types = {each.key.type for each in delivery.arrived if each.of_patient}
        for section in sorted({SECTIONS.get(type_, Section.VISITS) for type_ in types}):
            await self.gate.other(clinic, account, section, Deed.DELIVER)

    async def _take(self, clinic: Clinic, account: AccountId | None, delivery: Delivery, mine: Mine) -> Taken:
        now = self.clock.now()
        turn = Round(clinic.clinic, account, self.resources, self.deliveries, self.indexes)
        await turn.compare(delivery.arrived)
        await self.schedules(clinic, turn, mine)
        records = Records()
        if account is not None:
            await turn.gather()
            records = await self.deliveries.records(turn.picture(account), turn.wanted, now)
            await self._record(account, turn, records)
            patients = {claim.key.id for claim in delivery.claims if claim.key}
            await self.resources.remember(clinic.clinic, account, patients, now)
        shown = _ids(records)
        kept = turn.kept(shown)
        await self.resources.put(kept, now)
        await self.resources.attach(turn.attached())
        taken = _taken(delivery, turn, {each.mark.id for each in kept if each.mark.shown})
        told = " ".join(f"{type_}={came}" for type_, (came, _) in taken.counts.items())
        changes = Counter(one.outcome.value for one in taken.each)
        self.audit.record(
            clinic, Operation.RECORDS_RECEIVED, account, types=told, **{k: str(n) for k, n in changes.items()}
        )
        if account is not None:
            await self._tell(account, turn, records)
        return taken

    async def _record(self, account: AccountId, turn: Round, records: Records) -> None:
        """Store the records; what was shown of a changed resource and is not any more goes."""
        shown = _ids(records)
        gone = [turn.id_of(key) for key in turn.wanted] + [turn.id_of(each.key) for each in turn.changed]
        stale = [id_ for id_ in dict.fromkeys(gone) if id_ not in shown and id_ in turn.marks]
        if stale:
            await self.results.remove(account, stale)
            await self.visits.remove(account, stale)
            await self.vaccinations.remove(account, stale)
            await self.referrals.remove(account, stale)
        if records.results or records.panels:
            await self.results.put(records.results, records.panels)
        if records.visits:
            await self.visits.put(records.visits)
        if records.vaccinations:
            await self.vaccinations.put(records.vaccinations)
        if records.referrals:
            await self.referrals.put(records.referrals)
        if records.vaccinations or any(key.type == "Immunization" for key in turn.outcomes if turn.id_of(key) in stale):
            await self.doses.renew(account)

    async def _tell(self, account: AccountId, turn: Round, records: Records) -> None:
        """Tell the citizen that there is something new, never what: once a topic, however much came."""
        new = {turn.id_of(key) for key, outcome in turn.outcomes.items() if outcome is Outcome.CREATED}
        results = any(each.id in new for each in records.results) or any(each.id in new for each in records.panels)
        doses = any(each.id in new for each in records.vaccinations)
        if not results and not doses:
            return
        owner = await self.accounts.get(account)
        if results:
            await self.teller.citizen(
                owner,
                "clinic.new_results",
                topic=Topic.RESULTS,
                letter="clinic.mail_results",
                letter_values={"link": self.link.url},
                buttons=(Button("clinic.open_results", "results"),),
            )
        if doses:
            open_doses = (Button("clinic.open_vaccinations", "vaccinations"),)
            await self.teller.citizen(owner, "clinic.new_vaccinations", topic=Topic.VACCINATIONS, buttons=open_doses)


def _ids(records: Records) -> frozenset[RecordId]:
    return frozenset(
        [
            *(each.id for each in records.results),
            *(each.id for each in records.panels),
            *(each.id for each in records.visits),
            *(each.id for each in records.vaccinations),
            *(each.id for each in records.referrals),
        ]
    )


def _taken(delivery: Delivery, turn: Round, shown: set[RecordId]) -> Taken:
    each, counts = [], dict[str, tuple[int, int]]()
    for arrived in delivery.arrived:
        outcome = turn.outcomes[arrived.key]
        before = turn.mark_of(arrived.key)
        seen = turn.id_of(arrived.key) in shown or (not outcome.changes and before is not None and before.shown)
        each.append(One(arrived, outcome, seen))
        came, visible = counts.get(arrived.key.type, (0, 0))
        counts[arrived.key.type] = came + 1, visible + seen
    return Taken(tuple(each), dict(sorted(counts.items())))
