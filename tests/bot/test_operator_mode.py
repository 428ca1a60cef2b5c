"""While an operator speaks the bot keeps silent; nobody leaves unasked; and everybody comes back to where they were."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram.methods import EditMessageText, SendMessage

from bot.places import pressed
from core.domain.actor import Staff
from core.domain.conversation import Conversation, Conversations, LineKind, Side
from core.ports import Push, Transaction
from core.security.keyring import KeyRing
from core.services.conversation import AskForPaper, EndConversation, OpenStep, ReturnToBot, saying
from core.services.factor import LockRecord
from tests.bot.talking import CHAT, Room, room
from tests.core.services.papers import totp_code
from tests.core.services.patient import a_result, deliver
from tests.core.services.talking import an_operator, relay, take
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


async def taken(here: Room) -> tuple[Staff, Conversation]:
    """Let an operator take what was called."""
    zoya = await an_operator(here.town)
    talk = await here.talk()
    assert talk is not None
    return zoya, await take(here.town, zoya, talk.id)


async def words(here: Room) -> list[str]:
    """Return what the person said to the operator."""
    return [line.text for line in await here.heard() if line.side is Side.CITIZEN]


async def test_the_window_of_the_queue_turns_by_itself_when_somebody_takes_over(here: Room) -> None:
    await here.says("оператор")
    window = here.window.message_id
    assert here.following.waiting == 1
    await taken(here)
    await here.following.look()
    assert here.window.message_id == window
    assert "С вами говорит Зоя" in here.text
    assert here.following.waiting == 0


async def test_the_bot_says_nothing_while_an_operator_speaks(here: Room) -> None:
    await here.says("/help")
    await here.says("оператор")
    await taken(here)
    before = len(here.phones.calls_of(SendMessage, EditMessageText))
    await here.says("Здравствуйте")
    await here.says("/10 мг в день")
    await here.says("оператор")
    await here.sends(sticker={
        "file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9, "is_animated": True,
        "is_video": False, "emoji": "👍",
    })  # fmt: skip
    assert len(here.phones.calls_of(SendMessage, EditMessageText)) == before
    assert await words(here) == ["Здравствуйте", "/10 мг в день", "оператор", "👍"]


async def test_a_command_asks_first_and_whoever_stays_stays(here: Room) -> None:
    await here.says("оператор")
    await taken(here)
    await here.says("/results")
    assert "Выйти из разговора?" in here.text
    await here.taps("Остаться")
    await here.says("Я тут")
    assert await here.talk() is not None
    assert await words(here) == ["Я тут"]


async def test_whoever_leaves_by_a_command_is_where_it_leads_and_is_asked_how_it_was(here: Room) -> None:
    await here.says("оператор")
    await taken(here)
    await here.says("/language")
    await here.taps("Выйти и открыть")
    assert await here.talk() is None
    assert "English" in here.labels()
    assert any("Как прошёл разговор" in str(each.text) for each in here.phones.windows(CHAT))
    await here.taps("5 ⭐")
    assert any("5 из 5" in str(each.text) for each in here.phones.windows(CHAT))
    async with here.town.container() as scope:
        conversations = await scope.get(Conversations)
        async with (await scope.get(Transaction)).looking():
            found = await conversations.latest_of(here.citizen.chat)
    assert found is not None
    assert found.rating == 5


async def test_a_button_of_an_old_window_and_of_a_push_ask_first_too(there: Room) -> None:
    await there.says("/help")
    help_window = there.window
    await there.says("оператор")
    await taken(there)
    await there.taps("меню", help_window)
    assert "Выйти из разговора?" in there.text
    await there.taps("Остаться")
    await there.presses("go:results")
    assert "Выйти из разговора?" in there.text
    await there.taps("Выйти и открыть")
    assert "Выйти из разговора?" not in there.text
    assert await there.talk() is None


async def test_an_answer_to_an_old_window_is_said_to_the_operator(there: Room) -> None:
    await there.says("/help")
    window = there.window
    await there.says("оператор")
    await taken(there)
    replied = window.model_dump(mode="json", exclude_none=True) | {"date": 1764000000}
    replied["from"] = {"id": 42, "is_bot": True, "first_name": "Медкарта"}
    await there.sends(text="Вот про это", reply_to_message=replied)
    assert await words(there) == ["Вот про это"]


async def test_when_the_operator_ends_it_the_person_comes_back_to_the_dialog_they_were_in(here: Room) -> None:
    await here.says("/notifications")
    before = here.text
    await here.says("оператор")
    zoya, held = await taken(here)
    await here.says("Спасибо")
    await here.town.call(EndConversation, zoya, held.id)
    await here.presses("go:return")
    assert here.text == before
    assert any("Как прошёл разговор" in str(each.text) for each in here.phones.windows(CHAT))


async def test_what_is_given_back_to_the_bot_is_the_bots_again(there: Room) -> None:
    await there.says("/help")
    await there.says("оператор")
    zoya, held = await taken(there)
    await there.town.call(ReturnToBot, zoya, held.id)
    await there.says("/language")
    assert "English" in there.labels()


async def test_a_form_beside_the_queue_takes_its_answers_and_a_question_goes_to_the_operator(there: Room) -> None:
    await there.says("оператор")
    await there.says("/security")
    await there.town.call(LockRecord, there.citizen)
    await there.presses("go:unlock")
    await there.says("123")
    assert await words(there) == [], "a wrong code is the form's to explain"


async def test_a_code_for_the_window_that_is_open_is_never_the_operators(there: Room) -> None:
    await there.says("оператор")
    await there.town.call(LockRecord, there.citizen)
    await there.presses("go:unlock")
    await taken(there)
    await there.says("123 456")
    assert await words(there) == []
    await there.says("код не подходит, 123456")
    assert await words(there) == ["код не подходит, 123456"]


async def test_words_of_distress_in_a_conversation_show_the_number_and_reach_the_operator(there: Room) -> None:
    await there.says("оператор")
    await taken(there)
    await there.says("мне нечем дышать")
    assert "103" in there.text
    assert await words(there) == ["мне нечем дышать"]


async def test_the_paper_that_was_asked_for_is_the_answer_to_the_question(there: Room) -> None:
    await there.says("оператор")
    await taken(there)
    await there.presses("go:paper")
    assert "Пришлите фото или файл" in there.text
    await there.sends(document={"file_id": "d", "file_unique_id": "d", "file_name": "справка.pdf"})
    (line,) = [each for each in await there.heard() if each.side is Side.CITIZEN]
    assert line.kind is LineKind.DOCUMENT


async def test_a_step_that_the_operator_opened_works_beside_the_conversation(there: Room) -> None:
    await there.says("оператор")
    await taken(there)
    await there.presses("one:step:language")
    assert "English" in there.labels()
    await there.taps("English")
    assert await there.talk() is not None
    await there.says("Done, thank you")
    assert await words(there) == ["Done, thank you"]


async def test_a_part_of_the_record_is_shown_to_the_operator_after_a_question_and_the_second_factor(
    there: Room,
) -> None:
    await deliver(there.town, [a_result(there.citizen, 3)])
    await there.says("оператор")
    await taken(there)
    await there.town.call(LockRecord, there.citizen)
    await there.presses("go:share")
    await there.taps("Результаты")
    assert "5,1" not in there.text, "the record is locked"
    await there.says(totp_code(there.town))
    assert await words(there) == [], "a code is none of the operator's"
    assert "Показать это оператору" in there.text
    await there.taps("Показать")
    (line,) = [each for each in await there.heard() if each.side is Side.CITIZEN]
    assert line.kind is LineKind.SHARED
    assert "5,1" in line.text
    await there.says("Видите?")
    assert (await words(there))[-1] == "Видите?"


def places_of(push: Push) -> list[str]:
    """Return what the buttons of a push open."""
    return [place for row in push.buttons for _, place in row]


async def test_whoever_takes_over_is_named_with_the_way_out_and_what_can_be_shown(there: Room) -> None:
    await there.says("оператор")
    await taken(there)
    await relay(there.town)
    push = there.town.outside.pushes[-1][1]
    assert "Зоя" in push.text
    assert places_of(push) == ["share", "leave"]
    await there.presses(pressed("leave"))
    assert await there.talk() is None
    assert any("Как прошёл разговор" in str(each.text) for each in there.phones.windows(CHAT))


async def test_a_step_the_operator_opens_and_a_paper_they_ask_for_arrive_with_their_buttons(there: Room) -> None:
    await there.says("оператор")
    zoya, held = await taken(there)
    await there.town.call(OpenStep, zoya, held.id, "notifications", held.epoch)
    await relay(there.town)
    assert places_of(there.town.outside.pushes[-1][1]) == ["step/notifications"]
    await there.town.call(AskForPaper, zoya, held.id, "Пришлите, пожалуйста, справку", held.epoch)
    await relay(there.town)
    chat, push = there.town.outside.pushes[-1]
    assert (chat, places_of(push)) == (CHAT, ["paper"])


async def test_nobody_is_asked_how_a_talk_was_that_never_began(there: Room) -> None:
    await there.says("оператор")
    await there.taps("Выйти из очереди")
    assert not any("Как прошёл разговор" in str(each.text) for each in there.phones.windows(CHAT))
    await there.presses("go:return")
    assert not any("Как прошёл разговор" in str(each.text) for each in there.phones.windows(CHAT))


async def test_what_is_said_after_the_end_is_not_the_operators(there: Room) -> None:
    await there.says("оператор")
    zoya, held = await taken(there)
    await there.town.call(EndConversation, zoya, held.id)
    await there.says("ещё одно")
    assert await words(there) == []
    await there.taps("Позвать оператора")
    assert "Вы следующий" in there.text


async def test_a_conversation_that_is_full_says_so_once(there: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    await there.says("оператор")
    await taken(there)
    monkeypatch.setattr(saying, "MOST_LINES", 1)
    before = len(there.phones.calls_of(SendMessage))
    for number in range(3):
        await there.says(f"Ещё {number}")
    told = there.phones.calls_of(SendMessage)[before:]
    assert ["слишком длинный" in str(each.text) for each in told] == [True]
