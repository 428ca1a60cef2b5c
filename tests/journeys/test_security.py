"""The second lock over HTTP: set up, unlocked, closed by tap and by time, lost and taken off by two members of staff."""

import re
import sqlite3
import time
from pathlib import Path

import pyotp

from tests.journeys.applying import signed_in, with_card
from tests.journeys.desk import Desk
from tests.journeys.house import House
from tests.journeys.person import Person, words


def typed_codes(person: Person) -> list[str]:
    """What of the person's own messages could be a code."""
    return [words(each) for each in person.messages() if each["from"] != "bot" and re.search(r"\d{6}", words(each))]


def test_an_authenticator_is_set_up_from_a_picture_that_cannot_be_forwarded_and_goes(person: Person) -> None:
    citizen = signed_in(person)
    person.say("/security", "одного этого чата мало")
    person.tap("^Приложение с кодами", "6 цифр, которые оно покажет")
    picture = next(each for each in person.messages() if "Отсканируйте" in words(each))
    assert picture["protected"]
    person.say("123", "6 цифр")
    person.confirm_authenticator()
    codes = next(each for each in person.messages() if "Резервные коды" in words(each))
    assert codes["protected"]
    assert len(set(person.recovery)) == 10
    assert person.until(lambda chat: not any("Отсканируйте" in words(each) for each in chat))
    person.tap("Коды сохранены", "Разделы открыты до .*Резервных кодов осталось: 10")
    assert person.until(lambda chat: not any("Резервные коды" in words(each) for each in chat))
    assert person.until(lambda _chat: not typed_codes(person))
    person.letter(citizen["email"], "Настроено приложение с кодами")


def time_passes(house: House, person: Person, what: str = "until") -> None:
    """Let the end of somebody's session, or its beginning, lie further back: half an hour that nobody has to wait for."""
    with sqlite3.connect(Path(house.settings["STATE_DIR"]) / "medkarta.sqlite", timeout=30) as database:
        moved = f"UPDATE unlocks SET {what} = datetime({what}, '-30 minutes') || '.000000' WHERE chat = ?"
        assert database.execute(moved, (person.id,)).rowcount == 1


def wrong(person: Person) -> str:
    """Six digits that no step near now has."""
    now = int(time.time()) // 30
    right = {pyotp.TOTP(person.key).generate_otp(now + step) for step in range(-3, 9)}
    return next(code for code in (f"{number:06d}" for number in range(100)) if code not in right)


def medical(person: Person) -> list[str]:
    """What the chat shows that is medical."""
    return [words(each) for each in person.messages() if each["protected"]]


def test_a_section_asks_for_the_code_shows_itself_and_goes_when_the_time_is_over(person: Person, house: House) -> None:
    citizen = signed_in(person)
    person.say("/results", "Здесь нужна медкарта")
    with_card(person, citizen)
    person.say("/results", "одного этого чата мало")
    person.tap("^Приложение с кодами", "6 цифр, которые оно покажет")
    person.confirm_authenticator()
    person.tap("Коды сохранены", "результат")
    assert person.until(lambda _chat: len(medical(person)) == 1)

    person.say("/security", "Разделы открыты до")
    person.tap("Кто смотрел мои данные", "Никто, кроме вас, ваших данных не открывал|Здесь все, кроме вас")
    person.say("/documents", "Медицинские документы")
    person.tap("Кто смотрел мои данные", "Кто и что делал с вашими данными")
    person.say("/menu", "Медкарта: действует")
    person.tap("Кто смотрел мои данные", "Кто и что делал с вашими данными")
    person.say("/security", "Разделы открыты до")
    person.tap("Сколько держать", "Время считается от последнего просмотра")
    person.tap("^60 мин", "через 60 мин после последнего просмотра")
    person.tap("Закрыть сейчас", "Разделы закрыты")
    assert person.until(lambda _chat: medical(person) == [])

    person.say("/results", "6 цифр из приложения")
    person.say("абвгде", "6 цифр")
    person.say(f"{wrong(person)[:3]} {wrong(person)[3:]}", "Осталось попыток: 4")
    person.unlock("результат")
    assert person.until(lambda _chat: len(medical(person)) == 1)
    assert person.until(lambda _chat: not typed_codes(person))

    mark = person.chat()["seq"]
    time_passes(house, person)
    person.wait("Время вышло: разделы медкарты закрыты", mark)
    assert person.until(lambda _chat: medical(person) == [])
    person.tap("Открыть снова", "6 цифр из приложения")
    person.unlock("Разделы открыты до")


