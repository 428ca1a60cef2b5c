"""What a form of the desk is answered: to a script in a few words of JSON, to a browser without one by the page again."""

from collections.abc import Awaitable, Mapping
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.words import Words, words_for
from core.domain.account import WrongMove
from core.domain.canned import CannedNotThere, InvalidCanned, ShortcutTaken
from core.domain.consent import NoConsent
from core.domain.conversation import (
    ConversationNotThere,
    Ended,
    FileTooLarge,
    Full,
    LineTooLong,
    NothingSaid,
    NotYours,
    ReasonWanted,
    ReceiverGone,
    StaleView,
    TakenBy,
    TooLate,
    TooManyRevealed,
)
from core.domain.document import BadFile
from core.domain.idempotency import KeyTaken
from core.domain.team import TeamNotThere
from core.domain.ticket import (
    BadTags,
    DescriptionWanted,
    FilesTooHeavy,
    OtherPerson,
    TicketClosed,
    TicketNotThere,
    TooManyFiles,
    TooManyTickets,
    WordsWanted,
)
from core.services.staff import NoSuchMember

PART = "x-part"


class NothingChosen(Exception):
    """A list in which somebody has to be chosen was left alone."""


REFUSED: Mapping[type[Exception], tuple[int, str]] = {
    TakenBy: (409, "taken_by"),
    NotYours: (409, "not_yours"),
    StaleView: (409, "stale_view"),
    Full: (409, "full"),
    ReceiverGone: (409, "receiver_gone"),
    Ended: (409, "ended"),
    TooLate: (409, "too_late"),
    WrongMove: (409, "moved"),
    TicketClosed: (409, "ticket_closed"),
    TooManyTickets: (409, "too_many_tickets"),
    NoConsent: (409, "no_consent"),
    ConversationNotThere: (404, "not_there"),
    TicketNotThere: (404, "ticket_not_there"),
    NothingSaid: (422, "nothing_said"),
    LineTooLong: (422, "line_too_long"),
    FileTooLarge: (422, "file_too_large"),
    ReasonWanted: (422, "reason_wanted"),
    TooManyRevealed: (429, "too_many_revealed"),
    KeyTaken: (422, "key_taken"),
    DescriptionWanted: (422, "description_wanted"),
    WordsWanted: (422, "words_wanted"),
    BadFile: (422, "bad_file"),
    FilesTooHeavy: (413, "files_too_heavy"),  # before TooManyFiles, which it is one of
    TooManyFiles: (422, "too_many_files"),
    OtherPerson: (422, "other_person"),
    BadTags: (422, "bad_tags"),
    TeamNotThere: (422, "choose"),
    NoSuchMember: (422, "choose"),
    NothingChosen: (422, "choose"),
    CannedNotThere: (404, "moved"),
    InvalidCanned: (422, "canned_wrong"),
    ShortcutTaken: (409, "shortcut_taken"),
}
PROBLEMS = frozenset(name for _, name in REFUSED.values())


def is_part(request: Request) -> bool:
    """Whether a script asks: it wants words, not a page."""
    return PART in request.headers


async def attempt(
    request: Request, deed: Awaitable[object], back: str, *, said: str = "", more: Mapping[str, str] | None = None
) -> Response:
    """Do it and say so, or say what stands in the way. `more` goes to the script; `said` is a key of words for its reader."""
    try:
        await deed
    except tuple(REFUSED) as error:
        return await refused(request, error, back)
    return await done(request, back, said=said, more=more)


async def done(request: Request, back: str, *, said: str = "", more: Mapping[str, str] | None = None) -> Response:
    """Say that it is done."""
    if not is_part(request):
        return RedirectResponse(back, 303)
    words = await words_for(request)
    return JSONResponse({**({"said": words(said)} if said else {}), **(more or {})})


async def refused(request: Request, error: Exception, back: str) -> Response:
    """Say what stands in the way."""
    status, name = next(known for kind, known in REFUSED.items() if isinstance(error, kind))
    if not is_part(request):
        path, _, mark = back.partition("#")
        return RedirectResponse(
            f"{path}{'&' if '?' in path else '?'}{urlencode({'refused': name})}{mark and '#'}{mark}", 303
        )
    words = await words_for(request)
    return JSONResponse({"name": name, "detail": _detail(error, name, words)}, status)


def _detail(error: Exception, name: str, words: Words) -> str:
    if isinstance(error, TakenBy) and error.name:
        return words("talks.problem.taken_by.whom", name=error.name)
    if isinstance(error, BadFile):
        return words(error.message_key, **error.params)
    return words(f"talks.problem.{name}")


def problem(name: str, words: Words) -> str | None:
    """Return the words of a refusal that the address of a page names."""
    return words(f"talks.problem.{name}") if name in PROBLEMS else None
