"""Words are understood in any form and with typing errors; what is not understood is said to be so."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from core.domain.ids import ArticleId
from core.domain.knowledge import Article, ArticleState, Content, Text
from core.domain.support import SupportTopic
from core.gateways.finder import LocalFinder


def article(number: int, title: str, askings: tuple[str, ...], english: str = "Something") -> Article:
    content = Content(SupportTopic.OTHER, "", Text(title, "Текст.", askings), Text(english, "Text."))
    return Article(ArticleId(UUID(int=number)), f"a{number}", content, ArticleState.REVIEWED)


ARTICLES = [
    article(1, "Как перенести запись", ("перенести приём на другой день",), "How to move an appointment"),
    article(2, "Справка о прививках", ("справка о прививках для школы",), "Certificate of vaccinations"),
    article(3, "Как сменить телефон", ("поменять номер телефона",), "How to change the phone number"),
    article(4, "Карта ребёнка", ("медкарта для ребёнка",), "A card for a child"),
]


def nearest(words: str, articles: list[Article] | None = None) -> tuple[int | None, bool]:
    found = LocalFinder().found(words, 1, articles or ARTICLES)
    return (found.hits[0].article.int if found.hits else None), found.sure


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("перенесите мою запись", 1),
        ("перинести запесь", 1),
        ("приём перенесли", 1),
        ("прививок справку", 2),
        ("спраку о привифках", 2),
        ("телефонный номер поменялся", 3),
        ("ТЕЛЕФОН СМЕНИТЬ", 3),
        ("карта на дочку", 4),
        ("карты детям", 4),
        ("moving appointments", 1),
        ("vacination certificates", 2),
        ("gthtytcnb pfgbcm", 1),
        ("cghfdrf j ghbdbdrf[", 2),
        ("можно ghbdbdrb для школы", 2),
        ("smenit telefon", 3),
        ("spravka o privivkah", 2),
        ("гдеее справкааа о прививкахххх", 2),
        ("на другое число можно", 1),
        ("how do I move my appointment", 1),
        ("postpone it please", 1),
        ("on a different day please", 1),
        ("I can’t use my mobile’s number", 3),
        ("my daughter's card", 4),
        ("поменяйте мобилу", 3),
    ],
)
def test_any_form_layout_and_slip_of_the_finger_are_understood(words: str, number: int) -> None:
    assert nearest(words)[0] == number


@pytest.mark.parametrize("words", ["", "   ", "!!!", "😀", "курс биткоина на бирже", "и в на", "x" * 5_000, "0" * 300])
def test_what_says_nothing_of_the_articles_is_not_answered(words: str) -> None:
    assert nearest(words)[1] is False


def test_drafts_and_retired_articles_are_not_found() -> None:
    hidden = [
        replace(each, state=state) for each in ARTICLES[:1] for state in (ArticleState.DRAFT, ArticleState.RETIRED)
    ]
    assert nearest("перенести запись", hidden) == (None, False)


async def test_many_ask_at_once_while_articles_change_and_each_is_answered_of_its_own() -> None:
    finder = LocalFinder()
    await finder.prepare()
    asked = [finder.find("перенести запись", stamp % 3, ARTICLES if stamp % 3 else ARTICLES[1:]) for stamp in range(60)]
    for stamp, found in enumerate(await asyncio.gather(*asked)):
        assert (found.hits[0].article.int == 1 if found.hits else False) is bool(stamp % 3)


def test_what_is_probably_of_other_things_is_not_said_to_be_answered() -> None:
    for words in (
        "перенести запись в автосервис на маникюр",
        "справка о прививках для кошки",
        "сменить телефон на холодильник",
    ):
        assert nearest(words)[1] is False, words


@pytest.mark.parametrize(
    ("title", "slip", "other"),
    [
        ("Hospital of my county", "hospital of my coumty", "hospital of my country"),
        ("Percent of benefits", "persent of benefits", "present of benefits"),
    ],
)
def test_a_right_word_of_other_things_is_not_taken_for_a_slip_of_the_finger(title: str, slip: str, other: str) -> None:
    def likely(words: str) -> float:
        return LocalFinder().found(words, 1, [article(5, "Льготы", ("льготы",), title)]).hits[0].score

    assert likely(slip) > likely(other)


def test_a_list_of_bare_words_asks_nothing_and_is_not_said_to_be_answered() -> None:
    assert nearest("справка, прививках, школы")[1] is False
    assert nearest("справка о прививках, для школы")[1] is True


def test_a_score_tells_how_likely_an_article_answers() -> None:
    found = LocalFinder().found("как перенести запись", 1, ARTICLES)
    scores = [hit.score for hit in found.hits]
    assert 1 >= scores[0] >= 0.5
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] >= 0
