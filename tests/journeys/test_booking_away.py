"""A clinic's server that is away, and a product that is restarted in the middle: nothing is lost, nothing is booked twice."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.journeys.clinics import Clinic, meet_the_playgrounds, settle, with_a_card
from tests.journeys.house import House, standing
from tests.journeys.person import Person, words
from tests.ports import free_ports

FHIR, NAME = "770901", "Городская поликлиника № 901"


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[House]:
    """A house whose product can be ended while the world outside goes on; nobody else books at its clinics."""
    (world,) = free_ports(1)
    here = {
        "PLAYGROUND_PORT": str(world),
        "BOT_API_URL": f"http://127.0.0.1:{world}",
        "PLAYGROUND_CROWD": "0",
        # The clinics of this world stand on this machine.
        "OWN_NETWORKS": "127.0.0.0/8",
        "QUIET_HOURS": "off",
    }
    with standing(tmp_path_factory.mktemp("booking"), keys, ("playground", "run"), **here) as house:
        yield house


@pytest.fixture
def patient(mortal: House) -> Person:
    person = Person.new(mortal.playground, "Анна")
    with_a_card(person)
    return person


def breaks(house: House, mode: str) -> None:
    """Let the clinic's server work as it likes."""
    httpx.post(
        f"{house.playground}/schedules/{FHIR}/fault", data={"mode": mode}, timeout=60, trust_env=False
    ).raise_for_status()


def test_a_clinics_server_that_is_away_is_asked_again_and_once(mortal: House, patient: Person) -> None:
    meet_the_playgrounds(mortal, FHIR, patient)
    patient.say("/book", "Запись к врачу")
    patient.say("температура", "Вот кто подходит")
    patient.tap("^Терапевт", "в какой клинике")
    patient.tap("^Другой регион", "Напишите регион")
    patient.say("Москва", f"{NAME}.*ближайшее время")
    patient.tap(f"{NAME} · ", "Терапевт: к кому")
    patient.tap("^(?!Кто раньше|‹|В меню)", "На какой день")
    patient.tap(" · [0-9]+ мест", "Во сколько")
    patient.tap("(утра|дня|вечера)$", "Проверьте и подтвердите")
    breaks(mortal, "down")
    patient.tap("^Записаться$", "Спросили клинику, ответим.*второй раз записываться не нужно")
    patient.say("/appointments", "Впереди 1 запись")
    patient.tap("ждём ответа клиники", "Клиника ещё не ответила")
    assert not patient.has_button("^Отменить запись")
    assert "Талон №" not in words(patient.last())
    breaks(mortal, "ok")
    # The worker waits for half a minute before it asks again.
    settle(mortal, "UPDATE bookings SET asked_at = '2026-01-01 00:00:00.000000' WHERE state = 'asked'")
    patient.wait("Вы записаны: .*Номер талона")
    patient.say("/appointments", "Впереди 1 запись")
    patient.tap("· Терапевт", "Талон №")
    there = httpx.get(f"{mortal.playground}/schedules/{FHIR}", timeout=60, trust_env=False).text
    assert NAME in there


def test_a_restart_in_the_middle_keeps_the_slot_that_was_held(mortal: House, patient: Person) -> None:
    clinic = Clinic(mortal, ("Лунина Зоя Павловна", "therapist"))
    clinic.find(patient, "температура", "Терапевт")
    clinic.times(patient, "Лунина")
    patient.tap("^9:00 утра", "Проверьте и подтвердите")
    # Whoever is killed before it has noted its answer gives that answer once more, in place of this window.
    assert patient.until(lambda _: not settle(mortal, "UPDATE updates SET id = id WHERE answered_at IS NULL"))
    old, button = patient.button("^Записаться$")
    mortal.stop("run", kill=True)
    mortal.start("run")
    patient.act("tap", message_id=old, text=button["text"])
    patient.alert("заново|устарел|старой|снова|меню")
    patient.say("/book", "Вы выбрали время и ещё не записались")
    patient.tap("^Терапевт Лунина · завтра, 9:00", "Проверьте и подтвердите.*9:00")
    patient.tap("^Записаться$", "Вы записаны")
    patient.say("/appointments", "Впереди 1 запись")
