"""The journal looked after, read and exported: checkpoints every minute, the whole chain verified, lines for the auditor."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from core.domain.actor import Actor, Role, label
from core.domain.audit import SHOWN, TICKETS_SHOWN, AuditLog, Entry, Finding, Operation, Place, Reading, Sought, Trail
from core.domain.clinic import Clinics
from core.domain.conversation import Conversation
from core.domain.ids import ClinicId, StaffId, TicketId
from core.domain.staff import StaffMembers, require_role
from core.ports import Clock, Transaction

NOTHING = "-"
MONTH = timedelta(days=31)
LABEL = re.compile(r"(citizen|chat|staff|clinic|handover|system):[0-9a-z_-]{0,64}")
PAGE, EXPORTED_AT_ONCE = 50, 1000
MOST_FINDINGS = 200
"""Past that many the journal is not sound, and nobody reads on."""


@dataclass(frozen=True, slots=True)
class Sparing:
    """Writes what pages do by themselves, many times over, down once for so long: a line for each would drown the rest.

    Works inside the open transaction of whoever uses it. The journal itself is asked what stands there already; of two at
    the same instant both are written.
    """

    reading: Reading
    audit: AuditLog
    clock: Clock

    async def once(
        self, within: timedelta, actor: Actor, operation: Operation, subject: object | None = None, **details: str
    ) -> None:
        """Record it, unless the same actor has the same line, details and all, from so short a time ago."""
        whose = NOTHING if subject is None else f"account:{subject}"
        if (whose, details) not in await self._lately(within, actor, operation):
            self.audit.record(actor, operation, subject, **details)

    async def shown(
        self, within: timedelta, actor: Actor, operation: Operation, conversations: Collection[Conversation]
    ) -> None:
        """Record which conversations somebody was shown a list of: those alone that no line of theirs has named lately.

        One line names those that are open, for whoever follows a person; one that is over has its own, on the account.
        """
        told = [details for _, details in await self._lately(within, actor, operation)]
        known = {each for line in told for each in line.get(SHOWN, line.get("conversation", "")).split()}
        new = [each for each in conversations if str(each.id) not in known]
        for each in new:
            if each.ended_at is not None:
                self.audit.record(actor, operation, each.account, conversation=str(each.id))
        if living := [str(each.id) for each in new if each.ended_at is None]:
            self.audit.record(actor, operation, None, **{SHOWN: " ".join(living)})
        elif not told and not new:
            self.audit.record(actor, operation)

    async def named(self, within: timedelta, actor: Actor, operation: Operation, tickets: Collection[TicketId]) -> None:
        """Record which requests somebody was shown a list of, in one line: those that no line of theirs has named lately."""
        told = [details for _, details in await self._lately(within, actor, operation)]
        known = {each for line in told for each in line.get(TICKETS_SHOWN, "").split()}
        if new := [each for each in map(str, tickets) if each not in known]:
            self.audit.record(actor, operation, None, **{TICKETS_SHOWN: " ".join(new)})
        elif not told:
            self.audit.record(actor, operation)

    async def _lately(
        self, within: timedelta, actor: Actor, operation: Operation
    ) -> Sequence[tuple[str, Mapping[str, str]]]:
        return await self.reading.lately(label(actor), operation, self.clock.now() - within)


@dataclass(frozen=True, slots=True)
class SignCheckpoint:
    """The worker signs where the journal stands, so that a cut-off tail shows."""

    transaction: Transaction
    trail: Trail
    clock: Clock

    async def __call__(self) -> None:
        async with self.transaction.looking():
            await self.trail.checkpoint(self.clock.now())


@dataclass(frozen=True, slots=True)
class VerifyTrail:
    """Whoever runs the machine proves that nobody has touched the journal. Empty when all is as it was written."""

    transaction: Transaction
    trail: Trail

    async def __call__(self) -> Sequence[Finding]:
        async with self.transaction.looking():
            return await self.trail.verify()


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some lines, the latest first. `names`: logins of staff and names of clinics by their id; citizens have none here.

    `after` is where the next page begins, None at the end.
    """

    entries: Sequence[Entry]
    names: Mapping[UUID, str] = field(repr=False)
    after: Place | None


@dataclass(frozen=True, slots=True)
class Teller:
    """Gives staff and clinics their names, in the open transaction of whoever uses it. A citizen stays a number."""

    staff: StaffMembers
    clinics: Clinics

    async def __call__(self, entries: Sequence[Entry]) -> Mapping[UUID, str]:
        staff = {StaffId(found) for entry in entries for found in _ids(entry, "staff", "member", "to")}
        clinics = {ClinicId(found) for entry in entries for found in _ids(entry, "clinic", "clinic")}
        names: dict[UUID, str] = {}
        if staff:
            names |= {UUID(str(member)): login for member, login in (await self.staff.names(staff)).items()}
        if clinics:
            names |= {UUID(str(clinic)): name for clinic, name in (await self.clinics.names(clinics)).items()}
        return names


