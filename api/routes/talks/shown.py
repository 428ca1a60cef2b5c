"""What the page of conversations shows: rows, lines and the person, as plain words that templates escape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.notes import worded
from api.routes.talks.rows import brief, person_name
from api.words import Words
from core.domain.actor import Role, Staff
from core.domain.conversation import (
    Attached,
    ConversationState,
    Delivery,
    Ending,
    Line,
    LineKind,
    Side,
    Version,
)
from core.domain.ids import ConversationId
from core.domain.support import SupportTopic
from core.domain.ticket import Ticket
from core.services.conversation import ConversationView

EDITABLE = timedelta(hours=48)
"""Telegram takes no changes of older messages."""
ABOVE = frozenset({Role.SENIOR, Role.ADMINISTRATOR})
KNOWN = frozenset({"image/jpeg", "image/png", "application/pdf", "audio/ogg", "audio/mp4", "video/mp4"})
"""Told by their bytes: pictures and PDF were made anew, the others are only ever played."""
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
PLACES = (
    "card",
    "status",
    "consent",
    "documents",
    "scans",
    "book",
    "appointments",
    "security",
    "notifications",
    "tickets",
)
"""What a citizen can be led to by a button."""
DOINGS = frozenset(
    {*PLACES, "menu", "signin", "results", "visits", "vaccinations", "access", "family", "support", "language", "help"}
)
CARDS = frozenset({"active", "suspended", "draft", "code_sent", "waiting", "completed", "dropped"})
ROLLED_BACK = frozenset({Delivery.STALE, Delivery.FAILED, Delivery.BLOCKED})


@dataclass(frozen=True, slots=True)
class Said:
    """One line, ready for its place. `edited_late`: the operator had read what it said before."""

    number: int
    side: Side
    kind: LineKind
    at: datetime
    who: str
    text: str = field(repr=False)
    brief: str = field(repr=False)
    quoted: str = field(repr=False)
    reply_to: int | None
    file: Attached | None
    file_address: str
    point: str | None = field(repr=False)
    delivery: Delivery | None
    reason: str | None
    edited_at: datetime | None
    edited_late: bool
    earlier: tuple[Version, ...] = field(repr=False)
    gone: bool
    mine: bool
    editable: bool
    language: str | None = None
    calls: str = field(default="", repr=False)
    calls_me: bool = False
    """`calls`: the names of those whom a note calls; whether whoever reads it is one of them."""

    @property
    def picture(self) -> bool:
        """Whether it is looked at in place."""
        return self.file is not None and self.file.mime in PICTURES

    @property
    def sound(self) -> bool:
        """Whether it is listened to in place."""
        return self.file is not None and self.file.mime.startswith("audio/")

    @property
    def unknown(self) -> bool:
        """Whether nobody has looked into it."""
        return self.file is not None and self.file.mime not in KNOWN

    @property
    def film(self) -> bool:
        """Whether it is watched in place."""
        return self.file is not None and self.file.mime.startswith("video/")


@dataclass(frozen=True, slots=True)
class Talk:
    """An open conversation with the person beside it. `last`: the number of the last line shown."""

    id: ConversationId
    name: str = field(repr=False)
    state: ConversationState
    urgency: str
    topic: SupportTopic
    language: str
    epoch: int
    last: int
    read: int
    mine: bool
    owner: str
    ending: Ending | None
    rating: int | None
    due: datetime | None
    tags: Sequence[str]
    blocked: bool
    may_assign: bool
    draft: str = field(repr=False)
    folded: Sequence[Said] = field(repr=False)
    lines: Sequence[Said] = field(repr=False)
    verification: str
    card: str
    region: str | None
    clock: str
    doing: str
    promised: datetime | None
    identifiers: Sequence[tuple[str, str]] = field(repr=False)
    withdrawn: bool
    has_account: bool
    tickets: Sequence[Ticket]
    ticket: object | None
    places: Sequence[str] = PLACES
    topics: Sequence[SupportTopic] = tuple(SupportTopic)


def talk(view: ConversationView, staff: Staff, words: Words, now: datetime) -> Talk:
    """Return an open conversation."""
    found, person = view.conversation, view.person
    by_number = {line.number: line for line in view.lines}
    lines = [_said(line, view, by_number, staff, words, now) for line in view.lines]
    first = _with_bot(lines)
    return Talk(
        id=found.id,
        name=person_name(person.name, words),
        state=found.state,
        urgency=found.urgency.value,
        topic=found.topic,
        language=found.language,
        epoch=found.epoch,
        last=max(by_number, default=0),
        read=found.read,
        mine=view.mine,
        owner=view.names.get(found.owner, "") if found.owner else "",
        ending=found.ending,
        rating=found.rating,
        due=now + view.left if view.left is not None else None,
        tags=sorted(found.tags),
        blocked=view.blocked,
        may_assign=staff.role in ABOVE,
        draft=view.draft,
        folded=lines[:first],
        lines=lines[first:],
        verification=person.verification or "unknown",
        card=words(f"talks.card.{person.card if person.card in CARDS else 'none'}"),
        region=person.region,
        clock=words.time(now, ZoneInfo(person.zone)),
        doing=words(f"talks.doing.{person.doing if person.doing in DOINGS else 'other'}"),
        promised=found.promised_at,
        identifiers=tuple(person.identifiers.items()),
        withdrawn=person.withdrawn,
        has_account=found.account is not None,
        tickets=view.tickets,
        ticket=found.ticket,
    )


def _with_bot(lines: Sequence[Said]) -> int:
    """Return how many of the first lines are what person and bot said before: up to the bot's last word."""
    here = next((place for place, line in enumerate(lines) if line.side not in {Side.BOT, Side.CITIZEN}), len(lines))
    return max((place + 1 for place, line in enumerate(lines[:here]) if line.side is Side.BOT), default=0)


