"""Полис ОМС: the compulsory health insurance policy, in the three forms that people hold."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from stdnum import luhn

from .errors import InvalidPolicy, InvalidValue, message_keys
from .normalise import DIGIT_LOOK_ALIKES, digits_in, is_digits, labels, line_of, russian_words
from .value import Discreet

POLICY_KEYS: Final = message_keys(
    InvalidPolicy,
    not_digits=(),
    wrong_length=("found",),
    zeros=(),
    check_digit=(),
    series_form=(),
    number_form=(),
    number_missing=(),
)
MAX_SERIES: Final = 10
MAX_NUMBER: Final = 20

_SAID = labels("полис", "полиса", "омс", "енп", "серия")
_SIGN = re.compile("№")
_SIGN_IN_WORDS = labels("номер", "n")
_BETWEEN = re.compile(r"[ .,:;/_()-]+")


class PolicyKind(StrEnum):
    SINGLE = "single"
    """One number for life (ЕНП): 16 digits, the last by the Luhn rule."""
    OLD = "old"
    """A series and a number; nothing to check but the length."""
    TEMPORARY = "temporary"
    """The temporary certificate: 9 digits."""


@dataclass(frozen=True, slots=True, repr=False)
class PolicyNumber(Discreet):
    """A policy of one of the three kinds; `series` is there for the old one alone."""

    kind: PolicyKind
    number: str
    series: str | None = None

    @classmethod
    def parse(cls, raw: str, *, series: str | None = None) -> Self:
        """Read a typed policy; raises `InvalidPolicy`.

        The series may be typed apart, or in the same line before «№»; six and ten digits need no sign between them. A
        number alone is the single one (16 digits) or the temporary certificate (9). The digits of a birth date inside
        an old single number are no rule and are not looked at.
        """
        text = _SAID.sub(" ", line_of(raw, InvalidPolicy)).strip()
        head, sign, tail = _parted(text)
        if series is not None and series.strip():
            return cls._old(line_of(series, InvalidPolicy), tail if sign and not head else text)
        if sign and head:
            return cls._old(head, tail)
        groups = [group for group in _BETWEEN.split(tail if sign else text) if group]
        if [len(group) for group in groups] == [6, 10]:
            return cls._old(digits_in(groups[0], InvalidPolicy), digits_in(groups[1], InvalidPolicy))
        return cls._alone(digits_in(" ".join(groups), InvalidPolicy))

    @classmethod
    def _alone(cls, digits: str) -> Self:
        if len(digits) not in (9, 16):
            raise InvalidPolicy("wrong_length", found=str(len(digits)))
        if int(digits) == 0:
            raise InvalidPolicy("zeros")
        if len(digits) == 9:
            return cls(PolicyKind.TEMPORARY, digits)
        if not luhn.is_valid(digits):
            raise InvalidPolicy("check_digit")
        return cls(PolicyKind.SINGLE, digits)

    @classmethod
    def _old(cls, series: str, number: str) -> Self:
        packed = _packed(series, MAX_SERIES, InvalidPolicy("series_form"))
        if not _BETWEEN.sub("", number):
            raise InvalidPolicy("number_missing")
        digits = _packed(number, MAX_NUMBER, InvalidPolicy("number_form"))
        if set(digits) == {"0"}:
            raise InvalidPolicy("zeros")
        return cls(PolicyKind.OLD, digits, packed)

    @property
    def canonical(self) -> str:
        return self.number if self.series is None else f"{self.series}№{self.number}"

    def __str__(self) -> str:
        if self.series is not None:
            return f"{self.series} № {self.number}"
        size = 4 if self.kind is PolicyKind.SINGLE else 3
        return " ".join(self.number[start : start + size] for start in range(0, len(self.number), size))

    @property
    def masked(self) -> str:
        if self.kind is PolicyKind.SINGLE:
            return f"•••• •••• •••• {self.ending}"
        return f"•••••{self.ending}"

    @property
    def ending(self) -> str:
        """The digits that the mask shows, for words that are read aloud: a screen reader says every «•» of a mask."""
        return self.number[-4:] if len(self.number) >= 9 else self.number[-1:]


def _parted(text: str) -> tuple[str, str, str]:
    sign = _SIGN.search(text) or _SIGN_IN_WORDS.search(text)
    if sign is None:
        return text, "", ""
    return text[: sign.start()].strip(" .,:;"), sign[0], text[sign.end() :].strip(" .,:;")


def _packed(text: str, longest: int, fault: InvalidValue) -> str:
    """Letters, digits and inner dashes in capitals, without spaces."""
    packed = russian_words(re.sub(r"[ .,:;_]+", "", text)).upper().strip("-")
    digits = packed.translate(DIGIT_LOOK_ALIKES)
    if is_digits(digits) and sum(map(is_digits, packed)) * 2 > len(packed):
        packed = digits
    # A word that is dropped beside a number cannot be part of a series: what is stored has to read back the same.
    if _SAID.search(packed) or len(packed) > longest or not re.fullmatch(r"[0-9A-ZА-ЯЁ-]+", packed):
        raise fault
    return packed
