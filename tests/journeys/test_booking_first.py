"""Booking a doctor for the first time, and again as last time, over HTTP with everything running."""

from core.domain.schedule import Point
from tests.journeys.clinics import Clinic, with_a_card
from tests.journeys.house import House
from tests.journeys.person import Person, words


def test_a_complaint_leads_to_a_slip_and_last_time_is_two_taps_away(house: House, person: Person) -> None:
    clinic = Clinic(house, ("Ушакова Нина Петровна", "ent"), ("Носов Лев Ильич", "ent"))
    with_a_card(person)
    clinic.find(person, "гоорло", "Оториноларинголог")
    clinic.times(person, "Ушакова")
    checked = person.tap("утра$", "Проверьте и подтвердите.*Ушакова Нина Петровна.*Держим это время за вами")
    assert clinic.address in checked
    assert "полис" in checked
    person.tap("^Записаться$", "Вы записаны")
    slip = person.wait(r"Талон № [2-9A-Z]{4}-[2-9A-Z]{4}.*Ушакова Нина Петровна.*Кабинет: 200.*Возьмите выписку")
    assert clinic.name in slip
    assert person.wait("Вы записаны")
    assert not [each for each in person.messages() if "Номер талона" in words(each)], "said once, not twice"

    person.say("/book", "как в прошлый раз")
    before = len(person.inputs)
    person.tap("^Оториноларинголог Ушакова · ", "Проверьте и подтвердите")
    person.tap("^Записаться$", "Вы записаны|другая запись|уже есть запись")
    assert len(person.inputs) - before == 2


def test_what_is_typed_goes_from_the_chat(house: House, person: Person) -> None:
    with_a_card(person)
    person.say("/book", "Запись к врачу")
    person.say("болит зуб", "Вот кто подходит")
    assert person.until(
        lambda chat: not [each for each in chat if "болит зуб" in words(each) and each["from"] != "bot"]
    )


def test_words_that_are_not_understood_leave_the_therapist_and_are_asked_anew(house: House, person: Person) -> None:
    with_a_card(person)
    person.say("/book", "Запись к врачу")
    person.tap("^Другой врач", "к кому или что беспокоит")
    person.say("ывапр", "начните с терапевта")
    assert person.has_button("^Терапевт$")
    person.tap("^‹ Назад", "Запись к врачу")
    person.tap("^Другой врач", "к кому или что беспокоит")


def test_in_english_too_and_the_nearest_first_where_a_place_is_shared(house: House, person: Person) -> None:
    clinic = Clinic(house, ("Сомова Яна Олеговна", "dentist"), point=Point(54.5138, 36.2612))
    with_a_card(person)
    person.say("/language", "язык")
    person.tap("English", "English")
    person.say("/book", "Book a doctor")
    person.say("tooth", "These may help")
    person.tap("^Dentist", "at which clinic")
    person.tap("^Show the nearest", "The nearest clinics")
    shown = person.act("location", latitude=54.5139, longitude=36.2613)
    person.answer(f"The nearest to you come first.*{clinic.name}.* m from you")
    assert person.until(lambda chat: not [each for each in chat if each["id"] == shown["message_id"]])
    person.tap(f"^{clinic.name}, ", "On which day")
    person.tap("^tomorrow, ", "At what time")
    person.tap(", morning$", "Check and confirm")
    person.tap("^Book$", "You are booked")
    person.wait(r"Slip No. [2-9A-Z]{4}-[2-9A-Z]{4}")
