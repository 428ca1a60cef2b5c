"""«Данные о прививках» over HTTP: told and scanned in the chat, checked at the desk, and what was typed is gone."""

from tests.journeys.applying import signed_in, with_card
from tests.journeys.person import Person, scan, words


def test_a_dose_is_told_answer_by_answer_and_nothing_typed_stays(person: Person) -> None:
    with_card(person, signed_in(person, age=34))
    person.set_up_authenticator()
    person.say("/vaccinations", "Записей о прививках пока нет.*Пора поговорить с врачом")
    person.tap("Что положено", "Прививки по возрасту.*Дифтерия, столбняк.*В медкарте записи нет.*Дальше|Дифтерия")
    person.tap("Назад", "Данные о прививках")
    person.tap("Добавить прививку", "Пришлите скан")
    person.tap("Рассказать самому", "Какая прививка")
    person.say("столбник", "Вы написали: «столбник».*Может быть")
    person.tap("АДС-М", "Когда её сделали")
    person.say("вчера", "Такого дня быть не может")
    person.say("12.05.2015", "Какая серия")
    person.say("П412", "Где сделали")
    person.tap("Не знаю", "Проверьте и отправьте.*Серия: П412.*не указано")
    assert person.until(lambda chat: not any(words(each) in {"столбник", "12.05.2015", "П412"} for each in chat))
    person.tap("Серия", "Какая серия")
    person.say("П413", "Серия: П413")
    person.upload(scan("СЕРТИФИКАТ"), name="sertifikat.jpg", expect="Скан принят.*Скан приложен")
    person.say("/vaccinations", "Данные о прививках")
    assert not person.has_button("Добавить прививку")
    person.tap("Продолжить начатое", "Проверьте и отправьте.*Серия: П413.*Скан приложен")
    person.tap("Отправить на проверку", "Отправлено. Клиника проверит")
    person.tap("Мои заявки: 1", "Мои заявки")
    person.tap("Дифтерия", "На проверке.*Серия: П413")
    person.tap("Отозвать заявку", "Заявка отозвана")
    assert not person.has_button("Мои заявки")
