"""Telling the owner about the lock on their record, on every channel there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.domain.account import Account
from core.domain.notification import Button, Lane
from core.ports import Clock
from core.services.telling import NO_VALUES, Teller

SMS_GOOD_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Herald:
    """Tells the owner in the chat, by mail and by SMS, whatever they chose: the chat may be in other hands.

    Works inside the open transaction of whoever uses it. The words hold nothing but that it happened.
    """

    teller: Teller
    clock: Clock

    async def __call__(
        self, account: Account, what: str, letter_values: Mapping[str, str] = NO_VALUES, *, sms_once_a_day: bool = False
    ) -> None:
        """Tell it. `what` is «proof.asked» and the like: its words are `proof.told_asked`, `mail_asked`, `sms_asked`."""
        noun, _, deed = what.partition(".")
        now = self.clock.now()
        await self.teller.citizen(account, f"{noun}.told_{deed}", buttons=(Button("factor.open", "security"),))
        if account.email:
            await self.teller.mail(account, account.email, f"{noun}.mail_{deed}", letter_values)
        if account.phone:
            await self.teller.sms(
                account, account.phone, f"{noun}.sms_{deed}", NO_VALUES, lane=Lane.NOTICE,
                valid_until=now + SMS_GOOD_FOR, once=f"{now:%Y-%m-%d}" if sms_once_a_day else None,
            )  # fmt: skip
