"""The journal in front of the auditor, and of nobody else."""

import csv
import io
import re

import pytest
from sqlalchemy import text

from core.domain.actor import Role, System
from core.domain.audit import AuditLog, Operation
from core.domain.ids import AccountId, new_id
from core.ports import Transaction
from core.services.audit import EXPORTED_AT_ONCE, SignCheckpoint
from core.storage.transaction import SqlTransaction
from tests.api.office import Browser, Office, problem

OTHERS = tuple(role for role in Role if role is not Role.AUDITOR)


async def sits(office: Office, browser: Browser, role: Role = Role.AUDITOR, login: str = "vera") -> str:
    await office.hires(login, role, name="Вера Тихая")
    return await browser.sits(office, login)


async def writes(office: Office, count: int, operation: Operation = Operation.CARD_VIEWED) -> AccountId:
    """Put lines about one account into the journal, a second apart."""
    account = AccountId(new_id(office.clock.now()))
    for number in range(count):
        async with office.container() as inside:
            audit, transaction = await inside.get(AuditLog), await inside.get(Transaction)
            async with transaction:
                audit.record(System("test"), operation, account, number=str(number))
        office.clock.passes(seconds=1)
    return account


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_but_an_auditor_reads_the_journal(office: Office, role: Role):
    async with office.browser() as browser:
        secret = await sits(office, browser, role, "somebody")
        assert (await browser.get("/desk/audit")).status_code == 403
        assert (await browser.get("/desk/audit/file.csv")).status_code == 403
        for path in ("/api/v1/audit", "/api/v1/audit/file.csv"):
            assert problem(await browser.get(path), 403) == "urn:medkarta:problem:role-refused"
        refused = await browser.post("/api/v1/audit/verification", headers={"X-CSRF-Token": secret})
        assert problem(refused, 403) == "urn:medkarta:problem:role-refused"


async def test_the_auditor_lands_on_the_journal_follows_one_person_and_stands_in_it(office: Office):
    anna = await writes(office, 2)
    other = await writes(office, 1)
    async with office.browser() as browser:
        await sits(office, browser)
        assert (await browser.get("/desk")).headers["location"] == "/desk/audit"
        page = (await browser.get("/desk/audit")).text
        assert page.count("card.viewed</a>") == 3
        followed = (await browser.get(f"/desk/audit?person={anna}")).text
        assert followed.count("card.viewed</a>") == 2
        assert str(other)[-6:] not in followed
        mine = (await browser.get("/desk/audit?who=vera")).text
        assert ">vera</a>" in mine
        assert mine.count("audit.viewed</a>") == 2
        assert "card.viewed</a>" not in mine
        looked = (await browser.get(f"/api/v1/audit?person={anna}")).json()["lines"]
        assert [each["operation"] for each in looked] == ["audit.viewed", "card.viewed", "card.viewed"]
        assert (looked[0]["name"], looked[0]["subject"]) == ("vera", f"account:{anna}")


async def test_lines_are_paged_by_their_place_without_a_gap_or_a_double(office: Office):
    await writes(office, 7)
    async with office.browser() as program:
        await sits(office, program)
        seen, after = [], ""
        while True:
            asked = {"operation": "card.", "limit": "3", "after": after}
            page = (await program.get("/api/v1/audit", params=asked)).json()
            seen += [each["details"]["number"] for each in page["lines"]]
            if page["next"] is None:
                break
            after = page["next"]
        assert seen == ["6", "5", "4", "3", "2", "1", "0"]
        for bad in ("x", "2026-11-23T09:00:00_1_1", "2026-11-23T09:00:00+00:00_1_99999999999"):
            answer = await program.get("/api/v1/audit", params={"after": bad})
            assert problem(answer, 422) == "urn:medkarta:problem:bad-place"


async def test_times_and_operations_narrow_and_what_cannot_be_read_is_said(office: Office):
    await writes(office, 3)
    async with office.browser() as browser:
        await sits(office, browser)
        # 06:00 UTC is nine in Moscow; each line came a second later.
        late = (await browser.get("/desk/audit?since=2026-11-23T09:00:02&operation=card.viewed")).text
        assert late.count("card.viewed</a>") == 1
        assert "Таких записей нет" in (await browser.get("/desk/audit?operation=card.nothing")).text
        odd = await browser.get("/desk/audit?since=yesterday&person=Anna%00")
        assert odd.status_code == 200
        assert "Не всё удалось прочитать" in odd.text


