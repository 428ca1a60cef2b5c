"""The desk's words: which language, and how time and sizes are said."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from api.rendering import environment
from api.words import Words, preferred
from bot.words import GettextWording
from tests.api.office import MORNING

LOCALES = Path(__file__).parents[2] / "locales"


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", None),
        ("ru", "ru"),
        ("de;q=0.5, en-GB", "en-GB"),
        ("en;q=0.1,ru;q=0.9", "ru"),
        ("*", None),
        ("en;q=x, ru;q=0.1", "ru"),
    ],
)
def test_the_best_liked_language_counts(header: str, tag: str | None):
    assert preferred(header) == tag


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=59), "меньше минуты"),
        (timedelta(minutes=1, seconds=59), "1 мин"),
        (timedelta(minutes=59, seconds=59), "59 мин"),
        (timedelta(hours=2), "2 ч"),
        (timedelta(hours=23, minutes=59), "23 ч 59 мин"),
        (timedelta(hours=47), "1 день"),
        (timedelta(days=45), "45 дней"),
        (timedelta(seconds=-3), "меньше минуты"),
    ],
)
def test_a_wait_is_never_said_longer_than_it_is(span: timedelta, said: str):
    words = Words("ru", GettextWording())
    assert words.wait(MORNING - span, MORNING).replace("\N{NO-BREAK SPACE}", " ") == said


def test_sizes_are_said_as_people_read_them():
    words = Words("ru", GettextWording())
    assert [words.size(count) for count in (1, 61_000, 1_258_291, 5 * 1024 * 1024)] == [
        "1 КБ",
        "60 КБ",
        "1,2 МБ",
        "5 МБ",
    ]


def keys(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((LOCALES / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            # Plurals are the bot's: pages say numbers by themselves.
            single = [message for message in read_po(file) if message.id and isinstance(message.id, str)]
            found |= {str(message.id): str(message.string) for message in single}
    return found


def test_both_languages_say_the_same_things_with_the_same_gaps():
    russian, english = keys("ru"), keys("en")
    assert russian.keys() == english.keys()
    for key, text in russian.items():
        assert text
        assert english[key]
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


def test_every_key_on_a_page_has_words():
    known = keys("ru")
    for name in environment.list_templates():
        source = Path(str(environment.get_template(name).filename)).read_text()
        for key in re.findall(r"""\bt\(["']([a-z_.]+)["'][,)]""", source):
            assert key in known, f"{name}: {key}"
        for stem in re.findall(r"""\bt\(["']([a-z_.]+\.)["'] ~""", source):
            assert any(key.startswith(stem) for key in known), f"{name}: {stem}"
