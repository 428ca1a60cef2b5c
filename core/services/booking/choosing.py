"""From «к врачу» to a doctor: for whom, what for, where, to whom, or as last time."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.booking import Bookings, years
from core.domain.chat import Chats
from core.domain.ids import AccountId
from core.domain.schedule import Facilities, Facility, Point, Slots, Wanted
from core.domain.speciality import SPECIALITIES, Speciality, meant_by
from core.ports import Clock, Registries, Transaction, Unavailable
from core.services.booking.filling import HoldSight
from core.services.booking.people import Known, Reception
from core.services.booking.sight import Sight
from core.services.booking.views import Choice, DoctorLine, DoctorsView, LastTime, Place, PlacesView, StartView

NEAR = 20
"""How many facilities are shown around a point, or in a region."""
REACH_KM = 50.0
"""What is still near: farther ones are found by their region."""


def receives(speciality: Speciality, known: Known, today_year: int) -> bool:
    """Whether a speciality is for somebody of this age and sex. What is not known refuses nothing."""
    if speciality.sex is not None and known.sex is not None and known.sex is not speciality.sex:
        return False
    return known.born is None or speciality.takes_age(today_year)


@dataclass(frozen=True, slots=True)
class ViewStart:
    """The citizen opens /book. Raises NoCard, CardSuspended."""

    transaction: Transaction
    reception: Reception
    bookings: Bookings
    facilities: Facilities
    slots: Slots
    sight: Sight
    holds: HoldSight
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, patient: AccountId | None = None) -> StartView:
        async with self.transaction.looking():
            known = await self.reception.asks(citizen, patient)
            now = self.clock.now()
            age = years(known.born, now.date()) if known.born else 0
            there = await self.facilities.specialities()
            usual = [
                each
                for each in SPECIALITIES.values()
                if each.usual and each.code in there and receives(each, known, age)
            ]
            held = await self.bookings.held_by(citizen, now)
            view = StartView(
                self.reception.everybody(known),
                usual,
                await self._last(citizen, known, age),
                await self.holds(known, held) if held else None,
                len(await self.bookings.coming(citizen.account, now)),
            )
            self.audit.record(
                citizen, Operation.BOOKINGS_VIEWED, citizen.account, section=Section.BOOKINGS.value, look="start"
            )
        return view

    async def _last(self, citizen: Citizen, known: Known, age: int) -> LastTime | None:
        """Return the doctor of the last booking, unless nobody of this age or sex would be received by now, there or at all."""
        last = await self.bookings.last_made(citizen.account)
        if last is None:
            return None
        choice = await self.sight.choice(last.slot)
        if choice.doctor.gone or choice.facility.closed:
            return None
        if not receives(SPECIALITIES[choice.doctor.speciality], known, age):
            return None
        if await self.sight.not_for([choice.facility], choice.doctor.speciality, known.born):
            return None
        wanted = Wanted(choice.doctor.speciality, facility=choice.facility.id, doctor=choice.doctor.id)
        soonest = await self.slots.free(wanted, self.clock.now(), limit=1)
        return LastTime(
            SPECIALITIES[choice.doctor.speciality],
            choice.facility,
            choice.doctor,
            await self.sight.choice(soonest[0]) if soonest else None,
        )


@dataclass(frozen=True, slots=True)
class FindSpecialities:
    """What was probably meant by what was typed and is for the person's age and sex. Raises as ViewStart."""

    transaction: Transaction
    reception: Reception
    clock: Clock

    async def __call__(self, citizen: Citizen, typed: str, patient: AccountId | None = None) -> list[Speciality]:
        async with self.transaction.looking():
            known = await self.reception.asks(citizen, patient)
        age = years(known.born, self.clock.now().date()) if known.born else 0
        meant = meant_by(typed)
        # Nobody but those who do not receive this person: they are named, and the refusal that follows says why.
        return [each for each in meant if receives(each, known, age)] or meant


