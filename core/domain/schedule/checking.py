"""What may be told of a facility and of a doctor: the first thing that makes no sense is refused by its name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.domain.reach import InsideAddress, Reach
from core.domain.region import REGIONS
from core.domain.schedule.facility import Doctor, Facility, InvalidDoctor, InvalidFacility, Source
from core.domain.speciality import SPECIALITIES

CODE = re.compile(r"[A-Za-zА-Яа-яЁё0-9][A-Za-zА-Яа-яЁё0-9./-]{0,39}")
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PHONE = 200, 300, 40
LONGEST_DOCTOR, LONGEST_ROOM, LONGEST_NOTE = 120, 20, 500
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_OPEN = 20
"""So many coming appointments a facility may allow one person."""


def checked_facility(facility: Facility) -> Facility:
    """Return it with its spaces in order. Raises InvalidFacility."""
    tidy = replace(
        facility,
        code=_tidy(facility.code),
        name=_tidy(facility.name),
        address=_tidy(facility.address),
        phone=_tidy(facility.phone),
        url=facility.url.strip().rstrip("/"),
    )
    for field in _wrong_of_facility(tidy):
        raise InvalidFacility(field)
    return tidy


def refuse_unreachable(facility: Facility, reach: Reach) -> None:
    """Refuse a server that stands further than the product reaches. Raises InvalidFacility."""
    try:
        if facility.url:
            reach.refuse_host(urlsplit(facility.url).hostname or "")
    except InsideAddress:
        raise InvalidFacility("inside") from None


def checked_doctor(doctor: Doctor) -> Doctor:
    """Return it with its spaces in order. Raises InvalidDoctor."""
    tidy = replace(doctor, name=_tidy(doctor.name), room=_tidy(doctor.room), note=_tidy(doctor.note))
    for field in _wrong_of_doctor(tidy):
        raise InvalidDoctor(field)
    return tidy


def _wrong_of_facility(facility: Facility) -> Iterator[str]:
    if not CODE.fullmatch(facility.code):
        yield "code"
    if not 0 < len(facility.name) <= LONGEST_NAME:
        yield "name"
    if not 0 < len(facility.address) <= LONGEST_ADDRESS:
        yield "address"
    if facility.region not in REGIONS:
        yield "region"
    if not _is_zone(facility.zone):
        yield "zone"
    point = facility.point
    if point is not None and not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):
        yield "point"
    if len(facility.phone) > LONGEST_PHONE:
        yield "phone"
    if not 1 <= facility.limit <= MOST_OPEN:
        yield "limit"
    if (facility.source is Source.FHIR) != _is_url(facility.url) or (facility.source is Source.OWN and facility.url):
        yield "url"


def _wrong_of_doctor(doctor: Doctor) -> Iterator[str]:
    if not 0 < len(doctor.name) <= LONGEST_DOCTOR:
        yield "name"
    if doctor.speciality not in SPECIALITIES:
        yield "speciality"
    if len(doctor.room) > LONGEST_ROOM:
        yield "room"
    if len(doctor.note) > LONGEST_NOTE:
        yield "note"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def _is_url(url: str) -> bool:
    """Whether whose appointment it is can go there: in cipher, unless it stays on this machine, and with no password in clear."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    bare = bool(parts.hostname) and not (parts.query or parts.fragment or "@" in parts.netloc)
    return bare and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE))


def _tidy(text: str) -> str:
    return " ".join(text.split())
