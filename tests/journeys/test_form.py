"""The form that forgives: every field typed, every mistake explained, nothing typed left in the chat."""

import random
import re
from datetime import date

import pytest

from tests.journeys.applying import LITTLE, day, new_citizen, question_of, signed_in, spoken, with_consent, with_form
from tests.journeys.person import Person, words

EXAMPLE = "например|выглядит так|на другую фамилию"

READ_AS_TYPED = {"birth_date", "sex", "passport_issued", "passport_issuer", "passport_code", "address"}
"""What must be readable to be checked; numbers that identify a person are echoed masked."""


def changed_last(digits: str) -> str:
    """Return the number with another last digit."""
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


def some_phone() -> str:
    return f"+7 900 {random.randint(100, 999)}-{random.randint(10, 99)}-{random.randint(10, 99)}"


def wrong_answers(
    citizen: dict[str, str], stranger: dict[str, str], birth_date: str
) -> dict[str, list[tuple[str, str]]]:
    """Return, for each field, what people get wrong and what the one sentence names."""
    born = date.fromisoformat(birth_date)
    tomorrows = f"01.01.{date(2100, 1, 1):%Y}"
    return {
        "name": [("Ivanova Anna", "русскими буквами"), ("Иванова А. С.", "без инициалов"), ("Иванова", "Не хватает имени")],
        "birth_date": [
            ("31.02.1990", "нет в календаре"), (tomorrows, "ещё не наступила"), ("вчера", "день, месяц, год"),
            ("01.01.1850", "больше 120 лет"),
        ],
        "sex": [("не знаю", "какой пол")],
        "snils": [
            (changed_last(citizen["snils"]), "не сходятся"), ("112-233-445", "11 цифр, а получилось: 9"),
            ("сто двенадцать", "только цифры"), ("112-233-445 95", "не знает такого СНИЛС"),
            (stranger["snils"], "на другую фамилию"),
        ],
        "passport_number": [
            ("4510 12345", "10 цифр"), ("четыре пять", "только цифры"), ("45 10 123456", "нет паспорта"),
            (stranger["passport_number"], "на другую фамилию"),
        ],
        "passport_issued": [
            (tomorrows, "ещё не наступила"), (day(born.replace(year=born.year + 5, day=1).isoformat()), "с 14 лет"),
            ("32.01.2015", "нет в календаре"),
        ],
        "passport_issuer": [("12", "«Кем выдан»|«кем выдан»"), ("Moscow police", "русскими буквами")],
        "passport_code": [("12", "6 цифр"), ("семь", "только цифры")],
        "address": [("Moscow", "русскими буквами"), ("Тверь", "коротк|не хватает")],
        "phone": [
            ("+1 202 555 0143", "другой страны"), ("+7 495 123-45-67", "не мобильный"), ("123", "11 цифр"),
            ("мой номер", "только цифры"),
        ],
        "policy": [
            (changed_last(citizen["policy"]), "не сходится"), ("1234 5678", "16 цифр"), ("потерян", "только цифры"),
            ("7754 8400 0000 0127", "нет такого полиса"), (stranger["policy"], "на другую фамилию"),
        ],
        "email": [("anna.example.org", "не хватает знака @"), ("anna@@example.org", "@"), ("anna@example", "точка")],
    }  # fmt: skip


def refused(person: Person, name: str, mistakes: list[tuple[str, str]]) -> None:
    """Make every mistake at a field: each is explained with an example, and the person stays."""
    for typed, fault in mistakes:
        shown = person.say(typed, f"({fault}).*{question_of(name)}")
        complaint = shown.split("Шаг")[0]
        assert re.search(EXAMPLE, complaint, re.IGNORECASE), complaint
        assert gone(person, typed), typed


def gone(person: Person, typed: str) -> bool:
    """Whether nothing in the chat shows what was typed, soon: the answer comes first, and then the message goes."""
    plain = typed.replace(" ", "")
    return person.until(
        lambda chat: not any(plain in words(each).replace(" ", "") for each in chat if each["from"] == "person")
    )


def test_every_field_typed_with_every_mistake_leads_to_the_scans_with_nothing_left_in_the_chat(person: Person) -> None:
    citizen, stranger = signed_in(person, known="contacts", age=34), new_citizen(person, age=60, sex="M")
    said, theirs = spoken(citizen), spoken(stranger)
    mistakes = wrong_answers(said, theirs, citizen["birth_date"])
    person.tap("медкарт", "известно с портала")

    person.correct("ФИО", question_of("name"))
    refused(person, "name", mistakes["name"])
    person.say(said["name"], "Записано ✓ ФИО.*известно с портала")

    person.correct("Телефон", question_of("phone"))
    refused(person, "phone", mistakes["phone"])
    phone = some_phone()
    person.say(phone, "отправили SMS с кодом")
    person.say(person.code(phone.replace(" ", "").replace("-", "")), "Подтверждено кодом ✓ Телефон.*известно с портала")

    person.correct("Почта", question_of("email"))
    refused(person, "email", mistakes["email"])
    email = f"anna{random.randint(1000, 9999)}@example.org"
    person.say(email, "отправили письмо с кодом")
    person.say(person.code(email), f"Подтверждено кодом ✓ Электронная почта.*{question_of('birth_date')}")

    for name, following in zip(LITTLE, (*LITTLE[1:], "policy"), strict=True):
        refused(person, name, mistakes[name])
        assert "Сейчас записано" not in words(person.last())
        echo = person.say(said[name], f"Записано ✓.*{question_of(following)}")
        assert (said[name] in echo) == (name in READ_AS_TYPED)
        assert gone(person, said[name])
    refused(person, "policy", mistakes["policy"])
    person.say(said["policy"], "подтвердить полис, мы отправили SMS")
    person.say(person.code(phone.replace(" ", "").replace("-", "")), "Подтверждено кодом ✓ Полис.*Документы")
    assert person.until(lambda chat: [words(each) for each in chat if each["from"] == "person"] == ["/start"])


