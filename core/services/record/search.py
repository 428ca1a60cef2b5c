"""Search by name. The words live in the message that brought them: kept are the ids of what was found, nowhere the words."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.ids import RecordId
from core.domain.record import Kind, Results
from core.domain.record.names import known_names
from core.domain.record.search import likeliest, likeness
from core.ports import Transaction
from core.services.access import Gate

MOST = 10
"""So many kinds are offered."""


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The citizen names a result, and gets the newest of each kind that was probably meant, the likeliest first.

    Raises what the gate raises. The words go nowhere: not into the journal, not into the answer.
    """

    transaction: Transaction
    gate: Gate
    results: Results
    audit: AuditLog

    async def __call__(self, citizen: Citizen, words: str) -> list[RecordId]:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.RESULTS)
            kinds = await self.results.kinds(account.id)
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.RESULTS.value, look="search"
            )
        found = likeliest([likeness(words, known_names(kind.newest.coding)) for kind in kinds])
        return [kinds[place].newest.id for place in found[:MOST]]


@dataclass(frozen=True, slots=True)
class ViewFound:
    """What was found is shown: each kind by its newest, with how many there are. Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    results: Results
    audit: AuditLog

    async def __call__(self, citizen: Citizen, records: Sequence[RecordId]) -> list[Kind]:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.RESULTS)
            kinds = {kind.newest.id: kind for kind in await self.results.kinds(account.id)}
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.RESULTS.value, look="found"
            )
        # One that a newer result has overtaken meanwhile is found by searching again.
        return [kinds[record] for record in records if record in kinds]
