"""Who may do what with which part of whose record: decided here and nowhere else.

Person × role × section × consent, as a table: `MAY` says what a kind of actor may do at all, `refusal` what stands in the way now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.domain.actor import Actor, Citizen, Clinic, NotAllowed, Role, Specialist, Staff, System, Visitor
from core.domain.card import CardState, CardSuspended, NoCard
from core.domain.consent import ConsentState, NoConsent


class Section(StrEnum):
    """The parts of a record."""

    RESULTS = "results"
    VISITS = "visits"
    VACCINATIONS = "vaccinations"
    EXTRACTS = "extracts"
    ACTIVITY = "activity"
    BOOKINGS = "bookings"


class Deed(StrEnum):
    """What is done with it. DELIVER: a clinic puts it in. CHECK: what a citizen brought is compared. SIGN: by one's own key.

    RECEIVE: whoever receives the person looks at what goes along with their appointment, and at nothing else.
    """

    READ = "read"
    DELIVER = "deliver"
    ASK = "ask"
    CHECK = "check"
    SIGN = "sign"
    RECEIVE = "receive"


class Person(StrEnum):
    """Kinds of actors, staff by their role."""

    VISITOR = "visitor"
    OWNER = "owner"
    CLINIC = "clinic"
    SPECIALIST = "specialist"
    SYSTEM = "system"
    OPERATOR = "operator"
    SENIOR = "senior"
    REVIEWER = "reviewer"
    REGISTRAR = "registrar"
    DOCTOR = "doctor"
    NURSE = "nurse"
    ACCOUNTANT = "accountant"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class LockedOut(Exception):
    """The medical sections are locked: the second factor comes first. `ready` tells whether one is set up."""

    message_key = "factor.needed"

    def __init__(self, *, ready: bool) -> None:
        super().__init__()
        self.ready = ready


RECORD = (Section.RESULTS, Section.VISITS, Section.VACCINATIONS)
APPOINTMENTS = frozenset({Deed.READ, Deed.CHECK})
"""At the desk they are seen with whoever comes, and marked."""
WITHOUT_FACTOR = frozenset({Section.BOOKINGS})
"""What its owner reaches without the second factor: whoever is ill and in a hurry needs an appointment, not a code."""
STANDS_AT_THE_CLINIC = frozenset({(Section.BOOKINGS, deed) for deed in APPOINTMENTS})

MAY: Mapping[Person, Mapping[Section, frozenset[Deed]]] = {
    Person.VISITOR: {},
    Person.OWNER: {section: frozenset({Deed.READ, Deed.ASK}) for section in Section},
    Person.CLINIC: {
        Section.BOOKINGS: frozenset({Deed.READ}),
        **{section: frozenset({Deed.DELIVER}) for section in RECORD},
    },
    Person.SPECIALIST: {Section.VISITS: frozenset({Deed.READ})},
    Person.SYSTEM: {
        Section.EXTRACTS: frozenset({Deed.READ}),
        Section.BOOKINGS: frozenset({Deed.READ}),
        **{section: frozenset({Deed.READ}) for section in RECORD},
    },
    Person.OPERATOR: {},
    Person.SENIOR: {},
    Person.REVIEWER: {},
    Person.REGISTRAR: {Section.VACCINATIONS: frozenset({Deed.CHECK}), Section.BOOKINGS: APPOINTMENTS},
    Person.DOCTOR: {
        Section.VACCINATIONS: frozenset({Deed.CHECK, Deed.SIGN}),
        Section.EXTRACTS: frozenset({Deed.CHECK, Deed.SIGN}),
        Section.BOOKINGS: APPOINTMENTS,
        Section.VISITS: frozenset({Deed.RECEIVE}),
        Section.RESULTS: frozenset({Deed.RECEIVE}),
    },
    Person.NURSE: {Section.VACCINATIONS: frozenset({Deed.CHECK})},
    Person.ACCOUNTANT: {},
    Person.ADMINISTRATOR: {},
    Person.AUDITOR: {},
}
"""Least rights: what is not here is not allowed. A role at the desk sees of a record what is put before it, and no more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides now: the card, the consent, and for the owner whether the second factor was shown lately."""

    card: CardState | None
    consent: ConsentState
    unlocked: bool = False
    factor_ready: bool = False


def person_of(actor: Actor) -> Person:
    """Return which kind an actor is."""
    match actor:
        case Citizen():
            return Person.OWNER
        case Visitor():
            return Person.VISITOR
        case Clinic():
            return Person.CLINIC
        case Specialist():
            return Person.SPECIALIST
        case Staff(role=role):
            return Person(role.value)
        case System():
            return Person.SYSTEM


def refusal(actor: Actor, deed: Deed, section: Section, standing: Standing) -> Exception | None:
    """Return what stands in the way, or None.

    The actor's own rights come first (NotAllowed), then the card (NoCard), the consent (CardSuspended for the owner,
    NoConsent for everybody else), and for the owner the second factor (LockedOut). An account's own journal can be read
    while consent is withdrawn: who looked at what is nobody else's business to hide. So can appointments, which stand at
    their clinics whatever becomes of the consent: whoever cannot see one any more could not take it back either.
    """
    person = person_of(actor)
    if deed not in MAY[person].get(section, frozenset()):
        return NotAllowed()
    if section is not Section.ACTIVITY and (section, deed) not in STANDS_AT_THE_CLINIC:
        if standing.card is None:
            return NoCard() if person is Person.OWNER else NoConsent()
        if standing.consent is not ConsentState.GIVEN or standing.card is CardState.SUSPENDED:
            return CardSuspended() if person is Person.OWNER else NoConsent()
    if person is Person.OWNER and section not in WITHOUT_FACTOR and not standing.unlocked:
        return LockedOut(ready=standing.factor_ready)
    return None


def roles(deed: Deed, section: Section) -> frozenset[Role]:
    """Return the roles at the desk that may do this."""
    return frozenset(role for role in Role if deed in MAY[Person(role.value)].get(section, frozenset()))
