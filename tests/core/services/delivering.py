"""A clinic that delivers to somebody with a card, and what is kept of it."""

from typing import Any

from core.domain.actor import Citizen, Clinic
from core.domain.audit import Operation
from core.domain.card import Card, Cards
from core.domain.ids import CardId, new_id
from core.domain.record import Panel, Period, Result, Results, Vaccinations, Visits
from core.domain.resource import Outcome
from core.ports import Transaction
from core.services.clinic import AddClinic
from core.services.consent import GiveConsent
from core.services.resource import TakeIn, Taken
from core.storage.audit import SqlAuditTrail
from core.storage.transaction import SqlTransaction
from tests.core.services.town import Town
from tests.fhir import POLICY, SNILS, as_stream, bundle

KEYS = {
    "keys": [
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }
    ]
}
"""The public key of RFC 7515, A.3."""
OTHER_SNILS, OTHER_POLICY = "200-000-001 19", "7755320847001231"


async def a_reader(town: Town) -> Citizen:
    """Анна, with a card and a standing consent, who has read what was said so far."""
    citizen = await town.sign_in()
    await town.call(GiveConsent, citizen, "ru")
    async with town.container() as scope:
        cards, now = await scope.get(Cards), town.clock.now()
        async with await scope.get(Transaction):
            card = Card(CardId(new_id(now)), citizen.account, "400000000006", created_at=now)
            await cards.create(
                card, snils=SNILS.replace("-", "").replace(" ", ""), passport="4512345678", policy=POLICY
            )
    await town.deliver()
    town.outside.pushes.clear()
    town.outside.letters.clear()
    return citizen


async def neighbour(town: Town, *, consents: bool = True) -> Citizen:
    """Борис, who has a card of his own."""
    citizen = await town.sign_in(2, subject="boris", snils=OTHER_SNILS)
    if consents:
        await town.call(GiveConsent, citizen, "ru")
    async with town.container() as scope:
        cards, now = await scope.get(Cards), town.clock.now()
        async with await scope.get(Transaction):
            card = Card(CardId(new_id(now)), citizen.account, "400000000014", created_at=now)
            await cards.create(
                card, snils=OTHER_SNILS.replace("-", "").replace(" ", ""), passport="4510999999", policy=OTHER_POLICY
            )
    return citizen


async def a_sender(town: Town) -> Clinic:
    """A clinic that is let in."""
    added = await town.call(AddClinic, "Поликлиника № 1", "polyclinic", KEYS, ["203.0.113.0/24"])
    return added.actor  # type: ignore[attr-defined, no-any-return]


async def sends(town: Town, clinic: Clinic, *resources: dict[str, Any]) -> list[Outcome]:
    """The clinic sends a bundle; returns what became of each resource."""
    taken = await town.call(TakeIn, clinic, as_stream(bundle(*resources)))
    assert isinstance(taken, Taken)
    return [one.outcome for one in taken.each]


async def shown(town: Town, citizen: Citizen) -> list[Result | Panel]:
    async with town.container() as scope:
        results = await scope.get(Results)
        async with (await scope.get(Transaction)).looking():
            return list(await results.page(citizen.account, None, Period(), 50))


async def within(town: Town, citizen: Citizen, panel: Panel) -> list[Result]:
    async with town.container() as scope:
        results = await scope.get(Results)
        async with (await scope.get(Transaction)).looking():
            return list((await results.of_panels(citizen.account, [panel.id]))[panel.id])


async def seen(town: Town, citizen: Citizen) -> tuple[list[Any], list[Any]]:
    """The visits and the vaccinations."""
    async with town.container() as scope:
        visits, doses = await scope.get(Visits), await scope.get(Vaccinations)
        async with (await scope.get(Transaction)).looking():
            return list(await visits.of(citizen.account, Period())), list(await doses.of(citizen.account, Period()))


async def lines(town: Town, operation: Operation) -> list[Any]:
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            return [
                each.entry async for each in SqlAuditTrail(transaction).lines() if each.entry.operation == operation
            ]
