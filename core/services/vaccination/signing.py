"""Corrections at the desk: the bytes to be signed, the signature over them, and what was kept verified again."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.domain.access import Section
from core.domain.actor import Actor, Role, Staff, System
from core.domain.audit import AuditLog, Operation
from core.domain.card import Cards
from core.domain.ids import ClaimId
from core.domain.record import Vaccination, Vaccinations
from core.domain.staff import NotASigner, StaffKey, StaffKeys, StaffMembers, require_role
from core.domain.vaccination import (
    Claim,
    ClaimKind,
    ClaimNotThere,
    ClaimState,
    Correction,
    Corrections,
    Disproof,
    NoStaffKey,
    WrongProof,
    canonical,
    corrected,
    disproof,
)
from core.ports import Clock, Signatures, Transaction
from core.services.staff import COMMAND, NoSuchMember
from core.services.vaccination.checking import SIGNERS, Counter
from core.services.vaccination.following import dose_or_none
from core.services.vaccination.reminding import DoseReminders

VERIFIER = System("verify")
LONGEST = 4096
"""Letters of a signature in base64, with room for line ends: RSA of 4096 bits has 684."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a specialist signs: the bytes, the key that is registered for them, and which kind it is."""

    claim: Claim
    dose: Vaccination = field(repr=False)
    content: bytes = field(repr=False)
    key: StaffKey
    ed25519: bool


@dataclass(frozen=True, slots=True)
class Scribe:
    """Makes the bytes, inside the open transaction of whoever uses it."""

    counter: Counter
    vaccinations: Vaccinations
    keys: StaffKeys
    signatures: Signatures

    async def sheet(self, doctor: Staff, claim: ClaimId) -> Sheet:
        """Return what this specialist would sign now. Raises ClaimNotThere, ClaimDecided, NoStaffKey."""
        found = await self.counter.waiting(doctor, claim)
        dose = await dose_or_none(self.vaccinations, found)
        if found.kind is not ClaimKind.CORRECTION or dose is None:
            raise ClaimNotThere
        key, login = await self.keys.of(doctor.staff), await self.counter.login(doctor.staff)
        if key is None or login is None:
            raise NoStaffKey
        return Sheet(found, dose, canonical(found, dose, login, key), key, self.signatures.is_ed25519(key.pem))


@dataclass(frozen=True, slots=True)
class ViewSheet:
    """A specialist takes the bytes along. Raises NotAllowed, ClaimNotThere, ClaimDecided, NoStaffKey."""

    transaction: Transaction
    scribe: Scribe
    audit: AuditLog

    async def __call__(self, actor: Actor, claim: ClaimId) -> Sheet:
        doctor = self.scribe.counter.member(actor, ClaimKind.CORRECTION)
        async with self.transaction.looking():
            sheet = await self.scribe.sheet(doctor, claim)
            self.audit.record(
                doctor,
                Operation.CORRECTION_VIEWED,
                sheet.claim.account,
                section=Section.VACCINATIONS.value,
                claim=str(sheet.claim.id),
                look="sheet",
            )
        return sheet


@dataclass(frozen=True, slots=True)
class SignCorrection:
    """The signature is right: only now the dose changes. Bytes, signature and key are kept, and the former dose within them.

    Raises NotAllowed, ClaimNotThere, ClaimDecided, NoStaffKey, WrongProof.
    """

    transaction: Transaction
    scribe: Scribe
    cards: Cards
    corrections: Corrections
    reminders: DoseReminders
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, claim: ClaimId, signature: str) -> None:
        counter, now = self.scribe.counter, self.clock.now()
        doctor, signed = counter.member(actor, ClaimKind.CORRECTION), decoded(signature)
        async with self.transaction:
            account = (await counter.waiting(doctor, claim)).account
            # What a clinic sends meanwhile waits: the bytes say what the dose was, and it is that.
            await self.cards.hold(account)
            sheet = await self.scribe.sheet(doctor, claim)
            if not self.scribe.signatures.verify(sheet.key.pem, sheet.content, signed):
                raise WrongProof
            decided = replace(sheet.claim, decided_at=now, decided_by=doctor.staff)
            await counter.decide(decided, ClaimState.ACCEPTED)
            await self.corrections.add(
                Correction(
                    claim=decided.id,
                    account=account,
                    record=sheet.dose.id,
                    signer=doctor.staff,
                    fingerprint=sheet.key.fingerprint,
                    signed_at=now,
                    content=sheet.content,
                    signature=signed,
                    key=sheet.key.pem,
                )
            )
            await self.scribe.vaccinations.put([corrected(sheet.dose, decided)])
            self.audit.record(
                doctor,
                Operation.CORRECTION_DECIDED,
                account,
                section=Section.VACCINATIONS.value,
                claim=str(decided.id),
                decision="sign",
                key=sheet.key.fingerprint[:16],
            )
            await self.reminders.renew(account)
            await counter.tell(await counter.accounts.get(account), "vaccination.told_corrected")


