"""СНИЛС: the number of the personal insurance account."""

from dataclasses import dataclass
from typing import Final, Self

from .errors import InvalidSnils, message_keys
from .normalise import digits_of, labels
from .value import Discreet

SNILS_KEYS: Final = message_keys(InvalidSnils, not_digits=(), wrong_length=("found",), zeros=(), check_digit=())
SNILS_SYSTEM: Final = "urn:oid:1.2.643.100.3"
"""The name of the numbering in FHIR records."""

_LAST_WITHOUT_CONTROL = 1_001_998
_SAID = labels("снилс", "номер", "n")


@dataclass(frozen=True, slots=True, repr=False)
class Snils(Discreet):
    """Eleven digits: nine of the number, two of control. Shown as `112-233-445 95`."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read a typed number; raises `InvalidSnils`.

        The control number is checked above 001-001-998 only, as the rule of the fund has it; zeros belong to nobody.
        """
        digits = digits_of(raw, InvalidSnils, _SAID)
        if len(digits) != 11:
            raise InvalidSnils("wrong_length", found=str(len(digits)))
        number, control = digits[:9], digits[9:]
        if int(number) == 0:
            raise InvalidSnils("zeros")
        if int(number) > _LAST_WITHOUT_CONTROL and control != control_of(number):
            raise InvalidSnils("check_digit")
        return cls(digits)

    def __str__(self) -> str:
        digits = self.canonical
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"

    @property
    def masked(self) -> str:
        return f"•••-•••-{self.canonical[6:9]} {self.canonical[9:]}"


def control_of(number: str) -> str:
    """The two control digits of nine: weights 9..1, sum modulo 101, then modulo 100."""
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 0, -1), number, strict=True))
    return f"{total % 101 % 100:02}"
