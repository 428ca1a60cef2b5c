"""Figures on a page, as a table and on the wall."""

import csv
import io
import re
from datetime import timedelta

import pytest

from core.domain.actor import Role
from core.domain.conversation import Conversation, Conversations, ConversationState
from core.domain.ids import ConversationId, new_id
from core.domain.support import SupportTopic, Urgency
from core.ports import Transaction
from core.services.conversation import CallOperator
from tests.api.office import Browser, Office, person, problem


async def somebody_waits(office: Office) -> None:
    citizen, now = await office.knows(person("Анна", "Ильина")), office.clock.now()
    opened = Conversation(
        ConversationId(new_id(now)), citizen.chat, citizen.account, "ru", SupportTopic.OTHER, Urgency.NORMAL,
        ConversationState.WAITING, now, waits_since=now,
    )  # fmt: skip
    async with office.container() as scope:
        conversations = await scope.get(Conversations)
        async with await scope.get(Transaction):
            assert await conversations.open(opened)


async def sits(office: Office, browser: Browser, login: str, role: Role) -> None:
    await office.hires(login, role, name=login.title())
    await browser.sits(office, login)


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_a_senior_looks_at_the_last_thirty_days_and_takes_them_along(office: Office, language: str) -> None:
    await somebody_waits(office)
    async with office.browser() as browser:
        await sits(office, browser, "sonya", Role.SENIOR)
        page = await browser.get(f"/desk/figures?language={language}")
        assert page.status_code == 200
        assert "<svg" in page.text
        assert {"ru": "По сотрудникам", "en": "By member"}[language] in page.text
        figures = (await browser.get("/api/v1/figures")).json()
        assert (figures["first"], figures["last"]) == ("2026-10-25", "2026-11-23")
        assert (figures["conversations"]["asked"], figures["conversations"]["share"]) == (1, None)
        assert figures["conversation_hours"][9] == 1
        for way in ("/desk/figures.csv", "/api/v1/figures.csv"):
            table = await browser.get(f"{way}?first=2026-11-23&last=2026-11-23")
            assert table.headers["content-type"] == "text/csv; charset=utf-8"
            assert table.headers["content-disposition"] == 'attachment; filename="figures-2026-11-23-2026-11-23.csv"'
            assert table.text.splitlines()[1].startswith("2026-11-23,2026-11-23,*,conversation,1,0,0,")


@pytest.mark.parametrize("name", ["=1+1", "＝HYPERLINK(0)", "＋1+1", "－1+1", "＠A1", "\t=1+1"])
async def test_no_name_is_a_formula_in_the_table(office: Office, name: str) -> None:
    citizen = await office.knows(person("Анна", "Ильина"))
    await office.hires("vera", Role.OPERATOR, name=name)
    async with office.container() as scope:
        await (await scope.get(CallOperator))(citizen)
    async with office.browser() as browser:
        headers = {"X-CSRF-Token": await browser.sits(office, "vera"), "Idempotency-Key": "one"}
        (waiting,) = (await browser.get("/api/v1/conversations")).json()["conversations"]
        claimed = await browser.post(f"/api/v1/conversations/{waiting['id']}/claim", headers=headers)
        assert claimed.status_code == 200
    async with office.browser() as browser:
        await sits(office, browser, "sonya", Role.SENIOR)
        table = csv.DictReader(io.StringIO((await browser.get("/desk/figures.csv")).text, newline=""))
        assert {row["member"] for row in table} == {"*", f"'{name}"}


async def test_an_operator_has_their_own_page(office: Office) -> None:
    await somebody_waits(office)
    async with office.browser() as browser:
        await sits(office, browser, "vera", Role.OPERATOR)
        page = (await browser.get("/desk/figures")).text
        assert "Только ваши" in page
        assert "По сотрудникам" not in page
        figures = (await browser.get("/api/v1/figures")).json()
        assert (figures["own"], figures["conversations"]["asked"], figures["promises"]) == (True, 0, None)


@pytest.mark.parametrize("period", ["first=2026-11-24&last=2026-11-23", "first=2020-01-01", "last=вчера"])
async def test_a_wrong_period_is_said(office: Office, period: str) -> None:
    async with office.browser() as browser:
        await sits(office, browser, "sonya", Role.SENIOR)
        page = await browser.get(f"/desk/figures?{period}")
        assert page.status_code == 422
        assert "Период" in page.text
        problem(await browser.get(f"/api/v1/figures?{period}"), 422)
        assert (await browser.get(f"/desk/figures.csv?{period}")).status_code == 422


async def test_the_wall_shows_how_long_somebody_waits(office: Office) -> None:
    await somebody_waits(office)
    async with office.browser() as browser:
        await sits(office, browser, "vera", Role.OPERATOR)
        office.clock.moment += timedelta(minutes=7)
        page = (await browser.get("/desk/wall")).text
        assert '<dd data-word="waiting">1</dd>' in page
        assert re.search(
            r'<dd data-word="longest"><time [^>]+>7 мин</time></dd>', page.replace("\N{NO-BREAK SPACE}", " ")
        )
        assert '<div class="huge hot" data-hot="waiting">' in page
        wall = (await browser.get("/api/v1/wall")).json()
        assert (wall["waiting"], wall["here"], wall["share"]) == (1, 0, None)


async def test_whoever_answers_nobody_has_neither(office: Office, desk: Browser) -> None:
    for way in ("/desk/figures", "/desk/figures.csv", "/desk/wall"):
        assert (await desk.get(way)).status_code == 403
    for way in ("/api/v1/figures", "/api/v1/figures.csv", "/api/v1/wall"):
        problem(await desk.get(way), 403)
