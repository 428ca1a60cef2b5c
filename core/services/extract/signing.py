"""The attending doctor at the desk: sees what the paper will say, edits the conclusion, signs it or refuses."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain.access import Deed, Section
from core.domain.account import Accounts, WrongMove
from core.domain.actor import Actor, NotAllowed, Role, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.card import Cards
from core.domain.extract import (
    CONCLUSION_LIMIT,
    Extract,
    ExtractNotThere,
    Extracts,
    ExtractState,
    WrongSignature,
    checked_words,
)
from core.domain.ids import ExtractId
from core.domain.notification import Button
from core.domain.staff import Member, StaffMembers, require_role
from core.ports import Clock, Totp, Transaction
from core.services.access import Gate
from core.services.extract.composing import Composer
from core.services.telling import Teller
from core.services.verification import REASON_LIMIT, ReasonNeeded

LIMIT = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A paper in the queue: since when it waits and for whom, «Анна И.»."""

    id: ExtractId
    name: str = field(repr=False)
    since: datetime


@dataclass(frozen=True, slots=True)
class ListWaiting:
    """A doctor looks at the queue, the longest wait first. Raises NotAllowed."""

    transaction: Transaction
    extracts: Extracts
    accounts: Accounts
    audit: AuditLog

    async def __call__(self, actor: Actor) -> Sequence[Waiting]:
        doctor = require_role(actor, Role.DOCTOR)
        async with self.transaction.looking():
            found = await self.extracts.waiting(LIMIT)
            names = {each.account: (await self.accounts.get(each.account)).first_name for each in found}
            self.audit.record(doctor, Operation.QUEUE_VIEWED, None, queue="extracts")
        return [Waiting(each.id, names[each.account], each.ordered_at or each.asked_at) for each in found]


@dataclass(frozen=True, slots=True)
class DraftView:
    """What the paper will say, and nothing else."""

    extract: Extract
    title: str
    facts: Sequence[tuple[str, str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ViewDraft:
    """A doctor opens a draft. Raises NotAllowed, ExtractNotThere."""

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    accounts: Accounts
    cards: Cards
    composer: Composer
    audit: AuditLog

    async def __call__(self, actor: Actor, extract: ExtractId) -> DraftView:
        doctor = require_role(actor, Role.DOCTOR)
        async with self.transaction.looking():
            found = await waiting(self.extracts, self.gate, doctor, extract)
            account, card = await self.accounts.get(found.account), await self.cards.of_account(found.account)
            self.audit.record(
                doctor,
                Operation.EXTRACT_OPENED,
                found.account,
                section=Section.EXTRACTS.value,
                extract=str(found.id),
            )
        return DraftView(found, self.composer.title(found), self.composer.facts(found, account, card))


async def waiting(extracts: Extracts, gate: Gate, doctor: Staff, extract: ExtractId) -> Extract:
    """Return a draft that waits for a doctor. Raises ExtractNotThere, also where the consent was withdrawn."""
    found = await extracts.get(extract)
    try:
        await gate.other(doctor, found.account, Section.EXTRACTS, Deed.SIGN)
    except Exception as refusal:
        raise ExtractNotThere from refusal
    if found.state is not ExtractState.WAITING:
        raise WrongMove if found.doctor is not None or found.state is ExtractState.REFUSED else ExtractNotThere
    return found


def digest_of(extract: Extract) -> str:
    """Return what the journal keeps of the words that were signed: a SHA-256 of draft and conclusion.

    The paper's own token goes in with them: nobody without the paper can try out what it says.
    """
    order = extract.order
    said = [
        extract.token,
        str(extract.id),
        [[line.day, line.where, line.found] for line in extract.seen],
        [str(order.span), str(order.since), str(order.until), str(order.aim), order.words],
        extract.conclusion,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignExtract:
    """The doctor signs with a fresh code of their authenticator; the worker makes the paper with their name.

    Raises NotAllowed, ExtractNotThere, WordsWanted, WordsTooLong, WrongSignature, WrongMove (somebody was first).
    """

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    staff: StaffMembers
    totp: Totp
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, extract: ExtractId, conclusion: str, code: str) -> None:
        doctor = require_role(actor, Role.DOCTOR)
        conclusion = checked_words(conclusion, CONCLUSION_LIMIT)
        now, accepted = self.clock.now(), False
        async with self.transaction:
            found = await waiting(self.extracts, self.gate, doctor, extract)
            member = await self._member(doctor)
            step = self.totp.step(member.totp_secret, code, now)
            # One step, one deed: what was used to sign in, or to sign another paper, is not accepted again.
            accepted = step is not None and await self.staff.accept_step(member.id, step, now)
            if accepted:
                signed = replace(
                    found, conclusion=conclusion, doctor=member.id, doctor_name=member.name, due_at=now, tries=0
                )
                await self.extracts.save(signed, ExtractState.ORDERED)
                self.audit.record(
                    doctor,
                    Operation.EXTRACT_SIGNED,
                    found.account,
                    section=Section.EXTRACTS.value,
                    extract=str(found.id),
                    step=str(step),
                    signed=digest_of(signed),
                )
            else:
                failures = await self.staff.count_failure(member.id, now)
                self.audit.record(doctor, Operation.STAFF_REFUSED, None, failures=str(failures))
        if not accepted:
            raise WrongSignature

    async def _member(self, doctor: Staff) -> Member:
        logins = await self.staff.names({doctor.staff})
        member = await self.staff.by_login(logins.get(doctor.staff, ""))
        if member is None or member.disabled:
            raise NotAllowed
        return member


@dataclass(frozen=True, slots=True)
class RefuseExtract:
    """The doctor refuses with a reason, which the citizen reads. Raises NotAllowed, ExtractNotThere, ReasonNeeded, WrongMove."""

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    accounts: Accounts
    teller: Teller
    audit: AuditLog

    async def __call__(self, actor: Actor, extract: ExtractId, reason: str) -> None:
        doctor = require_role(actor, Role.DOCTOR)
        reason = " ".join(reason.replace("\0", "").split())
        if not 3 <= len(reason) <= REASON_LIMIT:
            raise ReasonNeeded
        async with self.transaction:
            found = await waiting(self.extracts, self.gate, doctor, extract)
            refused = replace(found, reason=reason, doctor=doctor.staff, seen=(), conclusion="")
            await self.extracts.save(refused, ExtractState.REFUSED)
            self.audit.record(
                doctor,
                Operation.EXTRACT_REFUSED,
                found.account,
                section=Section.EXTRACTS.value,
                extract=str(found.id),
            )
            account = await self.accounts.get(found.account)
            await self.teller.citizen(account, "extract.push_refused", buttons=(Button("extract.open", "documents"),))
