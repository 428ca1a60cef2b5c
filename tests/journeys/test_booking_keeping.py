"""What can be done with an appointment: moved, cancelled, late, reminders; over HTTP."""

import re
from datetime import datetime, time, timedelta

from tests.journeys.clinics import Clinic, labels_of, settle, with_a_card
from tests.journeys.house import House
from tests.journeys.person import Person, words

DOCTORS = (("Кедрова Анна Юрьевна", "therapist"),)


def booked(clinic: Clinic, person: Person, time: str = "9:00 утра") -> None:
    """Have an appointment for tomorrow."""
    clinic.find(person, "простуда", "Терапевт")
    clinic.times(person, "Кедрова")
    person.tap(f"^{time}", "Проверьте и подтвердите")
    person.tap("^Записаться$", "Вы записаны")


def opened(person: Person, day: str = "завтра") -> str:
    """Open the only appointment there is."""
    person.say("/appointments", "Впереди 1 запись")
    return person.tap(f"^{day}, ", "Талон №")


def comes_today(clinic: Clinic, slip: str) -> None:
    """The day of the visit has come."""
    [number] = re.findall(r"Талон № ([0-9A-Z]{4}-[0-9A-Z]{4})", slip)
    today = datetime.combine(clinic.tomorrow - timedelta(days=1), time(9))
    assert settle(clinic.house, "UPDATE bookings SET wall_at = ? WHERE number = ?", today.isoformat(), number) == 1


def test_a_move_keeps_the_old_time_until_the_new_one_is_confirmed(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    booked(clinic, person)
    opened(person)
    person.tap("^Перенести$", "На какой день.*Прежняя запись остаётся за вами")
    person.tap("^‹ Назад", "Талон №.*9:00")
    person.tap("^Перенести$", "На какой день.*Прежняя запись остаётся за вами")
    person.tap("^Другой врач", "к кому.*Прежняя запись остаётся за вами")
    person.tap("Кедрова", "На какой день")
    person.tap("^Другие дни", "Места есть")
    free = [label for label in labels_of(person) if label.startswith("•")]
    assert free
    person.tap("Назад", "На какой день")
    person.tap("^завтра, ", "Во сколько")
    person.tap("^11:30 утра", "подтвердите перенос.*11:30.*Прежняя запись.*9:00.*останется за вами")
    other = Person.new(house.playground, "Борис")
    with_a_card(other)
    clinic.find(other, "простуда", "Терапевт")
    clinic.times(other, "Кедрова")
    assert not other.has_button("^9:00 утра")
    person.tap("^Перенести на это время", "Запись перенесена")
    opened(person)
    assert person.wait("11:30")
    other.tap("Назад", "На какой день")
    other.tap("^завтра, ", "Во сколько")
    assert other.has_button("^9:00 утра")


def test_cancelled_for_a_usual_reason_or_in_own_words_it_is_past(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    booked(clinic, person)
    opened(person)
    person.tap("^Отменить запись", "Отменить запись.*Нажмите причину")
    person.tap("^Оставить запись", "Талон №")
    person.tap("^Отменить запись", "Нажмите причину")
    person.tap("^Отменить: стало лучше", "Запись отменена.*отменена вами.*стало лучше")

    booked(clinic, person)
    opened(person)
    person.tap("^Отменить запись", "Нажмите причину")
    person.tap("^Написать свою причину", "Почему отменяете")
    person.say("…", "причин")
    person.say("уезжаю к сестре", "Запись отменена.*уезжаю к сестре")
    assert person.until(lambda chat: not [each for each in chat if each["from"] != "bot" and "сестре" in words(each)])
    person.say("/appointments", "Впереди записей нет")
    person.tap("^Прошедшие записи", "Прошедшие записи")
    assert len([label for label in labels_of(person) if "отменена вами" in label]) == 2
    person.tap("отменена вами", "Запись закрыта")
    person.tap("К прошедшим записям", "Прошедшие записи")
    person.tap("отменена вами", "Запись закрыта")
    person.tap("^Записаться к этому врачу снова", "На какой день")


def test_a_reason_typed_right_under_the_question_cancels_as_a_tapped_one_does(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    booked(clinic, person)
    opened(person)
    person.tap("^Отменить запись", "Нажмите причину или напишите свою")
    person.say("…", "причин.*Отменить запись")
    person.say("уезжаю к брату", "Запись отменена.*уезжаю к брату")
    assert person.until(lambda chat: not [each for each in chat if each["from"] != "bot" and "брату" in words(each)])
    person.tap("К списку записей", "Впереди записей нет")


def test_late_reminders_and_coming_are_told_and_seen_again(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    booked(clinic, person)
    slip = opened(person)
    person.tap("^Я приду", "ждём вас.*Вы подтвердили, что придёте")
    assert not person.has_button("^Опаздываю")
    comes_today(clinic, slip)
    opened(person, "сегодня")
    person.tap("^Опаздываю", "На сколько опаздываете")
    person.tap("^На 15 минут", "Сказали клинике.*опоздаете на 15 минут")
    person.tap("^Напоминания", "Когда напомнить")
    person.tap("^За два часа", "Готово. Напомним: за два часа")
    opened(person, "сегодня")
    assert person.wait("Напомним: за два часа")
