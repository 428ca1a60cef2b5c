"""What a broadcast says: plain text in each language. No markup: what staff type is what people read, links stay links."""

import unicodedata
from collections.abc import Mapping
from html import escape

from core.domain.chat import LANGUAGES

FIRST_LANGUAGE = LANGUAGES[0]
LONGEST_TEXT = 4096
"""UTF-16 units after entities, as Telegram counts (core.telegram.org/bots/api, sendMessage)."""
LONGEST_TITLE = 100


class TextMissing(Exception):
    """A broadcast has words in Russian, the language of whoever has no other; the rest may be empty."""

    message_key = "broadcast.text_missing"


class TextTooLong(Exception):
    """Telegram takes 4096 characters; `over` is how many are too many, `language` whose text it is."""

    message_key = "broadcast.text_too_long"

    def __init__(self, language: str, over: int) -> None:
        super().__init__(f"{language}: {over} too many")
        self.language, self.over = language, over


def clean_texts(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of the product's languages that are not empty. Raises TextMissing, TextTooLong."""
    texts = {language: _clean(typed.get(language, "")) for language in LANGUAGES}
    if not texts[FIRST_LANGUAGE]:
        raise TextMissing
    for language, text in texts.items():
        over = units(text) - LONGEST_TEXT
        if over > 0:
            raise TextTooLong(language, over)
    return {language: text for language, text in texts.items() if text}


def clean_title(typed: str, text: str) -> str:
    """Return the title for staff: what was typed, else the first line of the text; at most 100 characters."""
    title = " ".join(_clean(typed).split()) or " ".join(text.partition("\n")[0].split())
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def html_of(text: str) -> str:
    """Return plain text that Telegram's HTML shows as it is."""
    return escape(text, quote=False)


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    # Control characters and halves of letters break a message, and PostgreSQL takes no NUL. Joiners of emoji stay.
    return "".join(each for each in lines if each == "\n" or unicodedata.category(each) not in {"Cc", "Cs"}).strip()
