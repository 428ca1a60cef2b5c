"""The person's side: what people do, what they see, what the bot is told."""

import asyncio

import httpx
import pytest

from tests.playground.talking import BotSide, Json, PersonSide


async def test_five_people_are_there_and_more_can_come(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/people")).json()
    assert [one["id"] for one in listed] == [100001, 100002, 100003, 100004, 100005]
    assert [one["language"] for one in listed] == ["ru", "ru", "ru", "en", "ru"]
    made = await client.post("/people", json={"name": "Ольга Весна", "language": "ru", "username": "olga_v"})
    assert made.status_code == 201
    assert made.json()["id"] > 1_700_000_000_000, (
        "a number from the time of day: none from before a restart comes again"
    )
    assert {**made.json(), "id": 0} == {"id": 0, "name": "Ольга Весна", "language": "ru"}


@pytest.mark.parametrize(
    "asked", [{}, {"name": ""}, {"name": "Аня", "language": 5}, {"name": "Аня", "language": "ru", "username": "а"}, []]
)
async def test_a_person_without_a_proper_name_or_language_is_not_made(client: httpx.AsyncClient, asked: object) -> None:
    answer = await client.post("/people", json=asked)
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_a_deep_link_brings_its_payload(bot: BotSide, stranger: PersonSide) -> None:
    await stranger.start("inv_42")
    message = (await bot.updates())[0]["message"]
    assert message["text"] == "/start inv_42"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["language_code"] == "ru"
    assert message["chat"] == {"id": 100001, "first_name": "Анна", "last_name": "Ильина", "type": "private"}


async def test_a_long_text_goes_in_pieces_cut_at_spaces(bot: BotSide, anna: PersonSide) -> None:
    text = "слово " * 1500
    await anna.say(text)
    pieces = [update["message"]["text"] for update in await bot.updates()]
    assert len(pieces) == 3
    assert all(len(piece) <= 4096 for piece in pieces)
    assert " ".join(pieces) == text.strip()


async def test_a_press_brings_the_message_and_its_answer_is_shown(bot: BotSide, anna: PersonSide) -> None:
    rows: list[list[Json]] = [
        [{"text": "Да", "callback_data": "yes", "style": "success"}, {"text": "Сайт", "url": "https://a.ru/x"}]
    ]
    rows.append([{"text": "Код", "copy_text": {"text": "123"}}, {"text": "Занято", "disabled": {}}])
    sent = await bot.send(anna.id, "Согласны?", reply_markup={"inline_keyboard": rows})
    assert (await anna.last())["keyboard"] == [
        [{"text": "Да", "data": "yes", "style": "success"}, {"text": "Сайт", "url": "https://a.ru/x"}],
        [{"text": "Код", "copy_text": "123"}, {"text": "Занято", "disabled": True}],
    ]
    pressed = await anna.do("tap", message_id=sent, text="Да")
    (update,) = await bot.updates()
    query = update["callback_query"]
    assert (query["id"], query["data"]) == (pressed["callback_query_id"], "yes")
    assert (query["message"]["message_id"], query["message"]["text"]) == (sent, "Согласны?")
    assert query["chat_instance"]
    await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Спасибо", show_alert=True)
    (alert,) = await anna.alerts()
    assert (alert["text"], alert["alert"], alert["message_id"], alert["data"]) == ("Спасибо", True, sent, "yes")
    assert await anna.do("tap", message_id=sent, text="Сайт") == {"url": "https://a.ru/x"}
    assert await anna.do("tap", message_id=sent, text="Код") == {"copy_text": "123"}
    assert "error" in await anna.do("tap", status=409, message_id=sent, text="Занято")
    assert "error" in await anna.do("tap", status=404, message_id=sent, data="нет")
    assert "error" in await anna.do("tap", status=404, message_id=7, data="yes")
    assert await bot.updates() == []


async def test_a_forged_press_carries_anything(bot: BotSide, anna: PersonSide) -> None:
    await anna.do("tap", message_id=7, data="чужое", forged=True)
    query = (await bot.updates())[0]["callback_query"]
    assert (query["data"], query["message"]["date"]) == ("чужое", 0)


async def test_ones_own_contact_and_somebody_elses(bot: BotSide, anna: PersonSide) -> None:
    keyboard = {"keyboard": [[{"text": "Отправить номер", "request_contact": True}]], "one_time_keyboard": True}
    await bot.send(anna.id, reply_markup=keyboard)
    keys = (await anna.chat())["reply_keyboard"]
    assert keys["rows"] == [[{"text": "Отправить номер", "request_contact": True, "request_location": False}]]
    await anna.do("contact")
    await anna.do("contact", phone="+79990000000", user_id=100002)
    own, other = [update["message"]["contact"] for update in await bot.updates()]
    assert own == {"phone_number": "+79160000001", "first_name": "Анна", "last_name": "Ильина", "user_id": 100001}
    assert (other["phone_number"], other["user_id"]) == ("+79990000000", 100002)
    assert (await anna.chat())["reply_keyboard"] is None


async def test_keys_stay_until_they_are_removed(bot: BotSide, anna: PersonSide) -> None:
    keyboard = {"keyboard": [["Меню"]], "resize_keyboard": True, "input_field_placeholder": "Напишите нам"}
    await bot.send(anna.id, reply_markup=keyboard)
    await bot.send(anna.id, "ещё")
    await anna.say("Меню")
    keys = (await anna.chat())["reply_keyboard"]
    assert (keys["resize"], keys["one_time"], keys["placeholder"]) == (True, False, "Напишите нам")
    await bot.send(anna.id, reply_markup={"remove_keyboard": True})
    assert (await anna.chat())["reply_keyboard"] is None


async def test_a_forced_reply_answers_to_its_message(bot: BotSide, anna: PersonSide) -> None:
    sent = await bot.send(anna.id, "Ваш город?", reply_markup={"force_reply": True})
    await anna.say("Псков")
    assert (await bot.updates())[0]["message"]["reply_to_message"]["message_id"] == sent


async def test_a_file_answers_to_the_message_that_was_chosen_or_that_asked_for_it(
    bot: BotSide, anna: PersonSide
) -> None:
    sent = await bot.send(anna.id, "Пришлите справку")
    await anna.upload(("a.pdf", b"%PDF-1.4", "application/pdf"), reply_to=str(sent))
    asked = await bot.send(anna.id, "И ещё одну", reply_markup={"force_reply": True})
    await anna.upload(("b.pdf", b"%PDF-1.4", "application/pdf"))
    answered = [each["message"]["reply_to_message"]["message_id"] for each in await bot.updates()]
    assert answered == [sent, asked]
    gone = await anna.client.post(
        f"/people/{anna.id}/upload", data={"reply_to": "999999"}, files=[("file", ("c.pdf", b"%PDF"))]
    )
    assert gone.status_code == 404


async def test_location_edit_and_delete(bot: BotSide, anna: PersonSide) -> None:
    await anna.do("location", latitude=59.9, longitude=30.3)
    said = await anna.say("было")
    await anna.do("edit", message_id=said, text="стало")
    updates = await bot.updates()
    assert updates[0]["message"]["location"] == {"latitude": 59.9, "longitude": 30.3}
    assert (updates[2]["edited_message"]["text"], updates[2]["edited_message"]["message_id"]) == ("стало", said)
    seq = (await anna.chat())["seq"]
    await anna.do("delete", message_id=said)
    assert (await anna.chat(after=seq))["deleted"] == [said]
    await anna.do("delete", all=True)
    assert (await anna.chat())["messages"] == []
    assert await bot.updates() == []


async def test_only_what_is_new_or_changed_comes_after_a_seq(bot: BotSide, anna: PersonSide) -> None:
    first, second = [await bot.send(anna.id, text) for text in ("раз", "два")]
    seq = (await anna.chat())["seq"]
    assert (await anna.chat(after=seq))["messages"] == []
    await bot.call("editMessageText", chat_id=anna.id, message_id=first, text="раз, исправлено")
    await bot.call("deleteMessage", chat_id=anna.id, message_id=second)
    seen = await anna.chat(after=seq)
    assert [(one["id"], one["text"]) for one in seen["messages"]] == [(first, "раз, исправлено")]
    assert seen["messages"][0]["edited"] is not None
    assert seen["deleted"] == [second]


async def test_watching_a_chat_wakes_at_the_first_change(bot: BotSide, anna: PersonSide) -> None:
    seq = (await anna.chat())["seq"]
    watching = asyncio.ensure_future(anna.chat(after=seq, wait=20))
    await bot.call("sendChatAction", chat_id=anna.id, action="typing")
    seen = await asyncio.wait_for(watching, 60)
    assert seen["action"] == "typing"
    assert seen["seq"] > seq
    await bot.send(anna.id)
    assert (await anna.chat())["action"] is None


async def test_a_blocked_bot_hears_nothing_until_it_is_started_again(bot: BotSide, anna: PersonSide) -> None:
    await anna.do("block")
    assert (await anna.chat())["blocked"] is True
    await anna.do("say", status=409, text="ау")
    await anna.start()
    kinds = [next(key for key in update if key != "update_id") for update in await bot.updates()]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]


