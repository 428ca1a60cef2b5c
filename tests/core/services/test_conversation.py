"""A citizen and an operator: called, taken, said both ways, delivered, changed, ended."""

from dataclasses import replace

import pytest

from core.domain.actor import Citizen, Visitor
from core.domain.conversation import (
    ConversationState,
    Delivery,
    Ended,
    NotYours,
    OutsideHours,
    Side,
    StaleView,
)
from core.domain.ids import ChatId
from core.domain.support import Urgency
from core.ports import Refused
from core.services.chat import MeetChat, NoteBlocked, NoteReturned
from core.services.conversation import (
    EditLine,
    EditSaid,
    EndConversation,
    LastEvent,
    LeaveConversation,
    OpenLineFile,
    RateConversation,
    ReadEvents,
    SayToCitizen,
    TakeBackLine,
    ViewQueue,
    ViewQueuePlace,
)
from tests.core.services.outside import ANNA
from tests.core.services.talking import a_visitor, an_operator, answer, call, relay, says, take, view
from tests.core.services.town import Town


async def test_what_both_say_reaches_the_other_in_order(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    asked = await call(town, citizen, words="Где карта?", bot=[(Side.CITIZEN, "карта"), (Side.BOT, "Вот так")])
    await says(town, citizen, "Вы здесь?", 41)
    held = await take(town, zoya, asked)
    first = await answer(town, zoya, held, "Здравствуйте <b>")
    second = await answer(town, zoya, held, "Сейчас посмотрю", reply_to=4)
    await relay(town)
    texts = [push.text for _, push in town.outside.pushes if "first_line" in push.text or "Сейчас" in push.text]
    assert texts == ["conversation.first_line name=Зоя text=Здравствуйте &lt;b&gt;", "Сейчас посмотрю"]
    assert [push.reply_to for _, push in town.outside.pushes if push.text == "Сейчас посмотрю"] == [41]
    shown = await view(town, zoya, asked)
    said = [(line.side, line.text) for line in shown.lines if line.side is not Side.EVENT]
    assert said == [
        (Side.CITIZEN, "карта"),
        (Side.BOT, "Вот так"),
        (Side.CITIZEN, "Где карта?"),
        (Side.CITIZEN, "Вы здесь?"),
        (Side.OPERATOR, "Здравствуйте <b>"),
        (Side.OPERATOR, "Сейчас посмотрю"),
    ]
    delivered = [line for line in shown.lines if line.id in {first.id, second.id}]
    assert all(line.delivery is Delivery.DELIVERED and line.message for line in delivered)
    assert [line.number for line in shown.lines] == list(range(1, len(shown.lines) + 1))
    assert shown.person.name == "Анна И."
    assert shown.person.identifiers["phone"] == "+7 900 •••-••-01"


async def test_the_chat_knows_while_it_is_open(town: Town) -> None:
    citizen = await town.sign_in()
    asked = await call(town, citizen)
    assert (await town.call(MeetChat, citizen.chat, "ru")).talk == asked  # type: ignore[attr-defined]
    assert await call(town, citizen) == asked
    await town.call(LeaveConversation, citizen)
    assert (await town.call(MeetChat, citizen.chat, "ru")).talk is None  # type: ignore[attr-defined]
    with pytest.raises(Ended):
        await says(town, citizen, "Ау", 1)
    assert await town.call(ViewQueuePlace, citizen) is None


async def test_an_answer_from_an_old_view_is_not_sent(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    seen = (await view(town, zoya, held.id)).conversation.lines
    last = await says(town, citizen, "Уже не надо", 5)
    with pytest.raises(StaleView) as stale:
        await town.call(SayToCitizen, zoya, held.id, text="Делаю", epoch=held.epoch, seen=seen, key="a")
    assert stale.value.last == last.number


async def test_the_same_key_is_the_same_line(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    one = await answer(town, zoya, held, "Да", key="k")
    assert await answer(town, zoya, held, "Да", key="k") == one
    await relay(town)
    assert [push.text for _, push in town.outside.pushes if "text=Да" in push.text] == [
        "conversation.first_line name=Зоя text=Да"
    ]


async def test_what_is_changed_before_it_left_leaves_changed_and_what_was_sent_is_changed_there(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    line = await answer(town, zoya, held, "Завтра")
    await town.call(EditLine, zoya, held.id, line.number, "В среду", held.epoch)
    gone = await answer(town, zoya, held, "Ой")
    await town.call(TakeBackLine, zoya, held.id, gone.number, held.epoch)
    await relay(town)
    sent = [push.text for _, push in town.outside.pushes if "text=" in push.text]
    assert sent == ["conversation.first_line name=Зоя text=В среду"]
    await town.call(EditLine, zoya, held.id, line.number, "В четверг", held.epoch)
    await relay(town)
    message = len(town.outside.pushes)
    assert town.outside.edited == [(citizen.chat, message, "conversation.first_line name=Зоя text=В четверг")]
    await town.call(TakeBackLine, zoya, held.id, line.number, held.epoch)
    await relay(town)
    assert town.outside.removed == [(citizen.chat, message)]
    shown = (await view(town, zoya, held.id)).lines
    changed = next(each for each in shown if each.id == line.id)
    assert [version.text for version in changed.earlier] == ["Завтра", "В среду"]
    assert changed.gone_at is not None


async def test_a_citizens_edit_keeps_what_was_read_before(town: Town) -> None:
    visitor = await a_visitor(town)
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, visitor))
    await says(town, visitor, "СНИЛС неверный", 9)
    await town.call(EditSaid, visitor, 9, "Полис неверный")
    line = (await view(town, zoya, held.id)).lines[-1]
    assert (line.text, [each.text for each in line.earlier]) == ("Полис неверный", ["СНИЛС неверный"])


async def test_what_telegram_refused_says_why(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    await relay(town)
    line = await answer(town, zoya, held, "Да")
    town.outside.moods.append(Refused("Bad Request: message is too long"))
    await relay(town)
    told = (await view(town, zoya, held.id)).lines[line.number - 1]
    assert (told.delivery, told.reason) == (Delivery.FAILED, "Bad Request: message is too long")


async def test_who_blocks_the_bot_is_shown_as_such(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    await relay(town)
    line = await answer(town, zoya, held, "Вы здесь?")
    town.outside.moods.append(Refused("blocked"))
    await relay(town)
    shown = await view(town, zoya, held.id)
    assert shown.blocked
    await town.call(NoteReturned, citizen.chat)
    assert not (await view(town, zoya, held.id)).blocked
    since = int(str(await town.call(LastEvent)))
    await town.call(NoteBlocked, citizen.chat)
    assert [event.happening for event in await town.call(ReadEvents, zoya, since)] == ["changed"]  # type: ignore[attr-defined]
    assert (await view(town, zoya, held.id)).blocked
    assert shown.lines[line.number - 1].delivery is Delivery.BLOCKED


async def test_what_was_said_before_the_operator_ended_it_still_leaves(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    await answer(town, zoya, held, "До свидания")
    await town.call(EndConversation, zoya, held.id)
    await relay(town)
    sent = [push.text for _, push in town.outside.pushes]
    assert sent[-2:] == ["conversation.first_line name=Зоя text=До свидания", "conversation.ended_by.operator"]
    await town.call(RateConversation, citizen, 5)
    assert (await view(town, zoya, held.id)).conversation.rating == 5


async def test_who_has_left_hears_nothing_more(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    await relay(town)
    line = await answer(town, zoya, held, "Вы здесь?")
    await town.call(LeaveConversation, citizen)
    before = len(town.outside.pushes)
    await relay(town)
    assert len(town.outside.pushes) == before
    shown = await view(town, zoya, held.id)
    assert shown.lines[line.number - 1].delivery is Delivery.STALE
    assert shown.conversation.state is ConversationState.ENDED
    with pytest.raises((Ended, NotYours)):
        await answer(town, zoya, held, "Ещё")


async def test_files_go_both_ways_and_come_back_as_they_were(town: Town) -> None:
    citizen = await town.sign_in()
    zoya = await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    file = ("полис.pdf", "application/pdf", b"%PDF-1.4 paper")
    line = await says(town, citizen, "", 6, file=file)
    told, content = await town.call(OpenLineFile, zoya, held.id, line.number)  # type: ignore[misc]
    assert (told.name, content) == ("полис.pdf", b"%PDF-1.4 paper")
    await answer(town, zoya, held, "Подпишите", file=("бланк.png", b"\xff\xd8\xffpicture"))
    await relay(town)
    enclosed = town.outside.pushes[-1][1].enclosure
    assert enclosed is not None
    assert (enclosed.name, enclosed.content, enclosed.kind) == ("бланк.png", b"\xff\xd8\xffpicture", "photo")


async def test_outside_hours_people_are_told_when_somebody_is_back(town: Town) -> None:
    town.clock.turn(hours=12)
    with pytest.raises(OutsideHours) as outside:
        await call(town, await a_visitor(town))
    assert outside.value.opens_at.isoformat() == "2026-11-24T06:00:00+00:00"


async def test_words_of_distress_come_first_in_the_queue(town: Town) -> None:
    zoya = await an_operator(town)
    calm = await call(town, await a_visitor(town, 11))
    urgent = await call(town, await a_visitor(town, 12), urgent=True)
    page = await town.call(ViewQueue, zoya)
    assert [entry.conversation.id for entry in page.entries] == [urgent, calm]  # type: ignore[attr-defined]
    assert page.entries[0].conversation.urgency is Urgency.URGENT  # type: ignore[attr-defined]
    assert await call(town, Visitor(ChatId(11)), urgent=True, words="Плохо с сердцем") == calm
    page = await town.call(ViewQueue, zoya)
    assert {entry.conversation.urgency for entry in page.entries} == {Urgency.URGENT}  # type: ignore[attr-defined]
    assert (await view(town, zoya, calm)).lines[-1].text == "Плохо с сердцем"


async def test_another_person_of_the_same_chat_has_no_part_in_it(town: Town) -> None:
    citizen = await town.sign_in()
    await call(town, citizen)
    other = replace(ANNA, subject="boris", snils="001-001-998 00", given_name="Борис")
    boris = Citizen((await town.sign_in(chat=2, person=other)).account, citizen.chat)
    with pytest.raises(Ended):
        await says(town, boris, "Кто это?", 3)
