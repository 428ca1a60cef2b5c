"""One person does not fill the disk: lines, edits and files of a conversation have an end."""

import pytest

from core.domain.actor import Visitor
from core.domain.conversation import TooManyBytes, TooMuchSaid
from core.services.conversation import EditSaid, LeaveConversation, saying
from tests.core.services.talking import a_visitor, an_operator, answer, call, says, take
from tests.core.services.town import Town

PAPER = ("полис.pdf", "application/pdf", b"%PDF-1.4 paper")


async def talks_on(town: Town, visitor: Visitor) -> None:
    for message in range(9):
        await says(town, visitor, f"Вот {message}", message)


async def test_a_conversation_takes_so_much_and_its_operator_can_still_answer(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saying, "MOST_LINES", 5)
    visitor, zoya = await a_visitor(town), await an_operator(town)
    held = await take(town, zoya, await call(town, visitor))
    with pytest.raises(TooMuchSaid):
        await talks_on(town, visitor)
    line = await answer(town, zoya, held, "Позовите меня снова")
    assert line.number == 6
    await town.call(LeaveConversation, visitor)
    await call(town, visitor)
    await says(town, visitor, "Снова я", 20)


async def test_files_have_an_end_in_a_conversation_and_in_a_day_whoever_starts_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await a_visitor(town)
    await call(town, visitor)
    monkeypatch.setattr(saying, "MOST_BYTES", 2 * len(PAPER[2]))
    await says(town, visitor, "", 1, file=PAPER)
    await says(town, visitor, "", 2, file=PAPER)
    with pytest.raises(TooManyBytes):
        await says(town, visitor, "", 3, file=PAPER)
    assert (await says(town, visitor, "Не прошло", 4)).text == "Не прошло"
    monkeypatch.setattr(saying, "MOST_BYTES_A_DAY", 2 * len(PAPER[2]))
    await town.call(LeaveConversation, visitor)
    await call(town, visitor)
    with pytest.raises(TooManyBytes):
        await says(town, visitor, "", 5, file=PAPER)
    town.clock.turn(days=1, seconds=1)
    await says(town, visitor, "", 6, file=PAPER)


async def test_a_line_is_changed_so_often(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saying, "MOST_EDITS", 3)
    visitor = await a_visitor(town)
    await call(town, visitor)
    await says(town, visitor, "Ой", 1)
    for number in range(3):
        await town.call(EditSaid, visitor, 1, f"Ой {number}")
    with pytest.raises(TooMuchSaid):
        await town.call(EditSaid, visitor, 1, "Ой-ой")
