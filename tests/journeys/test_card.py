"""From /start to a completed card, over real HTTP, with everything running."""

from tests.journeys.applying import new_citizen
from tests.journeys.person import Person, scan, words

NUMBER = r"\d{4} \d{4} \d{4}"


def test_whom_the_portal_knows_has_a_card_within_ten_inputs(person: Person) -> None:
    citizen = new_citizen(person, age=34)
    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"], "Вы вошли как")
    person.tap("медкарт", "известно с портала.*больше ничего вводить не придётся")
    person.tap("Всё верно", "Документы")
    person.upload(scan(), scan(), scan(), expect="Всё нужное на месте")
    person.tap("Дальше", "«Согласие")
    person.tap("Согласен", "нажмите «Отправить заявку»")
    person.tap("Отправить заявку", "Последний шаг: код из SMS")
    shown = person.say(person.code(citizen["phone"]), f"медкарта создана.*завершено.*{NUMBER}")
    assert citizen["surname"] not in shown

    counted = [each for each in person.inputs if each != "[Дальше]"]
    assert len(counted) <= 10, counted

    assert "создана" in person.letter(citizen["email"], "карта создана")
    assert person.has_button("^Записаться к врачу$")
    again = person.say("/card", f"№ {NUMBER}.*Действует")
    assert "Шаг" not in again
    assert not any("известно с портала" in words(each) for each in person.messages())
