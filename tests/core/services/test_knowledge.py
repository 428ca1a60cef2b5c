"""Questions answered from articles, rated without a name; articles written, proposed, published and retired at the desk."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.domain.actor import NotAllowed, Role, Staff, Visitor
from core.domain.audit import Operation
from core.domain.ids import ArticleId, ChatId
from core.domain.knowledge import (
    ArticleChanged,
    ArticleNotThere,
    Articles,
    ArticleState,
    BadArticle,
    Content,
    SlugTaken,
    Text,
    WrongArticleMove,
)
from core.domain.support import SupportTopic
from core.ports import Transaction
from core.services.knowledge import (
    AddArticle,
    ChooseAnswer,
    DropProposal,
    EditArticle,
    FindAnswers,
    ForgetAsked,
    ListArticles,
    PublishArticle,
    RateAnswer,
    ReadArticle,
    RecentAsked,
    RetireArticle,
    SearchArticles,
    SeedArticles,
    ViewArticle,
)
from core.services.staff import AddStaff
from core.storage.audit import AuditLineRow
from core.storage.knowledge import AskedRow
from core.storage.transaction import SqlTransaction
from tests.core.services.town import Town

PARKING = Content(
    SupportTopic.OTHER,
    "",
    Text("Где оставить велосипед", "У входа есть стойка.", ("велопарковка", "куда поставить велосипед")),
    Text("Where to leave a bicycle", "There is a stand at the door.", ("bicycle parking",)),
)
VISITOR = Visitor(ChatId(9))


async def member(town: Town, role: Role, login: str) -> Staff:
    made = await town.call(AddStaff, login, "Петрова Анна", role)
    return Staff(made.id, role)  # type: ignore[attr-defined]


async def the(town: Town, slug: str) -> ArticleId:
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        (found,) = [each.id for each in await (await scope.get(Articles)).all() if each.slug == slug]
    return found


async def test_a_question_is_answered_kept_sealed_for_a_day_and_told_to_whoever_takes_over(town: Town) -> None:
    await town.call(SeedArticles)
    citizen = await town.sign_in()
    answers = await town.call(FindAnswers, "ru", "хочу записатся к акулисту", citizen)
    assert answers.sure
    assert answers.articles[0].article == await the(town, "book")
    article = await town.call(ReadArticle, answers.articles[0].article, "en")
    assert (article.title, article.place) == ("How to book a doctor", "book")
    town.clock.turn(seconds=1)
    lost = await town.call(FindAnswers, "ru", "почём нынче гречка", citizen)
    assert not lost.sure
    assert await town.call(RecentAsked, citizen) == [
        ("хочу записатся к акулисту", "Как записаться к врачу"),
        ("почём нынче гречка", ""),
    ]
    assert await town.call(RecentAsked, Visitor(citizen.chat)) == [], "signed out, nothing is read"
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            rows = await transaction.session.scalars(select(AskedRow.words))
            assert all("записатся".encode() not in row for row in rows)
    town.clock.turn(hours=25)
    assert await town.call(RecentAsked, citizen) == []
    assert await town.call(ForgetAsked) == 2


async def test_after_two_answers_in_a_row_that_did_not_help_an_operator_is_offered(town: Town) -> None:
    await town.call(SeedArticles)
    first = await town.call(FindAnswers, "ru", "как записаться к врачу", VISITOR)
    assert not await town.call(RateAnswer, VISITOR, first.asked, helped=False)
    town.clock.turn(seconds=1)
    second = await town.call(FindAnswers, "ru", "как отменить запись", VISITOR)
    assert not second.operator
    assert await town.call(RateAnswer, VISITOR, second.asked, helped=False)
    town.clock.turn(seconds=1)
    third = await town.call(FindAnswers, "ru", "как перенести запись", VISITOR)
    assert not await town.call(RateAnswer, VISITOR, third.asked, helped=True)
    town.clock.turn(seconds=1)
    assert not (await town.call(FindAnswers, "ru", "абракадабра шлямбур", VISITOR)).operator
    town.clock.turn(seconds=1)
    assert (await town.call(FindAnswers, "ru", "абракадабра шлямбур", VISITOR)).operator, "lost twice as well"


async def test_an_answer_is_counted_once_a_question_and_only_by_the_chat_that_asked(town: Town) -> None:
    await town.call(SeedArticles)
    senior = await member(town, Role.SENIOR, "older")
    asked = await town.call(FindAnswers, "ru", "как записаться к врачу", VISITOR)
    await asyncio.gather(*(town.call(RateAnswer, VISITOR, asked.asked, helped=True) for _ in range(4)))
    await town.call(RateAnswer, Visitor(ChatId(10)), asked.asked, helped=False)
    book = (await town.call(ViewArticle, senior, asked.articles[0].article)).article
    assert (book.helped, book.unhelped) == (1, 0)
    other = asked.articles[1].article
    await town.call(ChooseAnswer, VISITOR, asked.asked, other)
    await town.call(RateAnswer, VISITOR, asked.asked, helped=False)
    assert (await town.call(ViewArticle, senior, other)).article.unhelped == 1


async def test_what_an_operator_writes_is_shown_once_a_senior_has_published_it(town: Town) -> None:
    operator, senior = await member(town, Role.OPERATOR, "younger"), await member(town, Role.SENIOR, "older")
    article = await town.call(AddArticle, operator, "bicycle", PARKING)
    assert not (await town.call(FindAnswers, "ru", "куда ставить велик и велосипед")).articles
    with pytest.raises(ArticleNotThere):
        await town.call(ReadArticle, article, "ru")
    with pytest.raises(NotAllowed):
        await town.call(PublishArticle, operator, article, 1)
    version = await town.call(PublishArticle, senior, article, 1)
    assert (await town.call(FindAnswers, "ru", "где поставить велосипед")).articles[0].article == article
    assert [each.article for each in await town.call(SearchArticles, operator, "en", "bicycles")] == [article]
    better = replace(PARKING, ru=replace(PARKING.ru, title="Стойка для самоката", askings=("самокат",)))
    version = await town.call(EditArticle, operator, article, better, version)
    assert (await town.call(ReadArticle, article, "ru")).title == "Где оставить велосипед", "it waits for a review"
    assert (await town.call(ViewArticle, senior, article)).content.ru.title == "Стойка для самоката"
    await town.call(PublishArticle, senior, article, version)
    shown = await town.call(ViewArticle, operator, article)
    assert shown.article.content.ru.title == "Стойка для самоката"
    assert shown.proposal is None
    assert {shown.names[each] for each in (shown.article.edited_by, shown.article.reviewed_by)} == {"younger", "older"}
    assert (await town.call(FindAnswers, "ru", "самокаты")).sure, "the index is that of the new text"


async def test_a_proposal_can_be_dropped_and_a_retired_article_is_not_found(town: Town) -> None:
    operator, senior = await member(town, Role.OPERATOR, "younger"), await member(town, Role.SENIOR, "older")
    other = await member(town, Role.OPERATOR, "other")
    article = await town.call(AddArticle, senior, "bicycle", PARKING)
    version = await town.call(PublishArticle, senior, article, 1)
    version = await town.call(EditArticle, operator, article, replace(PARKING, place="help"), version)
    with pytest.raises(ArticleNotThere):
        await town.call(DropProposal, other, article, version)
    version = await town.call(DropProposal, operator, article, version)
    with pytest.raises(NotAllowed):
        await town.call(RetireArticle, operator, article, version)
    version = await town.call(RetireArticle, senior, article, version)
    assert not (await town.call(FindAnswers, "ru", "велопарковка")).articles
    with pytest.raises(WrongArticleMove):
        await town.call(RetireArticle, senior, article, version)
    await town.call(PublishArticle, senior, article, version)
    assert (await town.call(FindAnswers, "ru", "велопарковка")).sure
    states = [each.article.state for each in await town.call(ListArticles, operator, ArticleState.REVIEWED)]
    assert states == [ArticleState.REVIEWED]


async def test_of_two_who_edit_at_once_the_second_is_told_to_look_again(town: Town) -> None:
    one, two = await member(town, Role.SENIOR, "one"), await member(town, Role.ADMINISTRATOR, "two")
    article = await town.call(AddArticle, one, "bicycle", PARKING)
    outcomes = await asyncio.gather(
        *(town.call(EditArticle, each, article, PARKING, 1) for each in (one, two)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["ArticleChanged", "int"]
    with pytest.raises(ArticleChanged):
        await town.call(PublishArticle, one, article, 1)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.REGISTRAR, Role.DOCTOR, Role.AUDITOR])
async def test_others_of_the_staff_have_no_articles(town: Town, role: Role) -> None:
    stranger = await member(town, role, "stranger")
    for attempt in (
        town.call(ListArticles, stranger),
        town.call(SearchArticles, stranger, "ru", ""),
        town.call(AddArticle, stranger, "bicycle", PARKING),
    ):
        with pytest.raises(NotAllowed):
            await attempt


async def test_what_will_not_do_is_named(town: Town) -> None:
    senior = await member(town, Role.SENIOR, "older")
    for slug, content, field in (
        ("not a slug", PARKING, "slug"),
        ("bicycle", replace(PARKING, place="nowhere"), "place"),
        ("bicycle", replace(PARKING, en=Text(" ", "x")), "en.title"),
        ("bicycle", replace(PARKING, ru=Text("x", "ж" * 2_501)), "ru.body"),
    ):
        with pytest.raises(BadArticle) as fault:
            await town.call(AddArticle, senior, slug, content)
        assert fault.value.field == field
    await town.call(AddArticle, senior, "bicycle", PARKING)
    with pytest.raises(SlugTaken):
        await town.call(AddArticle, senior, "bicycle", PARKING)


async def test_the_products_own_articles_come_once_and_what_the_desk_changed_stays(town: Town) -> None:
    both = await asyncio.gather(town.call(SeedArticles), town.call(SeedArticles), return_exceptions=True)
    assert max(each for each in both if isinstance(each, int)) > 60
    assert await town.call(SeedArticles) == 0
    senior, price = await member(town, Role.SENIOR, "older"), await the(town, "price")
    edited = replace((await town.call(ViewArticle, senior, price)).article.content, place="help")
    version = await town.call(EditArticle, senior, price, edited, 1)
    await town.call(PublishArticle, senior, price, version)
    async with town.container() as scope:
        articles = await scope.get(Articles)
        async with await scope.get(Transaction):
            attach = await articles.get(await_id := (await _by_slug(articles, "attach")))
            await articles.change(replace(attach, content=PARKING, seeded="an older text"))
    assert await town.call(SeedArticles) == 1
    assert (await town.call(ReadArticle, await_id, "ru")).title == "Прикрепиться к поликлинике, сменить врача"
    assert (await town.call(ReadArticle, price, "ru")).place == "help"


async def _by_slug(articles: Articles, slug: str) -> ArticleId:
    (found,) = [each.id for each in await articles.all() if each.slug == slug]
    return found


async def test_every_change_is_in_the_journal(town: Town) -> None:
    senior = await member(town, Role.SENIOR, "older")
    article, version = await town.call(AddArticle, senior, "bicycle", PARKING), 1
    for use_case, more in (
        (EditArticle, (PARKING,)),
        (PublishArticle, ()),
        (EditArticle, (PARKING,)),
        (DropProposal, ()),
        (RetireArticle, ()),
    ):
        town.clock.turn(seconds=1)
        version = await town.call(use_case, senior, article, *more, version)  # type: ignore[arg-type]
    assert await operations(town) == [
        Operation.ARTICLE_ADDED,
        Operation.ARTICLE_EDITED,
        Operation.ARTICLE_PUBLISHED,
        Operation.ARTICLE_PROPOSED,
        Operation.ARTICLE_PROPOSAL_DROPPED,
        Operation.ARTICLE_RETIRED,
    ]


async def operations(town: Town) -> list[str]:
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            rows = await transaction.session.scalars(select(AuditLineRow.operation).order_by(AuditLineRow.at))
            return [each for each in rows if each.startswith("knowledge.")]
