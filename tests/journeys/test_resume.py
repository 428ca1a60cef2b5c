"""Leaving in the middle, whoever leaves: the person, the process, the store of positions. What was typed is there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.journeys.applying import LITTLE, question_of, signed_in, spoken
from tests.journeys.house import House, standing
from tests.journeys.person import Person, scan
from tests.ports import free_ports


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[House]:
    """A house whose product can be ended and started again while the world outside goes on."""
    (world,) = free_ports(1)
    here = {"PLAYGROUND_PORT": str(world), "BOT_API_URL": f"http://127.0.0.1:{world}"}
    with standing(tmp_path_factory.mktemp("mortal"), keys, ("playground", "run"), **here) as house:
        yield house


@pytest.fixture
def traveller(mortal: House) -> Person:
    return Person.new(mortal.playground, "Анна")


def test_after_an_orderly_restart_the_card_goes_on_at_the_first_gap_and_then_at_the_scans(
    traveller: Person, mortal: House
) -> None:
    citizen = signed_in(traveller, known="contacts")
    said = spoken(citizen)
    traveller.tap("медкарт", "известно с портала")
    traveller.tap("Всё верно", question_of("birth_date"))
    traveller.say(said["birth_date"], question_of("sex"))
    old, button = traveller.button("Женский")
    traveller.say(said["sex"], question_of("snils"))
    traveller.say("/menu", "заявка начата")

    mortal.stop("run")
    # What people do while nobody is there waits at Telegram.
    traveller.say("/card")
    mortal.start("run")
    traveller.answer(question_of("snils"))
    traveller.act("tap", message_id=old, data=button["data"], forged=True)
    traveller.answer(question_of("snils"))

    rest = LITTLE[2:]
    for name, following in zip(rest, (*rest[1:], "policy"), strict=True):
        traveller.say(said[name], question_of(following))
    traveller.say(said["policy"], "отправили SMS")
    traveller.say(traveller.code(citizen["phone"]), "Документы")
    traveller.upload(scan(), expect="✓ Паспорт")


def test_killed_at_the_worst_moment_it_loses_nothing_that_was_typed(traveller: Person, mortal: House) -> None:
    citizen = signed_in(traveller, known="contacts")
    said = spoken(citizen)
    traveller.tap("медкарт", "известно с портала")
    traveller.tap("Всё верно", question_of("birth_date"))
    for name in LITTLE[:5]:
        traveller.say(said[name])
    mortal.stop("run", kill=True)
    mortal.start("run")
    # The positions were in the process and are gone; the messages that were not seen through come again, before this one.
    traveller.say("/help", "103")
    shown = traveller.say("/card", "Шаг|известно с портала")
    # Whatever was taken before stays; the form goes on at the first gap and takes the rest.
    first = next(name for name in (*LITTLE, "policy") if name_of(name) in shown)
    for name in LITTLE[LITTLE.index(first) :] if first in LITTLE else ():
        traveller.say(said[name], "Записано ✓")
    traveller.say(said["policy"], "отправили SMS")


TITLES = {
    "birth_date": "Дата рождения\n", "sex": "Пол\n", "snils": "СНИЛС\n", "passport_number": "Серия и номер паспорта\n",
    "passport_issued": "Дата выдачи паспорта\n", "passport_issuer": "Кем выдан паспорт\n",
    "passport_code": "Код подразделения\n", "address": "Адрес регистрации\n", "policy": "Полис ОМС\n",
}  # fmt: skip


def name_of(field: str) -> str:
    """Return how the window that asks for a field is headed."""
    return TITLES[field]


def test_the_product_stops_at_once_though_somebody_watches_the_chat(tmp_path: Path, keys: Path) -> None:
    with standing(tmp_path, keys) as house:
        person = Person.new(house.playground)
        person.say("/start", "портал")
        with ThreadPoolExecutor(1) as browser:
            seq = person.chat()["seq"]
            browser.submit(
                person.http.get, f"/people/{person.id}/chat", params={"after": seq, "wait": 30}
            ).add_done_callback(lambda done: done.exception())
            house.stop()
        assert "Traceback" not in house.log.read_text("utf-8")
