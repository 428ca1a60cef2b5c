"""The index of words is made so that it proves nothing; what it points to is opened and looked at."""

from itertools import product

from sqlalchemy import select

from core import ports
from core.services.conversation import QueueFilter, SearchConversations, ViewQueue
from core.storage.conversation.rows import WordRow
from core.storage.conversation.words import FIELD, indexed, stems
from core.storage.transaction import SqlTransaction
from tests.core.services.talking import a_visitor, an_operator, call, says
from tests.core.services.town import Town

LETTERS = "бвгджзклмнпрст"


async def namesake(town: Town, word: str, field: str = FIELD) -> str:
    """Return another word that has the same hash."""
    async with town.container() as scope:
        indexes = await scope.get(ports.BlindIndexes)
    wanted = indexed(indexes, word, field)
    return next(
        other
        for other in map("".join, product(LETTERS, repeat=6))
        if indexed(indexes, other, field) == wanted != [other]
    )


async def test_a_word_that_shares_its_hash_with_another_is_not_found_for_it(town: Town) -> None:
    zoya, first, second = await an_operator(town), await a_visitor(town, 7), await a_visitor(town, 8)
    other = await namesake(town, "аллергия")
    asked = await call(town, first)
    await call(town, second)
    await says(town, first, "У меня аллергия", 1)
    for number in range(3):
        await says(town, second, f"Слово {other}", 10 + number)
    page = await town.call(SearchConversations, zoya, "аллергию", limit=1)
    assert [each.line.text for each in page.found] == ["У меня аллергия"]  # type: ignore[attr-defined]
    assert page.after is None  # type: ignore[attr-defined]
    queue = await town.call(ViewQueue, zoya, narrowed=QueueFilter(text="аллергия"))
    assert [each.conversation.id for each in queue.entries] == [asked]  # type: ignore[attr-defined]


async def test_numbers_are_not_indexed_and_narrow_what_is_found_by_words(town: Town) -> None:
    zoya, citizen = await an_operator(town), await a_visitor(town)
    await call(town, citizen)
    await says(town, citizen, "Полис 4211500000000013, полис", 1)
    await says(town, citizen, "Полис 4211500000000014", 2)
    async with town.container() as scope, await scope.get(ports.Transaction):
        kept = (await (await scope.get(SqlTransaction)).session.scalars(select(WordRow.word))).all()
    assert [len(word) for word in kept] == [2, 2]
    assert stems("Полис 4211500000000013") == {"полис", "4211500000000013"}
    found = await town.call(SearchConversations, zoya, "полис 4211500000000014")
    assert [each.line.text for each in found.found] == ["Полис 4211500000000014"]  # type: ignore[attr-defined]
    assert not (await town.call(SearchConversations, zoya, "4211500000000014")).found  # type: ignore[attr-defined]
