"""An identity check by two members of staff: asked for in the chat, compared by one, confirmed by another."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.domain.account import Accounts
from core.domain.actor import Actor, Citizen, Role
from core.domain.audit import AuditLog, Operation
from core.domain.chat import Chats
from core.domain.factor import Factors, NoFactor
from core.domain.identifiers import Phone
from core.domain.ids import ProofId, new_id
from core.domain.proof import (
    A_DAY,
    A_HOUR,
    GOOD_FOR,
    LONGEST_NOTE,
    LONGEST_REASON,
    SHORTEST_NOTE,
    SHORTEST_REASON,
    NoteNeeded,
    Proof,
    ProofMoved,
    ProofReasonNeeded,
    Proofs,
    ProofState,
    SameMember,
    TooManyProofs,
)
from core.domain.staff import StaffMembers, require_role
from core.ports import Clock, Transaction
from core.services.factor import Ending, Herald, Sessions

MAY = (Role.REVIEWER, Role.REGISTRAR)
"""Who checks identities; an administrator may what a reviewer may."""
SEEN = 4
"""So many last characters of a number are shown to compare: the person says the whole of it, the desk need not hold it."""


@dataclass(frozen=True, slots=True)
class AskProof:
    """The citizen has lost the phone and the recovery codes: two members of staff are to check who they are.

    Asking twice is asking once. Raises NoFactor where there is nothing to be taken away, TooManyProofs.
    """

    transaction: Transaction
    accounts: Accounts
    factors: Factors
    proofs: Proofs
    herald: Herald
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> None:
        async with self.transaction:
            account, now = await self.accounts.of(citizen), self.clock.now()
            factor = await self.factors.of(account.id)
            if factor is None or not factor.confirmed:
                raise NoFactor
            for most, span in ((A_HOUR, timedelta(hours=1)), (A_DAY, timedelta(days=1))):
                if await self.proofs.asked_since(account.id, now - span) >= most:
                    raise TooManyProofs
            proof = Proof(
                id=ProofId(new_id(now)),
                account=account.id,
                state=ProofState.ASKED,
                asked_at=now,
                chat=citizen.chat,
                factor=factor.version,
                expires_at=now + GOOD_FOR,
            )
            if await self.proofs.ask(proof):
                self.audit.record(citizen, Operation.PROOF_ASKED, account.id)
                await self.herald(account, "proof.asked")


@dataclass(frozen=True, slots=True)
class TakeBackProof:
    """The citizen needs the check no more. Twice is once."""

    transaction: Transaction
    accounts: Accounts
    proofs: Proofs
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> None:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            if await self.proofs.take_back(account.id, self.clock.now()):
                self.audit.record(citizen, Operation.PROOF_REFUSED, account.id, by="owner")


@dataclass(frozen=True, slots=True)
class ProofEntry:
    """One check that waits. `name` is «Анна И.», `first` the login of whoever has compared."""

    id: ProofId
    state: ProofState
    name: str = field(repr=False)
    since: datetime
    first: str | None


@dataclass(frozen=True, slots=True)
class ViewProofs:
    """A member of staff looks at the checks that wait, longest first."""

    transaction: Transaction
    proofs: Proofs
    accounts: Accounts
    staff: StaffMembers
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, limit: int = 100) -> list[ProofEntry]:
        staff = require_role(actor, *MAY)
        async with self.transaction.looking():
            found = await self.proofs.open(limit, self.clock.now())
            names = await self.staff.names({each.first for each in found if each.first is not None})
            people = {each.account: await self.accounts.get(each.account) for each in found}
            self.audit.record(staff, Operation.QUEUE_VIEWED, None, queue="proofs")
        return [
            ProofEntry(
                each.id,
                each.state,
                people[each.account].first_name,
                each.asked_at,
                names.get(each.first) if each.first is not None else None,
            )
            for each in found
        ]


@dataclass(frozen=True, slots=True)
class ProofView:
    """What a member of staff compares. Numbers by their last characters alone; `mine`: the asking member has compared."""

    proof: Proof
    full_name: str = field(repr=False)
    birth_date: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    passport: str | None = field(repr=False)
    snils: str | None = field(repr=False)
    first: str | None
    second: str | None
    mine: bool


@dataclass(frozen=True, slots=True)
class ViewProof:
    """A member of staff opens one check. Raises NotAllowed."""

    transaction: Transaction
    proofs: Proofs
    accounts: Accounts
    staff: StaffMembers
    audit: AuditLog

    async def __call__(self, actor: Actor, proof_id: ProofId) -> ProofView:
        staff = require_role(actor, *MAY)
        async with self.transaction.looking():
            proof = await self.proofs.get(proof_id)
            account = await self.accounts.get(proof.account)
            names = await self.staff.names({each for each in (proof.first, proof.second) if each is not None})
            self.audit.record(staff, Operation.PROOF_VIEWED, proof.account)
        known = account.known
        return ProofView(
            proof=proof,
            full_name=" ".join(filter(None, (known.family_name, known.given_name, known.middle_name))),
            birth_date=known.birth_date.strftime("%d.%m.%Y") if known.birth_date else None,
            phone=str(Phone.parse(account.phone)) if account.phone else None,
            passport=known.passport.number[-SEEN:] if known.passport else None,
            snils=known.snils.replace("-", "").replace(" ", "")[-SEEN:] if known.snils else None,
            first=names.get(proof.first) if proof.first is not None else None,
            second=names.get(proof.second) if proof.second is not None else None,
            mine=proof.first == staff.staff,
        )


@dataclass(frozen=True, slots=True)
class CompareProof:
    """The first member has asked the person and writes down what was compared. Raises NotAllowed, NoteNeeded, ProofMoved."""

    transaction: Transaction
    proofs: Proofs
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, proof_id: ProofId, compared: str) -> None:
        staff, compared = require_role(actor, *MAY), compared.strip()
        if not SHORTEST_NOTE <= len(compared) <= LONGEST_NOTE:
            raise NoteNeeded
        async with self.transaction:
            proof = await self.proofs.get(proof_id)
            await self.proofs.compare(proof, compared, staff.staff, self.clock.now())
            self.audit.record(staff, Operation.PROOF_COMPARED, proof.account)


@dataclass(frozen=True, slots=True)
class ConfirmProof:
    """A second, different member confirms: the factor is taken away, sessions end, the citizen is told on every channel.

    Nothing is confirmed for another chat, another factor, or too late.
    Raises NotAllowed, SameMember, ProofMoved.
    """

    transaction: Transaction
    proofs: Proofs
    accounts: Accounts
    chats: Chats
    factors: Factors
    sessions: Sessions
    herald: Herald
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, proof_id: ProofId) -> None:
        staff = require_role(actor, *MAY)
        async with self.transaction:
            proof = await self.proofs.get(proof_id)
            if proof.state is not ProofState.COMPARED:
                raise ProofMoved
            if proof.first == staff.staff:
                raise SameMember
            await self.proofs.confirm(proof.id, staff.staff, self.clock.now())
            await self.factors.remove(proof.account)
            chat = await self.chats.bound_to(proof.account)
            if chat is not None:
                await self.sessions.end(staff, proof.account, chat.id, Ending.FACTOR_REMOVED)
            self.audit.record(staff, Operation.PROOF_CONFIRMED, proof.account)
            self.audit.record(staff, Operation.FACTOR_REMOVED, proof.account)
            await self.herald(await self.accounts.get(proof.account), "proof.confirmed")


@dataclass(frozen=True, slots=True)
class RefuseProof:
    """A member of staff is not sure: everything stays as it is, and the citizen learns why.

    The reason is shown in the chat's own window. Raises NotAllowed, ProofReasonNeeded, ProofMoved.
    """

    transaction: Transaction
    proofs: Proofs
    accounts: Accounts
    herald: Herald
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, proof_id: ProofId, reason: str) -> None:
        staff, reason = require_role(actor, *MAY), reason.strip()
        if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
            raise ProofReasonNeeded
        async with self.transaction:
            proof = await self.proofs.get(proof_id)
            await self.proofs.refuse(proof, reason, staff.staff, self.clock.now())
            self.audit.record(staff, Operation.PROOF_REFUSED, proof.account, by="staff")
            await self.herald(await self.accounts.get(proof.account), "proof.refused")
