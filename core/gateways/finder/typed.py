"""What fingers did to a question: a forgotten keyboard layout, Russian in Latin letters, letters held down."""

import re
from collections.abc import Callable, Collection
from functools import lru_cache

from core.domain.record.search import TO_RUSSIAN
from core.gateways.finder.words import CYRILLIC, WORD, is_known, stem

HELD = re.compile(r"([^\W\d_])\1{2,}")
"""A letter three times or more: «гдеее», «ааа»."""
LATIN_ONLY = re.compile(r"[a-z\[\];',.`\"{}:<>~]+")
EDGES = ".,;:'\"!?()<>{}"
ENOUGH = 0.5
"""The share of letters that must stand in Russian words before a whole question is read in another way."""
LONGEST_BY_ITSELF = 3
"""A word no longer than this is not read in another way by itself, only with the whole question."""
READINGS = 48
"""How many ways of reading a word in Latin letters are tried."""
VOWELS = tuple("aeiouy")
SPELLED = {
    "shch": ("щ",), "sch": ("щ", "сч"), "zh": ("ж",), "kh": ("х",), "ts": ("ц", "тс"), "ch": ("ч",), "sh": ("ш",),
    "yo": ("е",), "jo": ("е",), "yu": ("ю",), "ju": ("ю",), "iu": ("ю",), "ya": ("я",), "ja": ("я",), "ia": ("я", "иа"),
    "tsya": ("тся", "ться"), "tsa": ("тся", "ться", "ца"), "ye": ("е",),
    "yi": ("ый",), "iy": ("ий",), "yj": ("ый",), "ij": ("ий",), "ck": ("к",),
    "a": ("а",), "b": ("б",), "c": ("ц", "с"), "d": ("д",), "e": ("е", "э"), "f": ("ф",), "g": ("г",), "h": ("х",),
    "i": ("и", "ы", "й"), "j": ("й", "ж"), "k": ("к",), "l": ("л", "ль"), "m": ("м",), "n": ("н", "нь"), "o": ("о",), "p": ("п",),
    "q": ("к",), "r": ("р",), "s": ("с", "сь"), "t": ("т", "ть"), "u": ("у",), "v": ("в",), "w": ("в", "ш"),
    "x": ("х", "кс"), "y": ("ы", "й"), "z": ("з",), "'": ("ь",), "4": ("ч",), "6": ("ш",),
}  # fmt: skip
"""How Russian is written in Latin letters; the longest at hand is read first. ё is е, as everywhere here."""


def as_meant(text: str, english: Collection[str]) -> str:
    """Return a question in small letters as it was meant. `english` are stems that count as English words."""
    plain = HELD.sub(r"\1", text.lower().replace("ё", "е"))
    latin = [each for each in plain.split() if LATIN_ONLY.fullmatch(each) or WORD.fullmatch(each.strip(EDGES))]
    latin = [each for each in latin if not CYRILLIC.search(each) and not each.isdigit()]
    if not latin:
        return plain
    whole = not CYRILLIC.search(plain)
    for read in (_in_layout, _spelled):
        if whole and _share(latin, read, english) >= ENOUGH:
            return " ".join(read(each)[0] for each in plain.split())
        if not whole:
            plain = " ".join(_alone(each, read, english) for each in plain.split())
    return plain


def _share(words: Collection[str], read: Callable[[str], tuple[str, bool]], english: Collection[str]) -> float:
    """Return the share of letters in words that are Russian when read so, and are no English ones as they stand."""
    good = sum(len(each) for each in words if read(each)[1] and not _is_english(each, english))
    return good / sum(map(len, words))


def _alone(word: str, read: Callable[[str], tuple[str, bool]], english: Collection[str]) -> str:
    if len(word) <= LONGEST_BY_ITSELF or CYRILLIC.search(word) or _is_english(word, english):
        return word
    meant, is_russian = read(word)
    return meant if is_russian else word


def _is_english(word: str, english: Collection[str]) -> bool:
    bare = word.strip(EDGES)
    return bool(bare) and stem("english", bare) in english


@lru_cache(maxsize=5_000)
def _in_layout(word: str) -> tuple[str, bool]:
    """Return a word as the same keys give it in Russian, and whether that is a Russian word."""
    if word.isdigit():
        return word, False
    for part in (word, word.rstrip(EDGES), word.strip(EDGES)):
        if part and _is_russian(meant := part.translate(TO_RUSSIAN)):
            return meant, True
    return word.translate(TO_RUSSIAN), False


@lru_cache(maxsize=5_000)
def _spelled(word: str) -> tuple[str, bool]:
    """Return a word in Russian letters, and whether that is a Russian word."""
    bare = word.strip(EDGES.replace("'", ""))
    if bare.isdigit() or CYRILLIC.search(bare):
        return word, False
    read = _readings(bare)
    known = next((each for each in read if _is_russian(each)), "")
    return known or read[0], bool(known)


def _readings(word: str) -> list[str]:
    """Return how a word may be read, the plainest first; before a vowel no letter is soft by a sign."""
    found, at = [""], 0
    while at < len(word):
        size = next((size for size in (4, 3, 2, 1) if word[at : at + size] in SPELLED), 1)
        letters = SPELLED.get(word[at : at + size], (word[at],))
        at += size
        if word[at : at + 1] in VOWELS:
            letters = letters[:1]
        found = [begun + each for each in letters for begun in found][:READINGS]
    return found


def _is_russian(word: str) -> bool:
    plain = word.replace("ё", "е")
    return bool(CYRILLIC.search(plain)) and WORD.fullmatch(plain) is not None and is_known(plain)
