"""One person, one card: whoever comes again from another account is told where the first one is."""

import pytest

from tests.journeys.applying import new_citizen, signed_in, with_card, with_consent
from tests.journeys.house import House
from tests.journeys.person import Person


@pytest.mark.parametrize("by", ["snils", "passport"])
def test_the_same_person_from_another_account_is_told_where_the_first_card_is(
    person: Person, house: House, by: str
) -> None:
    first = signed_in(person, age=41)
    with_card(person, first)

    other = Person.new(house.playground, "Другая учётная запись")
    # The same human being, whom the portal knows twice: same name and birthday, other numbers. Only where it does not know
    # a СНИЛС can another one be typed.
    known = "contacts" if by == "snils" else "all"
    second = new_citizen(
        other, age=41, level="PR", known=known, full_name=first["full_name"], birth_date=first["birth_date"]
    )
    other.say("/start", "портал")
    other.sign_in(second["login"], second["password"])
    with_consent(other, second)
    if by == "snils":
        other.correct("СНИЛС", "Шаг 4 из 9")
        other.say(first["snils"], "нажмите «Отправить заявку»")
    else:
        other.correct("Паспорт", "вопрос 1 из 4")
        other.say(f"{first['passport']['series']} {first['passport']['number']}", "вопрос 2 из 4")
        for following in ("вопрос 3 из 4", "вопрос 4 из 4", "нажмите «Отправить заявку»"):
            other.tap("Оставить как есть", following)
    shown = other.tap("Отправить заявку", "Медкарта уже есть.*в другой учётной записи.*Дата создания")
    assert "№" not in shown
    texts = other.http.get("/sms/messages", params={"to": second["phone"]}).json()
    assert not any("заявк" in each["text"] for each in texts)

    other.say("/card", "заявк|Медкарта")
    person.say("/card", "Действует")
