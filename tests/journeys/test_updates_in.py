"""Updates in, with the real processes: two bots behind one address, parts that go away, poison, floods, orderly ends."""

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.databases import fresh_database
from tests.journeys.applying import question_of, signed_in, spoken, with_card
from tests.journeys.house import House, standing
from tests.journeys.person import PATIENCE_S, Person, words
from tests.journeys.wires import Wire
from tests.ports import free_ports
from tests.services import POSTGRESQL

pytestmark = [pytest.mark.needs_postgresql, pytest.mark.needs_redis]
HANGS_MS = 50_000
PARTS = ("playground", "api", "worker")


class OwnRedis:
    """A Redis that is killed and started again as one likes; it keeps nothing."""

    def __init__(self) -> None:
        (self.port,) = free_ports(1)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                continue
            return
        raise AssertionError("redis did not start")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def database(tmp_path: Path) -> Iterator[str]:
    @asynccontextmanager
    async def lent():
        async with fresh_database("postgresql", tmp_path) as url:
            yield url

    with asyncio.Runner() as runner:
        lent_one = lent()
        yield runner.run(lent_one.__aenter__())
        runner.run(lent_one.__aexit__(None, None, None))


@pytest.fixture
def redis() -> Iterator[OwnRedis]:
    redis = OwnRedis()
    redis.start()
    yield redis
    redis.kill()


@contextmanager
def in_production(
    tmp_path: Path, keys: Path, redis: OwnRedis, bots: int = 1, **more: str
) -> Iterator[tuple[House, Wire]]:
    """Everything apart on PostgreSQL, behind a wire, and Redis; two bots take the webhook behind one address."""
    with ExitStack() as stack:
        url = stack.enter_context(database(tmp_path))
        wire = stack.enter_context(Wire(urlsplit(POSTGRESQL).port or 5432))
        name = url.rsplit("/", 1)[1]
        settings = {
            "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{wire.port}/{name}",
            "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
            **more,
        }
        probes = free_ports(2)
        parts, own = (*PARTS, "bot"), {"worker": {"PROBE_PORT": str(probes[0])}, "bot": {"PROBE_PORT": str(probes[1])}}
        if bots > 1:
            ports = free_ports(bots)
            door = stack.enter_context(Wire(*ports))
            settings |= {"WEBHOOK_URL": f"http://127.0.0.1:{door.port}/hook", "WEBHOOK_SECRET": "sesame-open_1234567"}
            parts = (*PARTS, *(f"bot:{number}" for number in range(bots)))
            del own["bot"]
            own |= {f"bot:{number}": {"WEBHOOK_PORT": str(port)} for number, port in enumerate(ports)}
        yield stack.enter_context(standing(tmp_path, keys, parts, own, **settings)), wire


