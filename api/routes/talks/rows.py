"""The list of conversations and the colleagues, as plain words that templates escape."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from api.notes import worded
from api.words import Words
from core.domain.actor import Role, Staff
from core.domain.conversation import Conversation, ConversationState, Line
from core.domain.ids import ConversationId, StaffId
from core.domain.support import SupportTopic
from core.domain.team import Team
from core.services.conversation import FoundLine, QueueEntry
from core.services.staff import Roster

BRIEF = 140


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list. `since`: since when the citizen waits; `due`: until what was promised."""

    id: ConversationId
    address: str
    name: str = field(repr=False)
    topic: SupportTopic
    language: str
    urgency: str
    state: ConversationState
    since: datetime | None
    due: datetime | None
    owner: str | None
    unread: int
    brief: str = field(repr=False)
    blocked: bool = False
    late: bool = False
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to whom a conversation can be given, or who can be called in a note."""

    id: StaffId
    name: str
    is_here: bool
    load: int | None
    capacity: int


def person_name(name: str | None, words: Words) -> str:
    """Return what a person is called: whoever has not signed in has no name here."""
    return name or words("talks.nobody")


def brief(line: Line | None, words: Words) -> str:
    """Return a line in a few words; of a file what it is."""
    if line is None or line.gone_at is not None:
        return ""
    text = " ".join(worded(line, words).split())
    if not text:
        return words(f"talks.kind.{line.kind}")
    return text if len(text) <= BRIEF else f"{text[:BRIEF]}…"


def row(entry: QueueEntry, show: str, words: Words, now: datetime) -> Row:
    """Return one row of the list."""
    found = entry.conversation
    return Row(
        id=found.id,
        address=f"/desk/talks/{found.id}?show={show}",
        name=person_name(entry.name, words),
        topic=found.topic,
        language=found.language,
        urgency=found.urgency.value,
        state=found.state,
        since=waits_since(found),
        due=now + entry.left if entry.left is not None else None,
        owner=entry.owner,
        unread=entry.unread,
        brief=brief(entry.last, words),
        blocked=entry.blocked,
        late=entry.late,
        tags=sorted(found.tags),
    )


def found_row(found: FoundLine, words: Words) -> Row:
    """Return one row of what was searched for; it leads to the line."""
    talk = found.conversation
    return Row(
        id=talk.id,
        address=f"/desk/talks/{talk.id}#line-{found.line.number}",
        name=person_name(found.name, words),
        topic=talk.topic,
        language=talk.language,
        urgency=talk.urgency.value,
        state=talk.state,
        since=None,
        due=None,
        owner=None,
        unread=0,
        brief=brief(found.line, words),
        tags=sorted(talk.tags),
    )


def waits_since(found: Conversation) -> datetime | None:
    """Return since when the citizen waits: in the queue, or for an answer."""
    return found.asked_at if found.state is ConversationState.WAITING else found.waits_since


def colleagues(roster: Roster, staff: Staff) -> list[Colleague]:
    """Return those to whom a conversation can be given: whoever is here first, never oneself or somebody shut out."""
    answering = {Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR}
    people = [
        Colleague(each.id, each.name or each.login, each.is_here, each.duty.load, each.duty.capacity)
        for each in roster.people
        if each.role in answering and not each.disabled and each.id != staff.staff
    ]
    return sorted(people, key=lambda each: (not each.is_here, each.name))


def teams(roster: Roster) -> Sequence[Team]:
    """Return the groups to which a conversation can go."""
    return roster.teams
