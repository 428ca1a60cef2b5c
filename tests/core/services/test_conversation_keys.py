"""What a call says stays what it said: a key is for one call, a note has its length, a place in the queue is counted."""

import pytest

from core.domain.conversation import LineTooLong
from core.domain.idempotency import KeyTaken
from core.services.conversation import (
    EditLine,
    SayToCitizen,
    TransferConversation,
    ViewQueuePlace,
    WatchPlaces,
    WriteNote,
)
from tests.core.services.talking import a_visitor, an_operator, answer, call, take, view
from tests.core.services.town import Town


async def test_a_key_is_for_one_call_whatever_became_of_its_line(town: Town) -> None:
    visitor = await a_visitor(town)
    zoya, vera = await an_operator(town), await an_operator(town, "vera", "Вера Котова")
    held = await take(town, zoya, await call(town, visitor))
    line = await answer(town, zoya, held, "Да", key="k")
    with pytest.raises(KeyTaken):
        await answer(town, zoya, held, "Нет", key="k")
    with pytest.raises(KeyTaken):
        await answer(town, zoya, held, "Да", key="k", file=("a.pdf", b"paper"))
    with pytest.raises(KeyTaken):
        await town.call(WriteNote, zoya, held.id, "Да", key="k")
    note = await town.call(WriteNote, zoya, held.id, "Смотрю", key="n")
    assert await town.call(WriteNote, zoya, held.id, "Смотрю", key="n") == note
    with pytest.raises(KeyTaken):
        await town.call(WriteNote, vera, held.id, "Смотрю", key="n")
    await town.call(EditLine, zoya, held.id, line.number, "Да, завтра", held.epoch)
    again = await town.call(SayToCitizen, zoya, held.id, text="Да", epoch=held.epoch, seen=9, key="k")
    assert again.number == line.number  # type: ignore[attr-defined]


async def test_the_note_of_a_transfer_has_the_length_of_a_note(town: Town) -> None:
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, await a_visitor(town)))
    with pytest.raises(LineTooLong):
        await town.call(TransferConversation, zoya, held.id, note="я" * 5000)
    assert (await view(town, zoya, held.id)).mine


async def test_each_is_told_its_own_place_and_who_talks_has_none(town: Town) -> None:
    visitors = [await a_visitor(town, chat) for chat in (7, 8, 9)]
    zoya = await an_operator(town)
    asked = [await call(town, visitor) for visitor in visitors]
    await take(town, zoya, asked[0])
    await call(town, visitors[2], urgent=True)
    places = [(await town.call(ViewQueuePlace, visitor)).place for visitor in visitors]  # type: ignore[attr-defined]
    assert places == [0, 2, 1]
    seen = await town.call(WatchPlaces, [visitor.chat for visitor in visitors])
    assert [seen[visitor.chat].place for visitor in visitors] == [0, 2, 1]  # type: ignore[index]
