"""What /security shows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.domain.account import Accounts
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.code import Purpose
from core.domain.factor import FactorKind, Factors, Unlocks
from core.domain.identifiers import Phone
from core.domain.proof import Proof, Proofs
from core.ports import Clock, Transaction
from core.services.code import CodeOffice, Sent


@dataclass(frozen=True, slots=True)
class SecurityView:
    """What is set up, and until when the sections are open. `phone` is masked: the one codes go to, or would go to.

    `until` and `at_most` None while the sections are locked; `locked_until` None while codes are taken.
    """

    kind: FactorKind | None
    ended: bool
    recovery_left: int
    phone: str | None = field(repr=False)
    until: datetime | None
    at_most: datetime | None
    span: timedelta | None
    locked_until: datetime | None
    proof: Proof | None
    sent: Sent | None = None
    """The code by SMS that is under way."""


@dataclass(frozen=True, slots=True)
class ViewSecurity:
    """The person looks at what protects the record."""

    transaction: Transaction
    accounts: Accounts
    factors: Factors
    unlocks: Unlocks
    office: CodeOffice
    proofs: Proofs
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> SecurityView:
        async with self.transaction.looking():
            account, now = await self.accounts.of(citizen), self.clock.now()
            factor = await self.factors.of(account.id)
            unlock = await self.unlocks.of(citizen)
            proof = await self.proofs.latest(account.id)
            sent = await self.office.pending(account, Purpose.FACTOR)
            self.audit.record(citizen, Operation.FACTOR_VIEWED, account.id)
        ready = factor is not None and factor.confirmed
        number = factor.secret if factor is not None and ready and factor.kind is FactorKind.SMS else account.phone
        is_open = unlock is not None and unlock.open_at(now)
        return SecurityView(
            kind=factor.kind if factor is not None and ready else None,
            ended=factor is not None and factor.ended,
            recovery_left=factor.recovery_left if factor is not None else 0,
            phone=Phone.parse(number).masked if number else None,
            until=unlock.until if unlock is not None and is_open else None,
            at_most=unlock.at_most if unlock is not None and is_open else None,
            span=unlock.span if unlock is not None and is_open else None,
            locked_until=factor.locked(now) if factor is not None else None,
            proof=proof if proof is not None and not proof.over(now) else None,
            sent=sent,
        )
