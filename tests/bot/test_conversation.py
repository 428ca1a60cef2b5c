"""Talking to an operator, as the person in the chat lives it."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from aiogram.methods import DeleteMessage, DeleteMessages, SendMessage
from sqlalchemy import update

from bot.handlers.calling import calls_for_operator
from core.domain.conversation import LineKind, Side
from core.domain.support import Urgency
from core.security.keyring import KeyRing
from core.services.factor import LockRecord
from core.services.knowledge import SeedArticles
from core.storage.transaction import SqlTransaction
from core.storage.update import UpdateRow
from tests.bot.talking import CHAT, Room, room
from tests.core.services.outside import ANNA
from tests.databases import KINDS


@pytest.fixture(scope="module")
def keyring(keyring_folder: Path) -> KeyRing:
    return KeyRing.open(keyring_folder)


@pytest.fixture(params=KINDS)
async def here(request: pytest.FixtureRequest, tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Room]:
    async with room(request.param, tmp_path, keyring) as found:
        yield found


@pytest.fixture
async def there(tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Room]:
    async with room("sqlite", tmp_path, keyring) as found:
        yield found


@pytest.mark.parametrize(
    "said",
    [
        "оператор", "Оператор!", "Позовите человека", "позовите, пожалуйста, оператора", "соедините с оператором",
        "Хочу поговорить с человеком", "нужен живой человек", "переключите на специалиста", "дайте оператора",
        "operator", "human please", "I want to talk to a human", "talk to a real person", "call an operator",
    ],
)  # fmt: skip
def test_whoever_asks_for_a_person_is_understood(said: str) -> None:
    assert calls_for_operator(said)


@pytest.mark.parametrize(
    "said",
    ["оператор связи взял деньги", "какой специалист смотрит кожу", "человек 34 года", "person of trust", "Анна"],
)
def test_whoever_speaks_of_people_does_not_call_one(said: str) -> None:
    assert not calls_for_operator(said)


async def test_somebody_calls_waits_writes_and_goes_back_to_where_they_were(here: Room) -> None:
    await here.says("/help")
    await here.says("Позовите оператора")
    assert "Вы следующий в очереди" in here.text
    await here.says("Не вижу прививку")
    assert here.text.startswith("Передам оператору")
    await here.says("от кори, два года назад")
    assert [each.text for each in here.phones.windows(CHAT)].count(
        "Передам оператору. Можно писать дальше: он прочтёт всё по порядку."
    ) == 1
    said = [line for line in await here.heard() if line.side is Side.CITIZEN]
    assert [line.text for line in said] == ["Не вижу прививку", "от кори, два года назад"]
    await here.taps("Выйти из очереди")
    assert "Вы вышли из очереди" in here.text
    assert "Что я умею" in here.text, "the help that was open before"
    assert await here.talk() is None
    await here.says("ещё вопрос")
    assert len([line for line in await here.heard() if line.side is Side.CITIZEN]) == 2


async def test_windows_that_are_opened_within_one_second_do_not_overwrite_each_other(
    there: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By these two aiogram-dialog tells its contexts apart.
    monkeypatch.setattr("time.time", lambda: 1_764_000_000.0)
    monkeypatch.setattr("random.randint", lambda _low, high: high)
    await there.says("/help")
    await there.says("оператор")
    await there.taps("‹ Назад, место сохранится")
    assert "Что я умею" in there.text


async def test_what_was_asked_of_the_bot_before_is_handed_over(there: Room) -> None:
    await there.town.call(SeedArticles)
    await there.says("/menu")
    await there.says("как записаться к врачу")
    await there.says("оператор")
    asked, answered = [(line.side, line.text) for line in await there.heard()]
    assert asked == (Side.CITIZEN, "как записаться к врачу")
    assert answered[0] is Side.BOT


async def test_whoever_waits_goes_on_using_the_bot(here: Room) -> None:
    await here.says("оператор")
    await here.says("/language")
    assert "English" in here.labels()
    await here.says("Это оператору")
    assert [line.text for line in await here.heard()] == ["Это оператору"]
    await here.taps("English")
    await here.presses("go:operator")
    assert "You are next" in here.text


async def test_everything_that_telegram_carries_is_passed_on(there: Room) -> None:
    await there.says("оператор")
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9, "file_size": 4}]
    asked = await there.says("Смотрите")
    there.phones.content = b"\xff\xd8\xffphoto"
    await there.sends(photo=photo, caption="Снимок", media_group_id="1")
    await there.sends(photo=photo, media_group_id="1")
    there.phones.content = b"OggS voice"
    await there.sends(voice={"file_id": "v", "file_unique_id": "v", "duration": 2, "mime_type": "audio/ogg"})
    there.phones.content = b"file"
    await there.sends(
        document={"file_id": "d", "file_unique_id": "d", "file_name": "выписка.pdf", "mime_type": "application/pdf"}
    )
    await there.sends(location={"latitude": 56.86, "longitude": 35.9})
    await there.sends(contact={"phone_number": "+79000000001", "first_name": "Анна"})
    replied = {"message_id": asked, "date": 1764000000, "chat": {"id": CHAT, "type": "private"}, "text": "Смотрите"}
    await there.sends(text="Это важно", reply_to_message=replied)
    lines = await there.heard()
    kinds = [line.kind for line in lines]
    assert kinds == [
        LineKind.TEXT, LineKind.PHOTO, LineKind.PHOTO, LineKind.VOICE, LineKind.DOCUMENT, LineKind.LOCATION,
        LineKind.CONTACT, LineKind.TEXT,
    ]  # fmt: skip
    assert lines[1].text == "Снимок"
    assert lines[4].file is not None
    assert (lines[4].file.name, lines[4].file.size) == ("выписка.pdf", 4)
    assert lines[5].point == (56.86, 35.9)
    assert lines[7].reply_to == lines[0].number


async def test_an_edit_reaches_the_line_and_what_was_read_is_kept(there: Room) -> None:
    await there.says("оператор")
    number = await there.says("Номер 12")
    there.number += 1
    sent = {"message_id": number, "date": 1764000000, "edit_date": 1764000009, "chat": {"id": CHAT, "type": "private"}}
    who = {"id": CHAT, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    shown = there.window
    await there.takes({"update_id": there.number, "edited_message": {**sent, "from": who, "text": "Номер 21"}})
    (line,) = await there.heard()
    assert (line.text, [each.text for each in line.earlier]) == ("Номер 21", ["Номер 12"])
    assert there.window == shown


async def test_what_is_too_large_or_cannot_be_read_is_said_in_one_sentence(there: Room) -> None:
    await there.says("оператор")
    await there.sends(document={"file_id": "d", "file_unique_id": "d", "file_name": "a.pdf", "file_size": 21 * 2**20})
    assert "20 МБ" in there.text
    await there.sends(dice={"emoji": "🎲", "value": 3})
    assert "передать не могу" in there.text
    assert not await there.heard()


async def test_an_update_that_comes_twice_is_one_line_and_draws_nothing(there: Room) -> None:
    await there.says("оператор")
    number = await there.says("Один раз")
    shown = there.window
    update = {"message_id": number, "date": 1764000000, "chat": {"id": CHAT, "type": "private"}, "text": "Один раз"}
    who = {"id": CHAT, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    await there.takes({"update_id": number, "message": {**update, "from": who}})
    assert len(await there.heard()) == 1
    assert there.window == shown


async def test_an_update_whose_answer_may_be_lost_is_no_second_line_and_stays_in_the_chat(there: Room) -> None:
    """The process died between the effect and the mark that it was answered."""
    await there.says("оператор")
    await there.says("Первое")
    await there.says("Второе")
    async with there.town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction:
            await transaction.session.execute(update(UpdateRow).values(answered_at=None))
    sent = len(there.phones.calls_of(SendMessage, DeleteMessage, DeleteMessages))
    there.number -= 1
    await there.says("Второе")
    assert [line.text for line in await there.heard()] == ["Первое", "Второе"]
    assert len(there.phones.calls_of(SendMessage, DeleteMessage, DeleteMessages)) == sent


async def test_a_call_for_help_inside_a_form_shows_the_number_and_the_form_goes_on(there: Room) -> None:
    await there.says("/menu")
    await there.town.call(LockRecord, there.citizen)
    await there.presses("go:unlock")
    form = there.text
    await there.says("не могу дышать")
    assert any("103" in str(each.text) for each in there.phones.windows(CHAT))
    assert form.splitlines()[-1] in there.text
    assert await there.talk() is None


async def test_whoever_is_in_distress_sees_the_number_first_and_is_the_head_of_the_queue(here: Room) -> None:
    await here.says("/menu")
    await here.says("Мужу плохо с сердцем")
    first, second = here.phones.windows(CHAT)[-2:]
    assert "103" in str(first.text)
    assert "Вы следующий в очереди" in str(second.text)
    talk = await here.talk()
    assert talk is not None
    assert talk.urgency is Urgency.URGENT
    assert [line.text for line in await here.heard()] == ["Мужу плохо с сердцем"]


async def test_whoever_waits_already_goes_to_the_head_of_the_queue_with_such_words(there: Room) -> None:
    await there.says("оператор")
    await there.says("болит в груди и отдаёт в руку")
    talk = await there.talk()
    assert talk is not None
    assert talk.urgency is Urgency.URGENT
    assert any("103" in str(each.text) for each in there.phones.windows(CHAT))
    assert [line.text for line in await there.heard()] == ["болит в груди и отдаёт в руку"]


async def test_whoever_does_not_want_to_live_is_answered_in_other_words(there: Room) -> None:
    await there.says("не хочу больше жить")
    (told,) = [str(each.text) for each in there.phones.windows(CHAT) if "112" in str(each.text)]
    assert told.index("112") < told.index("+7 495 000-00-00")
    assert "8 800 000-00-00" not in told, "the children's line is not for somebody of 34"
    assert await there.talk() is not None


@pytest.mark.parametrize("signed_in", [True, False])
async def test_a_child_and_somebody_unknown_are_told_the_childrens_line(
    tmp_path: Path, keyring: KeyRing, signed_in: bool
) -> None:
    async with room("sqlite", tmp_path, keyring, signed_in=False) as alone:
        if signed_in:
            await alone.town.sign_in(CHAT, ANNA, subject="minor", birth_date=date(2012, 1, 1))
        await alone.says("не хочу больше жить")
        (told,) = [str(each.text) for each in alone.phones.windows(CHAT) if "112" in str(each.text)]
    assert told.index("112") < told.index("8 800 000-00-00")
    assert ("+7 495 000-00-00" in told) is not signed_in


async def test_a_call_at_night_says_when_people_are_back_and_takes_a_request(there: Room) -> None:
    there.town.clock.turn(hours=12)
    await there.says("оператор")
    assert "Сейчас операторы не отвечают" in there.text
    assert "вторник, 24 ноября" in there.text
    assert "Оставить обращение" in there.labels()
    await there.says("не могу дышать")
    assert any("103" in str(each.text) for each in there.phones.windows(CHAT))
    assert await there.talk() is None


async def test_a_call_for_help_at_night_shows_the_number_once_and_no_article(here: Room) -> None:
    await here.town.call(SeedArticles)
    here.town.clock.turn(hours=12)
    await here.says("/start")
    await here.says("у меня болит сердце и не могу дышать")
    first, second = here.phones.windows(CHAT)[-2:]
    assert "103" in str(first.text)
    assert "103" not in str(second.text)
    assert str(second.text).startswith("Сейчас операторы не отвечают")
    assert "Оставить обращение" in here.labels()


async def test_a_person_is_called_from_a_window_of_buttons_alone(there: Room) -> None:
    await there.town.call(SeedArticles)
    await there.says("/card")
    await there.says("позовите оператора")
    assert "Вы следующий в очереди" in there.text
    assert await there.talk() is not None


async def test_where_nothing_personal_is_said_in_the_chat_there_is_a_request_instead(
    tmp_path: Path, keyring: KeyRing
) -> None:
    async with room("sqlite", tmp_path, keyring, personal=False) as found:
        await found.says("оператор")
        assert "разговора с оператором нет" in found.text
        assert "+7 800 000-00-00" in found.text
        await found.says("не могу дышать")
        assert any("103" in str(each.text) for each in found.phones.windows(CHAT))
        assert await found.talk() is None


async def test_a_visitor_may_call_too(tmp_path: Path, keyring: KeyRing) -> None:
    async with room("sqlite", tmp_path, keyring, signed_in=False) as found:
        await found.says("/start")
        await found.taps("Позвать оператора")
        assert "Вы следующий в очереди" in found.text
        await found.says("Не могу войти")
        assert [line.text for line in await found.heard()] == ["Не могу войти"]
