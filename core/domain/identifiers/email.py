"""Электронная почта."""

import re
from dataclasses import dataclass
from typing import Final, Self

from email_validator import EmailNotValidError, validate_email

from .errors import InvalidEmail, message_keys
from .normalise import is_cyrillic, is_latin, line_of
from .value import Discreet

EMAIL_KEYS: Final = message_keys(
    InvalidEmail, longer_than=("max",), spaces=(), no_at=(), many_at=(), no_dot=(), mixed_letters=(), form=()
)
MAX_LENGTH: Final = 254

_PIECE = re.compile(r"[^.@_+-]+")


@dataclass(frozen=True, slots=True, repr=False)
class Email(Discreet):
    """A mail address. The domain is in small letters, never in punycode; the part before @ is as typed."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read a typed address; raises `InvalidEmail`. Names are not looked up: a code sent there proves the address.

        A word of Latin and Cyrillic letters together is refused, since nobody can tell which of them was meant.
        """
        text = line_of(raw, InvalidEmail).removeprefix("mailto:").strip("<>.,; ")
        if len(text) > MAX_LENGTH:
            raise InvalidEmail("longer_than", max=str(MAX_LENGTH))
        if " " in text:
            raise InvalidEmail("spaces")
        if text.count("@") != 1:
            raise InvalidEmail("many_at" if "@" in text else "no_at")
        if "." not in text.partition("@")[2]:
            raise InvalidEmail("no_dot")
        if any(_is_mixed(piece) for piece in _PIECE.findall(text)):
            raise InvalidEmail("mixed_letters")
        try:
            # The test environment only lets addresses under `.test` through, which the inbox of the playground can
            # have.
            address = validate_email(text, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            # What the library says may quote the address.
            raise InvalidEmail("form") from None
        return cls(address.normalized)

    def __str__(self) -> str:
        return self.canonical

    @property
    def masked(self) -> str:
        name, _, domain = self.canonical.partition("@")
        return f"{name[0] if len(name) > 1 else ''}•••@{domain}"


def _is_mixed(piece: str) -> bool:
    return any(map(is_latin, piece)) and any(map(is_cyrillic, piece))