async def test_each_person_sees_the_commands_of_their_language(bot: BotSide, anna: PersonSide) -> None:
    emma = PersonSide(anna.client, 100004)
    await emma.start()
    plain = [{"command": "help", "description": "Help"}]
    russian = [{"command": "help", "description": "Помощь"}]
    own = [{"command": "desk", "description": "Desk"}]
    await bot.call("setMyCommands", commands=plain)
    await bot.call("setMyCommands", commands=russian, language_code="ru")
    assert (await anna.chat())["commands"] == russian
    assert (await emma.chat())["commands"] == plain
    await bot.call("setMyCommands", commands=own, scope={"type": "chat", "chat_id": emma.id})
    assert (await emma.chat())["commands"] == own
    assert await bot.call("getMyCommands", language_code="ru") == russian
    await bot.call("deleteMyCommands", language_code="ru")
    assert (await anna.chat())["commands"] == plain
    wrong = [{"command": "Помощь", "description": "a"}]
    assert await bot.refused("setMyCommands", commands=wrong) == "Bad Request: BOT_COMMAND_INVALID"


async def test_names_descriptions_and_the_menu_button_are_kept(bot: BotSide, anna: PersonSide) -> None:
    await bot.call("setMyName", name="Медкарта города")
    await bot.call("setMyDescription", description="Карта пациента", language_code="ru")
    await bot.call("setMyShortDescription", short_description="Карта")
    assert await bot.call("getMyDescription", language_code="ru") == {"description": "Карта пациента"}
    assert await bot.call("getMyDescription") == {"description": ""}
    assert await bot.call("getMyShortDescription", language_code="en") == {"short_description": "Карта"}
    button = {"type": "web_app", "text": "Открыть", "web_app": {"url": "https://a.ru/"}}
    await bot.call("setChatMenuButton", chat_id=anna.id, menu_button=button)
    seen = await anna.chat()
    assert seen["menu_button"] == button
    assert seen["bot"]["name"] == "Медкарта города"
    assert await bot.call("getChatMenuButton") == {"type": "commands"}


