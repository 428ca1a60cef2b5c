"""What stands in the way of a ticket."""

from core.domain.ticket.entity import MOST_BYTES


class TicketNotThere(Exception):
    """No such ticket, or not one that the actor may see: both sound the same."""

    message_key = "ticket.not_there"


class DescriptionWanted(Exception):
    """A request says in 10 to 3,000 characters what is wrong."""

    message_key = "ticket.description_wanted"


class WordsWanted(Exception):
    """A remark has words or a file."""

    message_key = "ticket.words_wanted"


class TooManyFiles(Exception):
    """Ten files go with one remark."""

    message_key = "ticket.too_many_files"


class FilesTooHeavy(TooManyFiles):
    """The files of one request are MOST_BYTES together at most."""

    message_key = "ticket.files_too_heavy"

    def __init__(self) -> None:
        super().__init__(self.message_key)
        self.params = {"limit": str(MOST_BYTES // 1024 // 1024)}


class TooLateToReopen(Exception):
    """It was closed more than 14 days ago: a new one is needed."""

    message_key = "ticket.too_late_to_reopen"


class TicketClosed(Exception):
    """It is closed: it can be reopened for 14 days."""

    message_key = "ticket.closed"


class TooManyTickets(Exception):
    """The person has as many open requests as one may have."""

    message_key = "ticket.too_many"


class TooManyToday(TooManyTickets):
    """The person has sent as many requests within 24 hours as one may; closing them changes nothing."""

    message_key = "ticket.too_many_today"


class ReopenedTooOften(TooManyTickets):
    """It was closed and opened again as often as one may within 24 hours."""

    message_key = "ticket.reopened_too_often"


class TooManyRemarks(Exception):
    """As much is written in it as a request takes from its citizen."""

    message_key = "ticket.too_many_remarks"


class BadRating(Exception):
    """A rating is 1 to 5."""

    message_key = "ticket.bad_rating"


class DraftGone(Exception):
    """Nothing is being written: it was sent, or never begun."""

    message_key = "ticket.draft_gone"


class OtherPerson(Exception):
    """Only requests of one person are put together."""

    message_key = "ticket.other_person"


class BadCursor(Exception):
    """Not a place in a list that we gave out."""

    message_key = "ticket.bad_cursor"


class BadTags(Exception):
    """At most ten tags, each of 1 to 40 letters, digits, dashes and spaces."""

    message_key = "ticket.bad_tags"
