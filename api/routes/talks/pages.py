"""The page of conversations: the list, one conversation, its new lines, and what can be put in while writing."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.context import clock_of
from api.rendering import render
from api.routes.talks.answered import problem
from api.routes.talks.rows import Row, colleagues, found_row, row, teams
from api.routes.talks.shown import talk
from api.sessions import holding
from api.words import Words, words_for
from core.domain.actor import Role, Staff
from core.domain.canned import Canned
from core.domain.chat import LANGUAGES
from core.domain.conversation import LARGEST_FILE, ConversationState
from core.domain.ids import ConversationId
from core.domain.staff import Session
from core.domain.support import SupportTopic
from core.services.canned import ListCanned
from core.services.conversation import (
    ConversationView,
    QueueFilter,
    SearchConversations,
    ViewConversation,
    ViewQueue,
    Whose,
)
from core.services.knowledge import ReadArticle, SearchArticles
from core.services.staff import ViewStaff
from core.services.team import NotePresent

pages = APIRouter(prefix="/desk/talks", route_class=DishkaRoute, include_in_schema=False)
Answering = Annotated[Session, Depends(holding(Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR))]
"""Who answers citizens."""
PAGE, MOST, LONGEST_LIST = 50, 100, 500
SHOWS = ("mine", "waiting", "late", "all", "ended")
OFFERED = 12
"""So many things to put in are offered at once."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the page asks for."""

    show: str = ""
    topic: str = ""
    spoken: str = ""
    skilled: str = ""
    words: str = ""
    after: str = ""
    count: int = PAGE
    open: str = ""
    refused: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether the list is narrowed."""
        return bool(self.topic or self.spoken or self.skilled)

    def filter(self, show: str) -> QueueFilter:
        """Return what the queue is asked for; what nobody knows narrows nothing."""
        states = {ConversationState.ENDED} if show == "ended" else {ConversationState.WAITING, ConversationState.TAKEN}
        return QueueFilter(
            Whose.ALL if show == "ended" else Whose(show),
            frozenset(states),
            frozenset({SupportTopic(self.topic)} if self.topic in set(SupportTopic) else ()),
            frozenset({self.spoken} if self.spoken in LANGUAGES else ()),
            by_skill=bool(self.skilled),
        )

    @property
    def tag(self) -> str | None:
        """Return the tag that is looked for: what was typed begins with #."""
        return " ".join(self.words[1:].split()).casefold() or None if self.words.startswith("#") else None

    def address(self, show: str, **more: str) -> str:
        """Return the address of the list with these filters."""
        asked = {"show": show, "topic": self.topic, "spoken": self.spoken, "skilled": self.skilled, **more}
        return f"/desk/talks?{urlencode({name: value for name, value in asked.items() if value})}"


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of the list; `count` with a plus where there is more."""

    name: str
    address: str
    count: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """The list as it is shown. `waiting`, `unread` and `late` are what the page calls about."""

    show: str
    rows: list[Row]
    tabs: list[Tab]
    more: str | None
    address: str
    waiting: int
    unread: int
    late: int
    event: int


def wanted(
    show: Annotated[str, Query(max_length=10)] = "",
    topic: Annotated[str, Query(max_length=20)] = "",
    spoken: Annotated[str, Query(max_length=5)] = "",
    skilled: Annotated[str, Query(max_length=1)] = "",
    words: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str, Query(max_length=300)] = "",
    count: Annotated[int, Query(ge=1, le=LONGEST_LIST)] = PAGE,
    open: Annotated[str, Query(max_length=40)] = "",  # noqa: A002 - the word of the address
    refused: Annotated[str, Query(max_length=60)] = "",
) -> Wanted:
    """Return what the address asks for. `spoken`: the language of the citizen, since `language` is the page's own."""
    return Wanted(show if show in SHOWS else "", topic, spoken, skilled, words.strip(), after, count, open, refused)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page of conversations is made of."""

    queue: ViewQueue
    search: SearchConversations
    view: ViewConversation
    staff: ViewStaff
    present: NotePresent


async def asked(request: Request) -> Desk:
    """Return the use cases of the page out of the request's container."""
    inside = request.state.dishka_container
    return Desk(
        await inside.get(ViewQueue),
        await inside.get(SearchConversations),
        await inside.get(ViewConversation),
        await inside.get(ViewStaff),
        await inside.get(NotePresent),
    )


@pages.get("")
async def listed(
    request: Request,
    session: Answering,
    desk: Annotated[Desk, Depends(asked)],
    sought: Annotated[Wanted, Depends(wanted)],
) -> Response:
    """The list, nothing open beside it."""
    return await _page(request, session, desk, sought)


@pages.get("/{conversation}")
async def opened(
    request: Request,
    conversation: UUID,
    session: Answering,
    desk: Annotated[Desk, Depends(asked)],
    sought: Annotated[Wanted, Depends(wanted)],
) -> Response:
    """The list with one conversation beside it."""
    view = await desk.view(session.member.actor, ConversationId(conversation))
    return await _page(request, session, desk, sought, view)