async def test_pinned_messages_and_unread_ones(bot: BotSide, anna: PersonSide) -> None:
    sent = await bot.send(anna.id, "Важное")
    await bot.call("pinChatMessage", chat_id=anna.id, message_id=sent)
    listed = (await bot.client.get("/people")).json()[0]
    assert listed["unread"] == 2
    seen = await anna.chat()
    assert seen["pinned"] == sent
    assert seen["messages"][-1]["service"] == "pinned"
    assert (await bot.client.get("/people")).json()[0]["unread"] == 0
    assert (await bot.call("getChat", chat_id=anna.id))["pinned_message"]["text"] == "Важное"
    await bot.call("unpinChatMessage", chat_id=anna.id)
    assert (await anna.chat())["pinned"] is None


async def test_a_venue_is_a_place_on_the_map_with_its_name_and_address(bot: BotSide, anna: PersonSide) -> None:
    asked = {"chat_id": anna.id, "latitude": 56.8, "longitude": 60.6, "title": "Поликлиника № 3", "address": "Мира, 5"}
    sent = await bot.call("sendVenue", **asked)
    assert sent["location"] == sent["venue"]["location"] == {"latitude": 56.8, "longitude": 60.6}
    seen = await anna.last()
    assert seen["venue"] == {"title": "Поликлиника № 3", "address": "Мира, 5"}
    assert seen["location"] == sent["location"]
    assert await bot.refused("sendVenue", **{**asked, "latitude": 91}) == (
        "Bad Request: wrong latitude or longitude specified"
    )
    copied = await bot.call("copyMessage", chat_id=anna.id, from_chat_id=anna.id, message_id=sent["message_id"])
    assert (await anna.last())["venue"] == seen["venue"]
    assert copied["message_id"] == (await anna.last())["id"]


async def test_what_a_bot_may_ask_about_a_person(bot: BotSide, anna: PersonSide) -> None:
    assert (await bot.call("getChatMember", chat_id=anna.id, user_id=anna.id))["status"] == "member"
    assert await bot.call("getUserProfilePhotos", user_id=anna.id) == {"total_count": 0, "photos": []}
    said = await anna.say("спасибо")
    reaction = [{"type": "emoji", "emoji": "❤"}]
    assert await bot.call("setMessageReaction", chat_id=anna.id, message_id=said, reaction=reaction) is True
    assert await bot.call("deleteMessages", chat_id=anna.id, message_ids=[said, 7]) is True
    assert said not in [one["id"] for one in (await anna.chat())["messages"]]


@pytest.mark.parametrize(
    ("path", "status"), [("/people/5/chat", 404), ("/people/абв/chat", 404), ("/people/100001/x", 404)]
)
async def test_unknown_people_and_addresses_are_told_so(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize("body", ["{", "[]", '{"text": 5}', '{"text": " "}', '{"text": "a", "reply_to": "b"}'])
async def test_a_wrong_say_is_a_kind_400(anna: PersonSide, body: str) -> None:
    answer = await anna.client.post(f"/people/{anna.id}/say", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
