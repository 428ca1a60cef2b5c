"""Waits watched and promises kept: each warning once, each renewal said, whatever two workers do at once."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.domain.account import WrongMove
from core.domain.actor import NotAllowed, Role, Staff
from core.domain.chat import Chats
from core.domain.conversation import (
    Conversation,
    Conversations,
    ConversationState,
    DeskEvents,
    Happening,
    Lines,
    Side,
    Sight,
)
from core.domain.ids import ChatId, ConversationId, TicketId, new_id
from core.domain.sla import InvalidLimits, Limits, Note, Noted, Promise, Sla, Work
from core.domain.support import SupportTopic, Urgency
from core.domain.team import Presence, TeamNotThere
from core.domain.ticket import RemarkSide, Ticket, Tickets
from core.domain.worktime import InvalidHours, Worktime, read_intervals
from core.ports import Transaction
from core.services.conversation import CallOperator, ClaimConversation, SayToCitizen, ViewConversation
from core.services.sla import RenewPromises, SetLimits, ViewLimits, WarnOverdue
from core.services.team import SetPresence
from core.services.ticket import AddRemark, AnswerTicket, AskInTicket
from core.services.worktime import SetHours, ViewHours
from tests.core.services.asking import a_member, a_ticket
from tests.core.services.town import START, Town

MINUTE = timedelta(minutes=1)


async def an_administrator(town: Town) -> Staff:
    return await a_member(town, "igor", Role.ADMINISTRATOR)


async def a_conversation(town: Town, chat: int = 1) -> ConversationId:
    """Somebody waits for an operator, and was told when there is an answer. The town's clock says noon in Moscow."""
    citizen = await town.sign_in(chat)
    now = town.clock.now()
    opened = Conversation(
        ConversationId(new_id(now)), citizen.chat, citizen.account, "ru", SupportTopic.OTHER, Urgency.NORMAL,
        ConversationState.WAITING, now, waits_since=now, promised_at=now + 30 * MINUTE,
    )  # fmt: skip
    async with town.container() as scope:
        conversations = await scope.get(Conversations)
        async with await scope.get(Transaction):
            assert await conversations.open(opened)
    return opened.id


async def seen(town: Town, conversation: ConversationId) -> tuple[Conversation, list[Note | None]]:
    """Return a conversation and its notes."""
    async with town.container() as scope:
        conversations, lines = await scope.get(Conversations), await scope.get(Lines)
        async with (await scope.get(Transaction)).looking():
            notes = [Note.read(each.text) for each in await lines.of(conversation) if each.side is Side.NOTE]
            return await conversations.get(conversation), notes


async def at_desk(town: Town, ticket: TicketId, staff: Staff) -> tuple[Ticket, list[Note | None]]:
    """Return a ticket and its notes."""
    async with town.container() as scope:
        tickets = await scope.get(Tickets)
        async with (await scope.get(Transaction)).looking():
            found = await tickets.at_desk(Sight(staff.staff, everything=True), ticket)
            notes = [Note.read(each.text) for each in await tickets.remarks([ticket]) if each.side is RemarkSide.NOTE]
            return found, notes


async def ledger(town: Town, work: Work, subject: object) -> list[Promise]:
    async with town.container() as scope:
        sla = await scope.get(Sla)
        async with (await scope.get(Transaction)).looking():
            return list(await sla.promises(work, subject))  # type: ignore[arg-type]


async def test_a_wait_is_warned_of_twice_and_escalated_once_to_whom_an_administrator_named(town: Town) -> None:
    administrator, senior = await an_administrator(town), await a_member(town, "sonya", Role.SENIOR)
    await town.call(SetLimits, administrator, Limits(staff=senior.staff))
    conversation = await a_conversation(town)
    told = []
    for minute in (0, 14, 15, 23, 24, 29, 30, 45):
        town.clock.moment = START + minute * MINUTE
        told.append(await town.call(WarnOverdue))
    assert told == [0, 0, 1, 0, 1, 0, 1, 0]
    found, notes = await seen(town, conversation)
    until = (START + 30 * MINUTE).isoformat()
    assert notes == [
        Note(Noted.WARNED, {"percent": "50", "until": until}),
        Note(Noted.WARNED, {"percent": "80", "until": until}),
        Note(Noted.SENIORS, {"whom": "Sonya"}),
    ]
    assert found.urgency is Urgency.HIGH
    async with town.container() as scope:
        events = await scope.get(DeskEvents)
        async with (await scope.get(Transaction)).looking():
            heard = await events.after(Sight(senior.staff, everything=True), 0, 50)
    assert len(heard) == 7
    assert [each.staff for each in heard if each.happening is Happening.MENTIONED] == [senior.staff]