def calls(person: Person, after: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.http.get("/calls", params={"after": after}).json()
    return found


def in_answers(person: Person) -> list[dict[str, Any]]:
    """Return the calls that came in the answers to the webhook."""
    return [each for each in calls(person) if each["in_answer"]]


def probes(house: House) -> dict[str, str]:
    """Return where the bots and the worker say how they are."""
    return {name: own.get("PROBE_PORT") or own["WEBHOOK_PORT"] for name, own in house.own.items()}


def ready(person: Person, port: str) -> list[str]:
    """Return what a process says is missing."""
    found: list[str] = person.http.get(f"http://127.0.0.1:{port}/readyz").json()["missing"]
    return found


def test_two_bots_behind_one_address_give_a_card_and_one_may_die(tmp_path: Path, keys: Path, redis: OwnRedis) -> None:
    with in_production(tmp_path, keys, redis, bots=2) as (house, _):
        person = Person.new(house.playground)
        with_card(person, signed_in(person))
        assert not [each for each in calls(person) if each["method"].lower() == "getupdates"]
        # What nobody waits for came in the answers to the webhook, and nothing else did.
        assert person.until(
            lambda _: {"answerCallbackQuery", "deleteMessage"} <= {each["method"] for each in in_answers(person)}
        )
        answered = in_answers(person)
        assert {each["method"] for each in answered} == {"answerCallbackQuery", "deleteMessage"}
        assert {each["status"] for each in answered} == {200}
        for name in ("bot:0", "bot:1"):
            assert ready(person, house.own[name]["WEBHOOK_PORT"]) == []

        hasty = Person.new(house.playground, "Торопливый")
        citizen = signed_in(hasty, known="contacts")
        said = spoken(citizen)
        hasty.tap("медкарт", "известно с портала")
        hasty.tap("Всё верно", question_of("birth_date"))
        for name in ("birth_date", "sex", "snils"):
            hasty.say(said[name])
        house.stop("bot:0", kill=True)
        hasty.wait(question_of("passport_number"))
        hasty.say("/card", question_of("passport_number"))
        house.stop("bot:1")
        house.start("bot:0", "bot:1")
        hasty.say("/menu", "заявка начата")


@pytest.mark.parametrize("bots", [1, 2], ids=["polling", "webhook"])
def test_killed_between_effect_and_answer_it_takes_effect_once_is_answered_and_what_was_typed_goes(
    tmp_path: Path, keys: Path, redis: OwnRedis, bots: int
) -> None:
    with in_production(tmp_path, keys, redis, bots) as (house, _):
        person = Person.new(house.playground)
        said = spoken(signed_in(person, known="contacts"))
        person.tap("медкарт", "известно с портала")
        person.tap("Всё верно", question_of("birth_date"))
        person.http.post("/faults", json={"method": "sendMessage", "delay_ms": 15_000}).raise_for_status()
        mark = person.chat()["seq"]
        person.say(said["birth_date"])
        while person.http.get("/faults").json():
            person.chat(person.chat()["seq"], 0.05)
        # The date is stored, its answer is on the way.
        names = [part for part in house.parts if part.startswith("bot")]
        house.stop(*names, kill=True)
        house.start(*names)
        person.wait(question_of("sex"), mark)
        gone(person, said["birth_date"])
        # Telegram asks for a pause when the next one is removed: it goes all the same.
        fault = {"method": "deleteMessages", "status": 429, "retry_after": 2}
        person.http.post("/faults", json=fault).raise_for_status()
        person.say("женский", question_of("snils"))
        gone(person, "женский")
        assert house.command("audit", "verify").returncode == 0


def gone(person: Person, typed: str) -> None:
    """Wait until nothing that the person typed says this."""
    end = time.monotonic() + PATIENCE_S
    while any(each["from"] != "bot" and words(each) == typed for each in person.messages()):
        assert time.monotonic() < end, "it is still there"
        person.chat(person.chat()["seq"], 0.5)


def test_while_redis_is_away_nothing_is_lost_and_it_is_said_once(tmp_path: Path, keys: Path, redis: OwnRedis) -> None:
    with in_production(tmp_path, keys, redis) as (house, _):
        person = Person.new(house.playground)
        person.say("/start", "портал")
        redis.kill()
        mark = person.chat()["seq"]
        person.say("/help", "Сейчас не могу сохранить")
        person.say("/language")
        assert person.http.get(f"{house.api}/readyz").json() == {"ready": False, "missing": ["redis"]}
        redis.start()
        person.wait("103", mark)
        person.wait("На каком языке", mark)
        told = [each for each in person.chat(mark)["messages"] if "не могу сохранить" in words(each)]
        assert len(told) == 1


@pytest.mark.parametrize("bots", [1, 2], ids=["polling", "webhook"])
def test_while_the_database_is_away_what_was_typed_takes_effect_once_it_is_back(
    tmp_path: Path, keys: Path, redis: OwnRedis, bots: int
) -> None:
    with in_production(tmp_path, keys, redis, bots) as (house, wire):
        person = Person.new(house.playground)
        citizen = signed_in(person, known="contacts")
        person.tap("медкарт", "известно с портала")
        person.tap("Всё верно", question_of("birth_date"))
        wire.cut()
        mark = person.chat()["seq"]
        person.say(spoken(citizen)["birth_date"], "Сейчас не могу сохранить")
        assert person.http.get(f"{house.api}/readyz").json()["missing"] == ["database"]
        for name, port in probes(house).items():
            assert ready(person, port) == ["database"], name
        wire.mend()
        person.wait(question_of("sex"), mark)
        told = [each for each in person.chat(mark)["messages"] if "не могу сохранить" in words(each)]
        assert len(told) == 1
        person.say("женский", question_of("snils"))


def test_poison_is_set_aside_told_seen_at_the_desk_and_put_back(tmp_path: Path, keys: Path, redis: OwnRedis) -> None:
    from tests.journeys.desk import Desk

    with in_production(tmp_path, keys, redis) as (house, _):
        person = Person.new(house.playground)
        person.http.post("/faults", json={"method": "sendMessage", "status": 400, "times": 5}).raise_for_status()
        person.say("/start", "сломалось у нас")
        person.say("/help", "103")
        desk = Desk.of(house, "administrator")
        (given_up,) = desk.http.get("/updates").raise_for_status().json()["updates"]
        assert (given_up["chat"], given_up["kind"], given_up["tries"]) == (person.id, "message", 5)
        mark = person.chat()["seq"]
        assert desk.http.post(f"/updates/{given_up['id']}/retry").status_code == 204
        person.wait("портал", mark)
        assert desk.http.get("/updates").json()["updates"] == []
        desk.http.close()
        assert house.command("audit", "verify").returncode == 0


def test_a_flood_is_told_once_and_its_person_gets_out(tmp_path: Path, keys: Path, redis: OwnRedis) -> None:
    with in_production(tmp_path, keys, redis, CHAT_RATE="5") as (house, _):
        flooder, other = Person.new(house.playground, "Шумный"), Person.new(house.playground)
        flooder.say("/start", "портал")
        for number in range(60):
            flooder.act("say", text=f"шум {number}")
        other.say("/start", "портал")
        flooder.say("/menu", "Медкарта")
        told = [each for each in flooder.messages() if "Сообщений сразу много" in words(each)]
        assert len(told) == 1


def test_a_signal_in_the_middle_of_a_slow_answer_lets_it_end(tmp_path: Path, keys: Path, redis: OwnRedis) -> None:
    with in_production(tmp_path, keys, redis) as (house, _):
        person = Person.new(house.playground)
        person.http.post("/faults", json={"method": "sendMessage", "delay_ms": 3000}).raise_for_status()
        person.say("/start")
        while person.http.get("/faults").json():
            person.chat(person.chat()["seq"], 0.05)
        bot = house.processes.pop("bot")
        os.kill(bot.pid, signal.SIGTERM)
        assert bot.wait(timeout=PATIENCE_S) == 0
        person.wait("портал")
        house.start("bot")
        person.say("/help", "103")
        assert len([each for each in calls(person) if each["method"] == "sendMessage"]) == 2


def test_what_hangs_is_cut_off_after_twenty_seconds_and_handled_by_the_next(
    tmp_path: Path, keys: Path, redis: OwnRedis
) -> None:
    with in_production(tmp_path, keys, redis) as (house, _):
        person = Person.new(house.playground)
        person.http.post("/faults", json={"method": "sendMessage", "delay_ms": HANGS_MS}).raise_for_status()
        person.say("/start")
        while person.http.get("/faults").json():
            person.chat(person.chat()["seq"], 0.05)
        # The last word to Telegram hangs as well.
        hanging = {"method": "getUpdates", "delay_ms": HANGS_MS, "times": 3}
        person.http.post("/faults", json=hanging).raise_for_status()
        bot, begun = house.processes.pop("bot"), time.monotonic()
        os.kill(bot.pid, signal.SIGTERM)
        assert bot.wait(timeout=PATIENCE_S) == 0
        # Before what hangs has come to its end.
        assert 10 < time.monotonic() - begun < HANGS_MS / 1000 - 5
        mark = person.chat()["seq"]
        person.http.delete("/faults").raise_for_status()
        house.start("bot")
        person.wait("портал", mark)
