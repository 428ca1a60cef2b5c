"""Setting the second factor up: an authenticator or codes by SMS, confirmed by a first code; recovery codes, shown once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.domain.access import LockedOut
from core.domain.account import Account, Accounts
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.code import Channel, CodeGone, Purpose, WrongCode
from core.domain.factor import (
    RECOVERY_CODES,
    Factor,
    FactorEnded,
    FactorKind,
    Factors,
    NoFactor,
    NoPhone,
    NotYet,
    Unlocks,
    recovery,
)
from core.domain.identifiers import OneTimeCode, Phone
from core.domain.proof import Proofs
from core.ports import Clock, Codes, Totp, Transaction
from core.services.code import CodeOffice, Sent
from core.services.factor.checking import Means
from core.services.factor.keeping import Sessions
from core.services.telling import Teller


@dataclass(frozen=True, slots=True)
class Key:
    """What goes into an authenticator: the address behind the QR code, and the same key to be typed, in groups of four."""

    uri: str = field(repr=False)
    groups: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What setting up shares. Works inside the open transaction of whoever uses it."""

    factors: Factors
    unlocks: Unlocks
    sessions: Sessions
    codes: Codes
    totp: Totp
    proofs: Proofs
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def changeable(self, citizen: Citizen) -> Factor | None:
        """Return what is set up, if it may be changed: with a code that was shown just now where there is one already.

        Raises LockedOut, FactorEnded.
        """
        factor = await self.factors.of(citizen.account)
        if factor is None or not factor.confirmed:
            return factor
        if factor.ended:
            raise FactorEnded
        unlock = await self.unlocks.of(citizen)
        if unlock is None or not unlock.fresh_at(self.clock.now()):
            raise LockedOut(ready=True)
        return factor

    async def recovery_codes(self, citizen: Citizen) -> Sequence[str]:
        """Make ten new ones in place of all others."""
        fresh = [recovery.fresh() for _ in range(RECOVERY_CODES)]
        salted = [(secrets.token_bytes(16), recovery.canonical(code) or "") for code in fresh]
        kept = [(salt, self.codes.digest(code, salt=salt)) for salt, code in salted]
        await self.factors.put_recovery(citizen.account, kept)
        return fresh

    async def ready(self, citizen: Citizen, account: Account, kind: FactorKind, *, replaced: bool) -> Sequence[str]:
        """The first code was right: the sections open, and the owner is told. Returns recovery codes."""
        self.audit.record(
            citizen, Operation.FACTOR_SET_UP, account.id, kind=kind.value, replaced="yes" if replaced else "no"
        )
        if await self.proofs.take_back(account.id, self.clock.now()):
            self.audit.record(citizen, Operation.PROOF_REFUSED, account.id, by="factor")
        fresh = await self.recovery_codes(citizen)
        await self.unlocks.clear(citizen.chat, self.clock.now())
        await self.sessions.open(citizen, account, Means(kind.value), first=True)
        if account.email:
            await self.teller.mail(account, account.email, f"factor.mail_set_up_{kind}")
        return fresh

    def key(self, account: Account, secret: str) -> Key:
        """Return a key as it is shown."""
        groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return Key(self.totp.uri(secret, account.first_name), groups)


@dataclass(frozen=True, slots=True)
class BeginTotp:
    """The person wants an authenticator: a key is made, which counts from its first right code on.

    Raises LockedOut where a factor is set up and was not shown just now, FactorEnded.
    """

    transaction: Transaction
    accounts: Accounts
    workshop: Workshop
    factors: Factors
    totp: Totp
    clock: Clock

    async def __call__(self, citizen: Citizen) -> Key:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            factor = await self.workshop.changeable(citizen)
            secret = self.totp.fresh_secret()
            before = factor or Factor(account.id, FactorKind.TOTP)
            await self.factors.save(replace(before, pending=secret), self.clock.now())
        return self.workshop.key(account, secret)


