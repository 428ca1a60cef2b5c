"""Secrets that somebody else gave are replaced by their owner's own: a password, and a key of their own authenticator."""

from dataclasses import dataclass, field

from core.domain.actor import NotAllowed, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.staff import Member, StaffMembers, WrongNewCode
from core.domain.team import Duties
from core.ports import Clock, Passwords, Totp, Transaction
from core.services.staff.entering import await_work
from core.services.staff.managing import SHORTEST_PASSWORD, WeakPassword


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """A key for an authenticator: its address as a picture holds it, and what is typed in."""

    totp_uri: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfferKey:
    """Whoever signed in with handed secrets is shown a key of their own: the same one as long as the session lasts.

    Another session is shown another one: who gave the secrets cannot have seen it. Raises NotAllowed to everybody else.
    """

    transaction: Transaction
    staff: StaffMembers
    totp: Totp
    audit: AuditLog

    async def __call__(self, actor: Staff, session: str) -> OfferedKey:
        """`session` is the secret name."""
        async with self.transaction:
            member = await _handed(self.staff, actor)
            secret = await self.staff.offered_key(session)
            if secret is None:
                secret = self.totp.fresh_secret()
                await self.staff.offer_key(session, secret)
                self.audit.record(actor, Operation.STAFF_KEY_OFFERED)
        return OfferedKey(self.totp.uri(secret, member.login), secret)


@dataclass(frozen=True, slots=True)
class TakeOwnSecrets:
    """They choose a password and prove that their authenticator has the key; from then on the desk is open.

    Their other sessions end. Raises NotAllowed, WeakPassword, WrongNewCode.
    """

    transaction: Transaction
    staff: StaffMembers
    duties: Duties
    passwords: Passwords
    totp: Totp
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Staff, session: str, new: str, code: str) -> None:
        """`session` is the secret name."""
        now = self.clock.now()
        async with self.transaction.looking():
            member, secret = await _handed(self.staff, actor), await self.staff.offered_key(session)
        known = await self.passwords.matches(new, member.password_hash)
        if len(new) < SHORTEST_PASSWORD or known or member.login in new.lower():
            raise WeakPassword
        step = None if secret is None else self.totp.step(secret, code.replace(" ", ""), now)
        if secret is None or step is None:
            raise WrongNewCode
        hashed = await self.passwords.hash(new)
        async with self.transaction:
            if not await self.staff.take_own(member.id, hashed, secret, step):
                raise NotAllowed
            own = (await self.staff.session(session, now)).id
            for each in await self.staff.open_sessions({member.id}, now):
                if each.id != own:
                    await self.staff.end_session(member.id, each.id)
            await await_work(self.duties, member, now)
            self.audit.record(actor, Operation.STAFF_OWN)


async def _handed(staff: StaffMembers, actor: Staff) -> Member:
    member = await staff.by_id(actor.staff)
    if member is None or not member.handed:
        raise NotAllowed
    return member
