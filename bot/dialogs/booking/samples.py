"""Invented clinics, doctors and appointments for the previews."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.access import Section
from core.domain.booking import Booking, BookingState, Referral, Wait
from core.domain.ids import AccountId, BookingId, DoctorId, FacilityId, SlotId, WaitId, new_id
from core.domain.record.looking import Paging
from core.domain.schedule import Doctor, Facility, Slot, Wanted
from core.domain.speciality import SPECIALITIES
from core.services.booking.views import (
    BookingView,
    Choice,
    ComingView,
    DaysView,
    DoctorLine,
    DoctorsView,
    Freshness,
    HoldView,
    LastTime,
    OfferView,
    PastView,
    PatientView,
    Place,
    PlacesView,
    StartView,
    TimesView,
    wall_of,
)

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
ACCOUNT = AccountId(new_id(NOW))
ZONE = "Europe/Moscow"
SPECIALITY = SPECIALITIES["therapist"]
NAME = "Ильина Анна Сергеевна"


def facility(name: str, address: str, code: str) -> Facility:
    """Return a clinic."""
    return Facility(FacilityId(new_id(NOW)), code, name, address, "77", ZONE, phone="+7 495 000-00-07")


OWN = facility("Городская поликлиника № 7", "ул. Лесная, 5", "770007")
OTHER = facility("Городская поликлиника № 12", "пр. Мира, 40", "770012")
FAR = facility("Медсанчасть № 33", "ул. Заводская, 2, корп. 1", "770033")


def doctor(name: str, room: str = "214", note: str = "") -> Doctor:
    """Return a therapist."""
    return Doctor(DoctorId(new_id(NOW)), OWN.id, name, SPECIALITY.code, room, note)


IVANOVA = doctor("Иванова Мария Петровна", note="возьмите прежние снимки")
PETROV, SIDOROVA = doctor("Петров Илья Семёнович", "215"), doctor("Сидорова Ольга Игоревна", "216")


def choice(days: int, hour: int, minute: int = 0, who: Doctor = IVANOVA, where: Facility = OWN) -> Choice:
    """Return a time, so many days ahead, by the clinic's clock."""
    starts = datetime(2026, 11, 30, hour, minute, tzinfo=ZoneInfo(ZONE)) + timedelta(days=days)
    slot = Slot(
        SlotId(new_id(NOW)), who.id, where.id, who.speciality, where.region,
        starts.date(), starts, starts + timedelta(minutes=15), NOW,
    )  # fmt: skip
    return Choice(slot, where, who)


def start() -> StartView:
    """Return the first window of somebody who has booked before."""
    soonest = choice(1, 9, 40)
    usual = [each for each in SPECIALITIES.values() if each.usual and each.takes_age(34)][:6]
    return StartView([PatientView(ACCOUNT, NAME)], usual, LastTime(SPECIALITY, OWN, IVANOVA, soonest), None, 1)


def places() -> PlacesView:
    """Return three clinics, the person's own first."""
    shown = (
        Place(OWN, choice(1, 9, 40), attached=True),
        Place(OTHER, choice(3, 14, 20, where=OTHER)),
        Place(FAR, None),
    )
    return PlacesView(SPECIALITY, shown, "77")


def doctors() -> DoctorsView:
    """Return three doctors, one of them without free time."""
    lines = (
        DoctorLine(IVANOVA, choice(1, 9, 40)),
        DoctorLine(PETROV, choice(2, 16, 0, PETROV)),
        DoctorLine(SIDOROVA, None),
    )
    return DoctorsView(SPECIALITY, OWN, lines, lines[0].soonest)


def days() -> DaysView:
    """Return days of two months."""
    free = {1: 5, 2: 12, 3: 1, 4: 7, 7: 3, 8: 20, 9: 2, 28: 4, 32: 6}
    first = date(2026, 11, 30)
    freshness = Freshness(NOW - timedelta(minutes=40), stale=True)
    return DaysView(SPECIALITY, OWN, IVANOVA, {first + timedelta(days=n): many for n, many in free.items()}, freshness)


def times() -> TimesView:
    """Return a day that has morning, day and evening."""
    return TimesView(
        SPECIALITY,
        date(2026, 12, 1),
        [choice(1, 9, minute) for minute in (0, 15, 30, 45)],
        [choice(1, 13, minute) for minute in (20, 40)],
        [choice(1, 18)],
        later=date(2026, 12, 2),
    )


def booking(chosen: Choice, state: BookingState = BookingState.BOOKED) -> Booking:
    """Return an appointment."""
    number = "" if state is BookingState.HELD else "7KMQ-2RXD"
    wall = wall_of(chosen.slot, chosen.facility)
    return Booking(BookingId(new_id(NOW)), ACCOUNT, ACCOUNT, chosen.slot, state, NOW, wall, number)


def hold() -> HoldView:
    """Return a slot that is held, with what goes along."""
    chosen = choice(1, 9, 40)
    held = replace(
        booking(chosen, BookingState.HELD), held_until=NOW + timedelta(minutes=5), shares=frozenset({Section.RESULTS})
    )
    referral = Referral("123-А/26", "Городская поликлиника № 7", found=True)
    return HoldView(held, chosen, SPECIALITY, NAME, date(1992, 3, 14), "5677", referral)


def nearest() -> Sequence[Choice]:
    """Return three times."""
    return [choice(1, 10), choice(1, 10, 15, PETROV), choice(2, 9, 40)]


def booked() -> BookingView:
    """Return an appointment that stands."""
    chosen = choice(1, 9, 40)
    return BookingView(booking(chosen), chosen, SPECIALITY, NAME)


def ended(state: BookingState, days_ago: int) -> BookingView:
    """Return one that is over."""
    chosen = choice(-days_ago, 9, 40)
    return BookingView(booking(chosen, state), chosen, SPECIALITY, NAME, over=True)


def coming() -> ComingView:
    """Return two appointments and an offer."""
    later = choice(12, 16, 0, PETROV)
    return ComingView([booked(), BookingView(booking(later), later, SPECIALITY, NAME)], [offer()], 2)


def past() -> PastView:
    """Return what is over."""
    return PastView([ended(BookingState.BOOKED, 20), ended(BookingState.CANCELLED, 60)], Paging(2, 10))


def offer() -> OfferView:
    """Return an earlier time that is offered."""
    standing, earlier = booked(), choice(0, 17, 20)
    wanted = Wanted(SPECIALITY.code, facility=OWN.id)
    wait = Wait(WaitId(new_id(NOW)), ACCOUNT, wanted, NOW, standing.booking.slot.starts_at)
    return OfferView(wait, earlier, standing, NOW + timedelta(minutes=10))