async def test_a_name_typed_as_who_finds_nothing_and_stands_nowhere(office: Office):
    async with office.browser() as browser:
        await sits(office, browser)
        page = await browser.get("/desk/audit", params={"who": "Анна Ильина", "operation": "<script>alert(1)</script>"})
        assert "Таких записей нет" in page.text
        assert "<script>alert" not in page.text
        exported = (await browser.get("/api/v1/audit/file.csv")).text
        assert "Ильина" not in exported
        assert "script" not in exported


async def test_the_whole_is_taken_along_part_by_part_and_no_cell_is_a_formula(office: Office):
    many = EXPORTED_AT_ONCE + 5
    async with office.container() as inside:
        audit, transaction = await inside.get(AuditLog), await inside.get(Transaction)
        async with transaction:
            for number in range(many):
                audit.record(System("test"), Operation.CARD_VIEWED, None, number=str(number))
    async with office.browser() as browser:
        await sits(office, browser)
        answer = await browser.get("/desk/audit/file.csv?operation=card.")
        assert answer.headers["content-type"].startswith("text/csv")
        assert "attachment" in answer.headers["content-disposition"]
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert rows[0][:2] == ["Когда", "Кто"]
        assert len(rows) == many + 1
        assert len({row[-1] for row in rows[1:]}) == many
        assert not [cell for row in rows[1:] for cell in row if cell[:1] in {"=", "+", "@"}]
        kept = (await browser.get("/api/v1/audit?operation=audit.exported")).json()["lines"]
        assert [each["details"] for each in kept] == [{"only": "card."}]


async def test_a_sound_journal_is_said_to_be_and_a_touched_line_is_found(office: Office):
    await writes(office, 3)
    async with office.container() as inside:
        await (await inside.get(SignCheckpoint))()
    async with office.browser() as browser:
        secret = await sits(office, browser)
        sound = await browser.post("/desk/audit/verification", data={"csrf": secret})
        assert re.search(r"Журнал цел: проверено записей — \d+", sound.text)
        async with office.container() as inside:
            transaction = await inside.get(SqlTransaction)
            async with transaction:
                await transaction.session.execute(text("DROP TRIGGER audit_lines_no_update"))
                await transaction.session.execute(text("UPDATE audit_lines SET actor = 'system:nobody' WHERE seq = 2"))
        found = (await browser.post("/api/v1/audit/verification", headers={"X-CSRF-Token": secret})).json()
        assert found["sound"] is False
        assert {"where": "chain 0, line 2", "what": "changed"} in found["findings"]
        page = await browser.post("/desk/audit/verification", data={"csrf": secret})
        assert "Журнал изменён" in page.text
        verified = (await browser.get("/api/v1/audit?operation=audit.verified")).json()["lines"]
        assert len(verified) == 3


async def test_one_check_at_a_time(office: Office):
    async with office.browser() as browser:
        secret = await sits(office, browser)
        async with office.app.state.verification:
            refused = await browser.post("/api/v1/audit/verification", headers={"X-CSRF-Token": secret})
            assert problem(refused, 409) == "urn:medkarta:problem:already-verifying"
            page = await browser.post("/desk/audit/verification", data={"csrf": secret})
            assert "проверяет кто-то другой" in page.text
        assert (await browser.post("/api/v1/audit/verification", headers={"X-CSRF-Token": "no"})).status_code == 403


FAR = ("0001-01-01T00:00:00+03:00", "0001-01-20T00:00:00Z", "9999-12-31T23:59:59-03:00", "9999-12-31T23:59:59Z")


@pytest.mark.parametrize("moment", FAR)
async def test_a_year_that_no_line_is_of_is_refused_with_one_sentence(office: Office, moment: str):
    await writes(office, 1)
    async with office.browser() as browser:
        await sits(office, browser)
        for path in ("/api/v1/audit", "/api/v1/audit/file.csv"):
            for field in ("since", "until"):
                for actor in ("", "system:"):
                    refused = await browser.get(path, params={field: moment, "actor": actor})
                    assert problem(refused, 422) == "urn:medkarta:problem:malformed"
                    assert refused.json()["fields"] == [f"query.{field}"]
        for field in ("since", "until"):
            asked = {field: moment[:16], "who": "system:"}
            page = await browser.get("/desk/audit", params=asked)
            assert page.status_code == 200
            assert "2200" in page.text
            assert "card.viewed</a>" in page.text
            assert (await browser.get("/desk/audit/file.csv", params=asked)).status_code == 200
