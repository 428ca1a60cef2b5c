"""What the bot gave up: an administrator sees it, puts it back, drops it; nobody else does, and nobody reads what was typed."""

import pytest
from sqlalchemy import select

from core.domain.actor import Role
from core.domain.audit import Operation
from core.domain.update import Fault, Kept, Standing
from core.services.update import CountKept, SetUpdateAside, TakeWaiting
from core.storage.audit import AuditLineRow
from core.storage.transaction import SqlTransaction
from tests.api.office import Browser, Office, problem

TYPED = '{"message": {"text": "112-233-445 95"}}'


async def given_up(office: Office, number: int, kind: str = "message", chat: int = 7) -> None:
    async with office.container() as inside:
        await (await inside.get(SetUpdateAside))(Kept(number, chat, kind, TYPED, 5), Fault("ValueError", "card.py:7"))


async def put_back(office: Office) -> list[str]:
    """Return what the journal says of each time that something was put back."""
    async with office.container() as inside:
        transaction = await inside.get(SqlTransaction)
        async with transaction.looking():
            asked = select(AuditLineRow.details).where(AuditLineRow.operation == Operation.UPDATE_RETRIED.value)
            return [str(each) for each in await transaction.session.scalars(asked)]


async def standing(office: Office) -> dict[Standing, int]:
    async with office.container() as inside:
        return dict((await (await inside.get(CountKept))()).states)


@pytest.fixture
async def administrator(office: Office):
    await office.hires("igor", Role.ADMINISTRATOR)
    async with office.browser() as browser:
        browser.headers["X-CSRF-Token"] = await browser.sits(office, "igor")
        yield browser


async def test_an_administrator_sees_what_was_given_up_and_not_what_was_typed(office: Office, administrator: Browser):
    assert "Отложенных сообщений нет" in (await administrator.get("/desk/updates")).text
    await given_up(office, 11)
    office.clock.passes(minutes=5)
    await given_up(office, 12, "callback_query")
    listed = (await administrator.get("/api/v1/updates")).json()
    assert [(each["id"], each["kind"], each["fault"], each["places"], each["tries"]) for each in listed["updates"]] == [
        (12, "callback_query", "ValueError", "card.py:7", 5),
        (11, "message", "ValueError", "card.py:7", 5),
    ]
    page = await administrator.get("/desk/updates")
    assert "Нажатие на кнопку" in page.text
    for answer in (page.text, str(listed)):
        assert "112-233" not in answer
    assert 'href="/desk/updates"' in (await administrator.get("/desk")).text


async def test_put_back_it_waits_for_a_bot_and_cannot_be_put_back_twice(office: Office, administrator: Browser):
    await given_up(office, 11)
    assert (await administrator.post("/api/v1/updates/11/retry")).status_code == 204
    async with office.container() as inside:
        (waiting,) = await (await inside.get(TakeWaiting))(7, 10)
    assert (waiting.id, waiting.raw, waiting.tries) == (11, TYPED, 0)
    assert problem(await administrator.post("/api/v1/updates/11/retry"), 404).endswith("not-there")
    assert problem(await administrator.post("/api/v1/updates/11/drop"), 404).endswith("not-there")


async def test_dropped_it_is_wiped(office: Office, administrator: Browser):
    await given_up(office, 11)
    secret = await administrator.secret_on("/desk/updates")
    done = await administrator.post("/desk/updates/11/drop", data={"csrf": secret})
    assert (done.status_code, done.headers["location"]) == (303, "/desk/updates?done=dropped")
    assert "Сообщение удалено" in (await administrator.get("/desk/updates?done=dropped")).text
    assert set((await standing(office)).values()) == {0}


async def test_the_form_puts_it_back_too_and_only_with_the_sessions_secret(office: Office, administrator: Browser):
    await given_up(office, 11)
    assert (await administrator.post("/desk/updates/11/retry", data={"csrf": "wrong"})).status_code == 403
    secret = await administrator.secret_on("/desk/updates")
    assert (await administrator.post("/desk/updates/11/retry", data={"csrf": secret})).status_code == 303
    assert (await standing(office))[Standing.WAITING] == 1


async def test_nobody_else_may(office: Office, desk: Browser):
    await given_up(office, 11)
    for call in (desk.get("/api/v1/updates"), desk.get("/desk/updates"), desk.post("/api/v1/updates/11/drop")):
        assert (await call).status_code == 403
    assert 'href="/desk/updates"' not in (await desk.get("/desk")).text
    assert (await standing(office))[Standing.ASIDE] == 1


async def test_metrics_tell_how_many_updates_are_kept_and_since_when(office: Office, administrator: Browser):
    async def measured() -> dict[str, float]:
        lines = (await administrator.get("/metrics")).text.splitlines()
        told = (line.rsplit(" ", 1) for line in lines if line.startswith("medkarta_updates_kept"))
        return {name: float(value) for name, value in told}

    assert set((await measured()).values()) == {0.0}
    await given_up(office, 11)
    office.clock.passes(minutes=5)
    await given_up(office, 12)
    office.clock.passes(minutes=1)
    found = await measured()
    assert found['medkarta_updates_kept{state="aside"}'] == 2
    assert found['medkarta_updates_kept_oldest_seconds{state="aside"}'] == 360
    assert found['medkarta_updates_kept{state="waiting"}'] == 0


async def test_after_a_fault_of_ours_all_are_put_back_at_once(office: Office, administrator: Browser, desk: Browser):
    for number, chat in ((13, 7), (11, 7), (14, 8), (12, 7)):
        await given_up(office, number, chat=chat)
    assert (await desk.post("/api/v1/updates/retry")).status_code == 403
    assert (await administrator.post("/desk/updates/retry", data={"csrf": "wrong"})).status_code == 403
    assert "Вернуть все" in (await administrator.get("/desk/updates")).text
    assert (await administrator.post("/api/v1/updates/retry")).json() == {"count": 4}
    async with office.container() as inside:
        waiting = await (await inside.get(TakeWaiting))(7, 10)
    assert [(each.id, each.tries) for each in waiting] == [(11, 0), (12, 0), (13, 0)]
    # Once more there is nothing to put back, and nothing to note.
    assert (await administrator.post("/api/v1/updates/retry")).json() == {"count": 0}
    (line,) = await put_back(office)
    assert "4" in line
    await given_up(office, 15)
    await given_up(office, 16)
    secret = await administrator.secret_on("/desk/updates")
    done = await administrator.post("/desk/updates/retry", data={"csrf": secret})
    assert done.headers["location"] == "/desk/updates?done=all_retried"
    assert (await standing(office))[Standing.ASIDE] == 0
