"""An account that the portal has not confirmed: documents, a reviewer's decision told at once, contacts kept up to date."""

import random

from tests.journeys.applying import new_citizen
from tests.journeys.desk import Desk
from tests.journeys.person import Person, scan, words
from tests.journeys.test_form import changed_last, some_phone


def name_nobody_else_has() -> str:
    """Return a full name for the desk to find the person by."""
    letters = "".join(random.choices("абвгдежзиклмнопрст", k=6))
    return f"Проверкина{letters} Анна{letters} Сергеевна"


def unverified(person: Person) -> dict[str, str]:
    citizen = new_citizen(person, level="P", age=30, full_name=name_nobody_else_has())
    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"], "не подтверждена")
    return citizen


def test_a_passport_scan_and_a_typed_inn_are_checked_at_the_desk_and_approval_comes_at_once(
    person: Person, desk: Desk
) -> None:
    citizen = unverified(person)
    person.say("/card", "Сначала подтвердим учётную запись")
    person.tap("К статусу", "Не подтверждена.*Дальше: пришлите скан паспорта и ИНН")
    person.tap("Прислать документы", "как паспорт")
    person.say(changed_last(citizen["inn"]), "опечатка.*выглядит так")
    person.say("7707083893", "12 цифр")
    person.say(citizen["inn"], "ИНН записан. Осталось прислать паспорт")
    person.upload(scan("passport"), expect="Паспорт получен")
    # What was sent goes from the chat once it was answered.
    assert person.until(lambda chat: not any(each["file"] for each in chat))
    if person.has_button("Отправить на проверку"):
        person.tap("Отправить на проверку")
    person.answer("В процессе.*Делать ничего не нужно")
    assert person.until(lambda chat: not any(citizen["inn"] in words(each) for each in chat))
    person.say("/card", "Сначала подтвердим учётную запись")

    request = desk.request_of(citizen)
    assert request["inn"] == citizen["inn"]
    assert [each["kind"] for each in request["documents"]] == ["passport"]
    assert desk.content(request["documents"][0]["id"])
    mark = person.chat()["seq"]
    desk.decide("verifications", request["id"], decision="approve")
    person.wait("Учётная запись подтверждена. Теперь можно создать медкарту", mark)
    assert "подтверждена" in person.letter(citizen["email"], "подтверждена")
    person.tap("Медкарта", "известно с портала")
    person.say("/status", "Подтверждена.*Личность подтверждена")


def test_documents_that_were_never_sent_to_be_checked_are_sent_from_the_status(person: Person) -> None:
    citizen = unverified(person)
    person.say("/status", "Дальше: пришлите скан паспорта и ИНН")
    person.tap("Прислать документы", "как паспорт")
    asked = person.tap("Написать ИНН цифрами", "Напишите 12 цифр")
    assert "Паспорт уже есть" not in asked
    person.say(citizen["inn"], "ИНН записан")
    person.say("/status", "Дальше: пришлите скан паспорта. ИНН уже есть")
    person.tap("Прислать документы", "как паспорт")
    person.upload(scan("passport"), expect="Паспорт получен.*Всё на месте")
    person.say("/status", "на проверку ещё не отправлены")
    person.tap("Отправить на проверку", "Отправлено на проверку.*В процессе")


def test_a_refusal_gives_the_reason_for_each_document_and_the_next_try_succeeds(person: Person, desk: Desk) -> None:
    citizen = unverified(person)
    person.say("/status", "Не подтверждена")
    person.tap("Прислать документы", "как паспорт")
    person.upload(scan(), scan(), expect="Паспорт получен.*ИНН получен.*Всё на месте")
    person.tap("Отправить на проверку", "В процессе")

    mark = person.chat()["seq"]
    reasons = {"passport": "Фото размыто <b>сильно</b>", "inn": "Номер не читается"}
    desk.decide("verifications", desk.request_of(citizen)["id"], decision="refuse", reasons=reasons)
    person.wait("приняли не все", mark)
    person.tap(
        "Учётная запись|статус",
        "Не подтверждена.*Паспорт не приняли: Фото размыто <b>сильно</b>.*ИНН не приняли: Номер не читается",
    )
    person.letter(citizen["email"], "не все")

    person.tap("Прислать документы", "Паспорт: не принят.*Причина: Фото размыто")
    person.upload(scan(), scan(), expect="Паспорт получен.*ИНН получен.*Всё на месте")
    person.tap("Отправить на проверку", "В процессе")
    mark = person.chat()["seq"]
    desk.decide("verifications", desk.request_of(citizen)["id"], decision="approve")
    person.wait("Учётная запись подтверждена", mark)


def test_a_new_phone_counts_after_its_sms_code_and_a_new_address_after_its_mail_code(person: Person) -> None:
    citizen = new_citizen(person)
    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"])
    before = person.say("/status", "Подтверждена.*Телефон: ")

    person.tap("Сменить телефон", "Новый телефон")
    person.say("+7 900 12", "11 цифр.*Например")
    phone = some_phone()
    person.say(phone, "Код из SMS.*телефон остаётся прежним")
    code = person.code(phone.replace(" ", "").replace("-", ""))
    person.say(changed_last(code), "осталось попыток: 4")
    after = person.say(code, "Телефон изменён")
    assert phone[-2:] in after
    assert before != after
    person.letter(citizen["email"], "Телефон .* изменён")

    person.tap("Сменить почту", "Новая почта")
    person.say("anna", "знака @.*Например")
    email = f"new{random.randint(1000, 9999)}@example.org"
    person.say(email, "Код из письма")
    person.say(person.code(email), "Почта изменена")
    person.letter(citizen["email"], "Почта .* изменена")
    assert person.until(
        lambda chat: [words(each) for each in chat if each["from"] == "person"] == ["/start", "/status"]
    )
