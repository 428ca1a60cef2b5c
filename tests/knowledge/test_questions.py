"""How well everyday questions are answered: a floor under what the bench prints."""

import pytest

from core.domain.knowledge import seeds
from core.gateways.finder import LocalFinder
from tests.knowledge.questions import NOBODY, articles, elsewhere, questions, score

HELD_OUT = (
    "held_out",
    "held_out_second",
    "held_out_third",
    "strangers_held_out",
    "voices_held_out",
    "fresh",
    "fresh_second",
)
RUSSIAN = ("tuning", "tuning_second", "strangers_tuning", "voices_tuning", *HELD_OUT)
ENGLISH_HELD_OUT = ("english_voices_held_out", "english_fresh")
SETS = (*RUSSIAN, "english", "english_voices_tuning", *ENGLISH_HELD_OUT)


def test_the_questions_are_apart_from_one_another_and_from_what_the_articles_say() -> None:
    slugs = {each.slug for each in seeds()}
    texts = [text for each in seeds() for text in (each.content.ru, each.content.en)]
    known = {asking.lower() for text in texts for asking in text.askings}
    asked = [each for name in RUSSIAN for each in questions(name)]
    assert len(asked) >= 200
    assert len({each.words for each in asked}) == len(asked)
    assert {each.slug for name in SETS for each in questions(name)} <= slugs | {NOBODY}
    assert {each.slug for each in asked} == slugs | {NOBODY}, "every article is asked for"
    held_out = [each.words for name in (*HELD_OUT, *ENGLISH_HELD_OUT) for each in questions(name)]
    assert [words for words in held_out if words.lower() in known] == []


def test_questions_that_nobody_tuned_on_are_answered_right_at_first() -> None:
    found = score(questions("held_out"))
    assert found.first >= 0.85
    assert found.shown_right >= 0.8
    assert found.shown_wrong <= 0.06


@pytest.mark.parametrize(
    ("name", "first", "shown"),
    [
        ("held_out_second", 0.88, 0.83),
        ("held_out_third", 0.81, 0.75),
        ("strangers_held_out", 0.85, 0.78),
        ("voices_held_out", 0.88, 0.74),
        ("fresh", 0.77, 0.4),
        ("fresh_second", 0.74, 0.44),
    ],
)
def test_later_questions_that_nobody_tuned_on_are_answered_too(name: str, first: float, shown: float) -> None:
    found = score(questions(name))
    assert found.first >= first
    assert found.shown_right >= shown
    assert found.shown_wrong <= 0.1
    assert found.strange_shown <= max(2, found.strange // 5)


def test_english_questions_are_answered_too() -> None:
    assert score(questions("english")).first >= 0.9


@pytest.mark.parametrize(("name", "first"), [("english_voices_held_out", 0.74), ("english_fresh", 0.67)])
def test_english_questions_that_nobody_tuned_on_are_answered_too(name: str, first: float) -> None:
    found = score(questions(name))
    assert found.first >= first
    assert found.shown_wrong <= 0.1
    assert found.strange_shown <= 1


def test_what_is_about_other_things_is_mostly_not_answered() -> None:
    finder, every = LocalFinder(), articles()
    answered = [words for words in elsewhere() if finder.found(words, 1, every).sure]
    assert len(answered) <= len(elsewhere()) // 8, answered
