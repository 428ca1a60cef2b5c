"""Who did what, when, to whose data: a line for every access, written in the transaction of the access."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.domain.actor import Actor


class Operation(StrEnum):
    """What was done. The value is what the log keeps; never rename one."""

    SIGN_IN_STARTED = "account.sign_in_started"
    SIGNED_IN = "account.signed_in"
    SIGNED_OUT = "account.signed_out"
    MOVE_ASKED = "account.move_asked"
    MOVE_REFUSED = "account.move_refused"
    ACCOUNT_MOVED = "account.moved_to_another_chat"
    ACCOUNT_VIEWED = "account.viewed"
    CONTACT_CHANGED = "account.contact_changed"
    CODE_SENT = "code.sent"
    CODE_WRONG = "code.wrong"
    VERIFICATION_ASKED = "verification.asked"
    VERIFICATION_VIEWED = "verification.viewed"
    VERIFICATION_DECIDED = "verification.decided"
    APPLICATION_OPENED = "application.opened"
    APPLICATION_VIEWED = "application.viewed"
    APPLICATION_ANSWERED = "application.answered"
    APPLICATION_CHECKED = "application.checked"
    APPLICATION_SENT = "application.sent"
    APPLICATION_DROPPED = "application.dropped"
    DOCUMENT_UPLOADED = "document.uploaded"
    DOCUMENT_RELABELLED = "document.relabelled"
    DOCUMENT_REMOVED = "document.removed"
    DOCUMENT_OPENED = "document.opened"
    DOCUMENT_DECIDED = "document.decided"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    CARD_CREATED = "card.created"
    CARD_VIEWED = "card.viewed"
    CARD_SUSPENDED = "card.suspended"
    CARD_RESUMED = "card.resumed"
    STAFF_RESET = "staff.secrets_reset"
    STAFF_DISABLED = "staff.disabled"
    STAFF_ADDED = "staff.added"
    STAFF_SIGNED_IN = "staff.signed_in"
    STAFF_REFUSED = "staff.sign_in_refused"
    STAFF_SIGNED_OUT = "staff.signed_out"
    QUEUE_VIEWED = "desk.queue_viewed"


class AuditLog(Protocol):
    """The journal. A line belongs to the open transaction: no line, no data."""

    def record(self, actor: Actor, operation: Operation, subject: object | None = None, **details: str) -> None:
        """Add a line to the open transaction; `subject` is the id of the account whose data it is, None for nobody's."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in the journal. `where` names the line or checkpoint, `what` says what is wrong with it."""

    where: str
    what: str


class Trail(Protocol):
    """The journal as the one who looks after it sees it."""

    async def checkpoint(self, now: datetime) -> None:
        """Sign the heads of all chains; the checkpoint is kept in the database and outside of it."""
        ...

    async def verify(self) -> Sequence[Finding]:
        """Read every line and every checkpoint, in the database and outside, and return what is wrong, in order."""
        ...
