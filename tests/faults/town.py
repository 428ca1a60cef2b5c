"""People who are told things: the audience of broadcasts, those who wait for a decision, those who ask for a code."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime

import httpx
from dishka import AsyncContainer

from core.domain.account import Account, Accounts, PortalPerson, Verification
from core.domain.actor import Citizen
from core.domain.chat import Chats
from core.domain.ids import AccountId, ChatId, VerificationId, new_id
from core.domain.notification import Channel, Topic
from core.domain.subscription import Subscriptions
from core.domain.verification import RequestState, VerificationRequest, Verifications
from core.ports import Clock, Transaction

UNWILLING = 5
"""So many turned news off."""
FICKLE = 3
"""So many block the bot while a broadcast is on its way."""


@dataclass(frozen=True)
class Subscriber:
    """One account with its chat. `petition` is what a reviewer is to decide, if anything."""

    citizen: Citizen
    willing: bool
    fickle: bool
    petition: VerificationId | None

    @property
    def chat(self) -> int:
        return self.citizen.chat

    @property
    def address(self) -> str:
        """Where letters about their account go."""
        return f"resident-{self.chat}@example.org"

    @property
    def new_address(self) -> str:
        """The address that they want to change to, where its code goes."""
        return f"moved-{self.chat}@example.org"


def arrive(playground: str, number: int) -> list[int]:
    """Have so many people say /start to the bot: it may write to no others. Returns their numbers."""
    with httpx.Client(base_url=playground, timeout=40, trust_env=False) as http, ThreadPoolExecutor(4) as pool:

        def one(number: int) -> int:
            made = http.post("/people", json={"name": f"Подписчик {number}", "language": "ru"}).raise_for_status()
            person: int = made.json()["id"]
            http.post(f"/people/{person}/say", json={"text": "/start"}).raise_for_status()
            return person

        return sorted(pool.map(one, range(number)))


async def settle(container: AsyncContainer, chats: Sequence[int], petitions: int) -> list[Subscriber]:
    """Give each chat an account, and have the first few ask to be verified; all in one transaction."""
    settled = []
    async with container() as scope:
        now = (await scope.get(Clock)).now()
        async with await scope.get(Transaction):
            for place, chat in enumerate(chats):
                fickle = place >= len(chats) - FICKLE
                willing = place < len(chats) - FICKLE - UNWILLING
                account = _account(chat, now, asks=place < petitions)
                await (await scope.get(Accounts)).add(account, now)
                await (await scope.get(Chats)).meet(ChatId(chat), "ru", now)
                await (await scope.get(Chats)).bind(ChatId(chat), account.id, now)
                subscriptions = await scope.get(Subscriptions)
                if not (willing or fickle):
                    chosen = await subscriptions.of(account.id)
                    await subscriptions.save(chosen.chosen(Topic.NEWS, Channel.TELEGRAM, wanted=False), now)
                petition = None
                if place < petitions:
                    petition = VerificationId(new_id(now))
                    request = VerificationRequest(petition, account.id, RequestState.PENDING, now)
                    await (await scope.get(Verifications)).ask(request)
                settled.append(Subscriber(Citizen(account.id, ChatId(chat)), willing, fickle, petition))
    return settled


def _account(chat: int, now: datetime, *, asks: bool) -> Account:
    state = Verification.PENDING if asks else Verification.VERIFIED
    known = PortalPerson(
        subject=f"resident {chat}",
        level="P",
        family_name="Жилина",
        given_name="Вера",
        middle_name="Олеговна",
        birth_date=date(1988, 5, 17),
    )
    return Account(AccountId(new_id(now)), state, known, None, f"resident-{chat}@example.org", 1)
