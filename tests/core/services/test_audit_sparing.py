"""What pages do by themselves stands in the journal, and does not drown it."""

from core import ports
from core.domain.actor import Role, Staff
from core.domain.audit import SHOWN, Entry, Reading, Sought
from core.domain.conversation import ConversationState
from core.domain.ids import AccountId, new_id
from core.services.audit import AuditPage, ReadAudit
from core.services.broadcast import ListBroadcasts
from core.services.conversation import EndConversation, KeepDraft, MarkRead, QueueFilter, ViewQueue
from core.services.knowledge import ListArticles, SearchArticles, ViewArticle
from core.services.live import FollowDesk
from tests.core.services.talking import a_visitor, an_operator, call, says, take
from tests.core.services.town import START, Town


async def lines(town: Town, operation: str, **sought: object) -> list[Entry]:
    async with town.container() as scope, (await scope.get(ports.Transaction)).looking():
        wanted = Sought(operation=operation, **sought)  # type: ignore[arg-type]
        return list(await (await scope.get(Reading)).page(wanted, None, 100))


async def test_drafts_and_marks_of_reading_stand_in_the_persons_journal_once_in_ten_minutes(town: Town) -> None:
    anna, zoya = await town.sign_in(), await an_operator(town)
    held = await take(town, zoya, await call(town, anna, words="Где полис?"))
    for number in range(3):
        await says(town, anna, "Жду", number)
        await town.call(MarkRead, zoya, held.id, held.lines + number + 1)
        await town.call(KeepDraft, zoya, held.id, "Сейчас посмотрю"[: 5 + number])
        town.clock.turn(minutes=3)
    for operation in ("conversation.read", "conversation.drafted"):
        (line,) = await lines(town, operation, person=anna.account)
        assert (line.actor, line.details) == (f"staff:{zoya.staff}", {"conversation": str(held.id)})
    town.clock.turn(minutes=10)
    await town.call(KeepDraft, zoya, held.id, "")
    assert len(await lines(town, "conversation.drafted")) == 2


async def test_following_a_person_finds_who_was_shown_their_words_in_the_queue(town: Town) -> None:
    anna, visitor = await town.sign_in(), await a_visitor(town)
    zoya, vera = await an_operator(town), await an_operator(town, "vera", "Вера Котова", Role.SENIOR)
    stranger, auditor = await town.sign_in(3, subject="stranger"), Staff(vera.staff, Role.AUDITOR)
    asked = await call(town, anna, words="Где полис?")
    for _ in range(3):
        await town.call(ViewQueue, zoya)
    other = await call(town, visitor, words="Где запись?")
    await town.call(ViewQueue, zoya)
    await town.call(ViewQueue, vera)
    named = [
        (each.actor, each.subject, each.details[SHOWN].split()) for each in await lines(town, "conversation.listed")
    ]
    assert {subject for _, subject, _ in named} == {"-"}
    assert sorted((actor, *sorted(ids)) for actor, _, ids in named) == sorted(
        [(f"staff:{zoya.staff}", str(asked)), (f"staff:{zoya.staff}", str(other)),
         (f"staff:{vera.staff}", *sorted((str(asked), str(other))))]
    )  # fmt: skip

    async def followed(person: AccountId) -> set[str]:
        page = await town.call(ReadAudit, auditor, Sought(operation="conversation.listed", person=person))
        assert isinstance(page, AuditPage)
        return {each.actor for each in page.entries}

    assert await followed(anna.account) == {f"staff:{zoya.staff}", f"staff:{vera.staff}"}
    assert await followed(stranger.account) == set()
    town.clock.turn(hours=1, seconds=1)
    await town.call(ViewQueue, zoya)
    assert len(await lines(town, "conversation.listed")) == 4


async def test_a_conversation_that_is_over_is_named_on_its_account(town: Town) -> None:
    anna, zoya = await town.sign_in(), await an_operator(town)
    held = await take(town, zoya, await call(town, anna))
    await town.call(EndConversation, zoya, held.id)
    for _ in range(2):
        await town.call(ViewQueue, zoya, narrowed=QueueFilter(states=frozenset({ConversationState.ENDED})))
    (line,) = await lines(town, "conversation.listed")
    assert (line.subject, line.details) == (f"account:{anna.account}", {"conversation": str(held.id)})


async def test_an_empty_queue_that_refreshes_itself_is_one_line(town: Town) -> None:
    zoya = await an_operator(town)
    for _ in range(3):
        await town.call(ViewQueue, zoya)
    assert [each.details for each in await lines(town, "conversation.listed")] == [{}]


async def test_a_stream_is_one_line_for_each_session_and_hour(town: Town) -> None:
    zoya = await an_operator(town)
    desk, tablet = new_id(START), new_id(START)
    for session in (desk, desk, tablet, desk):
        await town.call(FollowDesk, zoya, session)
    assert sorted(each.details["session"] for each in await lines(town, "desk.")) == sorted(map(str, (desk, tablet)))
    town.clock.turn(hours=1, seconds=1)
    await town.call(FollowDesk, zoya, desk)
    assert len(await lines(town, "desk.stream_opened")) == 3


async def test_reading_articles_and_broadcasts_leaves_lines(town: Town) -> None:
    zoya, olga = await an_operator(town), await an_operator(town, "olga", "Ольга", Role.ADMINISTRATOR)
    articles = await town.call(ListArticles, zoya)
    for each in list(articles)[:1]:  # type: ignore[call-overload]
        await town.call(ViewArticle, zoya, each.article.id)
    for words in ("п", "по", "пол"):
        await town.call(SearchArticles, zoya, "ru", words)
    for _ in range(2):
        await town.call(ListBroadcasts, olga)
    told = [each.operation for each in await lines(town, "knowledge.")]
    assert (told.count("knowledge.list_viewed"), told.count("knowledge.searched")) == (1, 1)
    assert [each.actor for each in await lines(town, "broadcast.")] == [f"staff:{olga.staff}"]
