"""ИНН: the taxpayer number of a person."""

from dataclasses import dataclass
from typing import Final, Self

from stdnum.ru import inn

from .errors import InvalidInn, message_keys
from .normalise import digits_of, labels
from .value import Discreet

INN_KEYS: Final = message_keys(
    InvalidInn, not_digits=(), wrong_length=("found",), company=(), leading_zeros=(), check_digit=()
)

_SAID = labels("инн", "номер", "n")


@dataclass(frozen=True, slots=True, repr=False)
class Inn(Discreet):
    """Twelve digits, the last two of control."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read a typed number; raises `InvalidInn`. Ten digits are a company's number and get their own fault.

        The first two digits are the region, and there is no region 00: this also keeps out all zeros, which pass the
        control.
        """
        digits = digits_of(raw, InvalidInn, _SAID)
        if len(digits) == 10 and inn.is_valid(digits):
            raise InvalidInn("company")
        if len(digits) != 12:
            raise InvalidInn("wrong_length", found=str(len(digits)))
        if digits.startswith("00"):
            raise InvalidInn("leading_zeros")
        if not inn.is_valid(digits):
            raise InvalidInn("check_digit")
        return cls(digits)

    def __str__(self) -> str:
        return self.canonical

    @property
    def masked(self) -> str:
        return f"••••••••{self.canonical[8:]}"
