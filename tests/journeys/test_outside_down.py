"""Outside systems fail: it is told in one sentence, nothing typed is lost, and things go on by themselves."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.journeys.applying import new_citizen, question_of, signed_in, spoken, with_card
from tests.journeys.desk import Desk
from tests.journeys.person import Person, scan
from tests.journeys.test_form import changed_last, some_phone
from tests.journeys.test_status import unverified

SLOW = {"mode": "slow", "delay_ms": 2500}


@contextmanager
def broken(person: Person, system: str, **fault: Any) -> Iterator[None]:
    """Have an outside system fail for as long as the block runs."""
    person.http.post(f"/{system}/faults", json=fault).raise_for_status()
    try:
        yield
    finally:
        person.http.delete(f"/{system}/faults").raise_for_status()


def typed_to_the_policy(person: Person, said: dict[str, str]) -> None:
    """Type the whole form while no registry answers: each says so once, and the next question comes."""
    person.tap("Всё верно", question_of("birth_date"))
    person.say(said["birth_date"], question_of("sex"))
    person.say(said["sex"], question_of("snils"))
    person.say(said["snils"], f"Социальный фонд сейчас не отвечает. СНИЛС записан.*{question_of('passport_number')}")
    person.say(said["passport_number"], "База МВД сейчас не отвечает. Паспорт записан.*вопрос 2 из 4")
    person.say(said["passport_issued"], "вопрос 3 из 4")
    person.say(said["passport_issuer"], "вопрос 4 из 4")
    person.say(said["passport_code"], question_of("address"))
    person.say(said["address"], question_of("policy"))
    person.say(said["policy"], "Реестр ОМС сейчас не отвечает. Полис записан.*отправили SMS")


@pytest.mark.parametrize("fault", [{"mode": "drop"}, SLOW], ids=["down", "slow"])
def test_while_registries_are_away_the_application_is_sent_and_completes_by_itself(
    person: Person, fault: dict[str, Any]
) -> None:
    citizen = signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    with broken(person, "registries", service="*", **fault):
        typed_to_the_policy(person, spoken(citizen))
        person.say(person.code(citizen["phone"]), "Документы")
        person.upload(scan(), scan(), scan(), expect="Всё нужное на месте")
        person.tap("Дальше", "«Согласие")
        person.tap("Согласен", "реестр проверит позже.*Отправить заявку можно")
        person.tap("Отправить заявку", "код из SMS")
        waits = person.say(person.code(citizen["phone"]), "ждём ответа.*Ничего не потеряно")
        assert [name in waits for name in ("СНИЛС", "паспорт", "полис")] == [True] * 3
        person.tap("Проверить сейчас", "Ответа пока нет")
        person.say("/menu", "ждём ответа реестров")
        mark = person.chat()["seq"]
    person.wait("медкарта создана.*Реестры ответили, всё сошлось", mark)
    person.letter(citizen["email"], "карта создана")
    person.tap("Медкарта", "Действует")


def test_what_a_registry_refuses_when_it_is_back_is_told_and_put_right(person: Person) -> None:
    # Where the portal knows the СНИЛС, another one is refused at once: here it does not.
    said = spoken(signed_in(person, known="contacts"))
    stranger = new_citizen(person, sex="M", age=70)
    person.tap("медкарт", "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    person.say(said["birth_date"], question_of("sex"))
    person.say(said["sex"], question_of("snils"))
    with broken(person, "registries", service="snils", mode="down"):
        person.say(stranger["snils"], "Социальный фонд сейчас не отвечает")
        mark = person.chat()["seq"]
    person.wait("СНИЛС не сходится|СНИЛС.*не подтвердил|Социальный фонд ответил", mark)
    person.say("/card", "СНИЛС.*(не подтвердил|не сходится)")


def test_what_the_portal_knows_is_kept_though_the_registries_are_away(person: Person) -> None:
    citizen = new_citizen(person)
    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"])
    with broken(person, "registries", service="*", mode="down"):
        person.tap("медкарт", "известно с портала.*СНИЛС: .*реестр проверит позже.*больше ничего вводить не придётся")


def test_a_code_waits_for_the_sms_gateway_and_comes_by_itself(person: Person) -> None:
    signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    person.correct("Телефон", question_of("phone"))
    phone = some_phone()
    person.http.post("/sms/faults", json={"mode": "down", "times": 2}).raise_for_status()
    person.say(phone, "отправили SMS")
    person.say(person.code(phone.replace(" ", "").replace("-", "")), "Подтверждено кодом ✓ Телефон")


def test_an_sms_that_was_taken_but_not_answered_for_is_not_sent_twice(person: Person) -> None:
    signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    person.correct("Телефон", question_of("phone"))
    phone = some_phone()
    person.http.post("/sms/faults", json={"mode": "lost", "times": 1}).raise_for_status()
    person.say(phone, "отправили SMS")
    number = phone.replace(" ", "").replace("-", "")
    code = person.code(number)
    person.say(changed_last(code), "осталось попыток")
    person.say(code, "Подтверждено кодом ✓ Телефон")
    assert len(person.http.get("/sms/messages", params={"to": number}).json()) == 1


def test_a_letter_waits_for_the_mail_relay(person: Person) -> None:
    citizen = signed_in(person)
    with broken(person, "mail", service="*", mode="down"):
        with_card(person, citizen)
        assert not person.http.get("/mail/messages", params={"to": citizen["email"]}).json()
    person.letter(citizen["email"], "карта создана")


def test_when_the_code_cannot_be_mailed_another_address_serves(person: Person) -> None:
    signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    person.correct("Почта", question_of("email"))
    with broken(person, "mail", service="*", mode="refuse"):
        person.say("nobody.here@example.org", "отправили письмо.*Запросите новый")
    person.tap("Изменить адрес", question_of("email"))
    email = f"another{random.randint(1000, 9999)}@example.org"
    person.say(email, "отправили письмо")
    person.say(person.code(email), "Подтверждено кодом ✓ Электронная почта")


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 1},
        {"status": 500},
        {"drop": "before"},
        {"drop": True},
    ],
    ids=["429", "500", "lost call", "lost answer"],
)
def test_whatever_telegram_does_to_an_answer_the_person_gets_it_and_nothing_is_lost(
    person: Person, fault: dict[str, Any]
) -> None:
    citizen = signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    person.http.post("/faults", json={"method": "sendMessage", **fault}).raise_for_status()
    person.say(spoken(citizen)["birth_date"], question_of("sex"))
    person.say("женский", question_of("snils"))
    assert not person.http.get("/faults").json()
    person.say("/menu", "заявка начата")


def test_after_telegram_was_away_for_a_while_there_is_an_answer_and_the_form_goes_on_where_it_stood(
    person: Person,
) -> None:
    citizen = signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    person.http.post("/faults", json={"method": "sendMessage", "status": 502, "times": 3}).raise_for_status()
    person.say(spoken(citizen)["birth_date"], f"{question_of('sex')}|заявка начата, всё введённое сохранено")
    person.say("/card", question_of("sex"))


def test_a_push_comes_though_telegram_failed_at_first(person: Person, desk: Desk) -> None:
    citizen = unverified(person)
    person.say("/status", "Не подтверждена")
    person.tap("Прислать документы", "как паспорт")
    person.upload(scan(), scan(), expect="Всё на месте")
    person.tap("Отправить на проверку", "В процессе")
    mark = person.chat()["seq"]
    person.http.post("/faults", json={"method": "sendMessage", "status": 500}).raise_for_status()
    desk.decide("verifications", desk.request_of(citizen)["id"], decision="approve")
    person.wait("Учётная запись подтверждена", mark)


def test_who_blocked_the_bot_is_not_pushed_and_finds_everything_when_back(person: Person) -> None:
    citizen = signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    person.act("block")
    person.act("unblock")
    person.say(spoken(citizen)["birth_date"], question_of("sex"))
