"""What is done for somebody who has just signed in."""

from dataclasses import dataclass
from datetime import timedelta

from core.domain.account import ADULT, CHILD_LEVEL, Account, Verification
from core.domain.actor import Citizen
from core.domain.application import Applications
from core.domain.chat import Chats
from core.domain.consent import Consents, ConsentState
from core.domain.notification import Button, Lane
from core.domain.subscription import Subscriptions
from core.ports import Clock
from core.services.reminder import DraftReminders
from core.services.telling import Teller

ANSWER_GOOD_FOR = timedelta(minutes=15)
"""An answer to a sign-in names somebody: later on, somebody else may sit there."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """Receives an account in the chat that speaks for it from now on, inside the open transaction of whoever uses it.

    The person's clock and what they are to be reminded of come along; the chat says who is signed in, with the next step.
    """

    chats: Chats
    subscriptions: Subscriptions
    applications: Applications
    consents: Consents
    reminders: DraftReminders
    teller: Teller
    clock: Clock

    async def __call__(self, citizen: Citizen, account: Account) -> None:
        subscription = await self.subscriptions.of(account.id)
        await self.chats.live_in(citizen.chat, subscription.region, subscription.zone)
        application = await self.applications.open_of(citizen)
        consent = await self.consents.latest(account.id)
        if application is not None and (consent is None or consent.state is not ConsentState.WITHDRAWN):
            await self.reminders.renew(application)
        chat = await self.chats.bound_to(account.id)
        if chat is None or chat.id != citizen.chat:
            return
        situation = self._situation(account)
        next_step = Button("menu.card", "card") if situation == "verified" else Button("menu.status", "status")
        await self.teller.chat(
            chat,
            f"account.signed_in.{situation}",
            {"name": account.first_name},
            buttons=(next_step, Button("menu.open", "menu")),
            lane=Lane.ANSWER,
            valid_until=self.clock.now() + ANSWER_GOOD_FOR,
        )

    def _situation(self, account: Account) -> str:
        """Return which greeting applies: a minor's account may be verified, and the card is still not theirs to ask for."""
        verified, age = account.verification, account.age(self.clock.now().date())
        if verified is Verification.UNVERIFIED and account.known.level == CHILD_LEVEL:
            return "child"
        if verified is Verification.VERIFIED and age is not None and age < ADULT:
            return "minor"
        return verified.value
