"""/notifications in the running product: chosen by tapping and typing, and what is told afterwards is told that way."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.journeys.applying import signed_in, with_form
from tests.journeys.desk import Desk
from tests.journeys.house import House
from tests.journeys.person import Person, labels, scan, words
from tests.journeys.test_status import unverified


def keyboard(person: Person) -> list[str]:
    """The labels of the open window, one after another."""
    return [label for row in labels(person.last()) for label in row]


def asked_to_be_verified(person: Person) -> dict[str, str]:
    citizen = unverified(person)
    person.say("/status", "Не подтверждена")
    person.tap("Прислать документы", "как паспорт")
    person.upload(scan(), scan(), expect="Паспорт получен.*ИНН получен.*Всё на месте")
    person.tap("Отправить на проверку", "В процессе")
    return citizen


def test_a_visitor_is_led_to_the_portal(person: Person) -> None:
    person.say("/notifications", "сначала нужно войти")


def test_what_is_chosen_by_mail_alone_comes_by_mail_and_not_to_the_chat(person: Person, desk: Desk) -> None:
    citizen = asked_to_be_verified(person)
    person.say("/notifications", "о чём и куда писать")
    person.tap("^✓ Медкарта: Telegram, почта", "Заявка, документы")
    person.tap("Сюда, в Telegram: приходит", "Медкарта, Telegram: больше не приходит")
    assert "Сюда, в Telegram: не приходит" in keyboard(person)
    person.tap("Назад", "Уведомления")
    assert "✓ Медкарта: почта" in keyboard(person)

    mark = person.chat()["seq"]
    desk.decide("verifications", desk.request_of(citizen)["id"], decision="approve")
    assert "подтверждена" in person.letter(citizen["email"], "подтверждена")
    said = [words(each) for each in person.chat(mark)["messages"] if each["from"] == "bot"]
    assert not any("Учётная запись подтверждена" in text for text in said)


def test_a_push_comes_to_who_chose_nothing_and_not_to_who_turned_everything_off(
    house: House, person: Person, desk: Desk
) -> None:
    other = Person.new(house.playground, "Борис")
    silent, told = asked_to_be_verified(person), asked_to_be_verified(other)
    person.say("/notifications", "о чём и куда писать")
    before = keyboard(person).index("🔕 Отключить всё")
    person.tap("Отключить всё", "Всё отключено. Что вы выбрали раньше, я помню.*Приходят только коды")
    assert keyboard(person).index("🔔 Включить снова") == before
    assert "Медкарта: не писать" in keyboard(person)

    mark, others_mark = person.chat()["seq"], other.chat()["seq"]
    desk.decide("verifications", desk.request_of(silent)["id"], decision="approve")
    desk.decide("verifications", desk.request_of(told)["id"], decision="approve")
    other.wait("Учётная запись подтверждена", others_mark)
    assert person.chat(mark)["messages"] == []
    person.tap("Включить снова", "Снова включено, всё как вы выбирали")
    assert "✓ Медкарта: Telegram, почта" in keyboard(person)


def test_quiet_hours_are_chosen_by_a_tap_or_typed_and_bad_ones_are_explained(person: Person) -> None:
    signed_in(person)
    person.say("/notifications", "Уведомления")
    person.tap("Тихие часы: нет", "Тихих часов нет.*по часам города Москва")
    person.tap("С 23:00 до 07:00", "Тихие часы записаны")
    person.tap("Тихие часы: 23:00–07:00", "✓|С 23:00 до 07:00")
    person.tap("Своё время", "Напишите, с какого часа")
    person.say("ночью", "Время не разобрал.*Например")
    person.say("с 21.30 до 9", "Тихие часы записаны")
    assert "🌙 Тихие часы: 21:30–09:00 · Москва" in keyboard(person)
    person.tap("Тихие часы: 21:30", "С 21:30 до 09:00")
    person.tap("Без тихих часов", "Тихих часов больше нет")
    assert "🌙 Тихие часы: нет" in keyboard(person)
    assert person.until(
        lambda chat: [words(each) for each in chat if each["from"] == "person"] == ["/start", "/notifications"]
    )


def test_a_region_is_typed_with_errors_and_chosen_among_the_nearest(person: Person) -> None:
    signed_in(person)
    person.say("/notifications", "Уведомления")
    person.tap("Регион: не выбран", "Пока не выбран, считаю время по Москве")
    person.say("нигде такого нет", "Такого места не нашёл.*Екатеринбург или 66")
    person.say("алтай", "Выберите ниже")
    person.tap("Алтайский край · Барнаул", "Регион: Алтайский край. Время считаю по часам города Барнаул")
    person.tap("Регион: Алтайский край", "Сейчас: Алтайский край · Барнаул")
    person.say("хабаровс", "Регион: Хабаровский край")
    person.tap("Тихие часы", "Тихих часов нет.*по часам города Хабаровск")
    person.tap("Назад", "Уведомления")
    assert "📍 Регион: Хабаровский край" in keyboard(person)


def test_a_digest_is_chosen_and_given_up(person: Person) -> None:
    signed_in(person)
    person.say("/notifications", "Уведомления")
    person.tap("Сводка раз в день: нет", "Сейчас пишу сразу")
    person.tap("В 18 часов", "Сводка будет приходить в 18:00")
    person.tap("Назад", "Уведомления")
    person.tap("Сводка раз в день: в 18:00", "одним сообщением в 18:00")
    person.tap("Без сводки", "Сводки больше нет")


def test_a_channel_is_switched_off_and_another_on_and_the_window_says_so(person: Person) -> None:
    signed_in(person)
    person.say("/notifications", "Уведомления")
    person.tap("Обращения: Telegram, почта", "Ответили на ваше обращение")
    person.tap("На почту: приходит", "Обращения, почта: больше не приходит")
    person.tap("На почту: не приходит", "Обращения, почта: теперь приходит")
    person.tap("SMS, только срочное: не приходит", "Обращения, SMS: теперь приходит")
    person.tap("Назад", "Уведомления")
    assert "✓ Обращения: Telegram, почта, SMS" in keyboard(person)


def test_a_double_tap_switches_once(person: Person) -> None:
    signed_in(person)
    person.say("/notifications", "Уведомления")
    person.tap("Новости: Telegram", "Куда|Нажмите на строку")
    message, button = person.button("Сюда, в Telegram: приходит")
    for _ in range(2):
        person.act("tap", message_id=message, data=button["data"])
    person.answer("Новости, Telegram: больше не приходит")
    person.say("/notifications", "Уведомления")
    assert "Новости: не писать" in keyboard(person)


def test_the_choices_are_reached_from_the_middle_of_the_form_and_nothing_is_lost(person: Person) -> None:
    citizen = signed_in(person)
    with_form(person, citizen)
    person.say("/notifications", "о чём и куда писать")
    person.tap("В меню", "заявка начата")
    person.tap("Уведомления", "о чём и куда писать")
    person.say("трали-вали семь пружин", "нет ответа|Не уверен")
    person.say("/card", "Документы")


def test_a_draft_that_was_left_is_reminded_of_with_a_button_that_leads_back_to_it(house: House, person: Person) -> None:
    citizen = signed_in(person)
    with_form(person, citizen)
    mark = person.chat()["seq"]
    three_days_on(house, person)
    said = person.wait("Заявка на медкарту ждёт вас: анкета заполнена", mark)
    assert citizen["full_name"].split()[0] not in said
    person.tap("Продолжить заявку", "Документы")


def three_days_on(house: House, person: Person) -> None:
    """The day of this person's reminder has come."""
    database = next(Path(house.settings["STATE_DIR"]).glob("*.sqlite"))
    with closing(sqlite3.connect(database, timeout=30)) as store, store:
        past = "2026-01-01 09:00:00.000000"
        moved = store.execute(
            "UPDATE notifications SET due_at = ?, placed_at = ? WHERE chat = ? AND subject IS NOT NULL AND state = 'waiting'",
            (past, past, person.id),
        )
        assert moved.rowcount == 1
