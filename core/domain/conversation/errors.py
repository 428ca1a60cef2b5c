"""What stands in the way of a conversation."""

from datetime import datetime


class ConversationNotThere(Exception):
    """No such conversation, or not one that this member may see: both sound the same."""

    message_key = "conversation.not_there"


class TakenBy(Exception):
    """Somebody else has it: `name` says who."""

    message_key = "conversation.taken_by"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ReceiverGone(Exception):
    """Whom it would be given to is not at work: it would be back in the queue at once."""

    message_key = "conversation.receiver_gone"


class NotYours(Exception):
    """Only its operator writes in it, and what was written under an older epoch is not sent."""

    message_key = "conversation.not_yours"


class StaleView(Exception):
    """Something was said since: `last` is the number of the last line. Nothing was sent."""

    message_key = "conversation.stale_view"

    def __init__(self, last: int) -> None:
        super().__init__(str(last))
        self.last = last


class Full(Exception):
    """The operator has as many conversations as they take at once."""

    message_key = "conversation.full"


class Ended(Exception):
    """It is over."""

    message_key = "conversation.ended"


class TooLate(Exception):
    """Telegram takes changes of a message for 48 hours only."""

    message_key = "conversation.too_late"


class NothingSaid(Exception):
    """Neither words nor a file."""

    message_key = "conversation.nothing_said"


class LineTooLong(Exception):
    """Longer than Telegram takes in one message."""

    message_key = "conversation.line_too_long"


class FileTooLarge(Exception):
    """Larger than LARGEST_FILE."""

    message_key = "conversation.file_too_large"


class TooMuchSaid(Exception):
    """The citizen has said as much in it as one conversation takes."""

    message_key = "talk.too_much_said"


class TooManyBytes(Exception):
    """The citizen's files are more than one conversation, or one day of a chat, takes."""

    message_key = "talk.too_many_bytes"


class ReasonWanted(Exception):
    """Whoever looks at an identifier says why, in 5 to 200 characters, without numbers and addresses of anybody."""

    message_key = "conversation.reason_wanted"


class TooManyRevealed(Exception):
    """The member has looked at as many identifiers as they may within an hour."""

    message_key = "conversation.too_many_revealed"


class OutsideHours(Exception):
    """Nobody answers now: people are back at `opens_at`, and a request can be left."""

    message_key = "conversation.outside_hours"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at.isoformat())
        self.opens_at = opens_at


class InvalidCursor(ValueError):
    """Nothing that a page was ever said to end at."""

    message_key = "conversation.invalid_cursor"
