"""What is past its limit, at the desk: before the seniors, with notes in the language of whoever reads them."""

import pytest

from core.domain.actor import Citizen, Role, Staff
from core.domain.ids import ConversationId
from core.domain.sla import Limits
from core.domain.staff import StaffMembers
from core.domain.support import SupportTopic
from core.domain.ticket import Ticket
from core.ports import Transaction
from core.services.sla import SetLimits, WarnOverdue
from core.services.ticket import BeginTicket, DescribeTicket, SendTicket
from tests.api.chatting import Talking
from tests.api.office import Office

WORDS = {
    "ru": ("Прошло 80% срока ответа, он кончается", "Срок ответа вышел. Соня Ветрова сейчас не возьмёт разговор", "Срок вышел"),
    "en": ("80% of the time to answer are over, it ends", "The time to answer is over. Соня Ветрова cannot", "Past the limit"),
}  # fmt: skip


async def actor(office: Office, login: str) -> Staff:
    """Return somebody whom the office has hired."""
    async with office.container() as inside:
        members = await inside.get(StaffMembers)
        async with (await inside.get(Transaction)).looking():
            member = await members.by_login(login)
    assert member is not None
    return member.actor


async def sends_ticket(office: Office, citizen: Citizen) -> Ticket:
    """The citizen writes a request."""
    async with office.container() as inside:
        await (await inside.get(BeginTicket))(citizen, SupportTopic.SECURITY)
        await (await inside.get(DescribeTicket))(citizen, "Не приходит код по СМС, хотя номер верный.")
        return await (await inside.get(SendTicket))(citizen)


async def watched(office: Office, **later: int) -> None:
    """The worker looks, and again after that time."""
    for span in ({}, later):
        office.clock.passes(**span)
        async with office.container() as inside:
            await (await inside.get(WarnOverdue))()


async def late(office: Office) -> tuple[ConversationId, Ticket]:
    """A conversation past its limit that nobody has taken, and a request that nearly is."""
    for login, role, name in (("igor", Role.ADMINISTRATOR, "Игорь Сомов"), ("sonya", Role.OPERATOR, "Соня Ветрова")):
        await office.hires(login, role, name=name)
    async with office.container() as inside:
        named = Limits(staff=(await actor(office, "sonya")).staff)
        await (await inside.get(SetLimits))(await actor(office, "igor"), named)
    citizen, conversation = await Talking(office).calls()
    ticket = await sends_ticket(office, citizen)
    await watched(office, minutes=25)
    await watched(office, minutes=5)
    await watched(office, hours=20)
    return conversation, ticket


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_notes_are_read_in_ones_own_language(office: Office, language: str):
    conversation, ticket = await late(office)
    warned, escalated, _ = WORDS[language]
    async with office.browser() as browser:
        browser.headers["Accept-Language"] = language
        await office.hires("roza", Role.SENIOR, name="Роза Ким")
        await browser.sits(office, "roza")
        page = (await browser.get(f"/desk/talks/{conversation}")).text
        told = [each["text"] for each in (await browser.get(f"/api/v1/conversations/{conversation}")).json()["lines"]]
        assert sum(each.startswith((warned, escalated)) for each in told) == 2
        assert all(each in page for each in told)
        assert "sla.note" not in page
        request = (await browser.get(f"/desk/tickets/{ticket.id}")).text
        remarks = (await browser.get(f"/api/v1/tickets/{ticket.id}")).json()["remarks"]
        (remark,) = [each for each in remarks if each["side"] == "note"]
        assert remark["text"].startswith(warned)
        assert remark["text"] in request
        found = await browser.get("/api/v1/search", params={"words": "Ветрова"})
        assert "sla.note" not in found.text


async def test_seniors_have_it_before_them(office: Office):
    conversation, _ = await late(office)
    async with office.browser() as browser:
        await office.hires("roza", Role.SENIOR, name="Роза Ким")
        csrf = await browser.sits(office, "roza")
        page = (await browser.get("/desk/talks")).text
        assert "Срок вышел <b>1</b>" in page
        assert str(conversation) in (await browser.get("/desk/talks?show=late")).text
        (found,) = (await browser.get("/api/v1/conversations", params={"whose": "late"})).json()["conversations"]
        assert (found["id"], found["late"], found["urgency"]) == (str(conversation), True, "1_high")
        await browser.post(f"/desk/talks/{conversation}/claim", data={"csrf": csrf})
        await browser.post(f"/desk/talks/{conversation}/end", data={"csrf": csrf})
        await watched(office)
        assert "Срок вышел" not in (await browser.get("/desk/talks")).text
        assert "Просроченных разговоров нет" in (await browser.get("/desk/talks?show=late")).text
