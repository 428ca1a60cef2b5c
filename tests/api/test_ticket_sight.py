"""What stands in another group's ticket stays there, and whoever was shown a ticket stands in the journal."""

import logging
from pathlib import Path

import pytest

from core.domain.actor import Citizen, Role
from core.domain.ids import TeamId, TicketId
from tests.api.listening import group
from tests.api.office import Office, person, picture, problem
from tests.api.talking import Member, at_desk, requests, requests_too

SECRET = "Жалоба на врача, очень личное"
ELSEWHERE = "Второе обращение, обычное"


async def merged(office: Office, boss: Member, one: TeamId, other: TeamId) -> tuple[TicketId, TicketId]:
    """A ticket of one group went into a ticket of the other."""
    citizen, gone = await requests(office, SECRET)
    stays = await requests_too(office, citizen, ELSEWHERE)
    for ticket, team in ((gone, one), (stays, other)):
        assert (await boss.posts(f"/tickets/{ticket}/assign", {"team": str(team)})).status_code == 204
    assert (await boss.posts(f"/tickets/{gone}/merge", {"into": str(stays)})).status_code == 200
    return gone, stays


async def number(boss: Member, ticket: TicketId) -> str:
    found: str = (await boss.get(f"/tickets/{ticket}")).json()["ticket"]["number"]
    return found


async def test_each_of_two_groups_sees_where_its_ticket_went_and_nothing_of_the_other(office: Office) -> None:
    one, other = await group(office, "Жалобы"), await group(office, "Карты")
    async with (
        at_desk(office, "boss", Role.SENIOR) as boss,
        at_desk(office, "zoya", team=one) as zoya,
        at_desk(office, "lena", team=other) as lena,
    ):
        gone, stays = await merged(office, boss, one, other)
        went, into = await number(boss, gone), await number(boss, stays)
        seen = (await zoya.get(f"/tickets/{gone}")).json()
        assert (seen["description"], seen["into"], seen["into_number"]) == (SECRET, None, into)
        page = (await zoya.browser.get(f"/desk/tickets/{gone}")).text
        assert f"объединено с № {into}. Оно у другой группы" in page
        assert ELSEWHERE not in page
        assert str(stays) not in page
        assert problem(await zoya.get(f"/tickets/{stays}"), 404) == "urn:medkarta:problem:not-there"
        page = (await lena.browser.get(f"/desk/tickets/{stays}")).text
        assert f"сюда вошло обращение № {went}" in page
        assert SECRET not in page
        assert problem(await lena.get(f"/tickets/{gone}"), 404) == "urn:medkarta:problem:not-there"
        page = (await boss.browser.get(f"/desk/tickets/{gone}")).text
        assert f'<a href="/desk/tickets/{stays}">{into}</a>' in page


async def test_a_file_is_not_even_opened_for_whoever_may_not_see_it(
    office: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = await group(office, "Свои")
    _, ticket = await requests(office)
    async with at_desk(office, "zoya", team=own) as zoya, at_desk(office, "lena") as lena:
        sent = [("file", ("a.png", picture(), "image/png"))]
        answer = await zoya.posts(f"/tickets/{ticket}/answers", files=sent, data={"text": "Вот"})
        await zoya.posts(f"/tickets/{ticket}/take")
        await zoya.posts(f"/tickets/{ticket}/assign", {"team": str(own)})
        address = answer.json()["files"][0]["address"]
        for file in (tmp_path / "files").rglob("*-*-*-*-*"):
            file.unlink()
        with caplog.at_level(logging.ERROR):
            assert problem(await lena.browser.get(address), 404) == "urn:medkarta:problem:not-there"
            assert (await lena.browser.get(address.replace("/api/v1/remarks", "/desk/tickets"))).status_code == 404
            assert "ticket_file_missing" not in caplog.text
            assert problem(await zoya.browser.get(address), 404) == "urn:medkarta:problem:not-there"
            assert "ticket_file_missing" in caplog.text


async def followed(auditor: Member, citizen: Citizen, operation: str) -> list[dict[str, str]]:
    """Return the details of what a person's journal has of an operation."""
    found = await auditor.get("/audit", person=str(citizen.account), operation=operation)
    return [each["details"] for each in found.json()["lines"]]


@pytest.mark.parametrize("way", ["/desk/tickets", "/api/v1/tickets"])
async def test_following_a_person_finds_who_was_shown_their_ticket_in_a_list(office: Office, way: str) -> None:
    citizen, ticket = await requests(office)
    other, _ = await requests(office, name="Вера")
    stranger = await office.knows(person("Пётр", "Орлов"))
    async with at_desk(office, "zoya") as zoya, at_desk(office, "petr", Role.AUDITOR) as petr:
        for _ in range(3):
            assert (await zoya.browser.get(way)).status_code == 200
        (line,) = await followed(petr, citizen, "ticket.list_viewed")
        assert str(ticket) in line["tickets"].split()
        assert await followed(petr, other, "ticket.list_viewed") == [line]
        assert await followed(petr, stranger, "ticket.list_viewed") == []
        third = await requests_too(office, citizen, "Ещё одно обращение")
        await zoya.browser.get(way)
        assert {"tickets": str(third)} in await followed(petr, citizen, "ticket.list_viewed")


@pytest.mark.parametrize("way", ["/desk/tickets", "/api/v1/tickets/search"])
async def test_following_a_person_finds_who_was_shown_their_ticket_in_a_search(office: Office, way: str) -> None:
    citizen, ticket = await requests(office, "Пропала прививка")
    other, _ = await requests(office, name="Вера")
    async with at_desk(office, "zoya") as zoya, at_desk(office, "petr", Role.AUDITOR) as petr:
        assert (await zoya.browser.get(way, params={"words": "прививка"})).status_code == 200
        assert await followed(petr, citizen, "ticket.searched") == [{"found": "1", "tickets": str(ticket)}]
        assert await followed(petr, other, "ticket.searched") == []
