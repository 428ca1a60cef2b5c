"""A clinic sends, and the citizen is told that there is something, never what; over HTTP, with everything running."""

import re

import httpx

from tests.journeys.applying import signed_in, with_card
from tests.journeys.house import House
from tests.journeys.person import Person, words

MEDICAL = r"Гемоглобин|Глюкоза|J06|I10|E11|Z00|Лозартан|Парацетамол|Метформин|анализ|грипп|гепатит|дифтери"


def sent(person: Person, who: str, what: str = "visit") -> dict[str, object]:
    """Press the button of the playground's clinic; returns what the product answered it."""
    answer = person.http.post("/clinic/send", data={"who": who, "what": what}).raise_for_status()
    found: dict[str, object] = answer.json()
    return found


def test_a_clinic_sends_and_the_citizen_is_told_without_a_word_of_what(house: House, person: Person) -> None:
    citizen = signed_in(person)
    with_card(person, citizen)
    mark = person.chat()["seq"]
    answer = sent(person, citizen["login"], "history")
    assert (answer["status"], answer["created"], answer["said"]) == (200, answer["kept"], "Принято")
    assert int(str(answer["kept"])) > 60
    person.wait("прислала новые результаты", mark)
    person.wait("прислала данные о прививке", mark)
    told = "\n".join(words(each) for each in person.chat(mark)["messages"] if each["from"] == "bot")
    assert not re.search(MEDICAL, told, re.IGNORECASE)
    assert person.has_button("Открыть результаты")
    letter = person.letter(citizen["email"], "Есть новые результаты")
    assert house.playground in letter
    assert not re.search(MEDICAL, letter, re.IGNORECASE)

    # The same again is known already: nobody is told twice.
    mark = person.chat()["seq"]
    again = sent(person, citizen["login"], "history")
    assert (again["status"], again["created"]) == (200, 0)
    sent(person, citizen["login"])
    person.wait("прислала новые результаты", mark)
    told_again = [each for each in person.chat(mark)["messages"] if "прислала новые результаты" in words(each)]
    assert len(told_again) == 1


def test_without_a_card_and_after_a_withdrawal_a_clinic_is_refused(house: House, person: Person) -> None:
    citizen = signed_in(person)
    assert sent(person, citizen["login"])["status"] == 403
    with_card(person, citizen)
    assert sent(person, citizen["login"])["status"] == 200
    person.say("/consent", "соглас")
    person.tap("Отозвать", "остан|отозв")
    person.tap("Отозвать", "отозвано")
    refused = sent(person, citizen["login"])
    assert (refused["status"], refused["said"]) == (403, "Нет карты с действующим согласием")
    listed = house.command("clinic", "show", "playground-clinic")
    assert listed.returncode == 0, listed.stderr
    assert re.search(r"Observation\s+\W\s+\d+", listed.stdout)


def test_nobody_delivers_without_a_key(house: House) -> None:
    with httpx.Client(base_url=house.api, timeout=60, trust_env=False) as http:
        headers = {"Content-Type": "application/fhir+json"}
        assert http.post("/fhir", content=b"{}", headers=headers).status_code == 401
        assert http.get("/fhir/metadata").json()["resourceType"] == "CapabilityStatement"