def decoded(signature: str) -> bytes:
    """Return the bytes of a signature in base64, however its lines are broken. Raises WrongProof."""
    text = "".join(signature.split())
    if not 0 < len(text) <= LONGEST:
        raise WrongProof
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise WrongProof from None


@dataclass(frozen=True, slots=True)
class AddStaffKey:
    """Whoever runs the machine, or an administrator, registers a specialist's public key; the former one signs nothing new.

    Returns its fingerprint. Raises NoSuchMember, NotASigner for a role that does not sign, BadKey, NotAllowed.
    """

    transaction: Transaction
    staff: StaffMembers
    keys: StaffKeys
    signatures: Signatures
    audit: AuditLog
    clock: Clock

    async def __call__(self, login: str, content: bytes, actor: Actor = COMMAND) -> str:
        if actor != COMMAND:
            require_role(actor, Role.ADMINISTRATOR)
        pem, fingerprint = self.signatures.usable(content)
        async with self.transaction:
            member = await self.staff.by_login(login)
            if member is None:
                raise NoSuchMember
            if member.role not in SIGNERS:
                raise NotASigner
            await self.keys.add(StaffKey(member.id, fingerprint, pem, self.clock.now()))
            self.audit.record(actor, Operation.STAFF_KEY_ADDED, None, login=login, key=fingerprint[:16])
        return fingerprint


@dataclass(frozen=True, slots=True)
class Signer:
    """A member who may sign, and the key in use; None: none is registered."""

    login: str
    name: str = field(repr=False)
    key: StaffKey | None


@dataclass(frozen=True, slots=True)
class ViewStaffKeys:
    """An administrator looks at who signs with which key. Raises NotAllowed."""

    transaction: Transaction
    staff: StaffMembers
    keys: StaffKeys
    audit: AuditLog

    async def __call__(self, actor: Actor) -> Sequence[Signer]:
        require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction.looking():
            self.audit.record(actor, Operation.STAFF_KEYS_VIEWED)
            members = [each for each in await self.staff.all() if each.role in SIGNERS and not each.disabled]
            return [Signer(each.login, each.name, await self.keys.of(each.id)) for each in members]


@dataclass(frozen=True, slots=True)
class Verified:
    """How many corrections were looked at, and what is wrong."""

    number: int
    wrong: Sequence[Disproof]


@dataclass(frozen=True, slots=True)
class VerifyCorrections:
    """Whoever runs the machine verifies every kept correction: bytes, signature, key, and that they belong together."""

    transaction: Transaction
    corrections: Corrections
    keys: StaffKeys
    signatures: Signatures
    audit: AuditLog

    async def __call__(self) -> Verified:
        wrong = []
        async with self.transaction.looking():
            every = await self.corrections.all()
            for kept in every:
                key = await self.keys.known(kept.signer, kept.fingerprint)
                signed = self.signatures.verify(kept.key, kept.content, kept.signature)
                fault = disproof(kept, key, signed=signed)
                if fault is not None:
                    wrong.append(Disproof(kept.claim, fault))
                self.audit.record(VERIFIER, Operation.CORRECTION_VIEWED, kept.account, look="verify")
        return Verified(len(every), tuple(wrong))