async def test_two_workers_at_once_warn_once(town: Town) -> None:
    conversation = await a_conversation(town)
    ticket = await a_ticket(town, await town.sign_in())
    await asyncio.gather(*(town.call(WarnOverdue) for _ in range(4)))
    async with town.container() as scope:
        sla = await scope.get(Sla)
        async with (await scope.get(Transaction)).looking():
            assert (await sla.clocks(Work.TICKET))[ticket.id].began_at == ticket.opened_at
    town.clock.turn(minutes=31)
    told = await asyncio.gather(*(town.call(WarnOverdue) for _ in range(4)))
    assert sorted(map(str, told)) == ["0", "0", "0", "1"]
    assert (await seen(town, conversation))[1] == [Note(Noted.LATE)]


async def test_a_ticket_that_is_late_goes_to_whom_it_is_escalated(town: Town) -> None:
    administrator, senior = await an_administrator(town), await a_member(town, "sonya", Role.SENIOR)
    await town.call(SetLimits, administrator, Limits(staff=senior.staff))
    ticket = await a_ticket(town, await town.sign_in())
    await town.call(WarnOverdue)
    town.clock.turn(hours=24)
    assert await town.call(WarnOverdue) == 1
    found, notes = await at_desk(town, ticket.id, senior)
    assert (found.owner, found.urgency) == (senior.staff, Urgency.HIGH)
    assert notes == [Note(Noted.ESCALATED, {"whom": "Sonya"})]
    assert await town.call(WarnOverdue) == 0


