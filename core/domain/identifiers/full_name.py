"""ФИО: surname, given name and, where there is one, patronymic."""

import re
from dataclasses import dataclass
from typing import Final, Self

from .errors import InvalidName, message_keys
from .normalise import is_cyrillic, is_latin, line_of, plain_apostrophes, russian_words
from .value import Discreet

MAX_PART: Final = 64
NAME_KEYS: Final = message_keys(
    InvalidName,
    given_missing=(),
    surname_missing=(),
    too_many_words=(),
    initials=(),
    latin=(),
    digits=(),
    symbols=(),
    surname_too_long=("max",),
    given_too_long=("max",),
    patronymic_too_long=("max",),
)

_WORD = re.compile(r"[\u0400-\u052f]+(?:['-][\u0400-\u052f]+)*")
_AROUND_DASH = re.compile(r" ?-[ -]*")
_ABSENT = re.compile(r" (?:-|нет|отсутствует)\.?$", re.IGNORECASE)
_LAST_DOT = re.compile(r"(?<=[\u0400-\u052f]{4})\.$")
_STRESS = str.maketrans("", "", "\u0300\u0301")
_PATRONYMIC_PARTICLES = frozenset(["оглы", "оглу", "огли", "улы", "уулу", "угли", "кызы", "кизи", "гызы"])
_SURNAME_PARTICLES = frozenset(["де", "да", "ди", "ла", "ле", "дер", "ден", "ван", "фон", "аль", "эль", "бен", "ибн"])
_PATRONYMIC_ENDINGS = ("ович", "евич", "овна", "евна", "ична", "инична")
_NO_PATRONYMIC = frozenset({"", "-", "нет", "отсутствует"})


@dataclass(frozen=True, slots=True, repr=False)
class FullName(Discreet):
    """Parts in Cyrillic, each at most 64 characters, capital letters where they belong, `ё` as typed."""

    surname: str
    given: str
    patronymic: str | None = None

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read «Фамилия Имя Отчество» in one line; raises `InvalidName`.

        Parts of several words are told apart by commas: «Салтыков Щедрин, Михаил, Евграфович». «Анна Сергеевна Иванова»
        can only mean one thing too, and is put in order.
        """
        line = line_of(raw, InvalidName)
        if "," in line or "|" in line:
            parts = [part.strip() for part in re.split("[,|]", line)]
            if len(parts) > 3:
                raise InvalidName("too_many_words")
            return cls.from_parts(*parts) if len(parts) > 1 else cls._too_few(parts[0])
        words = _tidy(_LAST_DOT.sub("", _ABSENT.sub("", line))).split(" ")
        if len(words) > 2 and words[-1].lower() in _PATRONYMIC_PARTICLES:
            words[-2:] = [f"{words[-2]} {words[-1]}"]
        if len(words) == 2 and " " in words[1]:
            raise InvalidName("given_missing")
        if len(words) > 3 or _has_surname_particle(words):
            _check_letters(" ".join(words))
            raise InvalidName("too_many_words")
        if len(words) == 3 and words[1].lower().endswith(_PATRONYMIC_ENDINGS):
            words = [words[2], words[0], words[1]]
        if len(words) == 2 and words[1].lower().endswith(_PATRONYMIC_ENDINGS):
            raise InvalidName("surname_missing")
        return cls.from_parts(*words) if len(words) > 1 else cls._too_few(words[0])

    @classmethod
    def from_parts(cls, surname: str, given: str, patronymic: str | None = None) -> Self:
        """A name of parts known apart, as the portal sends them; raises `InvalidName`."""
        if not surname.strip():
            raise InvalidName("surname_missing")
        if not given.strip():
            raise InvalidName("given_missing")
        absent = patronymic is None or patronymic.strip().lower() in _NO_PATRONYMIC
        parts = (
            _part(surname, "surname_too_long"),
            _part(given, "given_too_long"),
            None if absent or patronymic is None else _part(patronymic, "patronymic_too_long"),
        )
        if len(parts[1]) == 1 and parts[2] is not None and len(parts[2]) == 1:
            raise InvalidName("initials")
        return cls(*parts)

    @classmethod
    def _too_few(cls, word: str) -> Self:
        _check_letters(word)
        raise InvalidName("given_missing")

    @property
    def canonical(self) -> str:
        return ", ".join(part for part in (self.surname, self.given, self.patronymic) if part is not None)

    @property
    def short(self) -> str:
        """«Анна И.»: enough for the person to know oneself, and no more."""
        return f"{self.given} {self.surname[0].upper()}."

    @property
    def masked(self) -> str:
        return self.short

    def __str__(self) -> str:
        return " ".join(part for part in (self.surname, self.given, self.patronymic) if part is not None)

    def same_as(self, other: "FullName") -> bool:
        """Whether two sources name one person, `е` and `ё` being the same letter to those who type."""
        return self.canonical.translate(_WITHOUT_YO) == other.canonical.translate(_WITHOUT_YO)


_WITHOUT_YO = str.maketrans("ёЁ", "еЕ")


def _has_surname_particle(words: list[str]) -> bool:
    """«ван Гог Винсент»: small letters tell that the surname has several words, but not how many."""
    return any(word in _SURNAME_PARTICLES for word in words) and not all(word.islower() for word in words)


def _part(raw: str, too_long: str) -> str:
    text = _tidy(line_of(raw, InvalidName))
    _check_letters(text)
    if len(text) > MAX_PART:
        raise InvalidName(too_long, max=str(MAX_PART))
    words = text.split(" ")
    cased = [_cased(word, first=not place, last=place == len(words) - 1) for place, word in enumerate(words)]
    return " ".join(cased)


def _tidy(text: str) -> str:
    joined = _AROUND_DASH.sub("-", plain_apostrophes(text).translate(_STRESS))
    return russian_words(joined).strip(" -")


def _check_letters(text: str) -> None:
    """Raises `InvalidName` with the most telling fault. What the look-alike rule left Latin lands here."""
    if any(map(is_latin, text)):
        raise InvalidName("latin")
    if any(character.isdigit() for character in text):
        raise InvalidName("digits")
    if "." in text and any(map(is_cyrillic, text)):
        raise InvalidName("initials")
    if not all(_WORD.fullmatch(word) for word in text.split(" ")):
        raise InvalidName("symbols")


def _cased(word: str, *, first: bool, last: bool) -> str:
    """Capital letters by Russian habit: after a dash, after О' and Д', and not in particles that were typed small."""
    if word in _SURNAME_PARTICLES and not last:
        return word
    return "-".join(_cased_piece(piece, first=first and not place) for place, piece in enumerate(word.split("-")))


def _cased_piece(piece: str, *, first: bool) -> str:
    lower = piece.lower()
    if lower in _PATRONYMIC_PARTICLES and not first:
        return lower
    head, apostrophe, tail = lower.partition("'")
    return head.capitalize() + apostrophe + (tail.capitalize() if len(head) == 1 else tail)