def _said(
    line: Line, view: ConversationView, others: Mapping[int, Line], staff: Staff, words: Words, now: datetime
) -> Said:
    found = view.conversation
    own = line.side is Side.OPERATOR and line.author == staff.staff and view.mine
    changeable = own and line.gone_at is None and now - line.at < EDITABLE and line.delivery not in ROLLED_BACK
    seen = found.read >= line.number and line.side is Side.CITIZEN
    text = _event(line, view, words) if line.side is Side.EVENT else worded(line, words)
    return Said(
        number=line.number,
        side=line.side,
        kind=line.kind,
        at=line.at,
        who=_who(line, view, words),
        text=text,
        brief=brief(line, words) if line.side is not Side.EVENT else text,
        quoted=brief(others.get(line.reply_to), words) or "…" if line.reply_to else "",
        reply_to=line.reply_to,
        file=line.file,
        file_address=f"/api/v1/conversations/{found.id}/lines/{line.number}/file",
        point=f"{line.point[0]:.5f}, {line.point[1]:.5f}" if line.point else None,
        delivery=line.delivery,
        reason=line.reason,
        edited_at=line.edited_at,
        edited_late=seen,
        earlier=line.earlier,
        gone=line.gone_at is not None,
        mine=changeable,
        editable=changeable and line.kind is LineKind.TEXT,
        language=found.language if line.side is not Side.NOTE and found.language != words.language else None,
        calls=", ".join(
            sorted(view.names.get(each, words("talks.somebody")) for each in line.mentions - {staff.staff})
        ),
        calls_me=staff.staff in line.mentions,
    )


def _who(line: Line, view: ConversationView, words: Words) -> str:
    if line.author is not None:
        return view.names.get(line.author, words("talks.somebody"))
    if line.side is Side.BOT:
        return words("talks.bot")
    if line.side is Side.NOTE:
        return words("sla.note.who")
    return person_name(view.person.name, words)


def _event(line: Line, view: ConversationView, words: Words) -> str:
    # Keys of events are the product's own; one that a newer version wrote is said in general words.
    name = view.names.get(line.author, "") if line.author else ""
    word = line.text.removeprefix("conversation.event.")
    return words(f"talks.event.{word if word in EVENTS else 'other'}", name=name or words("talks.somebody"))


EVENTS = frozenset({"taken", "returned", "transferred", "abandoned", "left", "signed_out", *Ending})
