"""Свидетельство о рождении: series and number."""

import re
from dataclasses import dataclass
from typing import Final, Self

from .errors import InvalidBirthCertificate, message_keys
from .normalise import LATIN_TO_CYRILLIC, digits_in, labels, line_of
from .value import Discreet

BIRTH_CERTIFICATE_KEYS: Final = message_keys(
    InvalidBirthCertificate, form=(), roman=(), not_digits=(), wrong_length=("found",)
)

# On a Russian keyboard Roman numerals are typed with the letters that look like them, П and Ш for two and three
# included.
_ROMAN_LETTERS = str.maketrans({**dict.fromkeys("1L|ІӀ", "I"), "Х": "X", "У": "V", "П": "II", "Ш": "III"})
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_SERIES = r"([IVXLХУПШІӀ1|]{1,9})[ -]*([А-ЯЁABCEHKMOPTXY]{2})"
# О can stand for a zero only where a space or a sign has parted the number from the letters.
_PARTED = re.compile(rf"{_SERIES}[ №:.-]+([0-9OОLI|З]+(?:[ -][0-9OОLI|З]+)*)")
_JOINED = re.compile(rf"{_SERIES}([0-9]+)")
_SAID = labels("свидетельство о рождении", "свидетельство", "серия", "номер", "n")


@dataclass(frozen=True, slots=True, repr=False)
class BirthCertificate(Discreet):
    """A Roman numeral, two Cyrillic letters, six digits: `II-АБ 123456`."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read series and number typed in one line; raises `InvalidBirthCertificate`. Look-alikes are put right."""
        text = " ".join(_SAID.sub(" ", line_of(raw, InvalidBirthCertificate)).split()).upper().strip(" №:.")
        if not text:
            raise InvalidBirthCertificate("empty")
        found = _JOINED.fullmatch(text) or _PARTED.fullmatch(text)
        if found is None:
            raise InvalidBirthCertificate("form")
        roman = found[1].translate(_ROMAN_LETTERS)
        letters = found[2].translate(LATIN_TO_CYRILLIC)
        number = digits_in(found[3].replace("L", "1"), InvalidBirthCertificate)
        if not _ROMAN.fullmatch(roman):
            raise InvalidBirthCertificate("roman")
        if len(number) != 6:
            raise InvalidBirthCertificate("wrong_length", found=str(len(number)))
        return cls(f"{roman}-{letters} {number}")

    def __str__(self) -> str:
        return self.canonical

    @property
    def masked(self) -> str:
        return f"••-•• •••{self.canonical[-3:]}"
