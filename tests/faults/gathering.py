"""Looks at everything that a run has left behind: the database, the chats, the boxes, the logs."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from core.domain.actor import Role, Staff
from core.domain.application import Applications, Field, read
from core.domain.identifiers import BirthDate
from core.domain.ids import StaffId
from core.domain.notification import NotificationState
from core.ports import Transaction
from core.services.notification import ViewFailures
from ops.clock import SystemClock
from tests.faults.citizen import Citizen
from tests.faults.crew import Crew
from tests.faults.desk import Mailing, Petition
from tests.faults.evidence import Code, Decision, Evidence, Mailed, Push, Walk
from tests.faults.post import Post
from tests.faults.story import Story
from tests.faults.town import Subscriber
from tests.faults.wire import Wire

EXPECTED_ERRORS = ("update.failed", "update.waits", "worker.failed", "telegram.away", "Cannot get window data")
"""How an error in the logs may begin while the ground shakes; the last is said of a window whose database went meanwhile."""
TOLD = {"approved": "Учётная запись подтверждена.", "refused": "Учётную запись пока не подтвердили"}
"""By which words a person is told what became of their request, in the chat."""
OUTAGE = re.compile(
    r"connection (is|was) closed|connection_lost|Connect call failed|ConnectionRefused|ConnectionReset"
    r"|ConnectionDoesNotExist|CannotConnectNow|AdminShutdown|database system is|cannot switch to state"
    r"|terminating connection|redis\.exceptions\.(Connection|Timeout)"
)
"""What stands in the traceback of an error of the desk that is none of its own."""
MOST_REFUSED = 1000
DIGITS = re.compile(r"(?<!\d)\d{6}(?!\d)")


class Gathering:
    """Asks the questions, on one connection."""

    def __init__(self, story: Story, connection: Any) -> None:
        self.story, self.connection = story, connection
        self.wire: Wire = story.wire
        self.post: Post = story.post

    @classmethod
    async def of(cls, story: Story) -> Evidence:
        """Return the evidence of a run that is over."""
        connection = await asyncpg.connect(story.database)
        try:
            return await cls(story, connection).evidence()
        finally:
            await connection.close()

    async def evidence(self) -> Evidence:
        """Look at everything."""
        story = self.story
        happened, besides = story.storm.happened()
        return Evidence(
            seed=story.plan.seed,
            by="webhook, two bots" if story.plan.webhook else "polling",
            phases=story.phases,
            happened=happened,
            besides=besides,
            walks=[await walk_of(each, self.connection, self.wire, self.post) for each in story.people],
            pushes=await self.pushes(),
            letters=await self.letters(),
            refusals=await self.refusals(),
            decisions=[await self.decision(each) for each in story.desk.petitions],
            mailings=[await self.mailed(each) for each in story.desk.mailings],
            codes=await self.codes(),
            asked=await self.asked(),
            sends=self.wire.sends(),
            outages=story.storm.outages,
            unsent=story.unsent,
            ready=story.ready,
            journal=story.journal,
            lines=await self.connection.fetchval("SELECT count(*) FROM audit_lines"),
            stops=story.stops,
            fell=story.crew.fell,
            errors=errors_in(story.crew),
        )

    async def letters(self) -> list[Push]:
        """What became of everything but codes that went by mail or SMS."""
        asked = (
            "SELECT id, key, channel, lane, state FROM notifications WHERE channel <> 'telegram' AND lane <> '1_code'"
        )
        rows = await self.connection.fetch(asked)
        unknown = await self._unknown([row["id"] for row in rows])
        return [
            Push(
                f"{row['key']} by {row['channel']}",
                row["lane"],
                row["state"],
                unknown[row["id"]],
                len(self.wire.box(row["id"])),
            )
            for row in rows
        ]

    async def refusals(self) -> Counter[str]:
        """Why messages were given up for good, as an administrator sees it."""
        async with self.post.container() as scope:
            look = await scope.get(ViewFailures)
            administrator = Staff(StaffId(UUID(int=0)), Role.ADMINISTRATOR)
            found = await look(administrator, NotificationState.REFUSED, MOST_REFUSED)
        reasons = Counter(f"{each.failure.key}: {each.failure.reason}" for each in found)
        return Counter({why: times for why, times in reasons.items() if not why.endswith(": blocked")})

    async def pushes(self) -> list[Push]:
        """What became of the pushes of this run."""
        ids = [each.id for each in self.post.sent]
        asked = "SELECT id, state FROM notifications WHERE id = ANY($1)"
        states = {row["id"]: row["state"] for row in await self.connection.fetch(asked, ids)}
        unknown = await self._unknown(ids)
        return [
            Push(each.mark, each.lane, states.get(each.id, "gone"), unknown[each.id], self.wire.arrived(each.mark))
            for each in self.post.sent
        ]

    async def _unknown(self, ids: Sequence[UUID]) -> Counter[UUID]:
        asked = "SELECT notification FROM attempts WHERE notification = ANY($1) AND outcome = 'uncertain'"
        return Counter(row["notification"] for row in await self.connection.fetch(asked, ids))

    async def decision(self, petition: Petition) -> Decision:
        """What became of one request, and how its person was told."""
        subscriber = petition.subscriber
        account = subscriber.citizen.account
        lines = "SELECT count(*) FROM audit_lines WHERE subject = $1 AND operation = 'verification.decided'"
        asked = (
            "SELECT id, key, lane, channel, state FROM notifications WHERE account = $1 AND key LIKE 'verification.%'"
        )
        rows = await self.connection.fetch(asked, account)
        unknown = await self._unknown([row["id"] for row in rows])
        told: dict[str, list[Push]] = {"telegram": [], "mail": [], "sms": []}
        for row in rows:
            words = TOLD[row["key"].rpartition(".")[2].removeprefix("mail_")]
            by_chat = self.wire.arrived(words, subscriber.chat)
            arrived = by_chat if row["channel"] == "telegram" else len(self.wire.box(row["id"]))
            push = Push(row["key"], row["lane"], row["state"], unknown[row["id"]], arrived)
            told[row["channel"]].append(push)
        return Decision(
            name=f"the request of {subscriber.chat}",
            heard=petition.heard,
            state=await self.connection.fetchval("SELECT state FROM verifications WHERE id = $1", subscriber.petition),
            lines=await self.connection.fetchval(lines, f"account:{account}"),
            pushes=told["telegram"],
            letters=told["mail"],
        )

    async def mailed(self, mailing: Mailing) -> Mailed:
        """Whom one broadcast reached, by its rows, by the chats and by the desk."""
        town: Sequence[Subscriber] = self.story.town
        rows = []
        if mailing.id:
            asked = "SELECT chat, state FROM notifications WHERE broadcast = $1"
            rows = [(row["chat"], row["state"]) for row in await self.connection.fetch(asked, UUID(mailing.id))]
        return Mailed(
            name=f"broadcast {mailing.number}",
            heard=mailing.heard,
            state=mailing.report.get("state", ""),
            report=mailing.report.get("counts", {}),
            rows=rows,
            wanted=frozenset(each.chat for each in town if each.willing),
            unwilling=frozenset(each.chat for each in town if not each.willing and not each.fickle),
            blocking=frozenset(each.chat for each in town if each.fickle),
            arrived=self.wire.reached(mailing.text),
        )

    async def codes(self) -> list[Code]:
        """Every code that was made, by the rows, and what arrived of it."""
        asked = "SELECT id, account, channel, state FROM notifications WHERE lane = '1_code'"
        return [
            Code(str(row["id"]), row["channel"], str(row["account"]), row["state"], self._digits(row["id"]))
            for row in await self.connection.fetch(asked)
        ]

    def _digits(self, notification: UUID) -> list[str]:
        """The code in each message that arrived for a notification."""
        return [found.group() if (found := DIGITS.search(words)) else words for words in self.wire.box(notification)]

    async def asked(self) -> Counter[str]:
        """How many codes were asked for: by the journal, those by mail by what this run asked for."""
        asked = "SELECT subject, details FROM audit_lines WHERE operation = 'code.sent'"
        found: Counter[str] = Counter()
        for row in await self.connection.fetch(asked):
            channel = json.loads(row["details"])["channel"]
            if channel == "sms":
                found[f"sms {row['subject'].removeprefix('account:')}"] += 1
        return found + Counter(f"mail {each.citizen.account}" for each in self.post.movers)


async def walk_of(citizen: Citizen, connection: Any, wire: Wire, post: Post) -> Walk:
    """Return what one citizen typed, and what is stored of it."""
    chat = citizen.person.id
    account = await connection.fetchval("SELECT account FROM chats WHERE id = $1", chat)
    answered = "SELECT details FROM audit_lines WHERE subject = $1 AND operation = 'application.answered'"
    lines = [json.loads(each["details"]) for each in await connection.fetch(answered, f"account:{account}")]
    return Walk(
        citizen.number,
        typed=citizen.typed,
        wanted={each.field: canonical(each.field, citizen.said) for each in citizen.typed},
        answers=await _answers(account, connection, post),
        answered=Counter(each["field"] for each in lines if "proved" not in each),
        told=[*citizen.toasts(), *wire.told(chat)],
        waits=citizen.waits,
        cards=await connection.fetchval("SELECT count(*) FROM cards WHERE account = $1", account),
        done=citizen.done,
        stuck=citizen.stuck,
        left=citizen.left,
        resumed=citizen.resumed,
        nudges=citizen.nudges,
        double_taps=citizen.double_taps,
    )


async def _answers(account: UUID, connection: Any, post: Post) -> Mapping[str, str]:
    application = await connection.fetchval(
        "SELECT id FROM applications WHERE account = $1 AND state <> 'dropped'", account
    )
    if application is None:
        return {}
    async with post.container() as scope, (await scope.get(Transaction)).looking():
        found = await (await scope.get(Applications)).get(application)
    return {field.value: answer.text for field, answer in found.answers.items()}


def canonical(name: str, said: Mapping[str, str]) -> str:
    """Return a typed value in the form in which it is stored."""
    today = SystemClock().now().date()
    born = BirthDate.parse(said["birth_date"], today=today)
    return read(Field(name), said[name], today=today, birth_date=born).canonical


def errors_in(crew: Crew) -> Counter[str]:
    """Return what the logs call an error and nobody expects, with tracebacks by their last line."""
    found: Counter[str] = Counter()
    for log in crew.folder.glob("*.log"):
        for line in log.read_text("utf-8", "replace").splitlines():
            if line.startswith("{"):
                try:
                    event = json.loads(line)
                except ValueError:  # cut off by a kill
                    continue
                if event.get("level") in {"error", "critical"} and not expected(event):
                    found[f"{log.stem}: {event.get('event')} {event.get('fault', '')}"[:200]] += 1
            elif re.match(r"\w+(\.\w+)*(Error|Exception|Timeout)\b", line):
                found[f"{log.stem}: {line}"[:200]] += 1
    return found


def expected(event: Mapping[str, Any]) -> bool:
    """Whether an error of the logs is what an outage is called."""
    name = str(event.get("event"))
    desk = name.startswith("Exception in ASGI application") and OUTAGE.search(str(event.get("exception")))
    return bool(desk) or name.startswith(EXPECTED_ERRORS)
