"""Series and number of the passport of a citizen of Russia."""

from dataclasses import dataclass
from typing import Final, Self

from .errors import InvalidPassport, message_keys
from .normalise import digits_of, labels
from .value import Discreet

PASSPORT_KEYS: Final = message_keys(InvalidPassport, not_digits=(), wrong_length=("found",), zeros=())

_SAID = labels("паспорт", "паспорта", "серия", "номер", "и", "рф", "n")


@dataclass(frozen=True, slots=True, repr=False)
class PassportNumber(Discreet):
    """Four digits of the series and six of the number. Shown as in the passport: `45 10 123456`."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read series and number typed in one line, with any spaces and signs between; raises `InvalidPassport`."""
        digits = digits_of(raw, InvalidPassport, _SAID)
        if len(digits) != 10:
            raise InvalidPassport("wrong_length", found=str(len(digits)))
        if int(digits) == 0:
            raise InvalidPassport("zeros")
        return cls(digits)

    @property
    def series(self) -> str:
        return self.canonical[:4]

    @property
    def number(self) -> str:
        return self.canonical[4:]

    def __str__(self) -> str:
        return f"{self.series[:2]} {self.series[2:]} {self.number}"

    @property
    def masked(self) -> str:
        return f"•• •• •••{self.number[3:]}"
