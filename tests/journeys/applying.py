"""What every applicant does: sign in, fill in, send scans, agree, send. Stories are made of these."""

from datetime import date
from typing import Any

from tests.journeys.person import Person, scan

FIELDS = (
    "name", "birth_date", "sex", "snils", "passport_number", "passport_issued", "passport_issuer", "passport_code",
    "address", "phone", "policy", "email",
)  # fmt: skip
STEP = dict(zip(FIELDS, (1, 2, 3, 4, 5, 5, 5, 5, 6, 7, 8, 9), strict=True))
LITTLE = FIELDS[1:9]
"""What is still to be typed, one after another, by somebody of whom the portal tells name, phone and mail alone."""


def new_citizen(person: Person, **wanted: Any) -> dict[str, Any]:
    """Have the portal know one more citizen."""
    found: dict[str, Any] = person.http.post("/portal/citizens", json=wanted).raise_for_status().json()
    return found


def spoken(citizen: dict[str, Any]) -> dict[str, str]:
    """Return how the citizen would type each field."""
    passport = citizen["passport"]
    return {
        "name": citizen["full_name"],
        "birth_date": day(citizen["birth_date"]),
        "sex": "женский" if citizen["sex"] == "F" else "мужской",
        "snils": citizen["snils"],
        "passport_number": f"{passport['series']} {passport['number']}",
        "passport_issued": day(passport["issued_at"]),
        "passport_issuer": passport["issuer"],
        "passport_code": passport["department_code"],
        "address": citizen["address"],
        "phone": citizen["phone"],
        "policy": citizen["enp"],
        "email": citizen["email"],
    }


def day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d.%m.%Y}"


def question_of(name: str) -> str:
    """Return what the window says that asks for a field."""
    return rf"Шаг {STEP[name]} из 9"


def signed_in(person: Person, **wanted: Any) -> dict[str, Any]:
    """Become a new citizen and sign in."""
    citizen = new_citizen(person, **wanted)
    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"])
    return citizen


def with_form(person: Person, citizen: dict[str, Any]) -> None:
    """From the greeting to where the scans are asked for, typing whatever the portal does not know."""
    person.tap("медкарт", "известно с портала")
    if citizen["known"] == "all":
        person.tap("Всё верно", "Документы")
        return
    person.tap("Всё верно", question_of("birth_date"))
    said = spoken(citizen)
    for name, following in zip(LITTLE, (*LITTLE[1:], "policy"), strict=True):
        person.say(said[name], question_of(following))
    person.say(said["policy"], "отправили SMS")
    person.say(person.code(citizen["phone"]), "Документы")


def with_documents(person: Person, citizen: dict[str, Any]) -> None:
    """Up to the summary."""
    with_form(person, citizen)
    person.upload(scan(), scan(), scan(), expect="Всё нужное на месте")


def with_consent(person: Person, citizen: dict[str, Any]) -> None:
    """From the greeting to the summary, ready to be sent."""
    with_documents(person, citizen)
    person.tap("Дальше", "«Согласие")
    person.tap("Согласен", "нажмите «Отправить заявку»")


def with_card(person: Person, citizen: dict[str, Any]) -> None:
    """From the greeting to the card."""
    with_consent(person, citizen)
    person.tap("Отправить заявку", "Последний шаг: код из SMS")
    person.say(person.code(citizen["phone"]), "медкарта создана")
