"""What colleagues see of a person, and what is written down of it."""

from functools import partial

import pytest

from core import ports
from core.domain.actor import Citizen, Role, Staff, Visitor
from core.domain.audit import Reading, Sought
from core.domain.conversation import Ended, LineKind, Lines, NotYours, ReasonWanted, TooManyRevealed
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.conversation import (
    EditSaid,
    EndConversation,
    RevealIdentifier,
    SearchConversations,
    ShareRecord,
    TransferConversation,
    ViewQueue,
)
from core.services.ticket import AssignTicket
from tests.core.services.asking import a_ticket
from tests.core.services.talking import a_team, a_visitor, an_operator, call, says, take, view
from tests.core.services.town import Town


async def test_identifiers_are_for_its_operator_and_for_so_many_an_hour(town: Town) -> None:
    citizen = await town.sign_in()
    zoya, vera = await an_operator(town), await an_operator(town, "vera", "Вера Котова", Role.SENIOR)
    asked = await call(town, citizen)
    reveal = partial(town.call, RevealIdentifier)
    with pytest.raises(NotYours):
        await reveal(zoya, asked, "snils", "сверить номер")
    await take(town, zoya, asked)
    with pytest.raises(NotYours):
        await reveal(vera, asked, "snils", "сверить номер")
    for told in ("паспорт 4510", "СНИЛС 112-233-445", "пишет anna@mail.ru"):
        with pytest.raises(ReasonWanted):
            await reveal(zoya, asked, "snils", told)
    for _ in range(20):
        await reveal(zoya, asked, "snils", "сверить номер")
    with pytest.raises(TooManyRevealed):
        await reveal(zoya, asked, "phone", "сверить номер")
    town.clock.turn(hours=1, seconds=1)
    await reveal(zoya, asked, "phone", "сверить номер")
    await town.call(EndConversation, zoya, asked)
    with pytest.raises(Ended):
        await reveal(zoya, asked, "phone", "сверить номер")


async def test_what_was_shared_is_seen_by_the_operator_alone_and_gone_with_the_conversation(town: Town) -> None:
    anna = await town.sign_in()
    zoya, vera = await an_operator(town), await an_operator(town, "vera", "Вера Котова", Role.SENIOR)
    await town.call(GiveConsent, anna, "ru")
    held = await take(town, zoya, await call(town, anna))
    await town.call(ShareRecord, anna, "Гемоглобин 140")

    async def shared(staff: Staff) -> list[str]:
        return [line.text for line in (await view(town, staff, held.id)).lines if line.kind is LineKind.SHARED]

    assert (await shared(zoya), await shared(vera)) == (["Гемоглобин 140"], [""])
    await town.call(TransferConversation, zoya, held.id, to=vera.staff)
    assert (await shared(zoya), await shared(vera)) == ([""], ["Гемоглобин 140"])
    await town.call(WithdrawConsent, anna)
    town.clock.turn(seconds=1)
    await town.call(GiveConsent, anna, "ru")
    assert await shared(vera) == [""]
    await town.call(ShareRecord, anna, "Гемоглобин 150")
    await town.call(EndConversation, vera, held.id)
    assert await shared(vera) == ["", ""]
    async with town.container() as scope, (await scope.get(ports.Transaction)).looking():
        kept = await (await scope.get(Lines)).of(held.id)
    assert [line.text for line in kept if line.kind is LineKind.SHARED] == ["", ""]


async def test_what_a_search_shows_stands_in_the_journal_of_each_person_once(town: Town) -> None:
    anna, visitor = await town.sign_in(), await a_visitor(town)
    zoya = await an_operator(town)
    both: tuple[Visitor | Citizen, ...] = (anna, visitor)
    for number, who in enumerate(both):
        await call(town, who, words="Где полис?")
        await says(town, who, "Полис потерян", number)
    page = await town.call(SearchConversations, zoya, "полис")
    assert len(page.found) == 4  # type: ignore[attr-defined]
    async with town.container() as scope, (await scope.get(ports.Transaction)).looking():
        lines = await (await scope.get(Reading)).page(Sought(operation="conversation.searched"), None, 10)
    assert sorted((line.subject, line.details["found"]) for line in lines) == [
        ("-", "2"),
        (f"account:{anna.account}", "2"),
    ]


async def test_the_queue_shows_the_beginning_of_what_was_said_last(town: Town) -> None:
    anna = await town.sign_in()
    zoya = await an_operator(town)
    await call(town, anna)
    await says(town, anna, "Я писала про врача", 7)
    await town.call(EditSaid, anna, 7, "а" * 1000)
    [entry] = (await town.call(ViewQueue, zoya)).entries  # type: ignore[attr-defined]
    assert (entry.last.text, entry.last.earlier) == ("а" * 139 + "…", ())


async def test_requests_of_another_group_do_not_stand_beside_a_conversation(town: Town) -> None:
    anna = await town.sign_in()
    boss, vera = await an_operator(town, "boss", "Босс", Role.SENIOR), await an_operator(town, "vera", "Вера Котова")
    complaint, usual = await a_ticket(town, anna, "Жалоба на врача"), await a_ticket(town, anna, "Где карта?")
    await town.call(AssignTicket, boss, complaint.id, None, await a_team(town, "Жалобы"))
    asked = await call(town, anna)
    assert [each.id for each in (await view(town, vera, asked)).tickets] == [usual.id]
    assert {each.id for each in (await view(town, boss, asked)).tickets} == {complaint.id, usual.id}
