"""How typed text is read before a rule looks at it: what can only mean one thing is turned into that thing.

Pasted text brings non-breaking and zero-width spaces, dashes of all kinds, full-width digits; fingers type О for 0, l
for 1 and Latin letters inside Russian words. Everything here takes time linear in the length, and the length is capped
first.
"""

import re
import unicodedata

from .errors import InvalidValue

MAX_INPUT = 4096
"""Characters: as long as one Telegram message. A longer text is refused before any pattern is tried on it."""

DIGIT_LOOK_ALIKES = str.maketrans(
    {**dict.fromkeys("ОоOoΟο", "0"), **dict.fromkeys("lI|ІіӀӏ", "1"), **dict.fromkeys("Зз", "3")}
)
LATIN_TO_CYRILLIC = str.maketrans("ABCEHKMOPTXYËaceopxykë", "АВСЕНКМОРТХУЁасеорхукё")
CYRILLIC_TO_LATIN = str.maketrans("АВЕКМНОРСТХУ", "ABEKMHOPCTXY")

_SEPARATORS = str.maketrans("", "", " -.,:;/_()№")
_DASHES = frozenset("−⁃˗➖‑")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´ʹ′＇", "'"))
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Me"})
_WORD = re.compile(r"[^\W\d_]+")
_SPACES = re.compile(r" +")


def clean(raw: str) -> str:
    """One line of visible characters: composed letters, plain spaces, dashes and digits; no control, no bidi."""
    visible = "".join(_plain(character) for character in raw)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip()


def _plain(character: str) -> str:
    if " " <= character <= "~":
        return character
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category in _INVISIBLE or "\ufe00" <= character <= "\ufe0f":
        return ""
    if category == "Pd" or character in _DASHES:
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0)
    return character


def line_of(raw: str, error: type[InvalidValue]) -> str:
    """The typed line, cleaned; raises `error` with the fault `too_long` or `empty`."""
    if len(raw) > MAX_INPUT:
        raise error("too_long")
    text = clean(raw)
    if not text:
        raise error("empty")
    return text


def labels(*words: str) -> re.Pattern[str]:
    """A pattern for words that people put beside a number («СНИЛС: …»); they say nothing and are dropped.

    A digit may touch such a word (`4510N123456`), another letter or a dash may not.
    """
    return re.compile(rf"(?<![^\W\d])(?<!-)(?:{'|'.join(words)})(?![^\W\d]|-)", re.IGNORECASE)


def digits_of(raw: str, error: type[InvalidValue], said: re.Pattern[str] | None = None) -> str:
    """Only the digits of a number; raises `error` with the fault `too_long`, `empty` or `not_digits`."""
    text = line_of(raw, error)
    return digits_in(said.sub(" ", text) if said else text, error)


def digits_in(text: str, error: type[InvalidValue]) -> str:
    """The digits of cleaned text. A letter that looks like a digit is read as one only where digits prevail."""
    packed = text.translate(_SEPARATORS)
    if not packed:
        raise error("empty")
    digits = packed.translate(DIGIT_LOOK_ALIKES)
    certain = sum(character in "0123456789" for character in packed)
    if not is_digits(digits) or certain * 2 <= len(packed):
        raise error("not_digits")
    return digits


def is_digits(text: str) -> bool:
    """Whether the text is ASCII digits and nothing else."""
    return text.isascii() and text.isdigit()


def is_cyrillic(character: str) -> bool:
    return "\u0400" <= character <= "\u052f" and character.isalpha()


def is_latin(character: str) -> bool:
    return character.isalpha() and "LATIN" in unicodedata.name(character, "")


def russian_words(text: str) -> str:
    """Latin look-alikes turned into Cyrillic letters in every word that is otherwise Cyrillic."""
    return _WORD.sub(lambda word: _russian(word[0]), text)


def _russian(word: str) -> str:
    fixed = word.translate(LATIN_TO_CYRILLIC)
    return fixed if any(map(is_cyrillic, word)) and all(map(is_cyrillic, fixed)) else word


def plain_apostrophes(text: str) -> str:
    return text.translate(_APOSTROPHES)
