"""The desk's numbers: counted alike on both databases, one's own for operators, and never a formula in a table."""

import csv
import io
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import insert

from core.domain.actor import Actor, NotAllowed, Role, Staff
from core.domain.conversation import ConversationState
from core.domain.figures import Figures, InvalidPeriod, Period, Spread
from core.domain.ids import ChatId, new_id
from core.domain.sla import Promise, Sla, Work
from core.domain.team import Presence
from core.ports import Transaction
from core.services.chat import MeetChat
from core.services.figures import ExportFigures, FiguresView, ViewFigures, ViewWall
from core.services.team import NotePresent, SetPresence
from core.services.ticket import AnswerTicket
from core.storage.conversation import ConversationRow
from core.storage.engine import make_engine
from tests.core.services.asking import a_member, a_ticket
from tests.core.services.town import START, Town

MINUTE = timedelta(minutes=1)
CHATS = count(1_000)
TODAY = Period(START.date(), START.date())


async def talked(
    town: Town,
    *,
    asked: datetime = START,
    answered: int | None = None,
    ended: int | None = None,
    owner: Staff | None = None,
    rating: int | None = None,
) -> None:
    """A conversation as it lies in the database: minutes after it was asked for."""

    def later(minutes: int | None) -> datetime | None:
        return None if minutes is None else asked + minutes * MINUTE

    state = (
        ConversationState.ENDED
        if ended is not None
        else ConversationState.TAKEN
        if owner
        else ConversationState.WAITING
    )
    chat = ChatId(next(CHATS))
    await town.call(MeetChat, chat, "ru")
    row = {
        "id": new_id(START), "chat": chat, "language": "ru", "topic": "other", "urgency": "2_normal", "state": state.value,
        "asked_at": asked, "epoch": 1, "lines": 0, "citizen_line": 0, "last_at": asked, "read": 0, "doing": "menu",
        "tags": [], "version": 1, "owner": owner.staff if owner else None, "first_answer_at": later(answered),
        "first_taken_at": later(answered), "taken_at": later(answered), "ended_at": later(ended), "rating": rating,
    }  # fmt: skip
    engine = make_engine(town.url)
    async with engine.begin() as connection:
        await connection.execute(insert(ConversationRow), row)
    await engine.dispose()


async def figures(town: Town, actor: Actor, period: Period = TODAY) -> FiguresView:
    view = await town.call(ViewFigures, actor, period)
    assert isinstance(view, FiguresView)
    return view


async def test_waits_limits_hours_and_stars_are_counted(town: Town) -> None:
    senior, vera, zoya = [
        await a_member(town, name, role)
        for name, role in (("sonya", Role.SENIOR), ("vera", Role.OPERATOR), ("zoya", Role.OPERATOR))
    ]
    for minutes in range(1, 11):
        await talked(town, answered=minutes, ended=minutes + 5, owner=vera, rating=5 if minutes > 2 else 4)
    await talked(town, asked=START + 60 * MINUTE, answered=31, ended=60, owner=zoya, rating=1)
    await talked(town, asked=START - timedelta(days=1), answered=1, owner=vera)
    await talked(town, asked=START + timedelta(minutes=100), ended=3)
    town.clock.turn(hours=2)
    view = await figures(town, senior)
    talks = view.conversations
    assert (talks.asked, talks.answered, talks.ended) == (12, 11, 12)
    assert talks.waits == talks.answers == Spread(11, 6 * MINUTE, 10 * MINUTE)
    assert talks.handling == Spread(11, 5 * MINUTE, 5 * MINUTE)
    assert (talks.kept, talks.judged, round(talks.share or 0, 4)) == (10, 11, 0.9091)
    assert (talks.ratings, round(talks.rating or 0, 2)) == ({5: 8, 4: 2, 1: 1}, 4.45)
    assert [(hour, count) for hour, count in enumerate(view.hours[Work.CONVERSATION]) if count] == [(12, 10), (13, 2)]
    assert [(each.name, each.conversations.asked) for each in view.members] == [("Vera", 10), ("Zoya", 1), ("", 1)]
    assert view.tickets.asked == 0


async def test_nights_do_not_count_and_what_may_still_be_answered_is_not_judged(town: Town) -> None:
    senior, vera = await a_member(town, "sonya", Role.SENIOR), await a_member(town)
    evening = datetime.fromisoformat("2026-11-23T19:50:00+03:00")
    await talked(town, asked=evening, answered=13 * 60 + 20, owner=vera)
    await talked(town, asked=evening)
    town.clock.moment = evening + timedelta(hours=13, minutes=29)
    talks = (await figures(town, senior)).conversations
    assert (talks.answers.median, talks.kept, talks.judged) == (20 * MINUTE, 1, 1)
    town.clock.turn(minutes=2)
    talks = (await figures(town, senior)).conversations
    assert (talks.kept, talks.judged) == (1, 2)


