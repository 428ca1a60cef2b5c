"""The session of the medical sections: opened by a code, shortened or kept longer, closed at once or by time."""

from dataclasses import dataclass, replace
from datetime import timedelta

from core.domain.access import LockedOut
from core.domain.account import Accounts
from core.domain.actor import Citizen, System
from core.domain.audit import AuditLog, Operation
from core.domain.chat import Chats
from core.domain.code import Channel, CodeGone, Purpose
from core.domain.factor import (
    SPANS,
    FactorEnded,
    FactorKind,
    FactorLocked,
    Factors,
    NoFactor,
    Unlock,
    Unlocks,
    WrongFactor,
)
from core.domain.identifiers import Phone
from core.domain.notification import Button
from core.ports import Clock, Transaction
from core.services.code import CodeOffice, Sent
from core.services.factor.checking import FactorCheck, Means, Typed
from core.services.factor.herald import Herald
from core.services.factor.keeping import Ending, Sessions
from core.services.telling import Teller

WORKER = System("worker")
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class SendFactorCode:
    """The person asks for a code by SMS, to the number that was set up.

    Raises NoFactor where codes do not come by SMS, FactorLocked, FactorEnded, TooSoon.
    """

    transaction: Transaction
    accounts: Accounts
    factors: Factors
    office: CodeOffice
    clock: Clock

    async def __call__(self, citizen: Citizen) -> Sent:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            factor = await self.factors.of(account.id)
            if factor is None or not factor.confirmed or factor.kind is not FactorKind.SMS or factor.secret is None:
                raise NoFactor
            if factor.ended:
                raise FactorEnded
            locked = factor.locked(self.clock.now())
            if locked is not None:
                raise FactorLocked(locked)
            phone = factor.secret
            sent = await self.office.send(
                citizen, account, Purpose.FACTOR, Channel.SMS, target=phone, destination=phone
            )
        return replace(sent, destination=Phone.parse(phone).masked)


@dataclass(frozen=True, slots=True)
class UnlockRecord:
    """The person enters a code, or a recovery code: the medical sections open. Returns by what.

    Raises InvalidOneTimeCode (nothing counted), WrongFactor, FactorLocked, FactorEnded, NoFactor, CodeGone.
    """

    transaction: Transaction
    accounts: Accounts
    check: FactorCheck
    factors: Factors
    sessions: Sessions
    herald: Herald
    audit: AuditLog

    async def __call__(self, citizen: Citizen, raw: str) -> Means:
        typed = Typed.parse(raw)
        async with self.transaction:
            account = await self.accounts.of(citizen)
            means = await self.check.accept(citizen, account, typed)
            if isinstance(means, Means):
                await self.sessions.open(citizen, account, means)
            if means is Means.RECOVERY:
                factor = await self.factors.of(account.id)
                left = str(factor.recovery_left if factor else 0)
                self.audit.record(citizen, Operation.FACTOR_RECOVERED, account.id, left=left)
                await self.herald(account, "factor.recovered", {"left": left}, sms_once_a_day=True)
        if isinstance(means, WrongFactor | FactorLocked | FactorEnded | NoFactor | CodeGone):
            raise means
        return means


@dataclass(frozen=True, slots=True)
class LockRecord:
    """«Закрыть сейчас»: the sections are locked at once, and what is medical goes from the chat. Twice is once."""

    transaction: Transaction
    sessions: Sessions

    async def __call__(self, citizen: Citizen) -> None:
        async with self.transaction:
            await self.sessions.end(citizen, citizen.account, citizen.chat, Ending.TAPPED)


@dataclass(frozen=True, slots=True)
class ChangeSpan:
    """The person wants the sections to stay open for longer, or for less, after each look: 5, 15, 30 or 60 minutes.

    Eight hours after the code they close all the same. Raises LockedOut. Anything that is not offered changes nothing.
    """

    transaction: Transaction
    accounts: Accounts
    unlocks: Unlocks
    clock: Clock

    async def __call__(self, citizen: Citizen, span: timedelta) -> None:
        async with self.transaction:
            await self.accounts.of(citizen)
            now, unlock = self.clock.now(), await self.unlocks.of(citizen)
            if unlock is None or not unlock.open_at(now):
                raise LockedOut(ready=True)
            if span not in SPANS:
                return
            changed = replace(unlock, span=span)
            await self.unlocks.put(replace(changed, until=changed.slid(now)))


@dataclass(frozen=True, slots=True)
class EndSessions:
    """The worker ends the sessions whose time is over. Who had something medical in the chat is told why it is gone."""

    transaction: Transaction
    unlocks: Unlocks
    chats: Chats
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self) -> bool:
        """True while there may be more."""
        async with self.transaction:
            now = self.clock.now()
            ended = await self.unlocks.run_out(now, AT_ONCE)
            for unlock in ended:
                self.audit.record(WORKER, Operation.LOCKED, unlock.account, how=Ending.TIME.value)
                if await self.unlocks.clear(unlock.chat, now):
                    await self._tell(unlock)
            await self.unlocks.heal(now)
        return len(ended) == AT_ONCE

    async def _tell(self, unlock: Unlock) -> None:
        chat = await self.chats.bound_to(unlock.account)
        if chat is not None and chat.id == unlock.chat:
            buttons = (Button("factor.open_again", "unlock"), Button("menu.open", "menu"))
            await self.teller.chat(chat, "factor.told_closed", buttons=buttons)
