"""A byte that was changed in the database costs what it stands in, and nothing beside it."""

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from core import ports
from core.domain.actor import Staff
from core.domain.conversation import Delivery, Side
from core.domain.hook import HookEvent
from core.domain.support import UNREADABLE
from core.services.conversation import EditSaid, SearchConversations, ViewQueue
from core.services.hook import AddHook, ListHooks, TellPrograms
from core.services.sla import RenewPromises, WarnOverdue
from core.services.ticket import SearchTickets, ViewTicketAtDesk, ViewTickets
from core.storage.base import Base
from core.storage.conversation.rows import LineRow
from core.storage.hook import HookRow
from core.storage.ticket.rows import RemarkRow, TicketRow
from core.storage.transaction import SqlTransaction
from tests.core.services.asking import a_member, a_ticket
from tests.core.services.talking import a_visitor, an_operator, answer, call, relay, says, take, view
from tests.core.services.test_hook import happens, head
from tests.core.services.town import Town

__all__ = ["head"]


async def spoil(town: Town, column: InstrumentedAttribute[bytes], table: type[Base], row: object) -> None:
    """Change one byte of a sealed value."""
    identity = table.__table__.c.id == row
    async with town.container() as scope, await scope.get(ports.Transaction):
        session = (await scope.get(SqlTransaction)).session
        sealed = bytearray((await session.scalars(select(column).where(identity))).one())
        sealed[-1] ^= 1
        await session.execute(update(table).where(identity).values({column.key: bytes(sealed)}))


async def test_a_line_that_does_not_open_stops_no_other_and_is_seen(town: Town) -> None:
    zoya = await an_operator(town)
    first = await take(town, zoya, await call(town, await a_visitor(town, 7)))
    second = await take(town, zoya, await call(town, await a_visitor(town, 8)))
    await relay(town)
    bad = await answer(town, zoya, first, "плохая строка")
    await answer(town, zoya, second, "хорошая строка")
    await spoil(town, LineRow.text, LineRow, bad.id)
    await relay(town)
    pushed = [push.text for _, push in town.outside.pushes]
    assert any("хорошая" in text for text in pushed)
    assert not any("плохая" in text or UNREADABLE in text for text in pushed)
    queue = await town.call(ViewQueue, zoya)
    assert {entry.last.text for entry in queue.entries} == {UNREADABLE, "хорошая строка"}  # type: ignore[attr-defined]
    (shown,) = [line for line in (await view(town, zoya, first.id)).lines if line.side is Side.OPERATOR]
    assert (shown.text, shown.delivery) == (UNREADABLE, Delivery.FAILED)
    assert shown.reason == "its sealed values do not open"


async def test_what_a_citizen_said_is_not_written_over_when_it_does_not_open(town: Town) -> None:
    visitor, zoya = await a_visitor(town), await an_operator(town)
    asked = await call(town, visitor)
    bad = await says(town, visitor, "ключ потерян", 5)
    await says(town, visitor, "ключ найден", 6)
    await spoil(town, LineRow.text, LineRow, bad.id)
    await town.call(EditSaid, visitor, 5, "другое")
    texts = [line.text for line in (await view(town, zoya, asked)).lines if line.side is Side.CITIZEN]
    assert texts == [UNREADABLE, "ключ найден"]
    found = await town.call(SearchConversations, zoya, "ключ")
    assert "ключ найден" in [each.line.text for each in found.found]  # type: ignore[attr-defined]


async def test_a_request_that_does_not_open_stands_in_the_list_and_the_clocks_go_on(town: Town) -> None:
    anna, vera = await town.sign_in(), await a_member(town)
    bad, good = await a_ticket(town, anna), await a_ticket(town, anna, "Второе обращение, целое.")
    await spoil(town, TicketRow.content, TicketRow, bad.id)
    page = await town.call(ViewTickets, vera)
    told = {line.ticket.id: line.ticket.description for line in page.lines}  # type: ignore[attr-defined]
    assert told == {bad.id: UNREADABLE, good.id: "Второе обращение, целое."}
    await town.call(SearchTickets, vera, "целое")
    assert (await town.call(ViewTicketAtDesk, vera, bad.id)).ticket.description == UNREADABLE  # type: ignore[attr-defined]
    async with town.container() as scope, await scope.get(ports.Transaction):
        session = (await scope.get(SqlTransaction)).session
        remark = (await session.scalars(select(RemarkRow.id).where(RemarkRow.ticket == good.id))).first()
    if remark is not None:
        await spoil(town, RemarkRow.content, RemarkRow, remark)
    assert (await town.call(ViewTicketAtDesk, vera, good.id)).ticket.id == good.id  # type: ignore[attr-defined]
    await town.call(WarnOverdue)
    await town.call(RenewPromises)
    town.clock.turn(days=9)
    warned = await town.call(WarnOverdue)
    await town.call(RenewPromises)
    assert warned == 1, "of the one that opens"


async def test_a_program_whose_secret_does_not_open_is_given_up_and_seen(town: Town, head: Staff) -> None:
    new = await town.call(AddHook, head, "https://example.org/told", frozenset(HookEvent))
    await spoil(town, HookRow.secret, HookRow, new.hook.id)  # type: ignore[attr-defined]
    await happens(town)
    assert await town.call(TellPrograms)
    assert [each.given_up for each in await town.call(ListHooks, head)] == [1]  # type: ignore[attr-defined]
