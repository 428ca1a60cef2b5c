"""Requests at the desk: who sees them, who has them, what is said, and what happens when two do something at once."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.account import WrongMove
from core.domain.actor import Citizen, NotAllowed, Role, Staff
from core.domain.conversation import TakenBy
from core.domain.ids import TeamId, new_id
from core.domain.support import SupportTopic
from core.domain.team import Duties, Duty, Team, Teams
from core.domain.ticket import (
    BadCursor,
    BadTags,
    OtherPerson,
    RemarkSide,
    TicketClosed,
    TicketFilter,
    TicketNotThere,
    TicketState,
)
from core.ports import Transaction
from core.services.ticket import (
    AddRemark,
    AnswerTicket,
    AskInTicket,
    AssignTicket,
    CloseTicket,
    LinkTickets,
    ListTickets,
    MergeTickets,
    MoveTicket,
    NoteInTicket,
    OpenTicketFile,
    SearchTickets,
    TagTicket,
    TakeTicket,
    ViewTicket,
    ViewTicketAtDesk,
    ViewTickets,
)
from tests.core.services.asking import a_member, a_ticket
from tests.core.services.outside import ANNA
from tests.core.services.test_ticket import BORIS
from tests.core.services.town import START, Town


async def a_team(town: Town, *members: Staff) -> TeamId:
    """A group of these."""
    async with town.container() as scope:
        teams, duties = await scope.get(Teams), await scope.get(Duties)
        async with await scope.get(Transaction):
            team = Team(TeamId(new_id(START)), "Карты")
            await teams.put(team, START)
            for each in members:
                await duties.save(Duty(each.staff, team=team.id))
    return team.id


async def both(town: Town) -> tuple[Citizen, Citizen]:
    return await town.sign_in(), await town.sign_in(2, ANNA, **BORIS)


async def test_another_groups_request_is_not_there_by_its_id_either(town: Town) -> None:
    citizen, vera, oleg = await town.sign_in(), await a_member(town), await a_member(town, "oleg")
    senior = await a_member(town, "senior", Role.SENIOR)
    team = await a_team(town, vera)
    sent = await a_ticket(town, citizen, files=1)
    file = (await town.call(ViewTicketAtDesk, oleg, sent.id)).remarks[0]
    await town.call(AssignTicket, senior, sent.id, None, team)
    assert [line.ticket.id for line in (await town.call(ViewTickets, vera)).lines] == [sent.id]
    assert (await town.call(ViewTickets, oleg)).lines == []
    assert (await town.call(SearchTickets, oleg, "СМС"))[0] == []
    tries = (
        (ViewTicketAtDesk, sent.id),
        (AnswerTicket, sent.id, "Здравствуйте", "k"),
        (AskInTicket, sent.id, "Здравствуйте", "k"),
        (NoteInTicket, sent.id, "Здравствуйте"),
        (MoveTicket, sent.id, TicketState.CLOSED, sent.version),
        (TakeTicket, sent.id),
        (TagTicket, sent.id, ["срочно"]),
        (OpenTicketFile, file.id, 0),
    )
    for use_case, *arguments in tries:
        with pytest.raises(TicketNotThere):
            await town.call(use_case, oleg, *arguments)
    assert (await town.call(OpenTicketFile, vera, file.id, 0))[1] == b"picture"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REVIEWER, Role.REGISTRAR, Role.DOCTOR])
async def test_other_roles_see_no_requests(town: Town, role: Role) -> None:
    member = await a_member(town, "other", role)
    sent = await a_ticket(town, await town.sign_in())
    for use_case, *arguments in ((ViewTickets,), (ViewTicketAtDesk, sent.id), (SearchTickets, "код")):
        with pytest.raises(NotAllowed):
            await town.call(use_case, member, *arguments)


async def test_of_two_who_take_it_at_once_one_has_it_and_the_other_is_told_by_whom(town: Town) -> None:
    members = [await a_member(town, f"member{number}") for number in range(4)]
    sent = await a_ticket(town, await town.sign_in())
    taken = await asyncio.gather(*(town.call(TakeTicket, each, sent.id) for each in members), return_exceptions=True)
    lost = [each for each in taken if isinstance(each, TakenBy)]
    owner = (await town.call(ViewTicketAtDesk, members[0], sent.id)).ticket.owner
    assert len(lost) == 3
    assert {each.name for each in lost} == {f"Member{number}" for number in range(4) if members[number].staff == owner}


async def test_the_same_answer_sent_twice_at_once_is_one(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    said = await asyncio.gather(*(town.call(AnswerTicket, vera, sent.id, "Готово.", "key-1") for _ in range(3)))
    assert len({each.id for each in said}) == 1
    view = await town.call(ViewTicket, citizen, sent.id)
    assert [each.text for each in view.remarks if each.side is RemarkSide.STAFF] == ["Готово."]
    assert view.ticket.first_answer_at == START
    assert view.ticket.owner == vera.staff


async def test_an_answer_to_a_request_that_was_closed_meanwhile_is_refused_or_stands_before_the_closing(
    town: Town,
) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    answer, _closed = await asyncio.gather(
        town.call(AnswerTicket, vera, sent.id, "Готово.", "k"),
        town.call(CloseTicket, citizen, sent.id),
        return_exceptions=True,
    )
    view = await town.call(ViewTicket, citizen, sent.id)
    assert view.ticket.state is TicketState.CLOSED
    texts = [each.text for each in view.remarks if each.side is not RemarkSide.CITIZEN]
    if isinstance(answer, TicketClosed):
        assert texts == ["in_work", "closed"]
    else:
        assert texts == ["in_work", "Готово.", "answered", "closed"]


async def test_many_remarks_at_once_are_all_there_and_numbered(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    mine = [town.call(AddRemark, citizen, sent.id, f"слово {number}") for number in range(4)]
    theirs = [town.call(NoteInTicket, vera, sent.id, f"заметка {number}") for number in range(4)]
    await asyncio.gather(*mine, *theirs)
    said = (await town.call(ViewTicketAtDesk, vera, sent.id)).remarks
    assert sorted(each.number for each in said) == list(range(1, 10))


async def test_a_state_set_from_an_old_view_is_refused(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    seen = (await town.call(ViewTicketAtDesk, vera, sent.id)).ticket
    await town.call(AddRemark, citizen, sent.id, "Уже пришло, спасибо")
    with pytest.raises(WrongMove):
        await town.call(MoveTicket, vera, sent.id, TicketState.CLOSED, seen.version)
    now = (await town.call(ViewTicketAtDesk, vera, sent.id)).ticket
    with pytest.raises(WrongMove):
        await town.call(MoveTicket, vera, sent.id, TicketState.MERGED, now.version)
    await town.call(MoveTicket, vera, sent.id, TicketState.CLOSED, now.version)
    with pytest.raises(TicketClosed):
        await town.call(AnswerTicket, vera, sent.id, "Поздно", "k")


async def test_two_of_one_person_become_one_and_both_lead_there(town: Town) -> None:
    (citizen, boris), vera = await both(town), await a_member(town)
    first = await a_ticket(town, citizen, "Не приходит код, первый раз.")
    second = await a_ticket(town, citizen, "Код так и не пришёл, второй раз.", files=1)
    foreign = await a_ticket(town, boris)
    with pytest.raises(OtherPerson):
        await town.call(MergeTickets, vera, second.id, foreign.id)
    await town.call(MergeTickets, vera, second.id, first.id)
    view = await town.call(ViewTicket, citizen, second.id)
    assert (view.ticket.id, view.came_from, view.merged) == (first.id, second.number, (second.number,))
    assert "Код так и не пришёл, второй раз." in [each.text for each in view.remarks]
    assert [file.name for each in view.remarks for file in each.files] == ["screen-0.png"]
    await town.call(AddRemark, citizen, second.id, "Вот ещё что")
    assert "Вот ещё что" in [each.text for each in (await town.call(ViewTicketAtDesk, vera, first.id)).remarks]
    with pytest.raises(WrongMove):
        await town.call(MergeTickets, vera, first.id, second.id)


async def test_two_merged_into_one_another_at_once_do_not_both_vanish(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    one, other = await a_ticket(town, citizen), await a_ticket(town, citizen)
    both_ways = await asyncio.gather(
        town.call(MergeTickets, vera, one.id, other.id),
        town.call(MergeTickets, vera, other.id, one.id),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in both_ways) == ["Ticket", "WrongMove"]
    states = sorted(each.state.value for each in (await town.call(ListTickets, citizen)).tickets)
    assert states == ["in_work", "merged"]


async def test_tags_and_links_and_notes_are_for_the_desk(town: Town) -> None:
    (citizen, boris), vera, oleg = await both(town), await a_member(town), await a_member(town, "oleg")
    one, other = await a_ticket(town, citizen), await a_ticket(town, boris)
    await town.call(TagTicket, vera, one.id, ["СМС  шлюз"])
    with pytest.raises(BadTags):
        await town.call(TagTicket, vera, one.id, ["<b>"])
    await town.call(LinkTickets, vera, one.id, other.id)
    await town.call(LinkTickets, vera, other.id, one.id)
    await town.call(NoteInTicket, vera, one.id, "Олег, глянь", [oleg.staff])
    view = await town.call(ViewTicketAtDesk, vera, one.id)
    assert view.ticket.tags == {"смс шлюз"}
    assert [each.id for each in view.linked] == [other.id]
    note = view.remarks[-1]
    assert (note.mentions, view.names[oleg.staff]) == ({oleg.staff}, "Oleg")
    page = await town.call(ViewTickets, vera, TicketFilter(tag="смс шлюз"))
    assert [line.ticket.id for line in page.lines] == [one.id]
    with pytest.raises(NotAllowed):
        await town.call(NoteInTicket, vera, one.id, "Кто это", [citizen.account])


async def test_the_list_is_paged_by_urgency_then_by_what_is_due_first(town: Town) -> None:
    (citizen, boris), vera = await both(town), await a_member(town)
    sent = []
    for number in range(6):
        sent.append(await a_ticket(town, citizen if number % 2 else boris, f"Обращение номер {number}"))
        town.clock.turn(minutes=1)
    await town.call(AskInTicket, vera, sent[0].id, "Снимок, пожалуйста", "k")
    seen, after = [], None
    while True:
        page = await town.call(ViewTickets, vera, TicketFilter(), after, 2)
        seen += [line.ticket.id for line in page.lines]
        after = page.after
        if after is None:
            break
    assert seen == [each.id for each in (*sent[1:], sent[0])]
    first = (await town.call(ViewTickets, vera, limit=1)).lines[0]
    assert (first.name, first.left) == ("Анна И.", timedelta(hours=24) - timedelta(minutes=5))
    for place in ("somewhere", f"2_normal~0001-01-01T00:00:00+05:00~{sent[0].id}"):
        with pytest.raises(BadCursor):
            await town.call(ViewTickets, vera, TicketFilter(), place)


async def test_search_reads_what_is_sealed_and_goes_on_where_it_stopped(town: Town) -> None:
    (citizen, boris), vera = await both(town), await a_member(town)
    mine = await a_ticket(town, citizen, "Не открывается ёлка на карте")
    town.clock.turn(seconds=1)
    theirs = await a_ticket(town, boris, "Ничего такого нет здесь")
    await town.call(AnswerTicket, vera, theirs.id, "А вот про елку", "k")
    found, after = await town.call(SearchTickets, vera, "Елк", None, 1)
    assert ([line.ticket.id for line in found]) == [theirs.id]
    found, after = await town.call(SearchTickets, vera, "Елк", after, 1)
    assert ([line.ticket.id for line in found]) == [mine.id]
    assert (await town.call(SearchTickets, vera, "Елк", after, 1)) == ([], None)
    assert [line.ticket.id for line in (await town.call(SearchTickets, vera, mine.number))[0]] == [mine.id]


async def test_only_a_senior_gives_it_to_others(town: Town) -> None:
    citizen, vera, oleg = await town.sign_in(), await a_member(town), await a_member(town, "oleg")
    senior, doctor = await a_member(town, "senior", Role.SENIOR), await a_member(town, "doctor", Role.DOCTOR)
    sent = await a_ticket(town, citizen)
    with pytest.raises(NotAllowed):
        await town.call(AssignTicket, vera, sent.id, oleg.staff)
    with pytest.raises(NotAllowed):
        await town.call(AssignTicket, senior, sent.id, doctor.staff)
    assert (await town.call(AssignTicket, senior, sent.id, oleg.staff)).owner == oleg.staff
    assert (await town.call(AssignTicket, oleg, sent.id)).owner is None
    assert SupportTopic.SECURITY is sent.topic
