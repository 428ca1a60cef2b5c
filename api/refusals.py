"""What stands in the way of conversations, tickets and programs: how each refusal is named, and what is told with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from api.cursors import BadCursor
from api.live import TooManyStreams
from api.words import Words
from core.domain.canned import CannedNotThere, InvalidCanned, ShortcutTaken
from core.domain.consent import NoConsent
from core.domain.conversation import (
    ConversationNotThere,
    Ended,
    FileTooLarge,
    Full,
    InvalidCursor,
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
from core.domain.hook import BadHookAddress, NothingToTell, StillTrying, TooManyHooks
from core.domain.idempotency import AnswerWithheld, KeyTaken, StillUnderWay
from core.domain.knowledge import ArticleChanged, ArticleNotThere, BadArticle, OwnWords, SlugTaken, WrongArticleMove
from core.domain.reach import InsideAddress
from core.domain.staff import OwnSecretsFirst, SecretsLapsed, WrongNewCode
from core.domain.ticket import BadCursor as BadPlace
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


class Missed(Exception):
    """Something was said since: `lines` are what was not on the screen, as the page of the conversation tells them."""

    message_key = StaleView.message_key

    def __init__(self, last: int, lines: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(str(last))
        self.last, self.lines = last, lines


class Problem(BaseModel):
    """RFC 9457. `type` is a stable name, `title` and `detail` are for people; `fields` name what is wrong in a body.

    Of a conversation: `by` is who has it, `last` the number of its last line, `missed` the lines that were not seen.
    """

    type: str
    title: str
    status: int
    detail: str
    fields: list[str] | None = None
    by: str | None = None
    last: int | None = None
    missed: list[dict[str, Any]] | None = None


REFUSALS: Mapping[type[Exception], tuple[int, str]] = {
    ConversationNotThere: (404, "not_there"),
    TicketNotThere: (404, "not_there"),
    CannedNotThere: (404, "not_there"),
    TakenBy: (409, "taken_by"),
    NotYours: (409, "not_yours"),
    Missed: (409, "stale_view"),
    StaleView: (409, "stale_view"),
    Full: (409, "full"),
    ReceiverGone: (409, "receiver_gone"),
    Ended: (409, "conversation_ended"),
    TooLate: (409, "too_late"),
    NothingSaid: (422, "nothing_said"),
    LineTooLong: (422, "line_too_long"),
    FileTooLarge: (413, "file_too_large"),
    ReasonWanted: (422, "reason_wanted"),
    TooManyRevealed: (429, "too_many_revealed"),
    NoConsent: (409, "consent_withdrawn"),
    WordsWanted: (422, "remark_wanted"),
    DescriptionWanted: (422, "description_wanted"),
    FilesTooHeavy: (413, "files_too_heavy"),  # before TooManyFiles, which it is one of
    TooManyFiles: (422, "too_many_files"),
    BadFile: (422, "bad_file"),
    TicketClosed: (409, "ticket_closed"),
    TooManyTickets: (409, "too_many_tickets"),
    OtherPerson: (409, "other_person"),
    BadTags: (422, "bad_tags"),
    InvalidCanned: (422, "canned_wrong"),
    ShortcutTaken: (409, "shortcut_taken"),
    BadHookAddress: (422, "hook_wrong"),
    InsideAddress: (422, "hook_wrong"),
    NothingToTell: (422, "hook_wrong"),
    TooManyHooks: (409, "too_many_hooks"),
    StillTrying: (409, "still_trying"),
    KeyTaken: (422, "key_taken"),
    StillUnderWay: (409, "under_way"),
    AnswerWithheld: (409, "answer_withheld"),
    OwnSecretsFirst: (403, "own_secrets_first"),
    SecretsLapsed: (403, "secrets_lapsed"),
    WrongNewCode: (422, "wrong_new_code"),
    BadCursor: (400, "bad_cursor"),
    InvalidCursor: (400, "bad_cursor"),
    BadPlace: (400, "bad_cursor"),
    ArticleNotThere: (404, "not_there"),
    ArticleChanged: (409, "article_changed"),
    WrongArticleMove: (409, "article_moved"),
    OwnWords: (409, "own_words"),
    SlugTaken: (409, "slug_taken"),
    BadArticle: (422, "article_wrong"),
    TooManyStreams: (429, "too_many_streams"),
}
"""The status and the name of each, for the pages of the desk and for programs alike. The sentence is the refusal's own."""
OTHERWISE = frozenset({BadFile, FilesTooHeavy, NoConsent, TooManyTickets, ArticleNotThere, BadCursor, TooManyStreams})
"""Those whose own sentence speaks to the citizen, or that have none: the desk says that of their name."""
AGAIN_S = {StillUnderWay: "1", TooManyStreams: "30"}
"""When a program may try again what passes by itself."""
NOBODY_NAMED = "conversation.taken"
"""The sentence of TakenBy where there is no name to say."""


def sentence(kind: type[Exception]) -> str:
    """Return the key of what a person is told of a kind of refusal, one of REFUSALS or a narrower one."""
    known = next(each for each in kind.__mro__ if each in REFUSALS)
    if known in OTHERWISE:
        return f"desk.problem.{REFUSALS[known][1]}.detail"
    own: str = getattr(kind, "message_key")  # noqa: B009 - every fault of the core has words
    return own


def refusal(error: Exception, words: Words) -> str | None:
    """Return the sentence for a person; None where the error is none of REFUSALS."""
    match error:
        case TakenBy(name=name):
            return words(error.message_key, name=name) if name else words(NOBODY_NAMED)
        case BadFile(message_key=key, params=params) | FilesTooHeavy(message_key=key, params=params):
            return words(key, **params)
        case BadArticle(field=field):
            return words(error.message_key, field=words(f"article.wrong.{field.replace('.', '_')}"))
        case _ if isinstance(error, tuple(REFUSALS)):
            return words(sentence(type(error)))
        case _:
            return None


def more(error: Exception) -> Mapping[str, Any]:
    """Return what else a program is told: who was first, what was said since."""
    match error:
        case TakenBy(name=name):
            return {"by": name}
        case Missed(last=last, lines=lines):
            return {"last": last, "missed": list(lines)}
        case StaleView(last=last):
            return {"last": last}
        case _:
            return {}