def test_a_code_opens_once_and_five_wrong_ones_lock_and_are_told(person: Person) -> None:
    citizen = signed_in(person)
    with_card(person, citizen)
    person.set_up_authenticator()
    person.answer("Разделы открыты до")
    person.tap("Закрыть сейчас", "Разделы закрыты")
    person.tap("Открыть разделы", "6 цифр из приложения")
    used = person.totp()
    person.say(used, "Разделы открыты до")
    person.tap("Закрыть сейчас", "Разделы закрыты")
    person.tap("Открыть разделы", "6 цифр из приложения")
    person.say(used, "не подошёл или уже использован. Осталось попыток: 4")
    for left in (3, 2, 1):
        person.say(wrong(person), f"Осталось попыток: {left}")
    person.say(wrong(person), r"Следующий можно ввести после \d\d:\d\d")
    told = [words(each) for each in person.messages() if "Следующий можно ввести" in words(each)]
    assert [each.count("Следующий можно ввести после") for each in told] == [1]
    person.letter(citizen["email"], "Неверные коды")
    person.say(person.recovery[0], "Следующий можно ввести после")


def test_who_lost_the_phone_is_let_in_by_two_members_of_staff(person: Person, house: House, desk: Desk) -> None:
    citizen = signed_in(person)
    with_card(person, citizen)
    person.set_up_authenticator()
    person.answer("Разделы открыты до")
    person.say("/security", "Резервных кодов осталось: 10")
    person.tap("Нет доступа к кодам", "Попросите проверку личности")
    person.tap("Попросить проверку", "Запрос отправлен")
    person.letter(citizen["email"], "Запрошено снятие")
    name = f"{citizen['name']} {citizen['surname'][0]}."
    waiting = desk.http.get("/proofs").raise_for_status().json()["waiting"]
    proof = next(each["id"] for each in waiting if each["name"] == name)
    note = {"compared": "Позвонила, дата рождения и номер паспорта совпали."}
    assert desk.http.post(f"/proofs/{proof}/comparison", json=note).status_code == 204
    assert desk.http.post(f"/proofs/{proof}/confirmation").status_code == 409
    second = Desk.of(house, "registrar")
    mark = person.chat()["seq"]
    assert second.http.post(f"/proofs/{proof}/confirmation").status_code == 204
    second.http.close()
    person.wait("Личность подтверждена, второй замок снят", mark)
    person.letter(citizen["email"], "Второй замок снят")
    person.say("/results", "одного этого чата мало")
    person.set_up_authenticator()
    person.answer("Разделы открыты до")


def test_a_recovery_code_opens_once_and_lets_a_new_phone_in(person: Person) -> None:
    citizen = signed_in(person)
    with_card(person, citizen)
    person.set_up_authenticator()
    person.answer("Разделы открыты до")
    person.tap("Закрыть сейчас", "Разделы закрыты")
    person.say("/results", "6 цифр из приложения")
    person.say(person.recovery[3].lower(), "Разделы открыты резервным кодом.*Результаты")
    person.say("/security", "осталось: 9")
    person.tap("Сменить способ", "Прежний действует")
    person.tap("^Приложение с кодами", "6 цифр, которые оно покажет")
    person.confirm_authenticator()
    person.tap("Коды сохранены", "Резервных кодов осталось: 10")


def test_codes_by_sms_open_as_well(person: Person) -> None:
    citizen = signed_in(person)
    with_card(person, citizen)
    person.say("/security", "одного этого чата мало")
    person.tap("^Код по SMS", "Код отправлен на")
    person.say(person.code(citizen["phone"]), "Сохраните десять кодов")
    person.tap("Коды сохранены", "код по SMS на")
    person.tap("Закрыть сейчас", "Разделы закрыты")
    person.say("/results", "Нажмите «Прислать код»: он придёт по SMS на")
    person.tap("Прислать код", "Код отправлен на")
    person.say(person.code(citizen["phone"]), "результат")


def test_changing_what_is_set_up_wants_a_fresh_code_and_leads_back_to_the_window(person: Person, house: House) -> None:
    signed_in(person)
    person.set_up_authenticator()
    person.answer("Разделы открыты до")
    before = set(person.recovery)
    time_passes(house, person, "opened_at")
    person.tap("Новые резервные коды", "6 цифр из приложения")
    person.unlock("Резервных кодов осталось: 10")
    person.tap("Новые резервные коды", "Сохраните десять кодов")
    codes = [each for each in person.messages() if "Резервные коды" in words(each)][-1]
    assert codes["protected"]
    assert not before & set(re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", words(codes)))
    person.tap("Коды сохранены", "Разделы открыты до")
    person.tap("Закрыть сейчас", "Разделы закрыты")
    person.tap("Открыть разделы", "6 цифр из приложения")
    person.say(before.pop(), "не подошёл или уже использован")
