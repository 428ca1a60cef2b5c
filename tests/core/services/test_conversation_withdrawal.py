"""What an operator still learns when consent is withdrawn at that very moment, and how much of it at once."""

import asyncio

import asyncpg
import pytest

from core.domain.consent import NoConsent
from core.domain.conversation import LineKind, TooManyRevealed
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.conversation import RevealIdentifier, ShareRecord
from tests.core.services.talking import an_operator, call, take, view
from tests.core.services.town import Town

ON_POSTGRESQL = pytest.mark.parametrize(
    "town", [pytest.param("postgresql", marks=pytest.mark.needs_postgresql)], indirect=True
)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def waiting(watching: asyncpg.Connection, many: int, *unless: asyncio.Future[object]) -> None:
    """Wait until so many wait for a lock, or those are done."""
    async with asyncio.timeout(60):
        while await watching.fetchval(WAITING) < many and not (unless and all(each.done() for each in unless)):
            pass


@ON_POSTGRESQL
async def test_what_is_shown_while_consent_is_withdrawn_is_refused_or_forgotten(town: Town) -> None:
    anna, zoya = await town.sign_in(), await an_operator(town)
    await town.call(GiveConsent, anna, "ru")
    held = await take(town, zoya, await call(town, anna))
    holding, watching = await asyncpg.connect(town.url), await asyncpg.connect(town.url)
    try:
        async with holding.transaction():
            await holding.execute("SELECT id FROM conversations FOR UPDATE")
            # Consent was looked at, and the line is about to be written.
            share = asyncio.ensure_future(town.call(ShareRecord, anna, "Гемоглобин 140"))
            await waiting(watching, 1)
            withdraw = asyncio.ensure_future(town.call(WithdrawConsent, anna))
            await waiting(watching, 2, withdraw)
        shared, withdrawn = await asyncio.gather(share, withdraw, return_exceptions=True)
    finally:
        await holding.close()
        await watching.close()
    assert not isinstance(withdrawn, BaseException)
    assert isinstance(shared, NoConsent) or not isinstance(shared, BaseException)
    # Given again, consent brings nothing back of before.
    town.clock.turn(seconds=1)
    await town.call(GiveConsent, anna, "ru")
    assert not (await view(town, zoya, held.id)).person.withdrawn
    lines = (await view(town, zoya, held.id)).lines
    assert {line.text for line in lines if line.kind is LineKind.SHARED} <= {""}


async def test_consent_given_again_brings_nothing_back_that_was_shown_before(town: Town) -> None:
    anna, zoya = await town.sign_in(), await an_operator(town)
    await town.call(GiveConsent, anna, "ru")
    held = await take(town, zoya, await call(town, anna))
    await town.call(ShareRecord, anna, "Гемоглобин 140")
    await town.call(WithdrawConsent, anna)
    town.clock.turn(seconds=1)
    await town.call(GiveConsent, anna, "ru")
    assert not (await view(town, zoya, held.id)).person.withdrawn
    lines = (await view(town, zoya, held.id)).lines
    assert [line.text for line in lines if line.kind is LineKind.SHARED] == [""]


async def test_forty_identifiers_asked_for_at_once_are_no_more_than_an_hours_share(town: Town) -> None:
    anna, zoya = await town.sign_in(), await an_operator(town)
    held = await take(town, zoya, await call(town, anna))
    asked = [town.call(RevealIdentifier, zoya, held.id, "snils", "сверить номер") for _ in range(40)]
    came = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(each) for each in came if isinstance(each, BaseException)} == {TooManyRevealed}
    assert sum(not isinstance(each, BaseException) for each in came) == 20
