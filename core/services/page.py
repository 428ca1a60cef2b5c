"""From the chat to a page and out again: a link of one use, the session it opens, the lock on it."""

from dataclasses import dataclass, replace

from core.domain.account import Accounts
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.factor import Factors
from core.domain.page import Link, Pages, PageSession, Place, Way
from core.ports import Clock, Codes, Transaction


@dataclass(frozen=True, slots=True)
class MakeLink:
    """The person wants to see something that is shown on a page: a link of one use, good for ten minutes. Returns its token."""

    transaction: Transaction
    accounts: Accounts
    pages: Pages
    codes: Codes
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, place: Place) -> str:
        token = self.codes.token()
        async with self.transaction.looking():
            account = await self.accounts.of(citizen)
            await self.pages.make(token, Link(citizen, place), self.clock.now())
            self.audit.record(citizen, Operation.LINK_MADE, account.id, place=place.value)
        return token


@dataclass(frozen=True, slots=True)
class LookAtLink:
    """A link was followed, by a person or by a messenger that draws a preview. Nothing is used up; tells whether it opens."""

    transaction: Transaction
    pages: Pages
    clock: Clock

    async def __call__(self, token: str) -> bool:
        async with self.transaction.looking():
            return await self.pages.waits(token, self.clock.now())


@dataclass(frozen=True, slots=True)
class OpenLink:
    """The person presses the button behind the link: it is used up, and a session begins in this browser. Raises LinkGone."""

    transaction: Transaction
    pages: Pages
    codes: Codes
    audit: AuditLog
    clock: Clock

    async def __call__(self, token: str) -> Way:
        secret = self.codes.token()
        async with self.transaction:
            now = self.clock.now()
            link = await self.pages.burn(token, now)
            await self.pages.open(secret, link.citizen, now)
            self.audit.record(link.citizen, Operation.LINK_OPENED, link.citizen.account, place=link.place.value)
        return Way(secret, link.place)


@dataclass(frozen=True, slots=True)
class FindPage:
    """A browser shows its secret: whose session it is. Raises PageGone."""

    transaction: Transaction
    pages: Pages
    factors: Factors
    clock: Clock

    async def __call__(self, secret: str) -> PageSession:
        async with self.transaction.looking():
            session = await self.pages.find(secret, self.clock.now())
            factor = await self.factors.of(session.citizen.account)
        return replace(session, lockable=factor is not None and factor.confirmed)


@dataclass(frozen=True, slots=True)
class ProvePage:
    """A code of the second factor was right in this browser, or is wanted anew (`proved` False)."""

    transaction: Transaction
    pages: Pages
    clock: Clock

    async def __call__(self, secret: str, *, proved: bool) -> None:
        async with self.transaction:
            await self.pages.prove(secret, self.clock.now() if proved else None)


@dataclass(frozen=True, slots=True)
class ClosePage:
    """The person is done with the page: the session of this browser ends. Twice is once."""

    transaction: Transaction
    pages: Pages

    async def __call__(self, secret: str) -> None:
        async with self.transaction:
            await self.pages.close(secret)
