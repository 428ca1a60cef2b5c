"""The slip in the pocket: a picture, a paper, a calendar file, a point on the map; pinned on the day; over HTTP."""

import io
from datetime import time
from typing import Any

import pikepdf
import pypdf
from icalendar import Calendar
from PIL import Image

from core.domain.schedule import Point
from tests.journeys.clinics import Clinic, settle, with_a_card
from tests.journeys.house import House
from tests.journeys.person import Person
from tests.journeys.test_booking_keeping import DOCTORS, booked, opened

PLACE = Point(55.7539, 37.6208)


def sent(person: Person, kind: str) -> dict[str, Any]:
    """Return the file or the place that the bot sent last."""
    found = [each for each in person.messages() if each["from"] == "bot" and (each["file"] or each["venue"])]
    assert found
    return [each for each in found if (each["venue"] if kind == "venue" else (each["file"] or {}).get("kind") == kind)][
        -1
    ]


def content(person: Person, message: dict[str, Any]) -> bytes:
    read: bytes = person.http.get(message["file"]["url"]).raise_for_status().content
    return read


def due(house: House, person: Person) -> int:
    """Let the morning of the visit be now."""
    past, hers = "2026-01-01 09:00:00.000000", "key LIKE 'slip.today%' AND chat = ? AND state = 'waiting'"
    of_hers = f"notification IN (SELECT id FROM notifications WHERE {hers})"
    assert settle(house, f"UPDATE pins SET due_at = ? WHERE {of_hers}", past, person.id)
    return settle(house, f"UPDATE notifications SET due_at = ?, placed_at = ? WHERE {hers}", past, past, person.id)


def test_the_slip_is_taken_along_in_four_ways(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS, point=PLACE)
    with_a_card(person)
    booked(clinic, person)
    window = opened(person)
    number = window.split("№")[1].split()[0].strip(".,")

    person.tap("Картинкой$", "без интернета|и без интернета")
    picture = sent(person, "photo")
    assert Image.open(io.BytesIO(content(person, picture))).format in {"PNG", "JPEG"}
    assert number in picture["caption"]
    assert clinic.name in picture["caption"]
    assert not picture["protected"]

    person.tap("PDF$", "распечатать")
    pdf = content(person, sent(person, "document"))
    assert pikepdf.open(io.BytesIO(pdf)).open_metadata().pdfa_status == "2B"
    told = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert all(words in told for words in (number, "9:00", "Кедрова", "Возьмите выписку"))

    person.tap("В календарь$", "появится в календаре")
    file = sent(person, "document")
    (event,) = Calendar.from_ical(content(person, file)).walk("VEVENT")
    assert file["file"]["name"].endswith(".ics")
    assert event["DTSTART"].dt.time() == time(9)
    assert "Кедрова" not in str(event)

    person.tap("На карте$")
    assert person.until(lambda chat: any(each["venue"] for each in chat))
    place = sent(person, "venue")
    assert place["venue"]["title"] == clinic.name
    assert (place["location"]["latitude"], place["location"]["longitude"]) == (PLACE.latitude, PLACE.longitude)


def test_a_clinic_that_is_on_no_map_has_no_such_button(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    booked(clinic, person)
    opened(person)
    assert person.has_button("PDF$")
    assert not person.has_button("На карте$")


def test_on_the_day_it_is_pinned_and_a_cancellation_takes_it_down(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    booked(clinic, person)
    assert person.chat()["pinned"] is None
    assert due(house, person) == 1
    person.wait("Сегодня приём в 9:00.*кабинет 200")
    assert person.until(lambda _: person.chat()["pinned"] is not None)
    (top,) = [each for each in person.messages() if each["id"] == person.chat()["pinned"]]
    assert "Талон №" in top["text"]
    assert "Кедрова" not in top["text"]
    person.tap("^Открыть талон", "Талон №.*Кедрова")
    person.tap("^Отменить запись", "Нажмите причину")
    person.tap("^Отменить: стало лучше", "Запись отменена")
    assert person.until(lambda _: person.chat()["pinned"] is None)
    assert [each for each in person.messages() if each["id"] == top["id"]]
    assert person.say("/appointments", "Впереди записей нет")
    person.tap("^Прошедшие записи", "Прошедшие записи")
    person.tap("отменена вами", "Запись закрыта")
    person.tap("В календарь$", "отметит, что приёма не будет")
    (event,) = Calendar.from_ical(content(person, sent(person, "document"))).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"


def test_a_pin_that_telegram_refuses_never_brings_the_message_again(house: House, person: Person) -> None:
    clinic = Clinic(house, *DOCTORS)
    with_a_card(person)
    booked(clinic, person)
    fault = {"method": "pinChatMessage", "status": 500, "times": 1}
    person.http.post("/faults", json=fault).raise_for_status()
    assert due(house, person) == 1
    person.wait("Сегодня приём в 9:00")
    assert person.until(lambda _: person.chat()["pinned"] is not None)
    assert len([each for each in person.messages() if "Сегодня приём" in (each["text"] or "")]) == 1
