"""What codes are called: by the Russian name where it is known, else by the words that came with the code; never guessed.

`names.txt` has a line a code: system, code, English, Russian, what else people call it, separated by tabs. It covers
every laboratory and vital name, every kind of visit, diagnosis and vaccine, and the frequent procedures of the sample
bundles, and the ICD-10 codes of the samples. An English reader sees the words that came.
"""

from functools import cache
from pathlib import Path

from core.domain.record.coding import CVX, ICD10, LOINC, SNOMED, Coding

NAMES = Path(__file__).with_name("names.txt")
UNKNOWN = ("", "", "")
SYSTEMS = {"loinc": LOINC, "snomed": SNOMED, "cvx": CVX, "icd10": ICD10}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
"""Some senders break long names by letters that nobody sees."""
MOST = 200
"""Longer words that came with a code are cut for the screen."""


def name_of(coding: Coding, language: str) -> str:
    """Return what a code is called in a language; the code itself where no words came and none are known."""
    english, russian, _ = table().get((coding.system, coding.code), UNKNOWN)
    display = tidy(coding.display)
    return (russian or display if language == "ru" else display or english) or coding.code


def answer_of(text: str, language: str) -> str:
    """Return an answer that came in words («Never smoker») in a language, where exactly these words are known."""
    said = tidy(text)
    return answers().get(said.casefold(), said) if language == "ru" else said


def known_names(coding: Coding) -> tuple[str, ...]:
    """Return everything that a code is called, for search: Russian, the words that came, English, and what people say."""
    english, russian, others = table().get((coding.system, coding.code), UNKNOWN)
    every = (russian, tidy(coding.display), english, *others.split(", "))
    return tuple(dict.fromkeys(each for each in every if each))


def tidy(words: str) -> str:
    """Return words without invisible letters, in one line, at a bearable length."""
    line = " ".join(words.translate(INVISIBLE).split())
    return line if len(line) <= MOST else line[: MOST - 1] + "…"


@cache
def table() -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return (system, code) → (English, Russian, what else people call it)."""
    lines = [line.split("\t") for line in NAMES.read_text("utf-8").splitlines()]
    return {(SYSTEMS[system], code): (english, russian, others) for system, code, english, russian, others in lines}


@cache
def answers() -> dict[str, str]:
    """Return English words of findings → Russian."""
    return {english.casefold(): russian for (system, _), (english, russian, _) in table().items() if system == SNOMED}
