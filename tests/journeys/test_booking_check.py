"""What goes along with a booking: a referral that is wanted, and sections of the record behind the second factor."""

from tests.journeys.clinics import Clinic, with_a_card
from tests.journeys.house import House
from tests.journeys.person import Person, words


def test_a_referral_is_typed_and_the_record_goes_along_once_it_is_unlocked(house: House, person: Person) -> None:
    clinic = Clinic(house, ("Громов Иван Львович", "cardiologist"))
    with_a_card(person)
    clinic.find(person, "сердце", "Кардиолог")
    clinic.times(person, "Громов")
    person.tap("^9:00 утра", "К этому врачу нужно направление.*Ни посещения, ни результаты|нужно направление")
    assert not person.has_button("^Записаться$")
    person.tap("^Ввести номер направления", "как на бланке")
    person.say("!?", "не похоже на номер направления.*не больше 40")
    person.say("123-А/26", "Направление записано.*Направление: № 123-А/26")
    assert person.until(lambda chat: not [each for each in chat if each["from"] != "bot" and "123-А" in words(each)])
    person.tap("^Передать врачу: посещения", "под вторым замком.*Время держим за вами до [0-9]{1,2}:[0-9]{2}")
    person.tap("^Приложение с кодами", "6 цифр, которые оно покажет")
    person.confirm_authenticator()
    person.tap("Коды сохранены", "Проверьте и подтвердите|Громов")
    person.tap("^Передать врачу: посещения", "пойдёт с записью.*Вместе с записью пойдут: история посещений")
    person.tap("^Не передавать посещения", "с записью не пойдёт.*Ни посещения, ни результаты")
    person.tap("^Записаться$", "Вы записаны")


def test_what_was_locked_again_is_unlocked_from_the_check_and_goes_along(house: House, person: Person) -> None:
    clinic = Clinic(house, ("Орлова Вера Ильинична", "cardiologist"))
    with_a_card(person)
    person.say("/security", "Защита медкарты")
    person.tap("^Приложение с кодами", "6 цифр, которые оно покажет")
    person.confirm_authenticator()
    person.tap("Коды сохранены", "Разделы открыты до")
    person.tap("^Закрыть сейчас", "Защита медкарты|закрыты")
    clinic.find(person, "сердце", "Кардиолог")
    clinic.times(person, "Орлова")
    person.tap("^9:00 утра", "К этому врачу нужно направление")
    person.tap("^Ввести номер направления", "как на бланке")
    person.say("123-А/26", "Направление записано")
    person.tap("^Передать врачу: посещения", "под вторым замком.*Время держим за вами до [0-9]{1,2}:[0-9]{2}")
    person.unlock("Орлова.*Ни посещения, ни результаты")
    person.tap("^Передать врачу: посещения", "пойдёт с записью.*Вместе с записью пойдут: история посещений")
    person.tap("^Записаться$", "Вы записаны")
