"""What stands in the way, on a page: the sentence that a fault of the core carries, and the status of the answer."""

from collections.abc import Mapping

from api.words import Words
from core.domain.code import TooSoon
from core.domain.extract import TooManyOrders
from core.domain.factor import FactorLocked

Faults = dict[str, Exception | str]
"""By the names of a form's fields: a fault of the core, or the key of a sentence of the page's own."""
ON_PAGES = {
    "application.none": "page.scans.no_application",
    "document.too_big": "page.scan.too_big",
    "document.too_many_pixels": "page.scan.too_many_pixels",
    "extract.no_mail": "page.documents.no_mail_yet",
    "handover.recipient_wrong": "page.handover.recipient_wrong",
}
"""What the chat says of its own buttons and of Telegram, in the words of a page."""
TOO_OFTEN = (TooSoon, TooManyOrders, FactorLocked)


def told(fault: Exception, words: Words) -> str:
    """Return the sentence that a fault of the core carries."""
    match fault:
        case TooSoon(seconds=seconds) if seconds > 90:
            return words("code.too_soon_minutes", minutes=str(-(-seconds // 60)))
        case TooSoon(seconds=seconds):
            return words("code.too_soon", seconds=str(seconds))
    left = getattr(fault, "left", None)
    params: dict[str, str] = {"left": str(left)} if left is not None else dict(getattr(fault, "params", {}))
    key: str = getattr(fault, "message_key")  # noqa: B009 - every fault of the core has words
    return words(ON_PAGES.get(key, key), **params)


def sentences(faults: Mapping[str, Exception | str], words: Words) -> dict[str, str]:
    """Return the sentence of each field that something is wrong with."""
    return {name: words(each) if isinstance(each, str) else told(each, words) for name, each in faults.items()}


def status_of(fault: Exception | None) -> int:
    """Return the status of a page that says what is wrong with what was typed: 422, 429 for what passes by itself, or 200."""
    return 200 if fault is None else 429 if isinstance(fault, TOO_OFTEN) else 422
