"""What people are shown of booking: frozen, with everything a window needs, and nothing that it would have to look up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.domain.access import Section
from core.domain.booking import Booking, Referral, Wait
from core.domain.ids import AccountId
from core.domain.notification import WallTime
from core.domain.record.looking import Paging
from core.domain.schedule import Doctor, Facility, Slot
from core.domain.speciality import Speciality

SHAREABLE = (Section.VISITS, Section.RESULTS)
"""The sections of the record that can go along with a booking, in the order they are offered."""


def wall_of(slot: Slot, facility: Facility) -> WallTime:
    """Return the time of a slot as the clock on the facility's wall shows it."""
    return WallTime(slot.starts_at.astimezone(ZoneInfo(facility.zone)).replace(tzinfo=None), facility.zone)


@dataclass(frozen=True, slots=True)
class PatientView:
    """Somebody who can be booked for. `oneself`: the owner of the account."""

    account: AccountId
    name: str = field(repr=False)
    oneself: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot with all that is said of it: where, to whom, when by the facility's clock."""

    slot: Slot
    facility: Facility
    doctor: Doctor

    @property
    def wall(self) -> WallTime:
        """The time by the facility's clock."""
        return wall_of(self.slot, self.facility)


@dataclass(frozen=True, slots=True)
class LastTime:
    """«Как в прошлый раз»: the same doctor again. `soonest` is None while that doctor has no free time."""

    speciality: Speciality
    facility: Facility
    doctor: Doctor
    soonest: Choice | None


@dataclass(frozen=True, slots=True)
class StartView:
    """The first window. `hold` is a slot that is held for the person just now; `coming`: how many appointments stand."""

    patients: Sequence[PatientView]
    usual: Sequence[Speciality]
    last: LastTime | None
    hold: "HoldView | None"
    coming: int


@dataclass(frozen=True, slots=True)
class Place:
    """A facility that receives for the speciality. `km` where the person shared where they are."""

    facility: Facility
    soonest: Choice | None
    attached: bool = False
    km: float | None = None


@dataclass(frozen=True, slots=True)
class PlacesView:
    """The attached facility first. `region`: whose they are; by distance that of the nearest, where the others are.

    `registry_away`: which facility is the attached one could not be asked just now.
    """

    speciality: Speciality
    places: Sequence[Place]
    region: str | None
    registry_away: bool = False


@dataclass(frozen=True, slots=True)
class DoctorLine:
    """A doctor with the soonest free time, None while there is none."""

    doctor: Doctor
    soonest: Choice | None


@dataclass(frozen=True, slots=True)
class DoctorsView:
    """The doctors of what is wanted, whoever is soonest first; `soonest` is «кто раньше»."""

    speciality: Speciality
    facility: Facility | None
    doctors: Sequence[DoctorLine]
    soonest: Choice | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what is shown is. `as_of` where a clinic's own server keeps it; `stale`: the server has been silent since."""

    as_of: datetime | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class DaysView:
    """The days that have free times, with how many, by the facility's clock."""

    speciality: Speciality
    facility: Facility | None
    doctor: Doctor | None
    days: Mapping[date, int]
    freshness: Freshness = Freshness()


@dataclass(frozen=True, slots=True)
class TimesView:
    """The free times of a day: before noon, before five, later. `earlier`, `later`: the days beside it that have any."""

    speciality: Speciality
    day: date
    morning: Sequence[Choice]
    daytime: Sequence[Choice]
    evening: Sequence[Choice]
    earlier: date | None = None
    later: date | None = None
    freshness: Freshness = Freshness()

    @property
    def empty(self) -> bool:
        """Whether the last free time of the day has just gone."""
        return not (self.morning or self.daytime or self.evening)


@dataclass(frozen=True, slots=True)
class HoldView:
    """The check window. `policy` is its last digits; `kept` are the sections that may go along, `booking.shares` those that do.

    `replaced` is the appointment that this one takes the place of; `referral` the one that will go with it.
    """

    booking: Booking
    choice: Choice
    speciality: Speciality
    name: str = field(repr=False)
    born: date | None = field(repr=False)
    policy: str | None = field(repr=False)
    referral: Referral | None = None
    replaced: Booking | None = None
    kept: Sequence[Section] = SHAREABLE

    @property
    def until(self) -> datetime | None:
        """Until when the slot is held."""
        return self.booking.held_until

    @property
    def wants_referral(self) -> bool:
        """Whether a referral is still to be named."""
        return self.speciality.referral and self.referral is None


@dataclass(frozen=True, slots=True)
class BookingView:
    """One appointment. `asked`: its clinic's server has not answered yet. `over`: its time is past, or it was ended.

    `wait` is the place in the waiting list for an earlier time. `nearest` are others where the clinic took this one away.
    """

    booking: Booking
    choice: Choice
    speciality: Speciality
    name: str = field(repr=False)
    asked: bool = False
    over: bool = False
    wait: Wait | None = None
    nearest: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class OfferView:
    """An earlier time that is held for the person until `until`, beside the appointment that it would take the place of."""

    wait: Wait
    offered: Choice
    standing: BookingView
    until: datetime


@dataclass(frozen=True, slots=True)
class ComingView:
    """What is to come, the soonest first, and the offers that wait for an answer."""

    bookings: Sequence[BookingView]
    offers: Sequence[OfferView] = ()
    past: int = 0


@dataclass(frozen=True, slots=True)
class PastView:
    """A page of what is over, the latest first."""

    bookings: Sequence[BookingView]
    paging: Paging


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of a confirmation: it stands, or the clinic's server has not answered yet (`asked`)."""

    view: BookingView

    @property
    def asked(self) -> bool:
        """Whether the answer is still open: it is told as soon as it is there."""
        return self.view.asked


@dataclass(frozen=True, slots=True)
class Told:
    """What became of telling a clinic something. `later`: its server is away, it is told as soon as it is back."""

    view: BookingView
    later: bool = False
