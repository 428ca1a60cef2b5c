"""The two servers of the contract: the playground's clinic, and one that others wrote, where Node is present."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.applications import Starlette

from playground.outside import Outside
from tests.independent import HERE, PACKAGES
from tests.playground.conftest import serve_app

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
"""Monday, 08:00 in Moscow."""
CLINIC = "770901"
COPIED_DOCTORS, COPIED_DAYS = ("d01", "d02", "d05"), ("2026-11-23", "2026-11-26")
FHIR = {"Content-Type": "application/fhir+json"}


@contextmanager
def playground_clinic() -> Iterator[str]:
    """The base of a clinic of the playground, over real HTTP; it is NOW there."""
    served, settings = serve_app(lambda settings: Starlette(routes=Outside(settings, lambda: NOW).routes()))
    yield f"{settings.public_url}/clinics/{CLINIC}/fhir"
    served.stop()


@contextmanager
def independent_server(source: str) -> Iterator[str]:
    """The base of the other server, with some of a clinic's schedules and slots copied into it."""
    started = [shutil.which("node") or "node", str(HERE / "server.js"), str(PACKAGES)]
    with subprocess.Popen(started, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        base = f"http://127.0.0.1:{int(program.stdout.readline())}/fhir"
        with httpx.Client(timeout=60, trust_env=False) as http:
            for resource in _copied(http, source):
                place = f"{base}/{resource['resourceType']}/{resource['id']}"
                answer = http.put(place, content=json.dumps(resource), headers=FHIR)
                assert answer.status_code in {200, 201}, answer.text
        yield base
        program.kill()


def _copied(http: httpx.Client, source: str) -> Iterator[dict[str, Any]]:
    for id_ in COPIED_DOCTORS:
        yield http.get(f"{source}/Schedule/{id_}").json()
        first, last = COPIED_DAYS
        period = {"schedule": f"Schedule/{id_}", "_count": "500"}
        found = http.get(f"{source}/Slot", params=[*period.items(), ("start", f"ge{first}"), ("start", f"le{last}")])
        yield from (entry["resource"] for entry in found.json()["entry"])
