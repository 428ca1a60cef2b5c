"""Twenty people at once, each typing faster than anybody answers: everybody gets a card, and each chat keeps its order."""

from concurrent.futures import ThreadPoolExecutor

from tests.journeys.applying import LITTLE, new_citizen, question_of, spoken
from tests.journeys.house import House
from tests.journeys.person import Person, scan

PEOPLE = 20


def hasty(house: House, number: int) -> str:
    """Apply without waiting for any question of the form; return the number of the card."""
    person = Person.new(house.playground, f"Торопливый {number}")
    citizen = new_citizen(person, known="contacts", age=20 + number, sex="FM"[number % 2])
    said = spoken(citizen)
    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"])
    person.tap("медкарт", "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    mark = person.chat()["seq"]
    for name in LITTLE:
        person.say(said[name])
    person.say(said["policy"])
    person.wait("подтвердить полис, мы отправили SMS", mark)
    person.say(person.code(citizen["phone"]), "Документы")
    person.upload(scan(), scan(), scan(), expect="Всё нужное на месте")
    person.tap("Дальше", "«Согласие")
    shown = person.tap("Согласен", "нажмите «Отправить заявку»")
    assert citizen["full_name"] in shown
    assert said["birth_date"] in shown
    person.tap("Отправить заявку", "код из SMS")
    card = person.say(person.code(citizen["phone"]), r"медкарта создана.*\d{4} \d{4} \d{4}")
    return card.split("№")[1].split("\n")[0]


def test_twenty_people_who_type_ahead_all_get_a_card_of_their_own(house: House) -> None:
    with ThreadPoolExecutor(PEOPLE) as crowd:
        cards = list(crowd.map(lambda number: hasty(house, number), range(PEOPLE)))
    assert len(set(cards)) == PEOPLE
