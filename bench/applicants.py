"""People who are ready to apply: the portal knows them, they have signed in, and their way through the form is written down."""

from datetime import date
from typing import Any

import httpx
from dishka import AsyncContainer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.walk import Phones, Step
from core.domain.account import Account, Accounts, PortalPerson, Verification
from core.domain.chat import Chats
from core.domain.ids import AccountId, ChatId, new_id
from core.ports import Clock, Transaction
from ops.container import make_container
from ops.settings import Settings
from playground.telegram.state import Person

MINE = "SELECT account FROM chats WHERE id >= :first AND id <= :last AND account IS NOT NULL"
THEIRS = f"SELECT id FROM applications WHERE account IN ({MINE})"  # noqa: S608 - a text of ours
FORGET = (
    f"DELETE FROM reminders WHERE subject IN ({THEIRS})",  # noqa: S608
    f"DELETE FROM answers WHERE application IN ({THEIRS})",  # noqa: S608
    f"DELETE FROM applications WHERE account IN ({MINE})",  # noqa: S608
    f"DELETE FROM challenges WHERE account IN ({MINE})",  # noqa: S608
    f"DELETE FROM notifications WHERE account IN ({MINE})",  # noqa: S608
)
"""What is removed so that the same people can apply once more; rows of anybody else stay."""
NAMES = (
    "birth_date", "sex", "snils", "passport_number", "passport_issued", "passport_issuer", "passport_code", "address",
    "policy",
)  # fmt: skip
STEPS = dict(zip(NAMES, (2, 3, 4, 5, 5, 5, 5, 6, 8), strict=True))


class Applicants:
    """Makes applicants, for our bot in its database as well. Without `settings` they are the peer's."""

    def __init__(self, phones: Phones, playground: str, settings: Settings | None) -> None:
        self.phones = phones
        self.http = httpx.AsyncClient(base_url=playground, trust_env=False, timeout=60)
        self.container: AsyncContainer | None = make_container(settings) if settings else None
        self.made: list[tuple[Person, list[Step]]] = []

    async def make(self, number: int) -> list[tuple[Person, list[Step]]]:
        """Return that many people with their way through the form; those made before come again."""
        while len(self.made) < number:
            answer = await self.http.post("/portal/citizens", json={"known": "contacts", "age": 30})
            citizen: dict[str, Any] = answer.raise_for_status().json()
            person = self.phones.new_person(f"Заявитель {len(self.made)}")
            if self.container is not None:
                await sign_in(self.container, citizen, person.id)
            self.made.append((person, way_through(citizen)))
        return self.made[:number]

    async def begin_again(self) -> None:
        """Let everybody apply as if for the first time."""
        if self.container is None or not self.made:
            return
        engine, chats = await self.container.get(AsyncEngine), [person.id for person, _ in self.made]
        async with engine.begin() as connection:
            for statement in FORGET:
                await connection.execute(text(statement), {"first": min(chats), "last": max(chats)})

    async def close(self) -> None:
        """Close the connections."""
        await self.http.aclose()
        if self.container is not None:
            await self.container.close()


async def sign_in(container: AsyncContainer, citizen: dict[str, Any], chat: int) -> None:
    """Store what signing in through the portal would have stored."""
    async with container() as scope:
        transaction, accounts, chats = await scope.get(Transaction), await scope.get(Accounts), await scope.get(Chats)
        now = (await scope.get(Clock)).now()
        known = PortalPerson(
            subject=citizen["sub"],
            level="PR",
            family_name=citizen["surname"],
            given_name=citizen["name"],
            middle_name=citizen["patronymic"],
            phone=citizen["phone"],
            email=citizen["email"],
        )
        account = AccountId(new_id(now))
        async with transaction:
            await accounts.add(
                Account(account, Verification.VERIFIED, known, citizen["phone"], citizen["email"], 1), now
            )
            await chats.meet(ChatId(chat), "ru", now)
            await chats.bind(ChatId(chat), account, now)


def way_through(citizen: dict[str, Any]) -> list[Step]:
    """Return the eleven turns from /card to the question for the code."""
    passport = citizen["passport"]
    typed = (
        day(citizen["birth_date"]),
        "женский" if citizen["sex"] == "F" else "мужской",
        citizen["snils"],
        f"{passport['series']} {passport['number']}",
        day(passport["issued_at"]),
        passport["issuer"],
        passport["department_code"],
        citizen["address"],
        citizen["enp"],
    )
    answers = [f"Шаг {STEPS[name]} из 9" for name in NAMES[1:]]
    steps = [Step("say", "/card", "известно с портала"), Step("tap", "Всё верно", f"Шаг {STEPS[NAMES[0]]} из 9")]
    return [*steps, *(Step("say", *each) for each in zip(typed, [*answers, "SMS"], strict=True))]


def day(iso: str) -> str:
    """Return a day as people write it."""
    return f"{date.fromisoformat(iso):%d.%m.%Y}"
