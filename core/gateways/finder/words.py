"""Words as they are compared: Russian ones in their dictionary form, English ones by their stem, kin ones as one more term."""

import re
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import pymorphy3
import snowballstemmer


def _lines(name: str) -> list[str]:
    return (files("core.gateways.finder") / name).read_text("utf-8").splitlines()


SAID_AS_ONE = (
    (re.compile(r"\b(?:can['’]?t|cannot)\b"), "can not"),
    (re.compile(r"\bwon['’]?t\b"), "will not"),
    (re.compile(r"\b(do|does|did|is|was|have|has|had|could|would|should)n['’]?t\b"), r"\1 not"),
    (re.compile(r"\b([a-z]+)['’](?:s|m|re|ve|ll|d)\b"), r"\1"),
    (re.compile(r"учетн\w* запис\w*|личн\w* кабинет\w*"), "учетка"),
    (re.compile(r"до сих пор|до сих"), "долго"),
    (re.compile(r"горяч\w* лини\w*|колл? ?центр\w*"), "горячая"),
    (re.compile(r"\bмед(?:ицинск\w*)? карт"), "медкарт"),
    (re.compile(r"электронн\w* карт"), "медкарт"),
    (re.compile(r"\bэл почт|электронн\w* почт"), "почт"),
    (re.compile(r"\bты (?:умеешь|можешь)\b|\bты на что способ\w+"), "умеешь"),
    (re.compile(r"\bсрок (?:закончил|кончил|вышел|истек)\w*|\b(?:закончил|кончил|вышел|истек)\w* срок\b"), "просрочен"),
    (re.compile(r"\be-?mail\b|\bе-?мейл\w*|\bимейл\w*"), "почта"),
    (re.compile(r"\bмне (?:уже )?\d+ (?:лет|год\w*)\b|\bу меня так(?:ая|ой) (?:проблема|вопрос|ситуация|беда)\b"), " "),
    (re.compile(r"\bдобр(?:ый|ое|ого) (?:день|дня|вечер|вечера|утро|утра|времени суток)\b"), " "),
)
"""Several words that are one, or none: a greeting, one's age."""
WORD = re.compile(r"[a-zа-я0-9]+")

LIKELY = 0.15
"""How likely a reading of a word is, at least, by the dictionary's own count."""
ROOT = 5
"""Letters that kin words share at their beginning: подтвердить, подтверждение."""
CYRILLIC = re.compile(r"[а-я]")
BY_EAR = str.maketrans("оеяэыйщ", "аиииииш")
"""Vowels and consonants that are written for one another by ear."""
EMPTY = frozenset(word for line in _lines("empty.txt") for word in line.split())
"""Words that say nothing of what is asked; dictionary forms."""

ELSEWHERE = frozenset(word for line in _lines("elsewhere.txt") for word in line.split())
"""Words of other things than ours: what has one that the nearest article has not is probably not for it."""

SAME = dict(line.split(": ", 1) for line in _lines("same.txt"))
"""A word, and others that stand for the very same thing here: they are taken for it."""
KIN = dict(line.split(": ", 1) for line in _lines("kin.txt"))
"""A term, and words that people say for it. A word may have several; each adds a term, none takes the word's own away."""


@cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")


STEMMING = threading.Lock()
"""A stemmer keeps its word in itself: one at a time."""


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    stemmed: Callable[[str], str] = snowballstemmer.stemmer(language).stemWord
    return stemmed


def stem(language: str, word: str) -> str:
    """Return a word without its endings."""
    with STEMMING:
        return _stemmer(language)(word)


@cache
def _same() -> dict[str, str]:
    return {
        form: _forms(head)[0] for head, words in SAME.items() for word in words.split() for form in _forms(word)[:1]
    }


@cache
def elsewhere() -> frozenset[str]:
    """Return the dictionary forms of ELSEWHERE."""
    return frozenset(forms(word)[0] for word in ELSEWHERE)


@cache
def _kin() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for head, words in KIN.items():
        for word in (head, *words.split()):
            for form in forms(word):
                found.setdefault(form, set()).add(f"~{head}")
    return {word: frozenset(heads) for word, heads in found.items()}


def prepare() -> None:
    """Read the dictionaries."""
    forms("слово")


def split(text: str) -> list[str]:
    """Return the words as they are written, in small letters, ё as е."""
    plain = text.lower().replace("ё", "е")
    for several, one in SAID_AS_ONE:
        plain = several.sub(one, plain)
    return WORD.findall(plain)


@lru_cache(maxsize=50_000)
def forms(word: str) -> tuple[str, ...]:
    """Return the dictionary forms that a word may come from, the likeliest first."""
    return tuple(dict.fromkeys(_same().get(each, each) for each in _forms(word)))


def _forms(word: str) -> tuple[str, ...]:
    if not CYRILLIC.search(word):
        return (stem("english", word),)
    if not _morphology().word_is_known(word):
        return (stem("russian", word),)
    parsed = _morphology().parse(word)
    likely = [each for each in parsed if each.score >= LIKELY] or parsed[:1]
    return tuple(dict.fromkeys(_plain(str(each.normal_form)) for each in likely))


def _plain(form: str) -> str:
    """Return a dictionary form with ё as е, and a verb without its reflexive ending: people use both ways for one thing."""
    form = form.replace("ё", "е")
    return form[:-2] if form.endswith(("ться", "тись", "чься")) else form


def sound(word: str) -> str:
    """Return how it is said, roughly: what people who write by ear mistake for one another is one letter."""
    return word.translate(BY_EAR)


@lru_cache(maxsize=50_000)
def is_known(word: str) -> bool:
    """Whether the Russian dictionary has it; what is not Russian counts as known when it is a number."""
    return word.isdigit() or (bool(CYRILLIC.search(word)) and bool(_morphology().word_is_known(word)))


def kin_of(form: str) -> Iterator[str]:
    """Yield the terms that a dictionary form stands for besides itself."""
    yield from _kin().get(form, ())
    yield from root_of(form)


def root_of(form: str) -> Iterator[str]:
    """Yield the term of its beginning, which words of one root share."""
    if len(form) > ROOT and CYRILLIC.search(form):
        yield f"~^{form[:ROOT]}"


def plain_forms(words: Sequence[str], preferred: Collection[str] = ()) -> list[str]:
    """Return the words' dictionary forms without empty ones; of several one of `preferred` is taken."""
    found = []
    for word in words:
        several = forms(word)
        form = next((each for each in several if each in preferred), several[0])
        if form not in EMPTY:
            found.append(form)
    return found


def terms(words: Sequence[str]) -> list[str]:
    """Return what the words are compared by."""
    return [term for form in plain_forms(words) for term in (form, *kin_of(form))]
