"""What programs write about schedules: nothing but what is known, and nothing that no database takes."""

import re
from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from api.routes.schedule.written import FIRST, LAST
from core.domain.booking import LONGEST_REASON

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


def _storable(text: str) -> str:
    """Return a text without what no database takes."""
    return text.replace("\0", "")


def _likely(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise ValueError("a day between 2000 and 2100 is needed")
    return day


def _clock(told: object) -> object:
    if not isinstance(told, str) or not CLOCK.fullmatch(told):
        raise ValueError("a time like 09:30 is needed")
    return told


Text = Annotated[str, Field(max_length=1000), AfterValidator(_storable)]
Day = Annotated[date, AfterValidator(_likely)]
Weekday = Annotated[int, Field(ge=0, le=6, description="0 is Monday.")]
Minutes = Annotated[int, Field(ge=5, le=120)]
Time = Annotated[
    time,
    BeforeValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
"""What the facility's clock shows: `09:30`."""
Shown = Annotated[
    time,
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}, mode="serialization"),
]
"""The same, in answers."""
Wall = Annotated[
    datetime, PlainSerializer(lambda at: f"{at:%Y-%m-%dT%H:%M}", return_type=str), WithJsonSchema({"type": "string"})
]
"""A moment by the facility's clock, without an offset: `2026-11-24T09:30`."""


class Written(BaseModel):
    """What a program writes: nothing but what is known."""

    model_config = ConfigDict(extra="forbid")


class PointOf(BaseModel):
    """Degrees north and east."""

    model_config = ConfigDict(extra="forbid")

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class NewFacility(Written):
    """A facility. `code` is its number in the registry of attachments, `region` two digits, `zone` an IANA name.

    `url` is the base of its own FHIR server, where it keeps its schedule there; empty: it is kept here.
    """

    code: Text
    name: Text
    address: Text
    region: Text
    zone: Text
    phone: Text = ""
    point: PointOf | None = None
    limit: Annotated[int, Field(ge=1, le=20)] = 3
    url: Text = ""


class FacilityChange(Written):
    """What changes of a facility; what is absent stays. `closed` for good."""

    name: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    point: PointOf | None = None
    limit: Annotated[int, Field(ge=1, le=20)] | None = None
    closed: bool | None = None


class Organisation(Written):
    """The client id of the organisation that speaks for a facility at /fhir; "" for none."""

    client_id: Annotated[Text, Field(max_length=100)]


class NewHours(Written):
    """Weekly hours by the facility's clock; `minutes` as usual for the speciality, `since` today where absent."""

    weekday: Weekday
    start: Time
    end: Time
    minutes: Minutes | None = None
    since: Day | None = None
    until: Day | None = None


class NewDoctor(Written):
    """A doctor; `speciality` is a code of ours, such as `therapist`."""

    name: Text
    speciality: Text
    room: Text = ""
    note: Text = ""


class DoctorChange(Written):
    """What changes of a doctor; what is absent stays."""

    name: Text | None = None
    speciality: Text | None = None
    room: Text | None = None
    note: Text | None = None
    gone: bool | None = None


class NewDay(Written):
    """A day that differs: closed, or open from `start` to `end`, or worked as another weekday."""

    day: Day
    doctor: UUID | None = None
    start: Time | None = None
    end: Time | None = None
    minutes: Minutes | None = None
    as_weekday: Weekday | None = None
    why: Annotated[Text, Field(max_length=200)] = ""


class CallingOff(Written):
    """Why, in up to 200 characters; its person reads it."""

    reason: Annotated[Text, Field(max_length=LONGEST_REASON)]


class Move(Written):
    """The free slot that an appointment moves to."""

    slot: UUID


class SlipOf(Written):
    """What stands on a slip: its number, or what its QR code opens."""

    slip: Annotated[Text, Field(max_length=500)]