@dataclass(frozen=True, slots=True)
class ViewKey:
    """The person looks at the key that waits for its first code. Raises as BeginTotp, and NoFactor where none waits."""

    transaction: Transaction
    accounts: Accounts
    workshop: Workshop

    async def __call__(self, citizen: Citizen) -> Key:
        async with self.transaction.looking():
            account = await self.accounts.of(citizen)
            factor = await self.workshop.changeable(citizen)
        if factor is None or factor.pending is None:
            raise NoFactor
        return self.workshop.key(account, factor.pending)


@dataclass(frozen=True, slots=True)
class ConfirmTotp:
    """The person enters the authenticator's first code: it is set up from now on. Returns the recovery codes.

    Raises as ViewKey, InvalidOneTimeCode, and NotYet for a wrong code (nobody is locked out: it protects nothing yet).
    """

    transaction: Transaction
    accounts: Accounts
    workshop: Workshop
    factors: Factors
    totp: Totp
    clock: Clock

    async def __call__(self, citizen: Citizen, raw: str) -> Sequence[str]:
        typed = OneTimeCode.parse(raw)
        async with self.transaction:
            account, now = await self.accounts.of(citizen), self.clock.now()
            factor = await self.workshop.changeable(citizen)
            if factor is None or factor.pending is None:
                raise NoFactor
            step = self.totp.step(factor.pending, typed.canonical, now)
            if step is None:
                raise NotYet
            ready = replace(factor, kind=FactorKind.TOTP, secret=factor.pending, pending=None, confirmed=True)
            await self.factors.save(ready, now, step=step)
            return await self.workshop.ready(citizen, account, FactorKind.TOTP, replaced=factor.confirmed)


@dataclass(frozen=True, slots=True)
class BeginSms:
    """The person wants codes by SMS: a first one goes to the confirmed phone. Raises as BeginTotp, and NoPhone, TooSoon."""

    transaction: Transaction
    accounts: Accounts
    workshop: Workshop
    office: CodeOffice

    async def __call__(self, citizen: Citizen) -> Sent:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            await self.workshop.changeable(citizen)
            if account.phone is None:
                raise NoPhone
            phone = account.phone
            sent = await self.office.send(
                citizen, account, Purpose.FACTOR_SETUP, Channel.SMS, target=phone, destination=phone
            )
        return replace(sent, destination=Phone.parse(phone).masked)


@dataclass(frozen=True, slots=True)
class ConfirmSms:
    """The person enters the first code: from now on codes go to this number, whatever becomes of the contact data.

    Returns the recovery codes. Raises InvalidOneTimeCode, WrongCode, CodeGone, LockedOut, FactorEnded.
    """

    transaction: Transaction
    accounts: Accounts
    workshop: Workshop
    factors: Factors
    office: CodeOffice
    clock: Clock

    async def __call__(self, citizen: Citizen, raw: str) -> Sequence[str]:
        typed, codes = OneTimeCode.parse(raw), list[str]()
        async with self.transaction:
            account, now = await self.accounts.of(citizen), self.clock.now()
            factor = await self.workshop.changeable(citizen)
            outcome = await self.office.accept(citizen, account, Purpose.FACTOR_SETUP, typed.canonical)
            if not isinstance(outcome, WrongCode | CodeGone):
                before = factor or Factor(account.id, FactorKind.SMS)
                ready = replace(before, kind=FactorKind.SMS, secret=outcome.target, pending=None, confirmed=True)
                await self.factors.save(ready, now)
                codes += await self.workshop.ready(citizen, account, FactorKind.SMS, replaced=before.confirmed)
        if isinstance(outcome, WrongCode | CodeGone):
            raise outcome
        return codes


@dataclass(frozen=True, slots=True)
class RenewRecovery:
    """The person wants new recovery codes: the old ones stop working. Raises LockedOut, NoFactor, FactorEnded."""

    transaction: Transaction
    accounts: Accounts
    workshop: Workshop
    audit: AuditLog

    async def __call__(self, citizen: Citizen) -> Sequence[str]:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            factor = await self.workshop.changeable(citizen)
            if factor is None or not factor.confirmed:
                raise NoFactor
            self.audit.record(citizen, Operation.FACTOR_CODES_RENEWED, account.id)
            return await self.workshop.recovery_codes(citizen)