async def test_an_operator_sees_their_own_and_others_nothing(town: Town) -> None:
    vera, zoya = await a_member(town), await a_member(town, "zoya")
    reviewer = await a_member(town, "rita", Role.REVIEWER)
    await talked(town, answered=1, owner=vera)
    await talked(town, answered=1, owner=zoya)
    view = await figures(town, vera)
    assert (view.own, view.conversations.asked, view.members, view.ledger) == (True, 1, [], None)
    for use_case, told in ((ViewFigures, (TODAY,)), (ExportFigures, (TODAY,)), (ViewWall, ())):
        with pytest.raises(NotAllowed):
            await town.call(use_case, reviewer, *told)


async def test_tickets_are_counted_by_the_clock(town: Town) -> None:
    senior, vera = await a_member(town, "sonya", Role.SENIOR), await a_member(town)
    first, second = [await a_ticket(town, await town.sign_in()) for _ in range(2)]
    town.clock.turn(hours=23)
    await town.call(AnswerTicket, vera, first.id, "Код отправлен заново, проверьте телефон.", "one")
    town.clock.turn(hours=2)
    tickets = (await figures(town, senior)).tickets
    assert (tickets.asked, tickets.answered, tickets.kept, tickets.judged) == (2, 1, 1, 2)
    assert tickets.answers.median == timedelta(hours=23)
    await town.call(AnswerTicket, vera, second.id, "Код отправлен заново, проверьте телефон.", "two")
    assert (await figures(town, senior)).tickets.kept == 1


async def test_a_table_has_a_line_for_everybody_and_no_formulas(town: Town) -> None:
    senior = await a_member(town, "sonya", Role.SENIOR)
    vera = await a_member(town)
    await talked(town, answered=2, ended=4, owner=vera, rating=5)
    told = await town.call(ExportFigures, senior, TODAY)
    assert isinstance(told, str)
    assert told.count("\r\n") == len(told.splitlines()) == 5
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [(row["member"], row["work"], row["asked"]) for row in rows] == [
        ("*", "conversation", "1"), ("*", "ticket", "0"), ("Vera", "conversation", "1"), ("Vera", "ticket", "0"),
    ]  # fmt: skip
    assert (rows[2]["answer_median_s"], rows[2]["handling_90_s"], rows[2]["stars_5"]) == ("120", "120", "1")


@pytest.mark.parametrize(("first", "last"), [("2026-11-24", "2026-11-23"), ("2025-11-22", "2026-11-23")])
async def test_a_period_is_a_year_at_most(town: Town, first: str, last: str) -> None:
    senior = await a_member(town, "sonya", Role.SENIOR)
    with pytest.raises(InvalidPeriod):
        await town.call(ViewFigures, senior, Period(date.fromisoformat(first), date.fromisoformat(last)))


async def test_promises_are_counted_by_what_became_of_them(town: Town) -> None:
    senior, subject = await a_member(town, "sonya", Role.SENIOR), new_id(START)
    async with town.container() as scope:
        sla = await scope.get(Sla)
        async with await scope.get(Transaction):
            for minutes in (10, 20, 30):
                assert await sla.tell(Promise(Work.TICKET, subject, START + minutes * MINUTE, START))
            assert not await sla.tell(Promise(Work.TICKET, subject, START + 30 * MINUTE, START))
            await sla.settle(list((await sla.standing(Work.TICKET)).values()), START + 31 * MINUTE)
    ledger = (await figures(town, senior)).ledger
    assert ledger is not None
    assert (ledger.told, ledger.kept, ledger.renewed, ledger.broken) == (3, 0, 2, 1)


async def test_the_wall_shows_who_waits_and_who_is_here(town: Town) -> None:
    vera, zoya = await a_member(town), await a_member(town, "zoya")
    await talked(town)
    await talked(town, asked=START + MINUTE)
    await talked(town, answered=1, owner=vera)
    await a_ticket(town, await town.sign_in())
    for staff, presence in ((vera, Presence.HERE), (zoya, Presence.AWAY)):
        await town.call(SetPresence, staff, presence)
        await town.call(NotePresent, staff)
    town.clock.turn(minutes=1)
    wall = await town.call(ViewWall, vera, opened=True)
    standing = wall.standing
    assert (standing.waiting, standing.longest_since, standing.talking) == (2, START, 1)
    assert (standing.tickets, standing.late_tickets, wall.here, wall.away, wall.share) == (1, 0, 1, 1, 1.0)


def test_of_nothing_there_is_no_share() -> None:
    none = Figures(0, 0, 0, Spread.over([]), Spread(0), Spread(0), 0, 0)
    assert (none.share, none.rating, none.waits.median) == (None, None, None)
