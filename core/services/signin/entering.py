"""Signing in through the portal."""

from dataclasses import dataclass, replace
from enum import StrEnum

from core.domain.account import Account, Accounts, PortalPerson, from_portal
from core.domain.actor import Citizen, Visitor
from core.domain.audit import AuditLog, Operation
from core.domain.chat import Chats
from core.domain.identifiers import Email, InvalidValue, Phone
from core.domain.ids import AccountId, ChatId, new_id
from core.domain.notification import Button, Lane
from core.domain.signin import LIFETIME, SignIn, SignIns, SignInState
from core.ports import Clock, Codes, Portal, Transaction
from core.services.signin.welcoming import ANSWER_GOOD_FOR, Welcome
from core.services.telling import Teller


class Outcome(StrEnum):
    """How a return from the portal ended."""

    SIGNED_IN = "signed_in"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class BeginSignIn:
    """The person may want to sign in: a link of one use is made for this chat, good for ten minutes. Returns its ticket.

    `instead` ends the chat's earlier links and questions; otherwise they go on, for a page of theirs may be open already.
    """

    transaction: Transaction
    signins: SignIns
    codes: Codes
    audit: AuditLog
    clock: Clock

    async def __call__(self, chat: ChatId, chat_name: str, *, instead: bool = False) -> str:
        attempt = SignIn(
            ticket=self.codes.token(),
            state=self.codes.token(),
            nonce=self.codes.token(),
            verifier=self.codes.token(),
            chat=chat,
            chat_name=chat_name[:64],
            phase=SignInState.STARTED,
            expires_at=self.clock.now() + LIFETIME,
        )
        async with self.transaction.looking():
            if instead:
                await self.signins.drop(chat)
            await self.signins.start(attempt)
            self.audit.record(Visitor(chat), Operation.SIGN_IN_STARTED)
        return attempt.ticket


@dataclass(frozen=True, slots=True)
class Passage:
    """What the page before the portal shows and needs: whose chat it is, where to go, and what ties the browser to it."""

    chat_name: str
    url: str
    state: str


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    """Our link was opened in a browser. Raises SignInGone, Unavailable."""

    transaction: Transaction
    signins: SignIns
    portal: Portal
    clock: Clock

    async def __call__(self, ticket: str) -> Passage:
        async with self.transaction.looking():
            attempt = await self.signins.by_ticket(ticket, self.clock.now())
        url = await self.portal.authorization_url(state=attempt.state, nonce=attempt.nonce, verifier=attempt.verifier)
        return Passage(attempt.chat_name, url, attempt.state)


@dataclass(frozen=True, slots=True)
class CompleteSignIn:
    """The browser is back from the portal: the account is bound to the chat that began, or that chat is asked.

    Raises SignInGone (used, late, unknown), SignInRefused (the portal's answer failed a check), Unavailable.
    """

    transaction: Transaction
    signins: SignIns
    portal: Portal
    accounts: Accounts
    chats: Chats
    teller: Teller
    welcome: Welcome
    audit: AuditLog
    clock: Clock

    async def __call__(self, state: str, code: str) -> Outcome:
        async with self.transaction.looking():
            attempt = await self.signins.by_state(state, self.clock.now())
        person = await self.portal.person(code=code, nonce=attempt.nonce, verifier=attempt.verifier)
        async with self.transaction:
            now = self.clock.now()
            attempt = await self.signins.take(state, now)
            account = await self._remember(person)
            chat = await self.chats.meet(attempt.chat, "ru", now)
            elsewhere = await self.chats.bound_to(account.id)
            lives_elsewhere = elsewhere is not None and elsewhere.id != chat.id
            if lives_elsewhere or (chat.account is not None and chat.account != account.id):
                await self.signins.ask(attempt, account.id)
                self.audit.record(Visitor(chat.id), Operation.MOVE_ASKED, account.id)
                await self.teller.chat(
                    chat,
                    "account.move_question" if lives_elsewhere else "account.replace_question",
                    {"name": account.first_name},
                    buttons=(Button("account.move_yes", "signin.move"), Button("account.move_no", "signin.stay")),
                    lane=Lane.ANSWER,
                    valid_until=now + ANSWER_GOOD_FOR,
                )
                return Outcome.ASKED
            await self.chats.bind(chat.id, account.id, now)
            citizen = Citizen(account.id, chat.id)
            self.audit.record(citizen, Operation.SIGNED_IN, account.id)
            await self.welcome(citizen, account)
            return Outcome.SIGNED_IN

    async def _remember(self, person: PortalPerson) -> Account:
        """Store what the portal knows now; phone and e-mail that the person proved to us since then stay."""
        known = await self.accounts.by_subject(person.subject)
        if known is None:
            account = Account(
                id=AccountId(new_id(self.clock.now())),
                verification=from_portal(person, None),
                known=person,
                phone=_canonical(Phone, person.phone),
                email=_canonical(Email, person.email),
                version=1,
            )
            await self.accounts.add(account, self.clock.now())
            return account
        renewed = replace(
            known,
            known=person,
            verification=from_portal(person, known.verification),
            phone=known.phone or _canonical(Phone, person.phone),
            email=known.email or _canonical(Email, person.email),
        )
        await self.accounts.save(renewed)
        return renewed


def _canonical(kind: type[Phone] | type[Email], raw: str | None) -> str | None:
    try:
        return kind.parse(raw).canonical if raw else None
    except InvalidValue:
        return None
