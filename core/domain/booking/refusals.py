"""Why a booking is refused, decided in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.booking.entity import Booking, Referral
from core.domain.identifiers import Sex
from core.domain.schedule import Facility, Slot, SlotTaken
from core.domain.speciality import Speciality


class Overlaps(Exception):
    """The person has another appointment at that time; `other` is that one."""

    message_key = "booking.overlaps"

    def __init__(self, other: Booking) -> None:
        super().__init__()
        self.other = other


class TooMany(Exception):
    """The person has as many coming appointments at this clinic as it allows: `limit`."""

    message_key = "booking.too_many"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit
        self.params = {"limit": str(limit)}


class WrongAge(Exception):
    """The speciality receives people from `youngest` to `oldest` full years; None is no bound, and one of them is one."""

    def __init__(self, youngest: int | None, oldest: int | None) -> None:
        super().__init__(youngest, oldest)
        self.youngest, self.oldest = youngest, oldest
        bounds = {"from": youngest, "to": oldest}
        self.params = {name: str(years) for name, years in bounds.items() if years is not None}
        self.message_key = "_".join(("booking.wrong_age", *self.params))


class WrongSex(Exception):
    """The speciality receives people of the other sex."""

    message_key = "booking.wrong_sex"


class NoPolicy(Exception):
    """No policy of compulsory insurance (ОМС) is known of the person."""

    message_key = "booking.no_policy"


class ReferralNeeded(Exception):
    """The speciality wants a referral, and there is none in the card nor typed."""

    message_key = "booking.referral_needed"


class InvalidReferral(Exception):
    """What was typed is no number of a referral: 1 to 40 letters, digits, dashes and slashes, a digit among them."""

    message_key = "booking.referral_wrong"


class InvalidReason(Exception):
    """Nothing readable, or longer than 200 characters."""

    message_key = "booking.reason_wrong"


class HoldGone(Exception):
    """The five minutes (ten of an offer) are over, and the slot was let go."""

    message_key = "booking.hold_gone"


class NoBooking(Exception):
    """There is none of this id, or it is somebody else's: both sound the same."""

    message_key = "booking.none"


class BookingOver(Exception):
    """It was cancelled, moved or called off meanwhile, or its time has come: nothing can be changed any more."""

    message_key = "booking.over"


class NotToday(Exception):
    """One can be late for what is today by the facility's clock, and this is another day's."""

    message_key = "booking.not_today"


class StillAsked(Exception):
    """Its clinic's server has not answered yet: until it does nothing can be changed."""

    message_key = "booking.still_asked"


class NoOffer(Exception):
    """The offer of an earlier time is over: it was taken, declined, or its ten minutes are gone."""

    message_key = "booking.no_offer"


class WaitsAlready(Exception):
    """The person stands in the waiting list for this appointment already."""

    message_key = "booking.waits_already"


@dataclass(frozen=True, slots=True)
class Patient:
    """What decides of a person. None: not known, which refuses nothing but a policy."""

    born: date | None
    sex: Sex | None
    has_policy: bool


def refusal(
    patient: Patient,
    slot: Slot,
    facility: Facility,
    speciality: Speciality,
    standing: Sequence[Booking],
    now: datetime,
    *,
    instead_of: Booking | None = None,
    referral: Referral | None = None,
    confirming: bool = False,
) -> Exception | None:
    """Return what stands in the way, or None. `standing` are the person's coming appointments everywhere.

    The appointment that this one takes the place of counts for nothing. A referral is asked for at the confirmation.
    Order: begun (SlotTaken), policy, age, sex, overlap, the facility's limit, referral.
    """
    others = [each for each in standing if instead_of is None or each.id != instead_of.id]
    if slot.starts_at <= now:
        return SlotTaken()
    if not patient.has_policy:
        return NoPolicy()
    if patient.born is not None and not speciality.takes_age(years(patient.born, slot.day)):
        return WrongAge(speciality.youngest, speciality.oldest)
    if speciality.sex is not None and patient.sex is not None and patient.sex is not speciality.sex:
        return WrongSex()
    for other in others:
        if other.overlaps(slot):
            return Overlaps(other)
    if sum(each.slot.facility == facility.id for each in others) >= facility.limit:
        return TooMany(facility.limit)
    if confirming and speciality.referral and referral is None:
        return ReferralNeeded()
    return None


def years(born: date, day: date) -> int:
    """Return full years on a day; born on 29 February, one is a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
