"""Пол, as the passport has it."""

from enum import StrEnum
from typing import Final, Self

from .errors import InvalidSex, message_keys
from .normalise import line_of

SEX_KEYS: Final = message_keys(InvalidSex, unknown=())


class Sex(StrEnum):
    """The value is FHIR's `administrative-gender`; the word that a person sees comes from the catalogue."""

    MALE = "male"
    FEMALE = "female"

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read a word or a letter, Russian or English; raises `InvalidSex`."""
        word = line_of(raw, InvalidSex).lower().strip(" .")
        if word in _MALE:
            return cls("male")
        if word in _FEMALE:
            return cls("female")
        raise InvalidSex("unknown")

    def __repr__(self) -> str:
        return "Sex(…)"

    @property
    def canonical(self) -> str:
        return self.value

    @property
    def masked(self) -> str:
        return "•"


_MALE = frozenset(["м", "муж", "мужской", "мужчина", "m", "male", "man"])
_FEMALE = frozenset(["ж", "жен", "женский", "женщина", "f", "female", "woman"])
