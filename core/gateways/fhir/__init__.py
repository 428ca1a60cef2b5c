"""FHIR R4 as clinics send it: read strictly, made into records by plain functions from dictionaries to values."""

import asyncio
from collections.abc import AsyncIterable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from core.domain.resource import Content, Delivery, Key, Malformed
from core.gateways.fhir import referrals, results, visits
from core.gateways.fhir.names import Names, named_by
from core.gateways.fhir.patients import says_whose
from core.gateways.fhir.reading import BundleReader, refuse_unknown, single
from core.gateways.fhir.values import each, target
from core.ports.deliveries import Picture, Records

Found = TypeVar("Found")
AT_ONCE = 2
"""Pieces of bodies that are read side by side in one process. Whoever sends slowly holds up nobody."""
AT_A_TIME = 2 * 1024 * 1024
"""A body of less is read in one go: opened as a whole it takes no more memory than a large one takes as it comes."""
PIECE = 512 * 1024
"""How much of a larger one is gathered before it is read: a thread has something to do, and no more is held as it came."""


class FhirDeliveries:
    """`core.ports.Deliveries`. What takes long runs in threads, so that the process goes on answering others."""

    def __init__(self) -> None:
        self._reading = asyncio.Semaphore(AT_ONCE)

    async def read(self, body: AsyncIterable[bytes], type_: str | None = None, id_: str | None = None) -> Delivery:
        """Read a transaction Bundle, a large one entry by entry as it comes, or a single resource of that type (and id).

        Raises Malformed, UnknownType, and whatever `body` raises. What is refused half-way is heard to its end, unheld,
        so that its sender has ears for the answer.
        """
        if type_ is not None:
            refuse_unknown(type_)
        reader, gathered, enough, refused = BundleReader(), bytearray(), AT_A_TIME, None
        async for some in body:
            if refused is not None:
                continue
            gathered += some
            if type_ is None and len(gathered) >= enough:
                try:
                    await self._at_a_time(partial(reader.feed, bytes(gathered)))
                except Malformed as fault:
                    refused = fault
                gathered.clear()
                # An entry that has not ended is looked at anew with each piece: the next one is as large as what waits.
                enough = max(PIECE, reader.waiting)
        if refused is not None:
            raise refused
        rest = bytes(gathered)
        del gathered
        if type_ is not None:
            return await self._at_a_time(partial(single, rest, type_, id_))
        return await self._at_a_time(partial(reader.closed, rest))

    async def _at_a_time(self, step: Callable[[], Found]) -> Found:
        async with self._reading:
            return await asyncio.to_thread(step)

    def says_whose(self, content: Content) -> bool:
        """Whether a resource says itself whose record it is part of."""
        return says_whose(content)

    def whole_of(self, content: Content) -> Key | None:
        """Return the encounter that a resource adds something to, if it does."""
        return visits.whole_of(content)

    def members_of(self, content: Content) -> Sequence[Key]:
        """Return the observations that a report (or an observation that only groups others) holds, in its order."""
        return results.members(content) if content.get("resourceType") in {"DiagnosticReport", "Observation"} else ()

    def missing(self, known: Mapping[Key, Content], wanted: Collection[Key]) -> frozenset[Key]:
        """Return what else has to be known: who did it and where, the encounter, the drug, and what those name in turn."""
        found: set[Key] = set()
        seen: set[Key] = set()
        ahead = [key for key in wanted if key in known]
        while ahead:
            content = known[ahead.pop()]
            named = (content.get(name) for name in ("encounter", "medicationReference", "requester"))
            for reference in (*named_by(content), *named):
                key = target(reference)
                if key is None or key in seen or key.type == "Patient":
                    continue
                seen.add(key)
                if key in known:
                    ahead.append(key)
                else:
                    found.add(key)
            if content.get("resourceType") == "Encounter":
                ends = {target(one.get("condition")) for one in each(content.get("diagnosis"))}
                found |= {key for key in ends if key is not None and key not in known}
        return frozenset(found)

    async def records(self, picture: Picture, wanted: Collection[Key], now: datetime) -> Records:
        """Make the records of the wanted resources. Raises Malformed for impossible moments."""
        return await asyncio.to_thread(_records, picture, wanted, now)


def _records(picture: Picture, wanted: Collection[Key], now: datetime) -> Records:
    def of(*types: str) -> list[Key]:
        return [key for key in wanted if key.type in types]

    groups = {
        key for key in of("DiagnosticReport", "Observation") if key.type != "Observation" or _groups(picture, key)
    }
    names = Names(picture.known)
    panels = (results.panel(key, picture, names, now) for key in of("DiagnosticReport", "Observation") if key in groups)
    alone = (results.result(key, picture, names, now) for key in of("Observation") if key not in groups)
    seen = (visits.visit(key, picture, names, now) for key in of("Encounter"))
    given = (visits.vaccination(key, picture, names, now) for key in of("Immunization"))
    sent_on = (referrals.referral(key, picture, names, now) for key in of("ServiceRequest"))
    return Records(
        results=[one for one in alone if one],
        panels=[one for one in panels if one],
        visits=[one for one in seen if one],
        vaccinations=[one for one in given if one],
        referrals=[one for one in sent_on if one],
    )


def _groups(picture: Picture, key: Key) -> bool:
    return bool(results.members(picture.known[key]))
