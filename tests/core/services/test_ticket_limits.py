"""One person does not keep the desk busy without end: requests, remarks and reopenings have an end."""

import pytest

from core.domain.actor import Citizen
from core.domain.support import SupportTopic
from core.domain.ticket import ReopenedTooOften, Ticket, TooManyRemarks, TooManyToday
from core.services.ticket import (
    AddRemark,
    AnswerTicket,
    AttachToTicket,
    BeginTicket,
    CloseTicket,
    MergeTickets,
    NoteInTicket,
    ReopenTicket,
    ViewTicket,
    ViewTicketAtDesk,
    drafting,
    filing,
)
from tests.core.services.asking import a_member, a_ticket
from tests.core.services.town import Town


async def one_and_over(town: Town, citizen: Citizen) -> None:
    await town.call(CloseTicket, citizen, (await a_ticket(town, citizen)).id)


async def reopened(town: Town, citizen: Citizen, ticket: Ticket) -> None:
    await town.call(CloseTicket, citizen, ticket.id)
    await town.call(ReopenTicket, citizen, ticket.id, "Снова не приходит")


async def test_so_many_are_sent_a_day_whoever_closes_them(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "SENT_A_DAY", 3)
    citizen = await town.sign_in()
    for _ in range(3):
        await one_and_over(town, citizen)
    with pytest.raises(TooManyToday):
        await town.call(BeginTicket, citizen, SupportTopic.OTHER)
    town.clock.turn(days=1, seconds=1)
    await one_and_over(town, citizen)


async def test_one_is_opened_again_five_times_a_day(town: Town) -> None:
    citizen = await town.sign_in()
    sent = await a_ticket(town, citizen)
    for _ in range(5):
        await reopened(town, citizen, sent)
    with pytest.raises(ReopenedTooOften):
        await reopened(town, citizen, sent)
    town.clock.turn(days=1, seconds=1)
    await town.call(ReopenTicket, citizen, sent.id, "Снова не приходит")


async def test_a_request_takes_so_many_remarks_and_can_be_answered_and_closed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "MOST_REMARKS", 3)
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    for _ in range(3 - sent.last_remark):
        await town.call(AddRemark, citizen, sent.id, "Ещё одно")
    with pytest.raises(TooManyRemarks):
        await town.call(AddRemark, citizen, sent.id, "И ещё")
    with pytest.raises(TooManyRemarks):
        await town.call(AttachToTicket, citizen, "one.png", b"picture", sent.id)
    await town.call(AnswerTicket, vera, sent.id, "Исправили.", "key")
    await town.call(CloseTicket, citizen, sent.id)
    with pytest.raises(TooManyRemarks):
        await town.call(ReopenTicket, citizen, sent.id, "Снова")
    view = await town.call(ViewTicket, citizen, sent.id)
    assert [each.text for each in view.remarks if each.text == "И ещё"] == []  # type: ignore[attr-defined]


async def test_a_long_request_is_shown_in_portions_that_lose_nothing(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    gone, sent = await a_ticket(town, citizen, "Первое, оно вошло во второе"), await a_ticket(town, citizen)
    for number in range(58):
        await town.call(AddRemark, citizen, sent.id, f"Вот {number}")
        town.clock.turn(seconds=1)
    await town.call(MergeTickets, vera, gone.id, sent.id)
    await town.call(NoteInTicket, vera, sent.id, "Для своих")
    for use_case, who, notes in ((ViewTicket, citizen, 0), (ViewTicketAtDesk, vera, 1)):
        last, first = [await town.call(use_case, who, sent.id, back) for back in (0, 1)]
        assert (last.earlier, first.earlier, len(last.remarks)) == (True, False, 50)
        told = [each.text for each in (*first.remarks, *last.remarks)]
        assert [each for each in told if each.startswith("Вот")] == [f"Вот {number}" for number in range(58)]
        assert (told.count("Первое, оно вошло во второе"), told.count("Для своих")) == (1, notes)
