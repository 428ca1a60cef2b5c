"""Records out of what a clinic delivers."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.domain.ids import AccountId, ClinicId, RecordId
from core.domain.resource import Key
from core.gateways.fhir import FhirDeliveries
from core.gateways.fhir.parsing import exact, parsed
from core.ports import Picture, Records

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def made(*resources: dict[str, Any], wanted: tuple[str, ...] | None = None) -> Records:
    """Make the records of these resources, looked at together."""
    fhir = FhirDeliveries()
    read = [parsed(exact(each)) for each in resources]
    known = {Key(each["resourceType"], each["id"]): each for each in read}
    ids = {key: RecordId(UUID(int=number)) for number, key in enumerate(known, start=1)}
    panels = {member: ids[key] for key, content in known.items() for member in fhir.members_of(content)}
    parts: dict[Key, list[Key]] = {}
    for key, content in known.items():
        if (whole := fhir.whole_of(content)) is not None:
            parts.setdefault(whole, []).append(key)
    picture = Picture(ClinicId(UUID(int=98)), AccountId(UUID(int=99)), known, ids, panels, parts, {})
    keys = [key for key in known if wanted is None or key.type in wanted]
    return asyncio.run(fhir.records(picture, keys, NOW))
