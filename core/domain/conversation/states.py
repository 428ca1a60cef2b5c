"""The states of a conversation, of its lines, and what may follow what."""

from collections.abc import Mapping
from enum import StrEnum


class ConversationState(StrEnum):
    """WAITING in the queue, TAKEN by an operator, ENDED."""

    WAITING = "waiting"
    TAKEN = "taken"
    ENDED = "ended"


MOVES: Mapping[ConversationState, frozenset[ConversationState]] = {
    ConversationState.WAITING: frozenset({ConversationState.TAKEN, ConversationState.ENDED}),
    ConversationState.TAKEN: frozenset({ConversationState.TAKEN, ConversationState.WAITING, ConversationState.ENDED}),
    ConversationState.ENDED: frozenset(),
}
"""TAKEN to TAKEN: handed to another operator. TAKEN to WAITING: to a group, or its operator went away."""


class Side(StrEnum):
    """Whose line it is. BOT: what bot and citizen said before. NOTE: among staff. EVENT: what happened."""

    CITIZEN = "citizen"
    OPERATOR = "operator"
    BOT = "bot"
    NOTE = "note"
    EVENT = "event"


class LineKind(StrEnum):
    """What a line is. `text` holds the words, the caption, or the key of an event. SHARED: of the record, by its owner."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    SHARED = "shared"
    EVENT = "event"


class Delivery(StrEnum):
    """Of an operator's line: WAITING to leave, DELIVERED to Telegram, FAILED (with `reason`), BLOCKED by the person,

    UNCERTAIN (it may have arrived), STALE: it was written under an older epoch and was not sent.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    BLOCKED = "blocked"
    UNCERTAIN = "uncertain"
    STALE = "stale"


class Ending(StrEnum):
    """Who ended it. BOT: given back to the bot by the operator. SILENCE: nobody wrote for long. BLOCKED: the bot was."""

    CITIZEN = "citizen"
    OPERATOR = "operator"
    BOT = "bot"
    SILENCE = "silence"
    BLOCKED = "blocked"


class Happening(StrEnum):
    """What the desk's stream tells. Whoever hears it reads the rest by the ids, as far as they may."""

    ASKED = "asked"
    TAKEN = "taken"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    ENDED = "ended"
    CHANGED = "changed"
    LINE = "line"
    EDITED = "edited"
    DELIVERY = "delivery"
    MENTIONED = "mentioned"
    TICKET = "ticket"
    STAFF = "staff"
