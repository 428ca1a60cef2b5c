"""Кем выдан: the office that issued the passport, in its own words."""

import re
from dataclasses import dataclass
from typing import Final, Self

from .errors import InvalidPassportIssuer, message_keys
from .normalise import is_cyrillic, is_latin, line_of, russian_words
from .value import Discreet

MIN_LENGTH: Final = 5
MAX_LENGTH: Final = 255
PASSPORT_ISSUER_KEYS: Final = message_keys(
    InvalidPassportIssuer, too_short=(), longer_than=("max",), latin=(), symbols=(), no_words=()
)

_ALLOWED = re.compile(r"[\u0400-\u052f0-9 .,:;/№()«»\"'-]+")


@dataclass(frozen=True, slots=True, repr=False)
class PassportIssuer(Discreet):
    """Text of 5 to 255 characters in Cyrillic, spaces normalised."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read the typed name; raises `InvalidPassportIssuer`. Latin letters inside Russian words are put right."""
        text = russian_words(line_of(raw, InvalidPassportIssuer))
        if len(text) > MAX_LENGTH:
            raise InvalidPassportIssuer("longer_than", max=str(MAX_LENGTH))
        if any(map(is_latin, text)):
            raise InvalidPassportIssuer("latin")
        if not _ALLOWED.fullmatch(text):
            raise InvalidPassportIssuer("symbols")
        if len(text) < MIN_LENGTH:
            raise InvalidPassportIssuer("too_short")
        if sum(map(is_cyrillic, text)) < 3:
            raise InvalidPassportIssuer("no_words")
        return cls(text)

    def __str__(self) -> str:
        return self.canonical

    @property
    def masked(self) -> str:
        return f"{self.canonical.split(' ')[0]} •••" if " " in self.canonical else "•••"