@dataclass(frozen=True, slots=True)
class ListPlaces:
    """Where a speciality receives: the facility that the person is attached to first, then the others.

    By distance from `point` where it is shared, no farther than a trip there and back (REACH_KM) unless nobody is nearer,
    else those of a region (the person's own where none is given), the soonest first. Clinics for children are no adult's,
    and the other way round. A registry that is away is said, and stops nobody. Raises NoCard, CardSuspended.
    """

    transaction: Transaction
    reception: Reception
    chats: Chats
    facilities: Facilities
    slots: Slots
    sight: Sight
    registries: Registries
    audit: AuditLog
    clock: Clock

    async def __call__(
        self,
        citizen: Citizen,
        speciality: str,
        region: str | None = None,
        point: Point | None = None,
        patient: AccountId | None = None,
    ) -> PlacesView:
        async with self.transaction.looking():
            known = await self.reception.asks(citizen, patient)
            chat = await self.chats.bound_to(citizen.account)
            self.audit.record(
                citizen, Operation.BOOKINGS_VIEWED, citizen.account, section=Section.BOOKINGS.value, look="attached"
            )
        code, away = None, False
        if known.policy is not None:
            try:
                code = await self.registries.attached(known.policy.canonical)
            except Unavailable:
                away = True
        async with self.transaction.looking():
            home = await self.facilities.by_code(code) if code else None
            home = None if home is None or home.closed else home
            region = region or (chat.region if chat else None) or (home.region if home else None)
            if point is None:
                soonest = await self._soonest(Wanted(speciality, region))
            else:
                soonest, region = await self._near(speciality, point)
            places = await self._places(speciality, soonest, point, home)
            others = await self.sight.not_for([each.facility for each in places], speciality, known.born)
            fitting = [each for each in places if each.facility.id not in others]
        return PlacesView(SPECIALITIES[speciality], fitting[:NEAR], region, registry_away=away)

    async def _near(self, speciality: str, point: Point) -> tuple[list[Choice], str | None]:
        """Return who receives within REACH_KM, else in the region of the nearest clinic; and which region that is."""
        far = [(each.point.km_to(point), each) for each in await self.facilities.all() if each.point is not None]
        far.sort(key=lambda each: each[0])
        here = far[0][1].region if far else None
        close = [each for km, each in far if km <= REACH_KM]
        own = [each for km, each in far if km > REACH_KM and each.region == here]
        for there in (close, own):
            found = [slot for each in there[:NEAR] for slot in await self._soonest(Wanted(speciality, None, each.id))]
            if found:
                return found, here
        return [], here

    async def _places(
        self, speciality: str, soonest: Sequence[Choice], point: Point | None, home: Facility | None
    ) -> list[Place]:
        first: dict[object, Choice] = {}
        for each in soonest:
            first.setdefault(each.facility.id, each)
        if home is not None and home.id not in first:
            first |= {each.facility.id: each for each in (await self._soonest(Wanted(speciality, None, home.id)))[:1]}
        places = [
            Place(
                each.facility,
                each,
                home is not None and each.facility.id == home.id,
                each.facility.point.km_to(point) if point and each.facility.point else None,
            )
            for each in first.values()
        ]
        receives_at_home = home is not None and home.id not in first
        if home is not None and receives_at_home and await self.facilities.doctors(home.id, speciality=speciality):
            places.append(Place(home, None, attached=True))
        places.sort(key=lambda each: (not each.attached, each.km if each.km is not None else 0.0))
        return places

    async def _soonest(self, wanted: Wanted) -> list[Choice]:
        found = await self.slots.soonest(wanted, self.clock.now())
        choices = (await self.sight.by_doctor(list(found.values()))).values()
        return sorted(choices, key=lambda each: each.slot.starts_at)


@dataclass(frozen=True, slots=True)
class ListDoctors:
    """The doctors of what is wanted, each with the soonest free time, the soonest first. Nothing here is anybody's."""

    transaction: Transaction
    facilities: Facilities
    slots: Slots
    sight: Sight
    clock: Clock

    async def __call__(self, citizen: Citizen, wanted: Wanted) -> DoctorsView:  # noqa: ARG002 - use cases take who acts first
        async with self.transaction.looking():
            found = await self.slots.soonest(wanted, self.clock.now())
            soonest = await self.sight.by_doctor(list(found.values()))
            facility = await self.facilities.one(wanted.facility) if wanted.facility else None
            doctors = {each.doctor.id: each.doctor for each in soonest.values()}
            if facility is not None:
                there = await self.facilities.doctors(facility.id, speciality=wanted.speciality)
                doctors |= {each.id: each for each in there}
        lines = [DoctorLine(doctor, soonest.get(id_)) for id_, doctor in doctors.items()]
        lines.sort(
            key=lambda each: (each.soonest is None, each.soonest.slot.starts_at if each.soonest else each.doctor.name)
        )
        return DoctorsView(SPECIALITIES[wanted.speciality], facility, lines, lines[0].soonest if lines else None)
