"""The words of lines under short keyed hashes: what is sealed can be searched, and what was found is opened and looked at."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.domain.conversation import Line
from core.ports import BlindIndexes
from core.storage.base import table_of
from core.storage.conversation.rows import WordRow

WORDS = table_of(WordRow)
FIELD, LENGTH = "line word", 2
"""Two bytes: many words share a hash, so that none proves that a word was said."""
MOST = 200
"""Words of one line that can be found."""
_WORD = re.compile(r"\w+")
_ENDINGS = re.compile(
    "(?:"
    "иями|ями|ами|ией|иям|ием|иях|ыми|ими|ого|его|ому|ему|ешь|ишь|ете|ите|ала|яла|ила|али|яли|или|ать|ять|ить|еть|"
    "ует|уют|ишь|аю|яю|ею|ает|яет|ают|яют|ах|ях|ев|ов|ие|ье|ьи|ии|ий|ый|ой|ей|ое|ее|ая|яя|ую|юю|ою|ею|ия|ья|ию|ью|"
    "ем|ом|ам|ям|им|ым|их|ых|ют|ут|ат|ят|ет|ит|ал|ял|ил|а|е|и|й|о|у|ы|ь|ю|я"
    ")$"
)
_ENGLISH = re.compile("(?:ing|ed|es|s)$")
SHORTEST = 3
REFLEXIVE = ("ться", "тся", "лся", "лась", "лось", "лись", "усь", "юсь", "тесь")


def stems(text: str) -> frozenset[str]:
    """Return the words of a text without their endings: near enough for looking a word up in whatever form."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold().replace("ё", "е")):
        endings = _ENGLISH if word.isascii() else _ENDINGS
        whole = word[:-2] if word.endswith(REFLEXIVE) else word
        stem = endings.sub("", whole)
        found.add(stem if len(stem) >= SHORTEST else word)
    return frozenset(found)


def indexed(indexes: BlindIndexes, text: str, field: str = FIELD) -> list[bytes]:
    """Return the hashes of a text's words under a field's key, each once; none of numbers: too few are possible to hide one."""
    words = sorted(stem for stem in stems(text) if not any(each.isdigit() for each in stem))[:MOST]
    return sorted({indexes.of(field, stem)[:LENGTH] for stem in words})


def in_words(line: Line) -> str:
    """Return what of a line can be found."""
    return f"{line.text} {line.file.name if line.file else ''}"


def says(line: Line, words: str) -> bool:
    """Whether an opened line really has all of the words."""
    return not line.unreadable and stems(words) <= stems(in_words(line))


def standing_in(line: ColumnElement[Any], words: Sequence[bytes]) -> ColumnElement[bool]:
    """The condition that a line has all of the words; nothing has none."""
    having = (
        select(WORDS.c.line)
        .where(WORDS.c.word.in_(words))
        .group_by(WORDS.c.line)
        .having(func.count() == max(1, len(words)))
    )
    return line.in_(having)
