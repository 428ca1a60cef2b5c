"""A request as its citizen writes and follows it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.domain.document import BadFile
from core.domain.support import SupportTopic
from core.domain.ticket import (
    BadRating,
    DescriptionWanted,
    DraftGone,
    RemarkSide,
    TicketClosed,
    TicketNotThere,
    TicketState,
    TooLateToReopen,
    TooManyFiles,
    TooManyTickets,
    WordsWanted,
)
from core.services.application import ConfirmApplication, SendApplication
from core.services.consent import WithdrawConsent
from core.services.ticket import (
    AddRemark,
    AnswerTicket,
    AskInTicket,
    AttachToTicket,
    BeginTicket,
    CloseTicket,
    DescribeTicket,
    DropTicketDraft,
    ListTickets,
    NameEarlier,
    NoteInTicket,
    OpenOwnTicketFile,
    RateTicket,
    ReopenTicket,
    SendTicket,
    ViewTicket,
    ViewTicketAtDesk,
    ViewTicketDraft,
    WantedPaper,
)
from core.storage.engine import make_engine
from tests.core.services.asking import WORDS, a_member, a_ticket
from tests.core.services.outside import ANNA
from tests.core.services.test_application import ready
from tests.core.services.town import START, Town

BORIS = {"subject": "boris", "snils": "160-722-397 63", "email": "boris@example.org", "given_name": "Борис"}


async def test_a_request_is_numbered_promised_and_shown_as_it_was_written(town: Town) -> None:
    citizen = await town.sign_in()
    draft = await town.call(BeginTicket, citizen, SupportTopic.CARD)
    assert (draft.known.name, draft.known.snils, draft.known.passport) == ("Анна И.", "•••-•••-445 95", "•• •• •••678")
    await town.call(DescribeTicket, citizen, f"  {WORDS}  ")
    await town.call(AttachToTicket, citizen, "../снимок.png", b"one")
    await town.call(AttachToTicket, citizen, "two.png", b"two")
    assert [each.name for each in (await town.call(ViewTicketDraft, citizen)).files] == ["снимок.png", "two.png"]
    sent = await town.call(SendTicket, citizen)
    assert sent.number == "26-000001"
    assert sent.state is TicketState.IN_WORK
    assert sent.due_at == START + timedelta(hours=24)
    view = await town.call(ViewTicket, citizen, sent.id)
    assert (view.ticket.description, view.ticket.topic) == (WORDS, SupportTopic.CARD)
    first, event = view.remarks
    assert [each.name for each in first.files] == ["снимок.png", "two.png"]
    assert (event.side, event.text) == (RemarkSide.EVENT, "in_work")
    assert (await town.call(OpenOwnTicketFile, citizen, first.id, 1))[1] == b"two"
    assert (await a_ticket(town, citizen)).number == "26-000002"


async def test_what_the_portal_does_not_know_is_taken_from_the_card(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    citizen = await town.sign_in(1, ANNA, snils=None, passport=None)
    known = (await town.call(BeginTicket, citizen, SupportTopic.CARD)).known
    assert (known.snils, known.passport) == ("•••-•••-445 95", "•• •• •••678")
    sent = await a_ticket(town, citizen)
    vera = await a_member(town)
    assert (await town.call(ViewTicketAtDesk, vera, sent.id)).asker.known == known
    await town.call(WithdrawConsent, citizen)
    assert (await town.call(ViewTicketAtDesk, vera, sent.id)).asker.known is None


async def test_an_answer_is_promised_for_when_there_are_people(town: Town) -> None:
    town.clock.moment = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
    sent = await a_ticket(town, await town.sign_in())
    assert sent.due_at == datetime(2026, 11, 30, 6, 0, tzinfo=UTC)


async def test_what_was_begun_goes_on_and_what_lacks_is_said(town: Town) -> None:
    citizen = await town.sign_in()
    with pytest.raises(DraftGone):
        await town.call(DescribeTicket, citizen, WORDS)
    await town.call(BeginTicket, citizen, SupportTopic.CARD)
    with pytest.raises(DescriptionWanted):
        await town.call(DescribeTicket, citizen, "Помогите")
    with pytest.raises(DescriptionWanted):
        await town.call(SendTicket, citizen)
    await town.call(DescribeTicket, citizen, WORDS)
    again = await town.call(BeginTicket, citizen, SupportTopic.CONSENT)
    assert (again.ticket.description, again.ticket.topic) == (WORDS, SupportTopic.CONSENT)
    await town.call(AttachToTicket, citizen, "a.png", b"one")
    await town.call(DropTicketDraft, citizen)
    await town.call(DropTicketDraft, citizen)
    assert await town.call(ViewTicketDraft, citizen) is None
    assert not list((town.state / "files").rglob("*-*-*-*-*"))


async def test_an_earlier_request_is_one_of_their_own(town: Town) -> None:
    citizen = await town.sign_in()
    mine = await a_ticket(town, citizen)
    theirs = await a_ticket(town, await town.sign_in(2, ANNA, **BORIS))
    await town.call(BeginTicket, citizen, SupportTopic.CARD)
    for wrong in (theirs.number, "26-000077", "сто"):
        with pytest.raises(TicketNotThere):
            await town.call(NameEarlier, citizen, wrong)
    await town.call(NameEarlier, citizen, "№ 26 – 1")
    assert (await town.call(ViewTicketDraft, citizen)).ticket.earlier == mine.number


async def test_files_have_limits_and_captions_become_words(town: Town) -> None:
    citizen = await town.sign_in()
    await town.call(BeginTicket, citizen, SupportTopic.CARD)
    with pytest.raises(BadFile):
        await town.call(AttachToTicket, citizen, "big.pdf", b"0" * (5 * 1024 * 1024 + 1))
    await town.call(AttachToTicket, citizen, "0.png", b"0", words=WORDS)
    for number in range(1, 10):
        await town.call(AttachToTicket, citizen, f"{number}.png", b"0")
    with pytest.raises(TooManyFiles):
        await town.call(AttachToTicket, citizen, "10.png", b"0")
    assert (await town.call(SendTicket, citizen)).description == WORDS


async def test_somebody_elses_request_is_not_there(town: Town) -> None:
    sent = await a_ticket(town, await town.sign_in(), files=1)
    file = (await town.call(ViewTicket, await town.sign_in(), sent.id)).remarks[0]
    other = await town.sign_in(2, ANNA, **BORIS)
    for use_case, more in ((ViewTicket, ()), (AddRemark, ("а если я",)), (CloseTicket, ()), (RateTicket, (5,))):
        with pytest.raises(TicketNotThere):
            await town.call(use_case, other, sent.id, *more)
    with pytest.raises(TicketNotThere):
        await town.call(OpenOwnTicketFile, other, file.id, 0)
    with pytest.raises(TicketNotThere):
        await town.call(AttachToTicket, other, "a.png", b"one", sent.id)
    assert (await town.call(ListTickets, other)).tickets == []


async def test_an_album_sent_to_an_answered_request_is_one_remark_and_brings_it_back(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    await town.call(AnswerTicket, vera, sent.id, "Проверьте, пожалуйста, номер.", "k1")
    await town.call(NoteInTicket, vera, sent.id, "Посмотреть журнал шлюза")
    for number in range(3):
        await town.call(AttachToTicket, citizen, f"{number}.png", b"0", sent.id, "Вот номер" if number == 0 else "")
    view = await town.call(ViewTicket, citizen, sent.id)
    album = [each for each in view.remarks if each.files]
    assert [(len(each.files), each.text) for each in album] == [(3, "Вот номер")]
    assert view.ticket.state is TicketState.IN_WORK
    assert not any(each.side is RemarkSide.NOTE for each in view.remarks)


async def test_the_clock_stands_still_while_a_paper_is_awaited(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    assert await town.call(WantedPaper, citizen) is None
    town.clock.turn(hours=4)
    await town.call(AskInTicket, vera, sent.id, "Пришлите, пожалуйста, снимок экрана.", "k1")
    view = await town.call(ViewTicket, citizen, sent.id)
    assert (view.ticket.state, view.ticket.due_at, view.ticket.left_s) == (TicketState.WAITING, None, 20 * 3600)
    assert view.asks
    assert await town.call(WantedPaper, citizen) == sent.id
    town.clock.turn(hours=20)
    await town.call(AttachToTicket, citizen, "screen.png", b"0", sent.id)
    back = (await town.call(ViewTicket, citizen, sent.id)).ticket
    assert (back.state, back.due_at) == (TicketState.IN_WORK, datetime(2026, 11, 25, 6, 0, tzinfo=UTC))


async def test_closed_reopened_and_rated(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    with pytest.raises(TicketNotThere):
        await town.call(RateTicket, citizen, sent.id, 5)
    await town.call(AnswerTicket, vera, sent.id, "Готово.", "k1")
    with pytest.raises(WordsWanted):
        await town.call(AddRemark, citizen, sent.id, "  ")
    await town.call(CloseTicket, citizen, sent.id)
    await town.call(CloseTicket, citizen, sent.id)
    with pytest.raises(TicketClosed):
        await town.call(AddRemark, citizen, sent.id, "Ещё вопрос")
    with pytest.raises(BadRating):
        await town.call(RateTicket, citizen, sent.id, 6)
    await town.call(RateTicket, citizen, sent.id, 4)
    rated = await town.call(RateTicket, citizen, sent.id, 4, "Быстро и понятно")
    assert (rated.rating, rated.rated) == (4, "Быстро и понятно")
    town.clock.turn(days=14)
    again = await town.call(ReopenTicket, citizen, sent.id, "Снова не приходит")
    assert again.state is TicketState.IN_WORK
    await town.call(CloseTicket, citizen, sent.id)
    town.clock.turn(days=14, seconds=1)
    with pytest.raises(TooLateToReopen):
        await town.call(ReopenTicket, citizen, sent.id, "И снова")


async def test_five_wait_at_once_even_when_two_are_sent_at_the_same_moment(town: Town) -> None:
    citizen = await town.sign_in()
    for _ in range(4):
        await a_ticket(town, citizen)
    await town.call(BeginTicket, citizen, SupportTopic.CARD)
    await town.call(DescribeTicket, citizen, WORDS)
    both = await asyncio.gather(*(town.call(SendTicket, citizen) for _ in range(2)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in both) == ["DraftGone", "Ticket"]
    with pytest.raises(TooManyTickets):
        await town.call(BeginTicket, citizen, SupportTopic.CARD)
    numbers = {each.number for each in (await town.call(ListTickets, citizen)).tickets}
    assert numbers == {f"26-00000{count}" for count in range(1, 6)}


async def test_nothing_that_was_written_stands_in_clear(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen, files=1)
    await town.call(AnswerTicket, vera, sent.id, "Секретный ответ", "k1")
    engine = make_engine(town.url)
    async with engine.connect() as connection:
        for table in ("tickets", "ticket_remarks", "ticket_files"):
            for row in await connection.execute(text(f"SELECT * FROM {table}")):
                kept = b" ".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
                for secret in (WORDS, "Секретный", "screen-0"):
                    assert secret.encode() not in kept
    await engine.dispose()


async def test_an_answer_is_pushed_and_mailed_without_saying_what_it_is(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    await town.call(AnswerTicket, vera, sent.id, "Номер оператора сменился.", "k1")
    await town.deliver()
    pushed = [push for _, push in town.outside.pushes][-1]
    assert pushed.text == "ticket.push.answered number=26-000001"
    assert [place for row in pushed.buttons for _, place in row] == [f"ticket/{sent.id}"]
    told = ["ticket.mail.sent number=26-000001", "ticket.mail.changed number=26-000001"]
    assert sorted(letter[2] for letter in town.outside.letters) == sorted(told)
    assert "сменился" not in f"{town.outside.letters} {town.outside.pushes}"
