"""Conversations at rest: what was said opens again, keys are wrapped anew, words are one word in whatever form."""

import contextlib
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.domain.account import WrongMove
from core.domain.conversation import DeskEvent, Happening, InvalidCursor, NewLine, Sight, Sought
from core.domain.ids import StaffId
from core.domain.support import UNREADABLE
from core.security.envelope import Envelope
from core.security.keyring import KeyRing
from core.storage.conversation import LineRow
from core.storage.conversation.cursors import shut
from core.storage.conversation.words import stems
from core.storage.rotation import SqlKeys
from tests.core.storage.house import House, a_member
from tests.core.storage.talking import SAID, Talk, a_conversation, a_line, talk_privately


async def test_what_was_said_opens_as_it_was_with_what_it_said_before(house: House) -> None:
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    talk, member = Talk(house, here), a_member(now)
    async with here.transaction:
        await here.staff.add(member, now)
        file = await talk_privately(house, here, citizen, member.id, now)
    async with here.transaction.looking():
        first, second = await talk.lines.of(file.conversation)
        assert (first.text, [each.text for each in first.earlier], first.point) == (
            SAID[1],
            [SAID[0]],
            (55.755811, 37.61),
        )
        assert second.file is not None
        assert (second.file.name, await talk.lines.content(second)) == (SAID[2], SAID[5].encode())
        found = await talk.conversations.of_chat(citizen.chat)
        assert found is not None
        assert await talk.drafts.of(found, member.id) == SAID[3]
        assert not await talk.conversations.open(a_conversation(citizen, now))
    async with here.transaction:
        await talk.lines.reword(first, "по-новому", now)
        with pytest.raises(WrongMove):
            await talk.lines.reword(first, "ещё раз по-старому", now)


async def test_a_line_that_was_put_in_place_of_another_does_not_open(house: House) -> None:
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    talk, member = Talk(house, here), a_member(now)
    async with here.transaction:
        await here.staff.add(member, now)
        line = await talk_privately(house, here, citizen, member.id, now)
        first = select(LineRow.text).where(LineRow.number == 1).scalar_subquery()
        await here.transaction.change(update(LineRow).where(LineRow.id == line.id).values(text=first))
    async with here.transaction.looking():
        shown = await talk.lines.of(line.conversation)
    assert [each.text for each in shown if each.unreadable] == [UNREADABLE]
    assert [each.id for each in shown if each.unreadable] == [line.id]


async def test_the_key_of_a_lines_file_is_wrapped_anew(house: House, keyring: KeyRing, tmp_path: Path) -> None:
    shutil.copytree(keyring._folder, tmp_path / "ring")
    ring = KeyRing.open(tmp_path / "ring")
    house.keyring, house.envelope = ring, Envelope(ring)
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    member = a_member(now)
    async with here.transaction:
        await here.staff.add(member, now)
        line = await talk_privately(house, here, citizen, member.id, now)
    before = ring.current.id
    ring.rotate(now)
    assert (await SqlKeys(house.engine, ring, house.envelope).rotate()).files == 1
    ring.retire(before)
    house.envelope = Envelope(ring)
    later = Talk(house, house.request())
    async with later.here.transaction.looking():
        assert await later.lines.content(line) == SAID[5].encode()


async def test_a_block_that_failed_tells_nothing_and_takes_no_number(house: House) -> None:
    citizen, here, now = await house.newcomer(), house.request(), house.clock.now()
    talk, opened = Talk(house, here), a_conversation(citizen, now)
    async with here.transaction:
        await talk.conversations.open(opened)
    with contextlib.suppress(ZeroDivisionError):
        async with here.transaction:
            await talk.lines.append(NewLine(a_line(opened, now, "а")))
            talk.events.tell(DeskEvent(0, Happening.LINE, now))
            raise ZeroDivisionError
    async with here.transaction:
        assert (await talk.lines.append(NewLine(a_line(opened, now, "б")))).number == 1
        assert await talk.events.last() == 0


ROW, DAY, EARLY = "01a206fd-6700-78ae-80fe-fb09b10985e3", "2026-11-23T06:00:00+00:00", "0001-01-01T00:00:00+05:00"


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "W10", "WyIwIl0", "WyJhIiwiYiIsImMiLCJkIiwiZSJd"),
        shut(["calm", 1, EARLY, DAY, ROW]),
        shut(["calm", 1, DAY, EARLY, ROW]),
        shut(["ca\0lm", 1, DAY, DAY, ROW]),
        shut(["calm", True, DAY, DAY, ROW]),
        shut(["calm", 2**70, DAY, DAY, ROW]),
        shut(["calm", "1", DAY, DAY, ROW]),
    ],
)
async def test_a_page_that_nobody_was_told_of_is_refused(house: House, cursor: str) -> None:
    here = house.request()
    sight = Sight(StaffId(a_member(house.clock.now()).id), everything=True)
    with pytest.raises(InvalidCursor):
        async with here.transaction.looking():
            await Talk(house, here).conversations.listed(sight, Sought(), after=cursor)


@pytest.mark.parametrize(
    "forms",
    [
        ["выписка", "выписки", "выписку", "Выпиской", "ВЫПИСКЕ", "выписками"],
        ["полис", "полиса", "полисом", "полисы"],
        ["ребёнок", "ребенок"],
        ["согласие", "согласия", "согласием"],
        ["запись", "записи", "записью"],
        ["card", "cards"],
        ["прививка", "прививки", "прививкам"],
    ],
)
def test_forms_of_a_word_are_one_word(forms: list[str]) -> None:
    assert len({stems(form) for form in forms}) == 1


def test_different_words_stay_apart() -> None:
    assert len(stems("карта полис снилс паспорт запись врач талон выписка")) == 8
