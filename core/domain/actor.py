"""Who acts, and in which context: what every use case is told and every audit line repeats."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.ids import AccountId, ChatId, ClinicId, HandoverId, StaffId


class Role(StrEnum):
    """What a member of staff may do; least rights by default (the article, «Порядок доступа к данным»)."""

    OPERATOR = "operator"
    SENIOR = "senior"
    REVIEWER = "reviewer"
    REGISTRAR = "registrar"
    DOCTOR = "doctor"
    NURSE = "nurse"
    ACCOUNTANT = "accountant"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A chat whose person has not signed in."""

    chat: ChatId


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person known to the portal, acting from the chat bound to the account."""

    account: AccountId
    chat: ChatId


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff signed in at the desk."""

    staff: StaffId
    role: Role


@dataclass(frozen=True, slots=True)
class Clinic:
    """An organisation that delivers medical data, signed in by its key."""

    clinic: ClinicId


@dataclass(frozen=True, slots=True)
class Specialist:
    """Whoever opened a link that a citizen handed over: known by the link alone."""

    handover: HandoverId


@dataclass(frozen=True, slots=True)
class System:
    """The product itself: the worker, a command."""

    name: str


Actor = Visitor | Citizen | Staff | Clinic | Specialist | System


def label(actor: Actor) -> str:
    """Return how the audit log names the actor: what it is, a colon, and its id (a system has a name)."""
    match actor:
        case Citizen(account=account):
            return f"citizen:{account}"
        case Visitor(chat=chat):
            return f"chat:{chat}"
        case Staff(staff=staff):
            return f"staff:{staff}"
        case Clinic(clinic=clinic):
            return f"clinic:{clinic}"
        case Specialist(handover=handover):
            return f"handover:{handover}"
        case System(name=name):
            return f"system:{name}"


class NotAllowed(Exception):
    """The actor may not do this. Sounds the same as "not there", so that nobody learns what exists."""

    message_key = "access.refused"


class SignInNeeded(Exception):
    """Only somebody who signed in through the portal can do this."""

    message_key = "account.sign_in_needed"
