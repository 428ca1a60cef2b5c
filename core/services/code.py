"""Sending one-time codes and taking them back: what the use cases of accounts, policies and applications share."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from core.domain import code
from core.domain.account import Account
from core.domain.actor import Actor
from core.domain.audit import AuditLog, Operation
from core.domain.code import Challenge, Challenges, Channel, CodeGone, Purpose, TooSoon, WrongCode
from core.domain.ids import ChallengeId, new_id
from core.domain.notification import Lane
from core.ports import Clock, Codes
from core.services.telling import Teller


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is under way: where to (masked by the caller), and when another can be asked for."""

    channel: Channel
    destination: str
    seconds_until_resend: int


@dataclass(frozen=True, slots=True)
class CodeOffice:
    """Works inside the open transaction of whoever uses it."""

    challenges: Challenges
    codes: Codes
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def send(
        self, actor: Actor, account: Account, purpose: Purpose, channel: Channel, *, target: str, destination: str
    ) -> Sent:
        """Send a fresh code that proves `target` to `destination`; an older one of the same purpose stops working.

        Raises TooSoon within 60 s of the last one of this purpose, or after ten codes or ten tries within an hour.
        """
        now = self.clock.now()
        current = await self.challenges.current(account.id, purpose)
        if current is not None and current.target == target and current.destination == destination:
            wait = current.seconds_until_resend(now)
            if wait:
                raise TooSoon(wait)
        hour_ago = now - timedelta(hours=1)
        sent, tried = (
            await self.challenges.sent_since(account.id, hour_ago),
            await self.challenges.tried_since(account.id, hour_ago),
        )
        if sent >= code.HOURLY or tried >= code.HOURLY_TRIES:
            raise TooSoon(int(timedelta(hours=1).total_seconds()))
        fresh, salt = self.codes.fresh(), secrets.token_bytes(16)
        await self.challenges.put(
            Challenge(
                id=ChallengeId(new_id(now)),
                account=account.id,
                purpose=purpose,
                channel=channel,
                target=target,
                destination=destination,
                salt=salt,
                digest=self.codes.digest(fresh, salt=salt),
                sent_at=now,
            )
        )
        key, values = f"code.{channel.value}.{purpose.value}", {"code": fresh}
        until = now + code.LIFETIME
        if channel is Channel.SMS:
            await self.teller.sms(account, destination, key, values, lane=Lane.CODE, valid_until=until)
        else:
            await self.teller.mail(account, destination, key, values, lane=Lane.CODE, valid_until=until)
        self.audit.record(actor, Operation.CODE_SENT, account.id, purpose=purpose.value, channel=channel.value)
        return Sent(channel, destination, int(code.RESEND_AFTER.total_seconds()))

    async def resend(self, actor: Actor, account: Account, purpose: Purpose) -> Sent:
        """Send a fresh code to where the last one of this purpose went, expired or not. Raises TooSoon, CodeGone."""
        last = await self.challenges.current(account.id, purpose)
        if last is None:
            raise CodeGone
        return await self.send(actor, account, purpose, last.channel, target=last.target, destination=last.destination)

    async def accept(
        self, actor: Actor, account: Account, purpose: Purpose, typed: str
    ) -> Challenge | WrongCode | CodeGone:
        """Return the proved challenge, or what is wrong as a value: the try must be counted, so nothing is raised here."""
        now = self.clock.now()
        challenge = await self.challenges.current(account.id, purpose)
        if challenge is None or challenge.expired(now):
            return CodeGone()
        left = await self.challenges.count_try(challenge.id)
        if left is None:
            return CodeGone()
        if not self.codes.matches(typed, challenge.digest, salt=challenge.salt):
            self.audit.record(actor, Operation.CODE_WRONG, account.id, purpose=purpose.value, left=str(left))
            return WrongCode(left) if left else CodeGone()
        if not await self.challenges.use_up(challenge.id):
            return CodeGone()
        return challenge

    async def pending(self, account: Account, purpose: Purpose) -> Sent | None:
        """Return the code that is under way, or None."""
        now = self.clock.now()
        challenge = await self.challenges.current(account.id, purpose)
        if challenge is None or challenge.expired(now) or challenge.tries >= code.TRIES:
            return None
        return Sent(challenge.channel, challenge.destination, challenge.seconds_until_resend(now))
