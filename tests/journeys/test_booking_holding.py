"""A slot that somebody else takes, that is let go, that two taps or a second person want; over HTTP."""

from tests.journeys.clinics import Clinic, labels_of, settle, with_a_card
from tests.journeys.house import House
from tests.journeys.person import Person

DOCTORS = (("Гусева Ида Львовна", "therapist"), ("Жаров Пётр Ильич", "therapist"))


def at_the_times(clinic: Clinic, person: Person) -> None:
    clinic.find(person, "температура", "Терапевт")
    clinic.times(person, "Гусева")


def test_whoever_is_slower_gets_the_three_nearest_a_tap_each(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    other = Person.new(house.playground, "Борис")
    with_a_card(person)
    with_a_card(other)
    at_the_times(clinic, person)
    at_the_times(clinic, other)
    other.tap("^9:00 утра", "Проверьте и подтвердите")
    person.tap("^9:00 утра", "Это время только что заняли.*Свободны ближайшие")
    nearest = [label for label in labels_of(person) if label.startswith("Терапевт ")]
    assert len(nearest) == 3
    assert all("завтра, " in label for label in nearest)
    person.tap(f"^{nearest[0]}$", "Проверьте и подтвердите")
    person.tap("^Записаться$", "Вы записаны")
    other.tap("^Записаться$", "Вы записаны")


def test_a_hold_that_ran_out_is_said_and_the_same_time_can_be_taken_again(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    at_the_times(clinic, person)
    person.tap("^9:30 утра", "Проверьте и подтвердите.*завтра, .*, 9:30")
    assert settle(
        house,
        "UPDATE bookings SET held_until = '2026-01-01 00:00:00.000000' WHERE state = 'held' AND slot IN "
        "(SELECT slots.id FROM slots JOIN doctors ON doctors.id = slots.doctor JOIN facilities ON facilities.id ="
        " doctors.facility WHERE facilities.name = ?)",
        clinic.name,
    )
    person.tap("^Записаться$", "Время вышло.*взять его ещё раз|Время вышло.*Можно взять")
    person.tap("^Взять это время снова", "Проверьте и подтвердите.*завтра, .*, 9:30")
    person.tap("^Отказаться", "Время отпустили, записи нет")


def test_a_double_tap_books_once_and_an_old_button_does_no_harm(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    at_the_times(clinic, person)
    person.tap("^10:00 утра", "Проверьте и подтвердите")
    message, button = person.button("^Записаться$")
    body = {"message_id": message, "text": button["text"]}
    for _ in range(2):
        # The second may come when the button is gone already.
        person.http.post(f"/people/{person.id}/tap", json=body)
    person.wait("Вы записаны")
    person.say("/appointments", "Впереди 1 запись")

    person.tap("^Открыть запись", "Талон №")
    person.say("/appointments", "Впереди 1 запись")
