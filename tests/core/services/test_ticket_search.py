"""Words of requests are found while they are sealed, by hashes that prove nothing: at once, and once they are indexed."""

import pytest
from sqlalchemy import func, select

from core import ports
from core.domain.actor import Citizen, Role, Staff
from core.domain.ids import TicketId
from core.domain.past import Past, Pasts
from core.services.ticket import (
    AddRemark,
    AnswerTicket,
    AssignTicket,
    CloseTicket,
    IndexTickets,
    NoteInTicket,
    RateTicket,
    SearchTickets,
    TagTicket,
)
from core.storage.conversation.words import indexed
from core.storage.ticket import SqlTickets, TicketRow, TicketWordRow
from core.storage.ticket.searching import FIELD
from core.storage.transaction import SqlTransaction
from tests.core.services.asking import a_member, a_ticket
from tests.core.services.test_conversation_search import namesake
from tests.core.services.test_ticket_desk import a_team, both
from tests.core.services.town import Town


async def found(town: Town, staff: Staff, words: str) -> list[TicketId]:
    """All that a search brings, page by page of one."""
    ids: list[TicketId] = []
    after = None
    while True:
        lines, after = await town.call(SearchTickets, staff, words, after, 1)
        ids += [each.ticket.id for each in lines]
        if after is None:
            return ids


async def index(town: Town) -> None:
    while await town.call(IndexTickets):
        pass


async def kept(town: Town) -> list[bytes]:
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            return list(await transaction.session.scalars(select(TicketWordRow.word)))


async def opened(town: Town, monkeypatch: pytest.MonkeyPatch, staff: Staff, words: str) -> int:
    """How many requests are opened for a search."""
    count, before = 0, SqlTickets._opened

    async def counted(self: SqlTickets, row: TicketRow) -> object:
        nonlocal count
        count += 1
        return await before(self, row)

    with monkeypatch.context() as patched:
        patched.setattr(SqlTickets, "_opened", counted)
        await town.call(SearchTickets, staff, words)
    return count


async def spoken(town: Town) -> tuple[Citizen, Staff, TicketId, TicketId]:
    """Two requests, in which something was said on all sides."""
    (citizen, boris), vera = await both(town), await a_member(town)
    first = await a_ticket(town, citizen, "Не открывается выписка за июнь")
    town.clock.turn(seconds=1)
    second = await a_ticket(town, boris, "Ничего такого нет здесь")
    await town.call(AddRemark, citizen, first.id, "Вторую выписку тоже не видно")
    await town.call(AnswerTicket, vera, second.id, "Проверили вашу ёлку", "k")
    await town.call(NoteInTicket, vera, second.id, "Похоже на сбой шлюза")
    await town.call(TagTicket, vera, second.id, ["срочно"])
    await town.call(RateTicket, boris, second.id, 5, "Благодарю за терпение")
    return citizen, vera, first.id, second.id


async def test_words_in_whatever_form_are_found_before_and_after_they_are_indexed(town: Town) -> None:
    _, vera, first, second = await spoken(town)
    for _ in range(2):
        assert await found(town, vera, "выписки") == [first]
        assert await found(town, vera, "вторая выписка июнь") == [first]
        assert await found(town, vera, "елка шлюз") == [second]
        assert await found(town, vera, "срочно") == [second]
        assert await found(town, vera, "терпением") == [second]
        assert await found(town, vera, "нет") == [second]
        assert await found(town, vera, "26-000002") == await found(town, vera, "000002") == [second]
        assert await found(town, vera, "№ 26 – 1") == [first]
        assert await found(town, vera, "26") == [second, first]
        for nothing in ("выписка ёлка", "answered", "26-000077", "", "  "):
            assert await found(town, vera, nothing) == []
        await index(town)


async def test_only_what_may_have_the_words_is_opened(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    _, vera, _, _ = await spoken(town)
    assert await opened(town, monkeypatch, vera, "шлюз") == 2, "nothing is indexed yet"
    await index(town)
    assert await opened(town, monkeypatch, vera, "шлюз") == 1
    assert await opened(town, monkeypatch, vera, "абракадабра") == 0
    assert await opened(town, monkeypatch, vera, "26-000001") == 1


async def test_what_changes_is_found_at_once_and_indexed_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    citizen, vera, first, _ = await spoken(town)
    await index(town)
    before = len(await kept(town))
    await town.call(AddRemark, citizen, first, "Теперь ещё и прививки")
    assert await found(town, vera, "прививка") == [first]
    await index(town)
    assert await found(town, vera, "прививка") == [first]
    assert len(await kept(town)) > before
    await town.call(TagTicket, vera, first, ["редкость"])
    await index(town)
    await town.call(TagTicket, vera, first, [])
    await index(town)
    assert await found(town, vera, "редкость") == []
    assert await opened(town, monkeypatch, vera, "редкость") == 0, "what is gone is not kept"


async def test_a_word_that_shares_its_hash_with_another_is_not_found_for_it(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    async with town.container() as scope:
        indexes = await scope.get(ports.BlindIndexes)
    other = await namesake(town, "аллергия", FIELD)
    assert indexed(indexes, "аллергия", FIELD) == indexed(indexes, other, FIELD)
    mine = await a_ticket(town, citizen, "У меня аллергия на всё")
    await a_ticket(town, citizen, f"Слово {other} здесь")
    await index(town)
    assert await found(town, vera, "аллергию") == [mine.id]


async def test_two_bytes_a_word_and_none_of_numbers_are_kept_and_go_with_the_request(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen, "Полис 4211500000000013, полис")
    await index(town)
    assert [len(each) for each in await kept(town)] == [2]
    assert await found(town, vera, "полис 4211500000000013") == [sent.id]
    assert await found(town, vera, "4211500000000013") == []
    await town.call(CloseTicket, citizen, sent.id)
    await index(town)
    town.clock.turn(days=1)
    async with town.container() as scope, await scope.get(ports.Transaction):
        await (await scope.get(Pasts)).forget(Past.TICKETS, town.clock.now(), 10)
    assert await kept(town) == []


async def test_another_group_s_request_is_not_found_by_its_words(town: Town) -> None:
    citizen, vera, oleg = await town.sign_in(), await a_member(town), await a_member(town, "oleg")
    senior = await a_member(town, "senior", Role.SENIOR)
    sent = await a_ticket(town, citizen, "Жалоба на врача в поликлинике")
    await town.call(AssignTicket, senior, sent.id, None, await a_team(town, vera))
    for _ in range(2):
        assert await found(town, oleg, "жалоба") == []
        assert await found(town, vera, "жалобы") == [sent.id]
        await index(town)


async def test_one_that_does_not_open_stops_no_indexing(town: Town) -> None:
    _, vera, first, second = await spoken(town)
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction:
            row = await transaction.session.get(TicketRow, first)
            assert row is not None
            row.content = b"spoilt" + row.content[6:]
    await index(town)
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            left = await transaction.session.scalar(select(func.count()).where(~TicketRow.searchable))
    assert left == 0
    assert await found(town, vera, "шлюз") == [second]
