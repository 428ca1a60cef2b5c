"""The playground's clinics become known by themselves.

The one that delivers is asked for its public keys, as any clinic would hand them over; those that receive people, for where
they are, and for who receives when where they leave the schedule to the product.
"""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

import httpx
import structlog
from dishka import AsyncContainer

from core.domain.actor import System
from core.domain.clinic import ClinicExists
from core.domain.schedule import InvalidFacility, InvalidHours, Point, Source
from core.services.clinic import AddClinic, BadClinic, ChangeClinic
from core.services.schedule import Brought, BroughtDoctor, BroughtHours, JoinFacility
from ops.settings import Settings

CLIENT_ID = "playground-clinic"
NAME = "Учебная городская поликлиника № 7"
HERE = ("127.0.0.0/8", "::1/128")
SECONDS = 10.0
HERE_NOW = System("playground")

log = structlog.get_logger()


async def meet_playground_clinic(settings: Settings, container: AsyncContainer) -> None:
    """Register the playground's clinic, or take its new keys: it makes them anew with every start."""
    try:
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
            keys = (await http.get(f"{settings.playground_url}/clinic/jwks.json")).raise_for_status().json()
        async with container() as scope:
            try:
                await (await scope.get(AddClinic))(NAME, CLIENT_ID, keys, HERE)
            except ClinicExists:
                await (await scope.get(ChangeClinic))(CLIENT_ID, keys=keys)
    except (httpx.HTTPError, ValueError, BadClinic) as fault:
        # Everything else works without it.
        log.warning("clinic.not_met", fault=type(fault).__name__)


async def meet_playground_facilities(settings: Settings, container: AsyncContainer) -> None:
    """Let the playground's clinics and their doctors in; what is known of them already stays as the desk keeps it."""
    try:
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
            told = (await http.get(f"{settings.playground_url}/clinics")).raise_for_status().json()
        for brought in map(brought_by, told):
            async with container() as scope:
                await (await scope.get(JoinFacility))(HERE_NOW, brought)
    except (httpx.HTTPError, ValueError, TypeError, KeyError, InvalidFacility, InvalidHours) as fault:
        # Everything else works without them.
        log.warning("facilities.not_met", fault=type(fault).__name__)


def brought_by(told: Mapping[str, Any]) -> Brought:
    """Return a facility as one of the list says it is. Raises KeyError, TypeError, ValueError."""
    return Brought(
        code=told["code"],
        name=told["name"],
        address=told["address"],
        region=told["region"],
        zone=told["zone"],
        point=Point(told["latitude"], told["longitude"]),
        phone=told["phone"],
        source=Source(told["source"]),
        url=told["url"],
        doctors=[
            BroughtDoctor(
                each["id"], each["name"], each["speciality"], each["room"], each["note"], _hours(each["hours"])
            )
            for each in told["doctors"]
        ],
    )


def _hours(told: Sequence[Mapping[str, Any]]) -> list[BroughtHours]:
    return [
        BroughtHours(
            each["weekday"], time.fromisoformat(each["start"]), time.fromisoformat(each["end"]), each["minutes"]
        )
        for each in told
    ]
