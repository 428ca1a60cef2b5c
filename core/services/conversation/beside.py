"""The person beside a conversation: who it is, how far they are, and identifiers that are masked until somebody says why."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.domain.account import Account, Accounts
from core.domain.actor import Citizen, NotAllowed, Staff, label
from core.domain.application import Applications
from core.domain.audit import Operation, Reading, Sought
from core.domain.card import Cards
from core.domain.chat import Chats
from core.domain.consent import Consents, NoConsent
from core.domain.conversation import Conversation, ConversationState, Ended, ReasonWanted, TooManyRevealed
from core.domain.identifiers import Email, InvalidValue, PassportNumber, Phone, PolicyNumber, Snils
from core.domain.ids import AccountId, ConversationId
from core.domain.region import REGIONS
from core.domain.support import UNREADABLE
from core.ports import Clock, Transaction, Unreadable
from core.services.conversation.floor import Floor
from core.services.conversation.views import PersonBeside

SHORTEST_REASON, LONGEST_REASON = 5, 200
IDENTIFYING = re.compile(r"\d{4,}|\d{3}\D\d{3}|@")
"""What stands in the journal stays there, in clear: a reason names nobody by a number or an address."""
MOST_REVEALED, WITHIN = 20, timedelta(hours=1)
"""So many identifiers a member looks at; more than any talk asks for."""


def _passport(account: Account) -> str | None:
    passport = account.known.passport
    return f"{passport.series} {passport.number}" if passport else None


Known = Callable[[Account], str | None]
IDENTIFIERS: Mapping[str, tuple[Known, Callable[[str], str]]] = {
    "phone": (lambda account: account.phone or account.known.phone, lambda raw: Phone.parse(raw).masked),
    "email": (lambda account: account.email or account.known.email, lambda raw: Email.parse(raw).masked),
    "snils": (lambda account: account.known.snils, lambda raw: Snils.parse(raw).masked),
    "passport": (_passport, lambda raw: PassportNumber.parse(raw).masked),
    "policy": (lambda account: account.known.policy, lambda raw: PolicyNumber.parse(raw).masked),
}
"""By the names that they are asked for: where each is known from, and how it is masked."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Works inside the open transaction of whoever uses it. Nothing medical is looked at."""

    accounts: Accounts
    applications: Applications
    cards: Cards
    chats: Chats
    consents: Consents
    clock: Clock

    async def person(self, conversation: Conversation) -> PersonBeside:
        """Return who the operator speaks with. After consent was withdrawn no identifier is shown, not even masked."""
        chat = await self.chats.meet(conversation.chat, conversation.language, self.clock.now(), back=False)
        region = REGIONS.get(chat.region or "")
        account, stage, withdrawn, unreadable = None, None, False, False
        if conversation.account is not None:
            withdrawn = await self.withdrawn(conversation)
            try:
                account = await self.accounts.get(conversation.account)
            except Unreadable:
                unreadable = True
            stage = await self._stage(conversation.account, conversation)
        return PersonBeside(
            name=account.first_name if account else UNREADABLE if unreadable else None,
            verification=account.verification if account else None,
            card=stage,
            region=region.name(conversation.language) if region else None,
            zone=chat.zone,
            language=chat.language,
            doing=conversation.doing,
            identifiers=masked(account) if account and not withdrawn else {},
            withdrawn=withdrawn,
            blocked=chat.blocked_at is not None,
        )

    async def withdrawn(self, conversation: Conversation) -> bool:
        """Whether consent was given once and is withdrawn now."""
        if conversation.account is None:
            return False
        latest = await self.consents.latest(conversation.account)
        return latest is not None and latest.withdrawn_at is not None

    async def _stage(self, account: AccountId, conversation: Conversation) -> str | None:
        card = await self.cards.of_account(account)
        if card is not None:
            return f"card.{card.state.value}"
        application = await self.applications.open_of(Citizen(account, conversation.chat))
        return f"application.{application.state.value}" if application else None


@dataclass(frozen=True, slots=True)
class RevealIdentifier:
    """Its operator looks at an identifier in full and says why; its owner reads that in their journal.

    `which`: one of IDENTIFIERS. Raises ConversationNotThere, NotYours, Ended, ReasonWanted, TooManyRevealed, NoConsent, NotAllowed.
    """

    transaction: Transaction
    accounts: Accounts
    beside: Beside
    reading: Reading
    floor: Floor
    clock: Clock

    async def __call__(self, staff: Staff, conversation: ConversationId, which: str, reason: str) -> str:
        said = " ".join(reason.split())
        if not SHORTEST_REASON <= len(said) <= LONGEST_REASON or IDENTIFYING.search(said):
            raise ReasonWanted
        if which not in IDENTIFIERS:
            raise NotAllowed
        async with self.transaction:
            found = await self.floor.owned(staff, conversation)
            if found.state is ConversationState.ENDED:
                raise Ended
            # Two at once count one another.
            await self.floor.members.hold(staff.staff)
            if await self._revealed(staff) >= MOST_REVEALED:
                raise TooManyRevealed
            if found.account is None:
                raise NotAllowed
            if await self.beside.withdrawn(found):
                raise NoConsent
            known, _ = IDENTIFIERS[which]
            value = known(await self.accounts.get(found.account))
            if value is None:
                raise NotAllowed
            self.floor.note(staff, Operation.CONVERSATION_REVEALED, found, which=which, reason=said)
        return value

    async def _revealed(self, staff: Staff) -> int:
        since = self.clock.now() - WITHIN
        sought = Sought(since, operation=Operation.CONVERSATION_REVEALED.value, actor=label(staff))
        return len(await self.reading.page(sought, None, MOST_REVEALED))


def masked(account: Account) -> dict[str, str]:
    """Return what is known of an account, masked; what cannot be read is not shown at all."""
    shown = {}
    for name, (known, mask) in IDENTIFIERS.items():
        value = known(account)
        if value is not None:
            try:
                shown[name] = mask(value)
            except InvalidValue:
                shown[name] = "•••"
    return shown