async def test_while_the_citizen_is_waited_for_no_clock_runs(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    ticket = await a_ticket(town, citizen)
    await town.call(WarnOverdue)
    town.clock.turn(hours=11)
    await town.call(AskInTicket, vera, ticket.id, "Пришлите, пожалуйста, снимок экрана.", "one")
    for _ in range(3):
        town.clock.turn(hours=24)
        assert (await town.call(WarnOverdue), await town.call(RenewPromises)) == (0, 0)
    await town.call(AddRemark, citizen, ticket.id, "Вот он, на снимке всё видно.")
    found, _ = await at_desk(town, ticket.id, vera)
    assert found.due_at is not None
    assert found.due_at - town.clock.now() >= timedelta(hours=13)
    assert await town.call(WarnOverdue) == 0
    town.clock.moment = found.due_at
    assert await town.call(WarnOverdue) == 1


async def test_a_promise_is_renewed_before_it_is_broken_and_said(town: Town) -> None:
    conversation = await a_conversation(town)
    assert await town.call(RenewPromises) == 0
    town.clock.turn(minutes=24)
    assert await town.call(RenewPromises) == 0
    town.clock.turn(minutes=1)
    assert await town.call(RenewPromises) == 1
    assert await town.call(RenewPromises) == 0
    await town.deliver()
    assert [push.text for _, push in town.outside.pushes][-1] == "sla.renewed.conversation until=23 ноября, 12:55"
    first, second = await ledger(town, Work.CONVERSATION, conversation)
    assert (first.told_at, first.until, first.renewed_at) == (START, START + 30 * MINUTE, START + 25 * MINUTE)
    assert (second.until, second.stands) == (START + 55 * MINUTE, True)
    assert (await seen(town, conversation))[0].promised_at == second.until


async def test_the_new_time_is_told_by_the_persons_own_clock(town: Town) -> None:
    await a_conversation(town, chat=1)
    async with town.container() as scope:
        chats = await scope.get(Chats)
        async with await scope.get(Transaction):
            await chats.live_in(ChatId(1), "25", "Asia/Vladivostok")
    town.clock.turn(minutes=26)
    await town.call(RenewPromises)
    await town.deliver()
    assert [push.text for _, push in town.outside.pushes][-1] == "sla.renewed.conversation until=23 ноября, 19:56"


async def test_a_tickets_promise_is_kept_by_an_answer_and_renewed_without_one(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    ticket = await a_ticket(town, citizen)
    assert ticket.due_at is not None
    await town.call(RenewPromises)
    town.clock.moment = ticket.due_at - timedelta(hours=1)
    assert await town.call(RenewPromises) == 1
    town.clock.turn(minutes=30)
    await town.call(AnswerTicket, vera, ticket.id, "Код отправлен заново, проверьте телефон.", "one")
    await town.call(RenewPromises)
    first, second = await ledger(town, Work.TICKET, ticket.id)
    assert first.renewed_at == ticket.due_at - timedelta(hours=1)
    assert (second.kept_at, second.stands) == (town.clock.now(), False)
    await town.deliver()
    said = [push.text for _, push in town.outside.pushes if push.text.startswith("sla.")]
    assert said == [f"sla.renewed.ticket number={ticket.number} until=25 ноября, 11:00"]


async def test_two_workers_at_once_tell_one_new_time(town: Town) -> None:
    await a_conversation(town)
    await town.call(RenewPromises)
    town.clock.turn(minutes=26)
    renewed = await asyncio.gather(*(town.call(RenewPromises) for _ in range(4)))
    assert sorted(map(int, renewed)) == [0, 0, 0, 1]  # type: ignore[call-overload]


async def test_an_answer_that_came_too_late_is_a_broken_promise(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    ticket = await a_ticket(town, citizen)
    await town.call(RenewPromises)
    assert ticket.due_at is not None
    town.clock.moment = ticket.due_at + MINUTE
    await town.call(AnswerTicket, vera, ticket.id, "Код отправлен заново, проверьте телефон.", "one")
    await town.call(RenewPromises)
    (only,) = await ledger(town, Work.TICKET, ticket.id)
    assert (only.broken_at, only.kept_at) == (town.clock.now(), None)


async def test_limits_and_hours_are_set_by_administrators_alone(town: Town) -> None:
    administrator, senior = await an_administrator(town), await a_member(town, "sonya", Role.SENIOR)
    reviewer = await a_member(town, "zoya", Role.REVIEWER)
    for use_case, told in (
        (SetLimits, (Limits(),)),
        (ViewLimits, ()),
        (ViewHours, ()),
        (SetHours, (Worktime("UTC", {}),)),
    ):
        with pytest.raises(NotAllowed):
            await town.call(use_case, senior, *told)
    with pytest.raises(InvalidLimits):
        await town.call(SetLimits, administrator, Limits(staff=reviewer.staff))
    with pytest.raises(TeamNotThere):
        await town.call(SetLimits, administrator, Limits(team=new_id(START)))  # type: ignore[arg-type]
    await town.call(SetLimits, administrator, replace(Limits(), conversation=9 * MINUTE, warn_at=(10,)))
    view = await town.call(ViewLimits, administrator)
    assert (view.limits.conversation, view.limits.warn_at, view.limits.version) == (9 * MINUTE, (10,), 1)
    assert {each.login for each in view.members} == {"igor", "sonya"}
    with pytest.raises(WrongMove):
        await town.call(SetLimits, administrator, Limits())
    await town.call(SetLimits, administrator, view.limits)


async def test_hours_come_back_as_they_were_set(town: Town) -> None:
    administrator = await an_administrator(town)
    today = START.date()
    assert (await town.call(ViewHours, administrator)).open
    night = Worktime(
        "Asia/Omsk", {0: read_intervals("22:00-06:00"), 2: ()}, {today: read_intervals("01:00-02:00")}, False
    )
    for _ in range(2):
        await town.call(SetHours, administrator, night)
    view = await town.call(ViewHours, administrator)
    assert (view.hours, view.open) == (night, False)
    assert view.opens_at == datetime.fromisoformat("2026-11-30T22:00:00+06:00")
    with pytest.raises(InvalidHours):
        await town.call(SetHours, administrator, Worktime("Asia/Omsk", {9: ()}))


async def test_a_call_is_promised_by_the_limit_and_kept_by_the_operators_answer(town: Town) -> None:
    administrator, vera = await an_administrator(town), await a_member(town)
    await town.call(SetLimits, administrator, Limits(conversation=10 * MINUTE))
    await town.call(SetPresence, vera, Presence.HERE)
    citizen = await town.sign_in()
    place = await town.call(CallOperator, citizen, words="Не приходит код.")
    assert place.answers_by == START + 10 * MINUTE
    conversation = place.conversation
    await town.call(WarnOverdue)
    await town.call(RenewPromises)
    town.clock.turn(minutes=6)
    assert await town.call(WarnOverdue) == 1
    claimed = await town.call(ClaimConversation, vera, conversation)
    view = await town.call(ViewConversation, vera, conversation)
    last = view.conversation.lines
    await town.call(
        SayToCitizen, vera, conversation, text="Смотрю.", epoch=view.conversation.epoch, seen=last, key="one"
    )
    assert claimed is not None
    assert await town.call(RenewPromises) == 0
    (only,) = await ledger(town, Work.CONVERSATION, conversation)
    assert only.kept_at == town.clock.now()
    town.clock.turn(hours=2)
    assert (await town.call(WarnOverdue), await town.call(RenewPromises)) == (0, 0)
