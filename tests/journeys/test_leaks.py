"""On PostgreSQL and Redis, each part a process of its own: nothing that anybody typed stands anywhere in clear."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis

from tests.databases import empty_database
from tests.journeys.applying import LITTLE, new_citizen, question_of, spoken
from tests.journeys.desk import Desk
from tests.journeys.house import House, standing
from tests.journeys.leaks import Leak, Sieve, in_database, in_files, in_redis
from tests.journeys.person import Person, scan
from tests.journeys.test_form import changed_last, some_phone
from tests.journeys.test_status import name_nobody_else_has
from tests.services import own_redis

pytestmark = [pytest.mark.needs_postgresql, pytest.mark.needs_redis]
OWN_REDIS = own_redis("journeys.leaks")


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[House]:
    """The house as it stands in production, with the world outside beside it."""
    folder = tmp_path_factory.mktemp("production")
    with redis.Redis.from_url(OWN_REDIS) as store, asyncio.Runner() as runner:
        store.flushdb()
        database = empty_database("postgresql", folder)
        url = runner.run(database.__aenter__())
        try:
            parts = ("playground", "api", "bot", "worker")
            with standing(folder, keys, parts, DATABASE_URL=url, REDIS_URL=OWN_REDIS) as house:
                yield house
        finally:
            runner.run(database.__aexit__(None, None, None))
            store.flushdb()


def leaks_of(house: House, sieve: Sieve) -> list[Leak]:
    """Look everywhere."""
    database = in_database(house.settings["DATABASE_URL"], sieve)
    return database + in_redis(OWN_REDIS, sieve) + in_files(house.folder, sieve)


def lived(house: House, desk: Desk) -> tuple[set[str], set[str]]:
    """Live a whole journey: pending, approved, typed with mistakes, contacts changed, sent; return what was typed."""
    telegram_name = name_nobody_else_has()
    person = Person.new(house.playground, telegram_name)
    citizen = new_citizen(person, level="P", age=33, full_name=name_nobody_else_has())
    stranger = new_citizen(person, age=60, sex="M", full_name=name_nobody_else_has().replace("Сергеевна", "Олегович"))
    said, codes = spoken(citizen), set[str]()

    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"], "не подтверждена")
    person.say("/status", "Не подтверждена")
    person.tap("Прислать документы", "как паспорт")
    person.upload(scan(), expect="Паспорт получен")
    person.say(changed_last(citizen["inn"]), "опечатка")
    person.say(citizen["inn"], "В процессе")
    desk.decide(
        "verifications", desk.request_of(citizen)["id"], decision="refuse", reasons={"passport": "Фото размыто"}
    )
    person.wait("приняли не все")
    person.tap("Учётная запись|статус", "Фото размыто")
    person.tap("Прислать документы", "Причина")
    person.upload(scan(), expect="Паспорт получен")
    person.say(citizen["inn"], "В процессе")
    mark = person.chat()["seq"]
    desk.decide("verifications", desk.request_of(citizen)["id"], decision="approve")
    person.wait("Учётная запись подтверждена", mark)

    def coded(to: str, expect: str) -> None:
        code = person.code(to)
        codes.update({code, changed_last(code)})
        person.say(changed_last(code), "осталось попыток: 4")
        person.say(code, expect)

    phone, email = some_phone(), f"leaky.{random.randint(10**6, 10**7)}@example.org"
    number = phone.replace(" ", "").replace("-", "")
    person.say("/card", "известно с портала")
    person.correct("Телефон", question_of("phone"))
    person.say(phone, "отправили SMS")
    coded(number, "известно с портала")
    person.correct("Почта", question_of("email"))
    person.say("неправильный.адрес.example.org", "знака @")
    person.say(email, "отправили письмо")
    coded(email, "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    refused = {"snils": stranger["snils"], "passport_number": spoken(stranger)["passport_number"]}
    for name, following in zip(LITTLE, (*LITTLE[1:], "policy"), strict=True):
        if name in refused:
            person.say(refused[name], "на другую фамилию")
        person.say(said[name], question_of(following))
    person.say(stranger["enp"], "на другую фамилию")
    person.say(said["policy"], "отправили SMS")
    coded(number, "Документы")
    person.upload(scan(), scan(), scan(), expect="Всё нужное на месте")
    person.tap("Дальше", "«Согласие")
    person.tap("Согласен", "нажмите «Отправить заявку»")
    person.tap("Отправить заявку", "код из SMS")
    coded(number, "медкарта создана")
    return values_of(citizen, stranger) | {telegram_name, phone, number, email, "неправильный.адрес"}, codes


def values_of(*citizens: dict[str, Any]) -> set[str]:
    """Return everything that the portal or the person says of these people."""
    found: set[str] = set()
    for citizen in citizens:
        said = spoken(citizen)
        found |= set(said.values()) - {said["sex"], said["passport_issuer"], said["passport_code"]}
        found |= {citizen["surname"], citizen["name"], citizen["inn"], citizen["birth_date"], citizen["password"]}
        found |= {citizen["passport"]["number"], citizen["login"], citizen["passport"]["issued_at"]}
    return found


def test_after_a_whole_journey_nothing_typed_stands_in_database_redis_files_or_logs(production: House) -> None:
    desk = Desk.of(production)
    try:
        values, codes = lived(production, desk)
    finally:
        desk.http.close()
    sieve = Sieve(values, codes)
    assert leaks_of(production, sieve) == []

    planted = sorted(values)[len(values) // 2]
    plant(production, planted)
    places = {leak.place.split("'")[0].strip() for leak in leaks_of(production, sieve) if leak.value == planted}
    assert places >= {"planted.value", "planted.bytes", "pg_dump", "redis b", "var/planted.bin", "log.txt"}, places


def plant(house: House, value: str) -> None:
    """Leave a value where it must not be, in each place in another writing."""

    async def in_a_table() -> None:
        connection = await asyncpg.connect(house.settings["DATABASE_URL"])
        await connection.execute("CREATE TABLE planted (value text, bytes bytea)")
        await connection.execute("INSERT INTO planted VALUES ($1, $2)", f"<{value}>", value.encode("utf-16-le"))
        await connection.close()

    asyncio.run(in_a_table())
    with redis.Redis.from_url(OWN_REDIS) as store:
        store.set("planted", value.encode())
    (house.folder / "var" / "planted.bin").write_bytes(b"\x00\x01" + value.encode().hex().encode())
    with house.log.open("a", encoding="utf-8") as log:
        log.write(f'{{"event": "{value}"}}\n')


def test_when_redis_is_lost_nothing_but_the_position_is(production: House) -> None:
    person = Person.new(production.playground)
    citizen = new_citizen(person, known="contacts")
    said = spoken(citizen)
    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"])
    person.tap("медкарт", "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    person.say(said["birth_date"], question_of("sex"))
    message, button = person.button("Женский")
    with redis.Redis.from_url(OWN_REDIS) as store:
        # The answer is seen a moment before the bot is done with the update: then it lets go of the chat's lock.
        while any(b"lock" in key for key in store.scan_iter()):
            person.chat(person.chat()["seq"], 0.05)
        store.flushdb()
    person.act("tap", message_id=message, text=button["text"])
    person.answer("заявка начата, всё введённое сохранено")
    person.alert("уже не действует")
    person.tap("Продолжить заявку", question_of("sex"))
