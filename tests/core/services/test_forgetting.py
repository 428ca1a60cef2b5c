"""What nobody needs any more goes by itself: used links with the names on them, and what was told long ago."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core.domain.ids import ChatId
from core.services.signin import BeginSignIn
from core.storage.notification import NotificationRow
from core.storage.signin import SignInRow
from core.storage.transaction import SqlTransaction
from ops import worker as worker_module
from ops.worker import Worker
from tests.core.services.outside import ANNA
from tests.core.services.town import Town


async def kept(town: Town) -> tuple[int, int]:
    """Return how many links and how many notifications are stored."""
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            counts = [
                await transaction.session.scalar(select(func.count()).select_from(row))
                for row in (SignInRow, NotificationRow)
            ]
    return counts[0] or 0, counts[1] or 0


async def test_links_go_after_two_days_and_what_was_told_after_thirty(town: Town) -> None:
    await town.sign_in()
    await town.call(BeginSignIn, ChatId(2), "Анна")
    await town.deliver()
    worker = Worker(town.container)
    await worker.forget()
    assert await kept(town) == (2, 1)
    town.clock.turn(hours=49)
    await worker.forget()
    assert await kept(town) == (0, 1)
    town.clock.turn(days=29)
    await worker.forget()
    assert await kept(town) == (0, 0)


async def test_a_month_of_what_was_told_goes_in_small_steps(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "FORGOTTEN_AT_ONCE", 2)
    for number in range(1, 6):
        await town.sign_in(number, replace(ANNA, subject=f"person {number}"))
    await town.deliver()
    assert (await kept(town))[1] == 5
    town.clock.turn(days=31)
    await Worker(town.container).forget()
    assert (await kept(town))[1] == 0
