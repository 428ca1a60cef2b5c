"""The waiting list, and a clinic that takes a time away: those who wait are asked in turn, those who lose are offered others."""

import asyncio

from tests.journeys.clinics import Clinic, with_a_card
from tests.journeys.house import House
from tests.journeys.person import Person

DOCTORS = (("Орехова Вера Ильинична", "therapist"),)


def booked(clinic: Clinic, person: Person, time: str) -> None:
    """Have an appointment for tomorrow."""
    clinic.find(person, "простуда", "Терапевт")
    clinic.times(person, "Орехова")
    person.tap(f"^{time}", "Проверьте и подтвердите")
    person.tap("^Записаться$", "Вы записаны")


def opened(person: Person) -> None:
    """Open the only appointment there is."""
    person.say("/appointments", "Впереди 1 запись")
    person.tap("^завтра, ", "Талон №")


def test_an_earlier_time_goes_to_the_next_in_turn(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS, short=True)
    first, second = Person.new(house.playground, "Борис"), Person.new(house.playground, "Вера")
    for each in (person, first, second):
        with_a_card(each)
    booked(clinic, person, "9:00 утра")
    booked(clinic, first, "9:30 утра")
    booked(clinic, second, "10:00 утра")
    for each in (first, second):
        opened(each)
        each.tap("^Хочу раньше", "Вы в очереди на время раньше.*Вы ждёте время раньше")
    opened(person)
    person.tap("^Отменить запись", "Нажмите причину")
    person.tap("^Отменить: не смогу прийти", "Запись отменена")

    first.wait("Освободилось время раньше")
    first.tap("Посмотреть время", "Освободилось время раньше.*9:00.*десять минут.*9:30")
    first.tap("^Нет, спасибо", "прежняя запись остаётся за вами")
    second.wait("Освободилось время раньше")
    second.tap("Посмотреть время", "Освободилось время раньше.*9:00.*десять минут.*10:00")
    second.tap("^Взять это время", "запись перенесена на это время.*9:00")
    opened(second)
    first.tap("^завтра, ", "Вы ждёте время раньше")
    first.tap("^Больше не ждать", "Больше не ждём")


def test_a_clinic_that_calls_off_offers_others_at_once(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    booked(clinic, person, "9:00 утра")
    asyncio.run(clinic.closes(clinic.tomorrow))
    person.wait("Клиника отменила приём.*Ближайшее свободное время")
    person.tap("Выбрать другое время", "отменила клиника.*Можно взять другое время")
    person.tap("^Терапевт Орехова", "Проверьте и подтвердите")
    person.tap("^Записаться$", "Вы записаны")


def test_pushs_buttons_work_and_those_about_what_is_gone_are_answered_kindly(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    booked(clinic, person, "9:00 утра")
    push, button = person.button("Открыть запись$")

    def pressed(place: str, expect: str) -> None:
        """Press what a reminder's button sends, however old it is."""
        data = button["data"].replace("appointment", place)
        person.act("tap", message_id=push, data=data, forged=True)
        person.answer(expect)

    pressed("coming", "ждём вас.*Вы подтвердили, что придёте")
    pressed("coming", "Вы подтвердили, что придёте")
    pressed("late", "опаздываете, можно в день приёма.*Талон №")
    pressed("move", "На какой день.*Орехова")
    pressed("call_off", "Отменить запись.*Орехова.*Нажмите причину")
    person.tap("^Отменить без объяснений", "Запись отменена")
    for place in ("coming", "late", "call_off", "move"):
        pressed(place, "Этой записи больше нет.*Вот ваши записи")
    pressed("appointment", "Запись закрыта: отменена вами")
    pressed("offer", "перешло следующему|прошли")
