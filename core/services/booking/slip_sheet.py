"""What a slip says: on paper, as a picture, in a calendar. Words by the catalogues, times by the clock on the clinic's wall."""

from dataclasses import dataclass, field
from datetime import datetime

from babel.dates import format_date, format_time, get_timezone_location

from core.domain.booking import Booking, SlipState
from core.domain.notification import WallTime
from core.domain.region import REGIONS
from core.domain.schedule import Facility
from core.domain.speciality import PREPARED, SPECIALITIES
from core.ports import Banner, CalendarEvent, Paper, Paragraph, SlipPage, Wording
from core.services.booking.views import Choice

DAY = {"ru": "EEEE, d MMMM y", "en": "EEEE, d MMMM y"}
BESIDE = 16
"""So many letters of a room fit beside the time; a longer one is told like the rest."""
GONE = frozenset({SlipState.MOVED, SlipState.CANCELLED, SlipState.CALLED_OFF})


@dataclass(frozen=True, slots=True)
class Slip:
    """An appointment with all that its slip says; `name` is whoever comes."""

    booking: Booking
    choice: Choice
    name: str = field(repr=False)
    state: SlipState = SlipState.STANDS


@dataclass(frozen=True, slots=True)
class SlipWriter:
    """Writes slips."""

    wording: Wording
    page: SlipPage

    def paper(self, slip: Slip, language: str) -> Paper:
        """Return the slip as it is printed. One that does not stand says so, and says no more how to prepare."""
        booking, facility, doctor = slip.booking, slip.choice.facility, slip.choice.doctor
        stands, beside = slip.state is SlipState.STANDS, len(doctor.room) <= BESIDE
        prepare = self.prepare(slip, language) if stands else ""
        speciality = SPECIALITIES.get(doctor.speciality)
        return Paper(
            language=language,
            title=self._say("title", language),
            dated=booking.made_at,
            issuer=self._say("issuer", language),
            facts=(
                *(() if beside else ((self._say("room", language), doctor.room),)),
                (self._say("doctor", language), _lines(doctor.name, speciality.name(language) if speciality else "")),
                (self._say("clinic", language), _lines(facility.name, facility.address, facility.phone)),
                (self._say("patient", language), slip.name),
            ),
            body=(Paragraph(prepare, self._say("prepare", language)),) if prepare else (),
            note=self._say("show", language),
            number=booking.number,
            verify_url=self.page.of(booking.token),
            banner=Banner(
                large=format_time(booking.wall.at, "H:mm", locale=language),
                small=format_date(booking.wall.at, DAY.get(language, DAY["ru"]), locale=language),
                hint=self._say("clock", language, city=city_of(facility, booking.wall, language)),
                aside_label=self._say("room", language),
                aside=doctor.room if beside else "",
                stamp="" if stands else self._say(f"stamp.{slip.state.value}", language),
            ),
        )

    def prepare(self, slip: Slip, language: str) -> str:
        """Return how to prepare: for such a visit, and as this doctor asks; empty where there is nothing to say."""
        doctor = slip.choice.doctor
        usual = self.wording.say(f"prepare.{doctor.speciality}", language, {}) if doctor.speciality in PREPARED else ""
        return _lines(usual, doctor.note)

    def event(self, slip: Slip, language: str, now: datetime) -> CalendarEvent:
        """Return the appointment for a calendar: when and where, and neither the doctor nor the speciality.

        A calendar is synchronised with a cloud, shown on a lock screen, shared with a family or with colleagues.
        """
        booking, facility, room = slip.booking, slip.choice.facility, slip.choice.doctor.room
        key = "event_room" if room else "event_number"
        return CalendarEvent(
            uid=f"{booking.id}@medkarta",
            sequence=booking.version,
            title=self._say("event", language, clinic=facility.name),
            wall=booking.wall,
            starts_at=booking.slot.starts_at,
            length=booking.slot.ends_at - booking.slot.starts_at,
            stamped_at=now,
            place=", ".join(filter(None, (facility.name, facility.address))),
            point=facility.point,
            note=self._say(key, language, number=booking.number, **({"room": room} if room else {})),
            alarms=booking.reminders,
            cancelled=slip.state in GONE,
        )

    def _say(self, key: str, language: str, **values: str) -> str:
        return self.wording.say(f"slip.{key}", language, values)


def city_of(facility: Facility, wall: WallTime, language: str) -> str:
    """Return the city by whose clock a clinic lives: its region's capital, or another where the region has several zones."""
    region = REGIONS.get(facility.region)
    if region is not None and region.zone == wall.zone:
        return region.city(language)
    return get_timezone_location(wall.zone, locale=language, return_city=True)


def _lines(*told: str) -> str:
    return "\n".join(filter(None, told))
