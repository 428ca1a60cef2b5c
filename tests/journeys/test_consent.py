"""Consent: read in full, given, looked at, withdrawn with a second tap, given again."""

from tests.journeys.applying import signed_in, with_card, with_documents
from tests.journeys.person import Person, scan, words

SAID = (
    "Кто даёт", "Кому", "Зачем", "Какие данные", "о здоровье", "Что с ними делают", "До какого времени", "Как отозвать",
    "152-ФЗ",
)  # fmt: skip
"""What article 9 of law 152 wants in it."""


def test_the_text_stands_in_full_between_quotes_and_only_the_button_agrees(person: Person) -> None:
    citizen = signed_in(person)
    with_documents(person, citizen)
    text = person.tap("Дальше", "«Согласие.*»")
    body = text[text.index("«") : text.rindex("»") + 1]
    assert len(body) > 1000
    for wanted in SAID:
        assert wanted in body, wanted
    assert "Версия текста" in text
    person.say("согласна", "Согласие дают кнопкой")
    person.say("как отозвать согласие", "/consent")
    person.tap("^‹ Назад", "«Согласие")
    person.tap("^‹ Назад", "Всё нужное на месте")
    person.tap("Дальше", "«Согласие")
    person.tap("Согласен", "Согласие записано.*нажмите «Отправить заявку»")

    shown = person.say("/consent", r"Вы дали согласие: \d+ \w+ \d{4}\D+\d\d:\d\d")
    assert body in shown
    assert "Версия текста" in shown


def test_withdrawn_consent_suspends_the_card_until_it_is_given_again(person: Person) -> None:
    citizen = signed_in(person)
    with_card(person, citizen)
    person.say("/consent", "Вы дали согласие")
    person.tap("Отозвать", "Остановится:.*Останется:")
    person.tap("Нет, оставить", "Вы дали согласие")
    person.tap("Отозвать", "Остановится:")
    mark = person.chat()["seq"]
    person.tap("Да, отозвать", "Вы отозвали согласие:")
    person.wait("Это сообщение подтверждает отзыв", mark)
    person.letter(citizen["email"], "отозвано")

    shown = person.say("/card", "Приостановлена: вы отозвали согласие")
    assert citizen["name"] not in shown
    person.say("/menu", "приостановлена, потому что согласие отозвано")

    person.say("/card", "Приостановлена")
    person.tap("Дать согласие", "«Согласие")
    person.tap("Согласен", "Вы дали согласие")
    person.say("/card", "Действует")
    person.letter(citizen["email"], "снова действует")


def test_while_consent_is_withdrawn_the_application_takes_nothing_and_keeps_everything(person: Person) -> None:
    citizen = signed_in(person)
    with_documents(person, citizen)
    person.tap("Дальше", "«Согласие")
    person.tap("Согласен", "нажмите «Отправить заявку»")
    person.say("/consent", "Вы дали согласие")
    person.tap("Отозвать", "Остановится:")
    person.tap("Да, отозвать", "Вы отозвали согласие:")

    person.say("/card", "Согласие отозвано.*Всё, что вы ввели, сохранено")
    person.say("/start scans", "Документы")
    person.tap("Паспорт", "Прислан")
    person.upload(scan(), expect="нужно согласие")
    assert not any("Файл принят" in words(each) for each in person.messages())

    person.say("/consent", "Его можно дать снова")
    person.tap("Согласен", "Вы дали согласие")
    person.say("/card", "нажмите «Отправить заявку»")
    person.tap("Отправить заявку", "код из SMS")
    person.say(person.code(citizen["phone"]), "медкарта создана")
