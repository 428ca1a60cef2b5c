"""An invented appointment, its slip, and how a QR code is read off a picture."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import segno
from PIL import Image

from bot.words import GettextWording
from core.domain.booking import Booking, BookingState, SlipState
from core.domain.ids import AccountId, BookingId, DoctorId, FacilityId, SlotId
from core.domain.notification import WallTime
from core.domain.schedule import Doctor, Facility, Point, Slot
from core.ports import SlipPage
from core.services.booking import Choice, SlipWriter
from core.services.booking.slip_sheet import Slip

MADE = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOKEN = "dGhpcyB0b2tlbiBpcyBpbnZlbnRlZCBmb3IgdGVzdHM"
FACILITY = Facility(
    FacilityId(UUID(int=1)),
    "66-3",
    "Поликлиника № 3",
    "Екатеринбург, ул. Мира, 5",
    "66",
    "Asia/Yekaterinburg",
    Point(56.8389, 60.6057),
    phone="+7 343 000-00-00",
)
DOCTOR = Doctor(
    DoctorId(UUID(int=2)),
    FACILITY.id,
    "Иванцова Анна Петровна",
    "blood_test",
    "214",
    "Возьмите маленькую бутылку воды.",
)
STARTS = datetime(2026, 12, 1, 4, 40, tzinfo=UTC)
WALL = WallTime(datetime(2026, 12, 1, 9, 40), "Asia/Yekaterinburg")
SLOT = Slot(
    SlotId(UUID(int=3)), DOCTOR.id, FACILITY.id, "blood_test", "66", date(2026, 12, 1), STARTS,
    STARTS + timedelta(minutes=15), MADE,
)  # fmt: skip
BOOKING = Booking(
    BookingId(UUID(int=4)),
    AccountId(UUID(int=5)),
    AccountId(UUID(int=5)),
    SLOT,
    BookingState.BOOKED,
    MADE,
    WALL,
    number="K7QX-3M2A",
    token=TOKEN,
    version=2,
)
SLIP = Slip(BOOKING, Choice(SLOT, FACILITY, DOCTOR), "Ильина Мария Сергеевна")
PAGE = SlipPage("https://medkarta.example.org/slip")
WRITER = SlipWriter(GettextWording(), PAGE)


def at(wall: datetime, zone: str, starts_at: datetime, minutes: int = 15) -> Slip:
    """The slip of another time and place."""
    slot = replace(SLOT, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), day=wall.date())
    facility = replace(FACILITY, zone=zone)
    booking = replace(BOOKING, slot=slot, wall=WallTime(wall, zone))
    return Slip(booking, Choice(slot, facility, DOCTOR), SLIP.name)


def ended(state: SlipState) -> Slip:
    return replace(SLIP, state=state)


def modules_of(png: bytes, url: str) -> list[list[bool]]:
    """Read the dark and light squares off a slip's picture where a code of this address would stand."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    across = len(segno.make(url, error="m", micro=False).matrix)
    left, size = round(8 / 105 * picture.width), round(34 / 105 * picture.width)
    # The code is the lowest dark thing on the page: its foot is found by its lower left corner's mark.
    column = [picture.getpixel((left + size // across // 2 + 1, y)) < 128 for y in range(picture.height)]
    foot = max(y for y, dark in enumerate(column) if dark) + 1
    step = size / across
    return [
        [
            picture.getpixel((round(left + (x + 0.5) * step), round(foot - size + (y + 0.5) * step))) < 128
            for x in range(across)
        ]
        for y in range(across)
    ]


def drawn(url: str) -> list[list[bool]]:
    """The squares of a code of this address."""
    return [[bool(each) for each in row] for row in segno.make(url, error="m", micro=False).matrix]
