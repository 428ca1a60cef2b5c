"""Search by name, typing errors forgiven: ё and е, a forgotten layout, a letter too few or too many, words in any order."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

LIKE = 74.0
"""From this likeness on, 0 to 100, a name was probably meant."""
MARGIN = 14.0
"""Beside a good hit a faint likeness only puzzles."""
SHORT = 3
"""Words up to this length are read as they are: «СОЭ» is not «СКФ»."""
MOST = 64
"""Nobody names a result in more letters."""
LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
TO_RUSSIAN = str.maketrans(LATIN, RUSSIAN)
TO_LATIN = str.maketrans(RUSSIAN, LATIN)


def likeness(typed: str, names: Iterable[str]) -> float:
    """Return from 0 to 100 how likely one of these names was meant."""
    readings = [words for words in map(_words, _layouts(typed[:MOST].casefold())) if words]
    known = [_words(name.casefold()) for name in names]
    return max((_alike(read, name) for read in readings for name in known if name), default=0.0)


def likeliest(scores: Sequence[float]) -> list[int]:
    """Return the positions of what was probably meant, the likeliest first; none when nothing is like it."""
    best = max(scores, default=0.0)
    found = [place for place, score in enumerate(scores) if score >= LIKE and best - score <= MARGIN]
    return sorted(found, key=lambda place: -scores[place])


def _layouts(typed: str) -> set[str]:
    return {typed, typed.translate(TO_RUSSIAN), typed.translate(TO_LATIN)}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("ё", "е"))


def _alike(read: list[str], name: list[str]) -> float:
    """Return how well each word that was typed is found in the name; a name that says no more is a little likelier."""
    found = [max(_word(word, other) for other in name) for word in read]
    worst, whole = min(found), fuzz.ratio("".join(read), "".join(name))
    return worst * 0.9 + whole * 0.1 if worst >= LIKE else 0.0


def _word(typed: str, word: str) -> float:
    if word == typed:
        return 100.0
    if len(typed) >= SHORT and word.startswith(typed):
        return 97.0
    if len(typed) <= SHORT:
        return 0.0
    # The beginning of a long word, with an error in it: «холистер».
    begun = fuzz.ratio(typed, word[: len(typed) + 1]) - 4 if len(typed) >= SHORT + 2 else 0.0
    return max(fuzz.ratio(typed, word), begun)
