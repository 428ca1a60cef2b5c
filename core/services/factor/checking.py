"""Taking a code of the second factor: right once, wrong ones counted, failed series told to the owner."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.account import Account
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.code import Challenge, CodeGone, Purpose
from core.domain.factor import (
    Factor,
    FactorEnded,
    FactorKind,
    FactorLocked,
    Factors,
    NoFactor,
    WrongFactor,
    recovery,
)
from core.domain.identifiers import OneTimeCode
from core.domain.proof import Proofs
from core.ports import Clock, Codes, Totp
from core.services.code import CodeOffice
from core.services.factor.herald import Herald

Wrong = WrongFactor | FactorLocked | FactorEnded | NoFactor | CodeGone
"""What a code may meet. A value, not a fault: the try must be counted, and is lost when the transaction is."""


class Means(StrEnum):
    """By what somebody showed that it is them."""

    TOTP = "totp"
    SMS = "sms"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed where a code is wanted: six digits, or a recovery code."""

    digits: str = ""
    recovery: str = ""

    @classmethod
    def parse(cls, raw: str) -> "Typed":
        """Read it; raises `InvalidOneTimeCode`, and nothing is counted, for what can be neither."""
        spare = recovery.canonical(raw)
        return cls(recovery=spare) if spare is not None else cls(digits=OneTimeCode.parse(raw).canonical)


@dataclass(frozen=True, slots=True)
class FactorCheck:
    """Works inside the open transaction of whoever uses it."""

    factors: Factors
    office: CodeOffice
    codes: Codes
    totp: Totp
    proofs: Proofs
    herald: Herald
    audit: AuditLog
    clock: Clock

    async def accept(self, citizen: Citizen, account: Account, typed: Typed) -> Means | Wrong:
        """Return by what the person has shown that it is them, or what is wrong."""
        now = self.clock.now()
        factor = await self.factors.of(account.id)
        if factor is None or not factor.confirmed:
            return NoFactor()
        if factor.ended:
            return FactorEnded()
        locked = factor.locked(now)
        if locked is not None:
            return FactorLocked(locked)
        means = await self._right(citizen, account, factor, typed, now)
        if isinstance(means, Means) and await self.proofs.take_back(account.id, now):
            # Who has the code needs no check, and nobody else is to have one.
            self.audit.record(citizen, Operation.PROOF_REFUSED, account.id, by="code")
        if isinstance(means, Means | CodeGone):
            return means
        return await self._failed(citizen, account, now)

    async def _right(
        self, citizen: Citizen, account: Account, factor: Factor, typed: Typed, now: datetime
    ) -> Means | CodeGone | None:
        if typed.recovery:
            return await self._recovered(account, typed.recovery, now)
        if factor.kind is FactorKind.SMS:
            return await self._sent(citizen, account, factor, typed.digits, now)
        step = self.totp.step(factor.secret or "", typed.digits, now)
        accepted = step is not None and await self.factors.accept_step(account.id, step, now)
        return Means.TOTP if accepted else None

    async def _sent(
        self, citizen: Citizen, account: Account, factor: Factor, digits: str, now: datetime
    ) -> Means | CodeGone | None:
        if await self.office.pending(account, Purpose.FACTOR) is None:
            return CodeGone()
        challenge = await self.office.accept(citizen, account, Purpose.FACTOR, digits)
        proved = isinstance(challenge, Challenge) and challenge.target == factor.secret
        return Means.SMS if proved and await self.factors.accept_other(account.id, now) else None

    async def _recovered(self, account: Account, typed: str, now: datetime) -> Means | None:
        for salt, digest in await self.factors.recovery(account.id):
            if self.codes.matches(typed, digest, salt=salt):
                used = await self.factors.use_recovery(account.id, digest, now)
                return Means.RECOVERY if used and await self.factors.accept_other(account.id, now) else None
        return None

    async def _failed(self, citizen: Citizen, account: Account, now: datetime) -> Wrong:
        counted = await self.factors.count_failure(account.id, now)
        factor = await self.factors.of(account.id)
        if factor is None:
            return NoFactor()
        self.audit.record(citizen, Operation.FACTOR_FAILED, account.id, failures=str(factor.failures))
        locked = factor.locked(now)
        # Of a series that somebody else has just ended, they tell.
        if counted and (factor.ended or locked):
            await self._tell(citizen, account, "ended" if factor.ended else "failed")
        if factor.ended:
            return FactorEnded()
        return FactorLocked(locked) if locked else WrongFactor(factor.left)

    async def _tell(self, citizen: Citizen, account: Account, what: str) -> None:
        self.audit.record(citizen, Operation.FACTOR_LOCKED, account.id, ended="yes" if what == "ended" else "no")
        await self.herald(account, f"factor.{what}", sms_once_a_day=True)