def test_the_number_is_shared_by_one_button_but_never_somebody_elses(person: Person) -> None:
    signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    person.correct("Телефон", "Поделиться номером")
    assert any(button["request_contact"] for row in person.chat()["reply_keyboard"]["rows"] for button in row)

    person.act("contact", phone="+79001112233", user_id=person.id + 1)
    person.answer("чужой контакт.*Шаг 7 из 9")

    own = person.http.get(f"/people/{person.id}").json()["phone"]
    person.act("contact")
    person.answer("отправили SMS с кодом")
    person.say(person.code(own), "Подтверждено кодом ✓ Телефон.*известно с портала")
    assert person.chat()["reply_keyboard"] is None
    assert person.until(lambda chat: not any(each["contact"] for each in chat))


def test_a_code_has_five_tries_a_pause_before_the_next_and_a_way_to_another_number(person: Person) -> None:
    signed_in(person, known="contacts")
    person.tap("медкарт", "известно с портала")
    person.correct("Телефон", question_of("phone"))
    phone = some_phone()
    person.say(phone, "отправили SMS с кодом")
    right = person.code(phone.replace(" ", "").replace("-", ""))
    wrong = changed_last(right)

    person.tap("Прислать новый код", r"Код уже отправлен. Новый можно запросить через \d+ с")
    person.say("12345", "В коде 6 цифр, а получилось: 5")
    for left in (4, 3, 2, 1):
        person.say(wrong, f"осталось попыток: {left}")
    person.say(wrong, "уже не действует")
    person.say(right, "уже не действует")
    assert gone(person, right)

    person.tap("Изменить номер", question_of("phone"))
    another = some_phone()
    person.say(another, "отправили SMS с кодом")
    person.say(person.code(another.replace(" ", "").replace("-", "")), "Подтверждено кодом ✓ Телефон")


def test_one_goes_back_field_by_field_and_what_was_typed_stands_there(person: Person) -> None:
    citizen = signed_in(person, known="contacts")
    said = spoken(citizen)
    person.tap("медкарт", "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    person.say(said["birth_date"], question_of("sex"))
    person.tap("Женский", question_of("snils"))
    person.say(said["snils"], question_of("passport_number"))

    person.tap("Назад", rf"{question_of('snils')}.*Сейчас записано")
    person.tap("Назад", rf"{question_of('sex')}.*Сейчас записано")
    person.tap("Назад", rf"{question_of('birth_date')}.*Сейчас записано")
    person.tap("Оставить как есть", question_of("passport_number"))


@pytest.mark.parametrize("step", ["Адрес", "Паспорт"])
def test_from_the_summary_any_field_is_one_tap_away_and_the_way_leads_back_there(person: Person, step: str) -> None:
    citizen = signed_in(person, age=40)
    with_consent(person, citizen)
    said = spoken(citizen)
    if step == "Адрес":
        before = words(person.last())
        person.correct("Адрес", rf"{question_of('address')}.*Сейчас записано")
        after = person.say("г. Казань, ул. Баумана, д. 7, кв. 3", "проверьте.*Записано ✓ Адрес.*Отправить заявку")
        assert after.split("проверьте")[1] != before.split("проверьте")[1]
    else:
        person.correct("Паспорт", "вопрос 1 из 4.*Сейчас записано")
        person.say(said["passport_number"], "вопрос 2 из 4")
        person.tap("Оставить как есть", "вопрос 3 из 4")
        person.tap("Назад", "вопрос 2 из 4")
        person.tap("Оставить как есть", "вопрос 3 из 4")
        person.tap("Оставить как есть", "вопрос 4 из 4")
        person.tap("Оставить как есть", "проверьте.*Отправить заявку")
    person.tap("Отправить заявку", "код из SMS")
    person.say(person.code(citizen["phone"]), "медкарта создана")


def test_whom_the_portal_hardly_knows_has_a_card_after_typing_the_rest(person: Person) -> None:
    citizen = signed_in(person, known="contacts", age=52, sex="M")
    with_form(person, citizen)
    assert person.has_button("Паспорт")
