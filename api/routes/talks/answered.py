"""What a form of the desk is answered: to a script in a few words of JSON, to a browser without one by the page again."""

from collections.abc import Awaitable, Mapping
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.refusals import NOBODY_NAMED, REFUSALS, refusal, sentence
from api.words import Words, words_for
from core.domain.account import WrongMove
from core.domain.conversation import TakenBy
from core.domain.knowledge import BadArticle
from core.domain.team import TeamNotThere
from core.services.staff import NoSuchMember

PART = "x-part"


class NothingChosen(Exception):
    """A list in which somebody has to be chosen was left alone."""


CHOOSE = (422, "choose", "talks.choose")
HERE: Mapping[type[Exception], tuple[int, str, str]] = {
    WrongMove: (409, "changed_meanwhile", "talks.changed_meanwhile"),
    TeamNotThere: CHOOSE,
    NoSuchMember: CHOOSE,
    NothingChosen: CHOOSE,
}
"""What a form of these pages is told beside REFUSALS: status, name, key of the sentence. A program names groups and
members by their numbers, a form by a list, so the same errors mean something else here."""
REFUSED = (*REFUSALS, *HERE)
FILLED = {TakenBy, BadArticle}
"""Those whose sentence has a name in it, which no address carries."""
SENTENCES = (
    {sentence(kind) for kind in REFUSALS if kind not in FILLED} | {key for *_, key in HERE.values()} | {NOBODY_NAMED}
)
"""What the address of a page may ask to be said."""


def is_part(request: Request) -> bool:
    """Whether a script asks: it wants words, not a page."""
    return PART in request.headers


async def attempt(
    request: Request, deed: Awaitable[object], back: str, *, said: str = "", more: Mapping[str, str] | None = None
) -> Response:
    """Do it and say so, or say what stands in the way. `more` goes to the script; `said` is a key of words for its reader."""
    try:
        await deed
    except REFUSED as error:
        return await refused(request, error, back)
    return await done(request, back, said=said, more=more)


async def done(request: Request, back: str, *, said: str = "", more: Mapping[str, str] | None = None) -> Response:
    """Say that it is done."""
    if not is_part(request):
        return RedirectResponse(back, 303)
    words = await words_for(request)
    return JSONResponse({**({"said": words(said)} if said else {}), **(more or {})})


def told(error: Exception, words: Words) -> tuple[int, str, str]:
    """Return status, name and sentence of what stands in the way."""
    table = HERE if isinstance(error, tuple(HERE)) else REFUSALS
    status, name, *_ = next(known for kind, known in table.items() if isinstance(error, kind))
    return status, name, refusal(error, words) or words(_key(error))


async def refused(request: Request, error: Exception, back: str) -> Response:
    """Say what stands in the way."""
    if not is_part(request):
        path, _, mark = back.partition("#")
        return RedirectResponse(
            f"{path}{'&' if '?' in path else '?'}{urlencode({'refused': _key(error)})}{mark and '#'}{mark}", 303
        )
    status, name, detail = told(error, await words_for(request))
    return JSONResponse({"name": name, "detail": detail}, status)


def _key(error: Exception) -> str:
    """The sentence that the address of a page carries."""
    if isinstance(error, TakenBy):
        return NOBODY_NAMED
    here = (key for kind, (*_, key) in HERE.items() if isinstance(error, kind))
    return next(here, None) or sentence(type(error))


def problem(key: str, words: Words) -> str | None:
    """Return the words of a refusal that the address of a page names by their key."""
    return words(key) if key in SENTENCES else None
