"""What of the support is past its time goes for good, with its files; what is not stays."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.domain.actor import Role
from core.domain.conversation import ConversationNotThere
from core.domain.past import KEPT, Past
from core.domain.support import SupportTopic
from core.domain.ticket import Ticket, TicketNotThere
from core.security.keyring import KeyRing
from core.services.conversation import EditSaid, EndConversation, KeepDraft, ViewConversation
from core.services.sla import RenewPromises, WarnOverdue
from core.services.ticket import (
    AttachToTicket,
    BeginTicket,
    CloseTicket,
    LinkTickets,
    ListTickets,
    MergeTickets,
    ViewTicket,
    ViewTicketDraft,
)
from core.storage.base import Base
from core.storage.conversation import DraftRow, LineRow, VersionRow, WordRow
from core.storage.engine import make_engine
from core.storage.sla import ClockRow, PromiseRow
from ops.past import Forgetting
from tests.core.services.asking import a_member, a_ticket
from tests.core.services.talking import an_operator, call, says, take
from tests.core.services.town import Town, settle
from tests.databases import KINDS, fresh_database


@pytest.fixture(scope="module")
def keyring(keyring_folder: Path) -> KeyRing:
    return KeyRing.open(keyring_folder)


@pytest.fixture(params=KINDS)
async def town(request: pytest.FixtureRequest, tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database(request.param, tmp_path))
        yield await settle(stack, url, tmp_path, keyring)


async def rows(town: Town, *tables: type[Base]) -> list[int]:
    engine = make_engine(town.url)
    async with engine.connect() as connection:
        counted = [await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    await engine.dispose()
    return counted


def files(town: Town) -> int:
    return sum(each.is_file() for each in (town.state / "files").rglob("*"))


async def later(town: Town, by: timedelta) -> None:
    """So much time goes by, and the worker has its round."""
    town.clock.moment += by
    await Forgetting(town.container).forget()


async def test_a_conversation_loses_what_it_is_searched_by_and_then_goes_with_its_files(town: Town) -> None:
    citizen, zoya = await town.sign_in(), await an_operator(town)
    talk = await call(town, citizen, words="Где карта?")
    await take(town, zoya, talk)
    await says(town, citizen, "Вот снимок", 1, file=("полис.pdf", "application/pdf", b"%PDF-1.4 paper"))
    await town.call(EditSaid, citizen, 1, "Вот другой снимок")
    await town.call(KeepDraft, zoya, talk, "Сейчас посм")
    await town.call(EndConversation, zoya, talk)
    await later(town, timedelta(hours=23))
    assert min(await rows(town, WordRow, DraftRow, VersionRow)) > 0
    await later(town, timedelta(hours=2))
    assert await rows(town, WordRow, DraftRow) == [0, 0]
    assert files(town) == 1
    boss = await a_member(town, "boss", Role.SENIOR)
    open_still = await call(town, citizen)
    await later(town, KEPT[Past.TALKS] - timedelta(days=2))
    await town.call(ViewConversation, boss, talk)
    await later(town, timedelta(days=2))
    with pytest.raises(ConversationNotThere):
        await town.call(ViewConversation, boss, talk)
    await town.call(ViewConversation, boss, open_still)
    assert (files(town), await rows(town, VersionRow)) == (0, [0])
    assert (await rows(town, LineRow))[0] < 3


async def closed(town: Town) -> tuple[Ticket, Ticket]:
    """A closed request that another went into, linked with one that is open, which is returned too."""
    citizen, vera = await town.sign_in(), await a_member(town)
    one, other = await a_ticket(town, citizen, files=1), await a_ticket(town, citizen, files=1)
    stays = await a_ticket(town, citizen, files=1)
    await town.call(LinkTickets, vera, one.id, stays.id)
    await town.call(MergeTickets, vera, other.id, one.id)
    await town.call(CloseTicket, citizen, one.id)
    return one, stays


async def test_a_closed_request_goes_with_all_that_went_into_it(town: Town) -> None:
    one, stays = await closed(town)
    citizen = await town.sign_in()
    await later(town, KEPT[Past.TICKETS] - timedelta(days=1))
    assert (await town.call(ListTickets, citizen)).paging.total == 3  # type: ignore[attr-defined]
    assert files(town) == 3
    await later(town, timedelta(days=2))
    with pytest.raises(TicketNotThere):
        await town.call(ViewTicket, citizen, one.id)
    assert [each.id for each in (await town.call(ListTickets, citizen)).tickets] == [stays.id]  # type: ignore[attr-defined]
    assert files(town) == 1


async def test_what_was_begun_and_never_sent_goes(town: Town) -> None:
    citizen = await town.sign_in()
    await town.call(BeginTicket, citizen, SupportTopic.OTHER)
    await town.call(AttachToTicket, citizen, "one.png", b"picture")
    await later(town, timedelta(days=29))
    assert await town.call(ViewTicketDraft, citizen) is not None
    await later(town, timedelta(days=2))
    assert await town.call(ViewTicketDraft, citizen) is None
    assert files(town) == 0


async def test_clocks_and_promises_of_what_is_over_go_after_a_year(town: Town) -> None:
    citizen = await town.sign_in()
    sent = await a_ticket(town, citizen)
    await town.call(WarnOverdue)
    await town.call(RenewPromises)
    await town.call(CloseTicket, citizen, sent.id)
    await town.call(WarnOverdue)
    await town.call(RenewPromises)
    assert await rows(town, ClockRow, PromiseRow) == [1, 1]
    await later(town, timedelta(days=364))
    assert await rows(town, ClockRow, PromiseRow) == [1, 1]
    await later(town, timedelta(days=2))
    assert await rows(town, ClockRow, PromiseRow) == [0, 0]
