"""A citizen and an operator talk: one in the chat, one at the desk, everything over HTTP."""

import pytest

from tests.journeys.house import House
from tests.journeys.operating import Operator, open_always
from tests.journeys.person import Person, scan


@pytest.fixture(scope="module")
def operator(house: House) -> Operator:
    open_always(house)
    return Operator.of(house)


def test_both_talk_until_one_ends_it_and_the_person_is_back_where_they_were(person: Person, operator: Operator) -> None:
    person.say("/help", "Что я умею")
    person.say("Позовите оператора", "в очереди к оператору")
    person.say("Не вижу прививку от кори", "Передам оператору")
    operator.claims("Не вижу прививку от кори")
    person.wait("С вами говорит Зоя")
    asked = operator.hears("Не вижу прививку")
    first = operator.says("Здравствуйте. Когда её делали?", reply_to=asked["number"])
    person.wait("Когда её делали")
    answered = next(each for each in person.messages() if "Когда её делали" in each["text"])
    question = next(each for each in person.messages() if "Не вижу прививку" in each["text"])
    assert answered["reply_to"] == question["id"]
    operator.waits_for(lambda line: line["number"] == first and line["delivery"] == "delivered")

    said = person.act("say", text="В мае", reply_to=answered["id"])["message_id"]
    assert operator.hears("В мае")["reply_to"] == first
    person.act("edit", message_id=said, text="В июне")
    assert [each["text"] for each in operator.hears("В июне")["earlier"]] == ["В мае"]

    person.upload(scan(), kind="photo", caption="Сертификат")
    shown = operator.hears("Сертификат")["file"]
    assert operator.http.get(shown["address"].removeprefix("/api/v1")).raise_for_status().content[:2] == b"\xff\xd8"
    person.upload(b"OggS voice", kind="voice", name="voice.ogg")
    operator.waits_for(lambda line: line["kind"] == "voice")
    person.act("location", latitude=56.86, longitude=35.9)
    assert operator.waits_for(lambda line: line["kind"] == "location")["point"]["latitude"] == pytest.approx(56.86)

    operator.sends("памятка.pdf", b"%PDF-1.4\n%%EOF", "Вот памятка")
    person.wait("Вот памятка")
    wrong = operator.says("Опечтка")
    person.wait("Опечтка")
    operator.does(
        "patch", f"lines/{wrong}", json={"text": "Опечатка", "epoch": operator.view()["conversation"]["epoch"]}
    )
    person.wait("Опечатка")

    def is_seen_writing(_messages: object) -> bool:
        # It is shown for a few seconds: whoever looks later than that sees the next one.
        operator.does("post", "typing")
        return person.chat().get("action") == "typing"

    assert person.until(is_seen_writing)

    person.say("/menu", "Выйти из разговора")
    person.tap("Остаться")
    operator.does("post", "end")
    person.tap("Вернуться", "Что я умею")
    person.tap("5 ⭐", "5 из 5")


def test_a_file_over_the_limit_is_said_to_be_too_large_and_the_talk_goes_on(person: Person, operator: Operator) -> None:
    person.say("оператор", "в очереди к оператору")
    person.upload(b"\0" * (20 * 1024 * 1024 + 1), name="big.bin", expect="больше 20 МБ")
    person.say("Тогда словами", "Передам оператору")
    operator.claims("Тогда словами")
    operator.does("post", "end")
    person.wait("закончил разговор")


def test_a_call_for_help_is_answered_with_the_number_and_stands_first_in_the_queue(
    person: Person, operator: Operator
) -> None:
    person.say("Мужу плохо с сердцем", "103")
    operator.finds("плохо с сердцем")
    first = operator.http.get("/conversations").raise_for_status().json()["conversations"][0]
    assert first["urgency"] == "0_urgent"
    person.tap("Выйти из очереди", "вышли из очереди")


def test_whoever_blocks_the_bot_in_mid_conversation_is_not_written_to_in_vain(
    person: Person, operator: Operator
) -> None:
    person.say("оператор", "в очереди к оператору")
    person.say("Сейчас уйду", "Передам оператору")
    operator.claims("Сейчас уйду")
    person.wait("С вами говорит")
    person.act("block")
    line = operator.says("Вы здесь?")
    operator.waits_for(lambda each: each["number"] == line and each["delivery"] in {"blocked", "failed"})
