"""Clinics with doctors: half keep their schedules on FHIR servers of their own, half leave them to the product.

`GET /clinics` lists all of them; the page is `/schedules`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.outside.expiring import Clock
from playground.outside.schedules.crowd import Crowd
from playground.outside.schedules.doctors import Doctor, doctors_of
from playground.outside.schedules.fhir import FhirServers
from playground.outside.schedules.looking import SchedulePages
from playground.outside.schedules.server import Server
from playground.outside.schedules.towns import TOWNS, Town
from playground.settings import PlaygroundSettings


class Schedules:
    """The clinics of one world."""

    def __init__(self, settings: PlaygroundSettings, clock: Clock) -> None:
        self.servers = {town.code: Server(town, clock) for town in TOWNS if town.source == "fhir"}
        self.crowd = Crowd(self.servers, settings.crowd)
        self._fhir = FhirServers(self.servers, settings.public_url)
        self._pages = SchedulePages(self.servers, self.crowd, self._fhir.faults, clock)

    def routes(self) -> list[Route]:
        return [Route("/clinics", self.clinics), *self._fhir.routes(), *self._pages.routes()]

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Let people book at random while the block runs."""
        async with self.crowd.coming():
            yield

    async def clinics(self, _request: Request) -> Response:
        """All clinics; doctors with their weekly hours for those that have no server of their own."""
        return JSONResponse([self._told(town) for town in TOWNS])

    def _told(self, town: Town) -> dict[str, Any]:
        own = town.source == "own"
        return {
            "code": town.code,
            "name": town.name,
            "address": town.address,
            "region": town.region,
            "zone": town.zone,
            "latitude": town.latitude,
            "longitude": town.longitude,
            "phone": town.phone,
            "source": town.source,
            "url": "" if own else self._fhir.base(town.code),
            "doctors": [_doctor(doctor) for doctor in doctors_of(town)] if own else [],
        }


def _doctor(doctor: Doctor) -> dict[str, Any]:
    return {
        "id": doctor.id,
        "name": doctor.name,
        "speciality": doctor.speciality.code,
        "room": doctor.room,
        "note": " ".join(filter(None, (f"{doctor.terms}." if doctor.terms else "", doctor.note))),
        "hours": [
            {
                "weekday": each.weekday,
                "start": f"{each.start:%H:%M}",
                "end": f"{each.end:%H:%M}",
                "minutes": each.minutes,
            }
            for each in doctor.hours
        ],
    }
