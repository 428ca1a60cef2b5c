"""A colleague whom a note calls hears of it, as far as they may see the conversation."""

from dataclasses import replace

from core import ports
from core.domain.actor import Role, Staff
from core.domain.conversation import DeskEvents, Happening, Sight
from core.domain.team import Duties
from core.services.conversation import TransferConversation, WriteNote
from core.services.ticket import AssignTicket, NoteInTicket
from tests.core.services.asking import a_ticket
from tests.core.services.patient import a_patient
from tests.core.services.talking import a_team, a_visitor, an_operator, call, take
from tests.core.services.town import Town


async def called(town: Town, staff: Staff) -> int:
    """Count how often somebody was called by now."""
    async with town.container() as scope:
        events = await scope.get(DeskEvents)
        async with (await scope.get(ports.Transaction)).looking():
            heard = await events.after(Sight(staff.staff, everything=True), 0, 100)
    return sum(each.happening is Happening.MENTIONED and each.staff == staff.staff for each in heard)


async def test_whoever_is_called_hears_of_it_and_nobody_hears_of_what_they_may_not_see(town: Town) -> None:
    ours, theirs = await a_team(town), await a_team(town, "Вторая")
    zoya = await an_operator(town, team=ours)
    oleg = await an_operator(town, "oleg", "Олег Ким", team=theirs)
    vera = await an_operator(town, "vera", "Вера Сомова", Role.SENIOR)
    held = await take(town, vera, await call(town, await a_visitor(town)))
    await town.call(TransferConversation, vera, held.id, team=ours)
    everybody = [each.staff for each in (zoya, oleg, vera)]
    await town.call(WriteNote, zoya, held.id, "Посмотрите, пожалуйста", everybody)
    assert [await called(town, each) for each in (zoya, oleg, vera)] == [1, 0, 1]
    async with town.container() as scope, await scope.get(ports.Transaction):
        duties = await scope.get(Duties)
        await duties.save(replace(await duties.of(oleg.staff), team=ours))
    await town.call(WriteNote, zoya, held.id, "И вы", [oleg.staff])
    assert [await called(town, each) for each in (zoya, oleg, vera)] == [1, 1, 1]


async def test_whoever_a_note_in_a_request_calls_hears_of_it_if_they_may_see_it(town: Town) -> None:
    ours, theirs = await a_team(town), await a_team(town, "Вторая")
    zoya = await an_operator(town, team=ours)
    oleg = await an_operator(town, "oleg", "Олег Ким", team=theirs)
    vera = await an_operator(town, "vera", "Вера Сомова", Role.SENIOR)
    sent = await a_ticket(town, await a_patient(town))
    await town.call(AssignTicket, vera, sent.id, None, ours)
    await town.call(NoteInTicket, zoya, sent.id, "Взгляните", [each.staff for each in (zoya, oleg, vera)])
    assert [await called(town, each) for each in (zoya, oleg, vera)] == [1, 0, 1]