async def _page(
    request: Request, session: Session, desk: Desk, sought: Wanted, view: ConversationView | None = None
) -> Response:
    staff, words, now = session.member.actor, await words_for(request), (await clock_of(request)).now()
    duty = await desk.present(staff)
    queue = await _queue(desk, staff, sought, words, now)
    roster = await desk.staff(staff) if view else None
    return await render(
        request,
        "talks/talks.html",
        queue=queue,
        sought=sought,
        talk=talk(view, staff, words, now) if view else None,
        people=colleagues(roster, staff) if roster else [],
        teams=teams(roster) if roster else [],
        opened=view is not None,
        event=min(queue.event, view.event) if view else queue.event,
        now=now,
        presence=duty.presence.value,
        problem=problem(sought.refused, words),
        key=token_hex(16),
        largest=LARGEST_FILE,
        topics=tuple(SupportTopic),
        languages_spoken=LANGUAGES,
    )


async def _queue(desk: Desk, staff: Staff, sought: Wanted, words: Words, now: datetime) -> Queue:
    mine = await desk.queue(staff, narrowed=QueueFilter(Whose.MINE), limit=MOST)
    waits = await desk.queue(staff, narrowed=QueueFilter(Whose.WAITING), limit=MOST)
    show = sought.show or ("mine" if mine.entries else "waiting")
    if sought.tag:
        tagged = QueueFilter(states=frozenset(ConversationState), tag=sought.tag)
        page = await desk.queue(staff, narrowed=tagged, after=sought.after or None, limit=PAGE)
        show, after = "found", page.after
        rows = [row(each, show, words, now) for each in page.entries]
    elif sought.words:
        found = await desk.search(staff, sought.words, sought.after or None, PAGE)
        rows, after = [found_row(each, words) for each in found.found], found.after
        show = "found"
    else:
        rows, after = [], sought.after or None
        while len(rows) < sought.count:
            page = await desk.queue(
                staff, narrowed=sought.filter(show), after=after, limit=min(sought.count - len(rows), MOST)
            )
            rows += [row(each, show, words, now) for each in page.entries]
            after = page.after
            if after is None:
                break
    more = sought.address(show, after=after) if after and show != "found" else None
    if after and show == "found":
        more = f"/desk/talks?{urlencode({'words': sought.words, 'after': after})}"
    counts = {
        name: f"{len(page.entries)}{'+' if page.after else ''}" for name, page in (("mine", mine), ("waiting", waits))
    }
    late, counts["late"] = mine.late, str(mine.late)
    return Queue(
        show,
        rows,
        # What is past its limit stands apart, while there is any.
        [Tab(name, sought.address(name), counts.get(name)) for name in SHOWS if name != "late" or late or show == name],
        more,
        sought.address(show) if show != "found" else f"/desk/talks?{urlencode({'words': sought.words})}",
        len(waits.entries),
        # What stands before somebody's eyes does not call.
        sum(each.unread for each in mine.entries if str(each.conversation.id) != sought.open),
        late,
        mine.event,
    )


@pages.get("/{conversation}/lines")
async def lines(
    request: Request,
    conversation: UUID,
    session: Answering,
    view: FromDishka[ViewConversation],
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
    until: Annotated[int, Query(ge=0, le=10**9)] = 10**9,
) -> Response:
    """The lines after a number: what a page that is open adds to what it shows."""
    staff, words, now = session.member.actor, await words_for(request), (await clock_of(request)).now()
    found = await view(staff, ConversationId(conversation), after=after)
    return await render(request, "talks/more.html", talk=talk(found, staff, words, now), until=until)


@pages.get("/{conversation}/offers")
async def offers(
    request: Request,
    conversation: UUID,
    session: Answering,
    view: FromDishka[ViewConversation],
    canned: FromDishka[ListCanned],
    search: FromDishka[SearchArticles],
    read: FromDishka[ReadArticle],
    words: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Ready answers with their variables filled, and articles, for what was typed after «/»."""
    staff = session.member.actor
    # Only what is said about the conversation itself is needed: no line has such a number.
    found = await view(staff, ConversationId(conversation), after=10**9)
    language = found.conversation.language
    values = {
        "name": (found.person.name or "").rpartition(" ")[0],
        "number": next((each.number for each in found.tickets if each.id == found.conversation.ticket), ""),
        "operator": session.member.name.split(" ", 1)[0],
    }
    answers: list[Canned] = list(await canned(staff, words))[:OFFERED]
    articles = list(await search(staff, language, words))[: OFFERED - len(answers)] if words.strip() else []
    texts = [(each, await read(each.article, language)) for each in articles]
    return await render(
        request,
        "talks/offers.html",
        answers=[
            (each, each.say(language, {name: value for name, value in values.items() if value})) for each in answers
        ],
        articles=[(each, f"{text.title}\n\n{text.body}") for each, text in texts],
    )
