"""What can stand in the way of a paper."""


class ExtractNotThere(Exception):
    """Not there, or not yours: both sound the same."""

    message_key = "extract.not_there"


class OrderIncomplete(Exception):
    """The period or the purpose is not chosen yet."""

    message_key = "extract.incomplete"


class TooManyOrders(Exception):
    """Ten were ordered within a day."""

    message_key = "extract.too_many"


class BadPeriod(Exception):
    """Days that are to come, or longer ago than anybody lives."""

    message_key = "extract.bad_period"


class WordsWanted(Exception):
    """Fewer than three letters were typed."""

    message_key = "extract.words_wanted"


class WordsTooLong(Exception):
    """More was typed than a paper has room for."""

    message_key = "extract.words_too_long"

    def __init__(self, limit: int) -> None:
        super().__init__(str(limit))
        self.params = {"limit": str(limit)}


class NoWayToConfirm(Exception):
    """Neither an authenticator nor a confirmed phone: nothing can prove the order."""

    message_key = "extract.no_way"


class NoMail(Exception):
    """No address is confirmed."""

    message_key = "extract.no_mail"


class MailedLately(Exception):
    """The same paper was sent a few minutes ago."""

    message_key = "extract.mailed_lately"


class FileLost(Exception):
    """The file of a paper is not where it should be."""

    message_key = "extract.file_lost"


class WrongSignature(Exception):
    """The doctor's code is wrong, was used before, or the account is locked: which is not told."""

    message_key = "extract.wrong_signature"
