"""Адрес регистрации, in one line."""

import re
from dataclasses import dataclass
from typing import Final, Self

from .errors import InvalidAddress, message_keys
from .normalise import MAX_INPUT, is_cyrillic, is_latin, line_of, plain_apostrophes, russian_words
from .value import Discreet

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 300
ADDRESS_KEYS: Final = message_keys(
    InvalidAddress, too_short=(), longer_than=("max",), latin=(), symbols=(), no_street=(), no_house=()
)

_ALLOWED = re.compile(r"[\u0400-\u052fA-Za-z0-9 .,:;/№()«»\"'-]+")
_NAME = re.compile(r"[\u0400-\u052f]{3,}")
_COMMAS = re.compile(r"[ ,]*,[ ,]*")
_POSTCODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")


@dataclass(frozen=True, slots=True, repr=False)
class Address(Discreet):
    """10 to 300 characters with a name of a place or street and a number of a house."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read a typed address; raises `InvalidAddress`. Several lines become one.

        The article asks for street, house and flat. A house of its own has no flat and a small village no streets, so
        these two are asked for in the text and not insisted on; a postcode is not the number of a house.
        """
        if len(raw) > MAX_INPUT:
            raise InvalidAddress("too_long")
        line = plain_apostrophes(line_of(raw.strip().replace("\n", ", "), InvalidAddress))
        text = russian_words(_COMMAS.sub(", ", line)).strip(" ,;")
        if len(text) > MAX_LENGTH:
            raise InvalidAddress("longer_than", max=str(MAX_LENGTH))
        if any(map(is_latin, text)) and not any(map(is_cyrillic, text)):
            raise InvalidAddress("latin")
        if text and not _ALLOWED.fullmatch(text):
            raise InvalidAddress("symbols")
        if not _NAME.search(text):
            raise InvalidAddress("no_street")
        if not re.search("[0-9]", _POSTCODE.sub("", text)):
            raise InvalidAddress("no_house")
        if len(text) < MIN_LENGTH:
            raise InvalidAddress("too_short")
        return cls(text)

    def __str__(self) -> str:
        return self.canonical

    @property
    def masked(self) -> str:
        """The town, when it stands apart by a comma and has no numbers in it; the rest is hidden."""
        place, comma, _ = _POSTCODE.sub("", self.canonical).strip(" ,").partition(",")
        return f"{place}, •••" if comma and not re.search("[0-9]", place) else "•••"
