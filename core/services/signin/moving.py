"""Moving to another chat, staying apart, and signing out."""

from dataclasses import dataclass

from core.domain.account import Accounts
from core.domain.actor import Citizen, Visitor
from core.domain.audit import AuditLog, Operation
from core.domain.chat import Chats
from core.domain.ids import ChatId
from core.domain.notification import Button, Outbox
from core.domain.proof import Proofs
from core.domain.signin import SignInGone, SignIns, SignInState
from core.ports import Clock, Transaction
from core.services.conversation import Parting
from core.services.factor import Ending, Sessions
from core.services.signin.welcoming import Welcome
from core.services.telling import Teller


@dataclass(frozen=True, slots=True)
class MoveAccount:
    """The person of the new chat says yes: the account leaves the old chat, which is told. Raises SignInGone."""

    transaction: Transaction
    signins: SignIns
    accounts: Accounts
    chats: Chats
    outbox: Outbox
    sessions: Sessions
    parting: Parting
    proofs: Proofs
    teller: Teller
    welcome: Welcome
    audit: AuditLog
    clock: Clock

    async def __call__(self, chat: ChatId) -> None:
        async with self.transaction:
            now = self.clock.now()
            attempt = await self.signins.asked(chat, now)
            if attempt is None or attempt.account is None:
                raise SignInGone
            await self.signins.settle(attempt, SignInState.DONE)
            account = await self.accounts.get(attempt.account)
            citizen = Citizen(account.id, chat)
            old = await self.chats.bound_to(account.id)
            if old is not None and old.id != chat:
                await self.sessions.end(citizen, account.id, old.id, Ending.MOVED)
                if await self.proofs.take_back(account.id, now):
                    self.audit.record(citizen, Operation.PROOF_REFUSED, account.id, by="moved")
                await self.parting.leave(citizen, old.id)
                await self.chats.unbind(old.id)
                await self.teller.chat(old, "account.moved_away", buttons=(Button("account.sign_in", "signin"),))
                if account.email:
                    await self.teller.mail(account, account.email, "account.mail_moved")
            # Whoever was signed in here until now takes nothing medical along into somebody else's chat.
            await self.sessions.end(citizen, account.id, chat, Ending.MOVED)
            if (await self.chats.meet(chat, "ru", now)).account not in {None, account.id}:
                await self.parting.leave(citizen, chat)
            await self.chats.bind(chat, account.id, now)
            new = await self.chats.bound_to(account.id)
            if old is not None and new is not None:
                await self.outbox.follow(account.id, old.id, new.id, new.language)
            self.audit.record(citizen, Operation.ACCOUNT_MOVED, account.id)
            await self.welcome(citizen, account)


@dataclass(frozen=True, slots=True)
class StayApart:
    """The person of the new chat says no: nothing moves, and the old chat learns that somebody tried."""

    transaction: Transaction
    signins: SignIns
    chats: Chats
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self, chat: ChatId) -> None:
        async with self.transaction:
            attempt = await self.signins.asked(chat, self.clock.now())
            if attempt is None or attempt.account is None:
                raise SignInGone
            await self.signins.settle(attempt, SignInState.DROPPED)
            self.audit.record(Visitor(chat), Operation.MOVE_REFUSED, attempt.account)
            old = await self.chats.bound_to(attempt.account)
            if old is not None and old.id != chat:
                await self.teller.chat(old, "account.move_refused")


@dataclass(frozen=True, slots=True)
class SignOut:
    """The person signs out of this chat: what is medical goes from it. Card, draft and documents stay with the account."""

    transaction: Transaction
    chats: Chats
    signins: SignIns
    sessions: Sessions
    parting: Parting
    proofs: Proofs
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> None:
        async with self.transaction:
            await self.sessions.end(citizen, citizen.account, citizen.chat, Ending.SIGNED_OUT)
            if await self.proofs.take_back(citizen.account, self.clock.now()):
                self.audit.record(citizen, Operation.PROOF_REFUSED, citizen.account, by="signed_out")
            await self.parting.leave(citizen, citizen.chat)
            await self.chats.unbind(citizen.chat)
            await self.signins.drop(citizen.chat)
            self.audit.record(citizen, Operation.SIGNED_OUT, citizen.account)
