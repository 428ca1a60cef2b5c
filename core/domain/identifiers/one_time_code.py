"""A one-time code as a person types it."""

from dataclasses import dataclass
from typing import Final, Self

from .errors import InvalidOneTimeCode, message_keys
from .normalise import digits_of, labels
from .value import Discreet

ONE_TIME_CODE_KEYS: Final = message_keys(InvalidOneTimeCode, not_digits=(), wrong_length=("found",))
LENGTH: Final = 6

_SAID = labels("код", "code")


@dataclass(frozen=True, slots=True, repr=False)
class OneTimeCode(Discreet):
    """Six digits. Whether they are the right ones is for whoever sent them to say."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read six digits, spaces allowed; raises `InvalidOneTimeCode`."""
        digits = digits_of(raw, InvalidOneTimeCode, _SAID)
        if len(digits) != LENGTH:
            raise InvalidOneTimeCode("wrong_length", found=str(len(digits)))
        return cls(digits)

    def __str__(self) -> str:
        return self.canonical

    @property
    def masked(self) -> str:
        return "•" * LENGTH
