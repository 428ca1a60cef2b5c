"""Telegram's own words for everything that it refuses."""

import json
import time
from typing import Any

import httpx
import pytest

from playground.telegram.app import TelegramApp
from tests.playground.talking import BotSide, PersonSide

BUTTON = {"inline_keyboard": [[{"text": "Да", "callback_data": "yes"}]]}


async def test_another_token_is_unauthorized_and_an_unknown_method_not_found(
    client: httpx.AsyncClient, bot: BotSide
) -> None:
    answer = await client.get("/bot1:wrong/getMe")
    assert (answer.status_code, answer.json()) == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    assert await bot.raw("makeCoffee") == {"ok": False, "error_code": 404, "description": "Not Found"}


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"text": "a"}, "chat_id is empty"),
        ({"chat_id": 100001}, "message text is empty"),
        ({"chat_id": 100001, "text": " \n "}, "message text is empty"),
        ({"chat_id": 100001, "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"chat_id": 5, "text": "a"}, "chat not found"),
        ({"chat_id": 100002, "text": "a"}, "chat not found"),
        ({"chat_id": 100001, "text": "я" * 4097}, "message is too long"),
        ({"chat_id": 100001, "text": "a", "parse_mode": "XML"}, "unsupported parse_mode"),
        ({"chat_id": 100001, "text": "a", "reply_markup": []}, "object expected as reply markup"),
        ({"chat_id": 100001, "text": "a", "reply_markup": None}, "object expected as reply markup"),
        ({"chat_id": 100001, "text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"chat_id": 100001, "text": "a", "reply_parameters": {"message_id": 1}}, "message to be replied not found"),
    ],
)
async def test_a_wrong_message_is_refused_in_these_words(
    bot: BotSide, anna: PersonSide, parameters: dict[str, Any], text: str
) -> None:
    assert await bot.refused("sendMessage", **parameters) == f"Bad Request: {text}"
    assert (await anna.last())["from"] == "person"


@pytest.mark.parametrize(
    ("button", "text"),
    [
        ({"text": "a", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        (
            {"text": "a"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"callback_data": "a"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ("a", "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        ({"text": "a", "url": "где-то"}, "inline keyboard button URL 'где-то' is invalid: Wrong HTTP URL"),
    ],
)
async def test_a_wrong_button_is_refused_in_these_words(
    bot: BotSide, anna: PersonSide, button: object, text: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    refusal = await bot.refused("sendMessage", chat_id=anna.id, text="a", reply_markup=markup)
    assert refusal == f"Bad Request: {text}"


async def test_a_body_that_cannot_be_read_is_refused(bot: BotSide, anna: PersonSide) -> None:
    address = f"/bot{bot.token}/sendMessage"
    for kind, body in (("application/json", "{"), ("application/json", "[]"), ("multipart/form-data", "x")):
        answer = await bot.client.post(address, content=body, headers={"content-type": kind})
        assert answer.status_code == 400
        assert answer.json()["description"].startswith("Bad Request: ")


async def test_values_may_come_as_text_in_a_query_a_form_or_json(bot: BotSide, anna: PersonSide) -> None:
    address = f"/bot{bot.token}/sendMessage"
    asked = {"chat_id": str(anna.id), "text": "a", "protect_content": "true", "reply_markup": json.dumps(BUTTON)}
    for answer in (
        await bot.client.get(address, params=asked),
        await bot.client.post(address, data=asked),
        await bot.client.post(address, json=asked),
        await bot.client.post(address, data=asked, files={"unused": b"x"}),
    ):
        sent = answer.json()["result"]
        assert sent["has_protected_content"] is True
        assert sent["reply_markup"] == BUTTON


async def test_a_hundred_buttons_pass_and_one_more_does_not(bot: BotSide, anna: PersonSide) -> None:
    row = [{"text": "a", "callback_data": "a"}]
    await bot.send(anna.id, reply_markup={"inline_keyboard": [row] * 100})
    refusal = await bot.refused("sendMessage", chat_id=anna.id, text="a", reply_markup={"inline_keyboard": [row] * 101})
    assert refusal == "Bad Request: reply markup is too long"


async def test_four_thousand_and_ninety_six_characters_are_counted_after_the_tags(
    bot: BotSide, anna: PersonSide
) -> None:
    await bot.send(anna.id, "<b>" + "я" * 4096 + "</b>", parse_mode="HTML")


async def test_an_edit_without_a_change_is_refused(bot: BotSide, anna: PersonSide) -> None:
    sent = await bot.send(anna.id, "Да?", reply_markup=BUTTON)
    same = {"chat_id": anna.id, "message_id": sent, "text": "Да?"}
    refusal = await bot.refused("editMessageText", **same, reply_markup=BUTTON)
    assert refusal == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    await bot.call("editMessageText", **same)
    assert (await anna.last())["keyboard"] is None


async def test_what_cannot_be_edited(bot: BotSide, anna: PersonSide) -> None:
    said = await anna.say("моё")
    with_keys = await bot.send(anna.id, reply_markup={"keyboard": [[{"text": "Меню"}]]})
    for wrong, text in (
        ({"message_id": said}, "message can't be edited"),
        ({"message_id": with_keys}, "message can't be edited"),
        ({"message_id": 7}, "message to edit not found"),
        ({}, "message identifier is not specified"),
    ):
        assert await bot.refused("editMessageText", chat_id=anna.id, text="b", **wrong) == f"Bad Request: {text}"


async def test_deleting_has_its_bounds(bot: BotSide, anna: PersonSide, telegram: TelegramApp) -> None:
    sent = await bot.send(anna.id)
    assert await bot.refused("deleteMessage", chat_id=anna.id, message_id=7) == (
        "Bad Request: message to delete not found"
    )
    telegram.telegram.people[anna.id].chat.messages[sent].payload["date"] = int(time.time()) - 48 * 3600 - 5
    assert await bot.refused("deleteMessage", chat_id=anna.id, message_id=sent) == (
        "Bad Request: message can't be deleted for everyone"
    )


async def test_a_callback_answer_must_know_its_query(bot: BotSide, anna: PersonSide, telegram: TelegramApp) -> None:
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await bot.refused("answerCallbackQuery", callback_query_id="1") == old
    sent = await bot.send(anna.id, reply_markup=BUTTON)
    query = (await anna.do("tap", message_id=sent, text="Да"))["callback_query_id"]
    too_long = await bot.refused("answerCallbackQuery", callback_query_id=query, text="a" * 201)
    assert too_long == "Bad Request: MESSAGE_TOO_LONG"
    telegram.telegram.presses[query][1].at -= 151
    assert await bot.refused("answerCallbackQuery", callback_query_id=query) == old


async def test_a_blocked_bot_hears_so(bot: BotSide, anna: PersonSide) -> None:
    await anna.do("block")
    answer = await bot.raw("sendMessage", chat_id=anna.id, text="Вы где?")
    assert (answer["error_code"], answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    await anna.do("unblock")
    await bot.send(anna.id, "С возвращением")
    changes = [one["my_chat_member"]["new_chat_member"]["status"] for one in await bot.updates()]
    assert changes == ["kicked", "member"]


async def test_rate_limits_bite_only_when_switched_on(bot: BotSide, anna: PersonSide) -> None:
    for _ in range(10):
        await bot.send(anna.id)
    await bot.client.post("/limits", json={"on": True})
    answers = [await bot.raw("sendMessage", chat_id=anna.id, text="a") for _ in range(10)]
    refused = [one for one in answers if not one["ok"]]
    assert refused
    assert refused[0]["error_code"] == 429
    assert refused[0]["description"] == "Too Many Requests: retry after 1"
    assert refused[0]["parameters"] == {"retry_after": 1}