@dataclass(frozen=True, slots=True)
class ReadAudit:
    """The auditor reads the journal, some lines at a time; that they did stands there too. Raises NotAllowed."""

    transaction: Transaction
    reading: Reading
    staff: StaffMembers
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, actor: Actor, sought: Sought, *, who: str = "", after: Place | None = None, limit: int = PAGE
    ) -> AuditPage:
        """`who` is a login, or a label as the journal has it."""
        require_role(actor, Role.AUDITOR)
        async with self.transaction.looking():
            whole = await named(self.staff, sought, who, self.clock.now())
            page = await _page(self.reading, self.teller, whole, after, limit)
            self.audit.record(actor, Operation.AUDIT_VIEWED, sought.person, **_told(whole))
        return page


@dataclass(frozen=True, slots=True)
class ExportAudit:
    """The auditor takes lines along, a part at a time; the journal keeps that they did, with the first part.

    Raises NotAllowed: each part asks anew who takes it.
    """

    transaction: Transaction
    reading: Reading
    staff: StaffMembers
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, sought: Sought, *, who: str = "", after: Place | None = None) -> AuditPage:
        require_role(actor, Role.AUDITOR)
        async with self.transaction.looking():
            whole = await named(self.staff, sought, who, self.clock.now())
            page = await _page(self.reading, self.teller, whole, after, EXPORTED_AT_ONCE)
            if after is None:
                self.audit.record(actor, Operation.AUDIT_EXPORTED, sought.person, **_told(whole))
        return page


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the whole journal found, and how many lines it read; `whole` unless it stopped at MOST_FINDINGS."""

    findings: Sequence[Finding]
    lines: int
    whole: bool


@dataclass(frozen=True, slots=True)
class VerifyAudit:
    """The auditor proves that nobody has touched the journal. Nobody waits for it: each part is a transaction of its own.

    Raises NotAllowed.
    """

    transaction: Transaction
    trail: Trail
    audit: AuditLog

    async def __call__(self, actor: Actor) -> Verified:
        require_role(actor, Role.AUDITOR)
        check, going = self.trail.check(), True
        while going and len(check.found) < MOST_FINDINGS:
            async with self.transaction.looking():
                going = await check.step()
        async with self.transaction.looking():
            self.audit.record(
                actor, Operation.AUDIT_VERIFIED, None, lines=str(check.lines), findings=str(len(check.found))
            )
        return Verified(tuple(check.found[:MOST_FINDINGS]), check.lines, not going)


async def named(staff: StaffMembers, sought: Sought, who: str, now: datetime) -> Sought:
    """Return what is sought with the actor that `who` names: a login's, or the label itself.

    A whole kind of actors is looked for within a month, unless a beginning is said: no index finds them. What is neither
    finds nothing, and does not stand in the journal: somebody's name may have been typed.
    """
    operation, label, since = sought.operation, who, sought.since
    if operation and not any(each.startswith(operation) for each in Operation):
        operation = NOTHING
    if who and not LABEL.fullmatch(who):
        member = await staff.by_login(who)
        label = NOTHING if member is None else f"staff:{member.id}"
    if label.endswith(":") and since is None:
        since = (sought.until or now) - MONTH
    return Sought(since, sought.until, operation, label, sought.person)


async def _page(reading: Reading, teller: Teller, sought: Sought, after: Place | None, limit: int) -> AuditPage:
    found = list(await reading.page(sought, after, limit + 1))
    entries = found[:limit]
    last = entries[-1] if len(found) > limit else None
    onward = None if last is None else Place(last.at, last.chain, last.seq)
    return AuditPage(entries, await teller(entries), onward)


def _told(sought: Sought) -> dict[str, str]:
    told = {
        "since": "" if sought.since is None else sought.since.isoformat(timespec="minutes"),
        "until": "" if sought.until is None else sought.until.isoformat(timespec="minutes"),
        "only": sought.operation,
        "by": sought.actor,
    }
    return {name: value for name, value in told.items() if value}


def _ids(entry: Entry, kind: str, *keys: str) -> list[UUID]:
    """Return the ids of a kind that a line tells: its actor's, and those of some details."""
    label, _, name = entry.actor.partition(":")
    said = [name] if label == kind else []
    said += [entry.details[key] for key in keys if key in entry.details]
    found = []
    for each in said:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found
