"""МКБ-10: the code of a diagnosis."""

import re
from dataclasses import dataclass
from typing import Final, Self

from .errors import InvalidIcd10, message_keys
from .normalise import CYRILLIC_TO_LATIN, DIGIT_LOOK_ALIKES, labels, line_of
from .value import Discreet

ICD10_KEYS: Final = message_keys(InvalidIcd10, form=(), no_letter=(), cyrillic=())

_SAID = labels("мкб", "мкб-10", "код", "icd", "icd-10")
_CODE = re.compile(r"([A-Z])([0-9]{2})[.,]?([0-9]{0,2})")


@dataclass(frozen=True, slots=True, repr=False)
class Icd10(Discreet):
    """A Latin letter, two digits and perhaps a dot with one or two more: `J06.9`."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read a typed code; raises `InvalidIcd10`. The marks † and * of a double coding are dropped."""
        text = _SAID.sub(" ", line_of(raw, InvalidIcd10)).replace(" ", "").strip(":;").rstrip("†*+.,")
        if not text:
            raise InvalidIcd10("empty")
        letter = text[0].upper().translate(CYRILLIC_TO_LATIN)
        digits = text[1:].translate(DIGIT_LOOK_ALIKES)
        if letter in "0123456789":
            raise InvalidIcd10("no_letter")
        if "Ѐ" <= letter <= "ԯ":
            raise InvalidIcd10("cyrillic")
        found = _CODE.fullmatch(letter + digits)
        if found is None or not any(character in "0123456789" for character in text[1:3]):
            raise InvalidIcd10("form")
        return cls(f"{found[1]}{found[2]}.{found[3]}" if found[3] else f"{found[1]}{found[2]}")

    def __str__(self) -> str:
        return self.canonical

    @property
    def masked(self) -> str:
        return f"{self.canonical[0]}••"
