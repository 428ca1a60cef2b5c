"""Код подразделения: which office issued the passport."""

from dataclasses import dataclass
from typing import Final, Self

from .errors import InvalidDepartmentCode, message_keys
from .normalise import digits_of, labels
from .value import Discreet

DEPARTMENT_CODE_KEYS: Final = message_keys(InvalidDepartmentCode, not_digits=(), wrong_length=("found",), zeros=())

_SAID = labels("код", "подразделения", "к/п")


@dataclass(frozen=True, slots=True, repr=False)
class DepartmentCode(Discreet):
    """Six digits, shown as `770-001`."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read a typed code, with or without the dash; raises `InvalidDepartmentCode`."""
        digits = digits_of(raw, InvalidDepartmentCode, _SAID)
        if len(digits) != 6:
            raise InvalidDepartmentCode("wrong_length", found=str(len(digits)))
        if int(digits) == 0:
            raise InvalidDepartmentCode("zeros")
        return cls(f"{digits[:3]}-{digits[3:]}")

    def __str__(self) -> str:
        return self.canonical

    @property
    def masked(self) -> str:
        return f"•••-{self.canonical[4:]}"
