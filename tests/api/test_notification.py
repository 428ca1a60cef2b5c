"""What did not arrive: an administrator sees why, never what it said, and sends it again."""

from core.domain.actor import Role
from core.domain.ids import ChatId, NotificationId, new_id
from core.domain.notification import Channel, Lane, Notification, NotificationState, Outbox, Outcome, Settlement
from core.ports import Transaction
from core.services.notification import LEASE
from tests.api.office import Browser, Office, problem


async def refused(office: Office) -> Notification:
    """A push that Telegram refused."""
    now = office.clock.now()
    push = Notification(
        NotificationId(new_id(now)),
        Channel.TELEGRAM,
        Lane.NOTICE,
        "card.created",
        "ru",
        now,
        chat=ChatId(7),
        values={"name": "Аглая"},
    )
    async with office.container() as inside:
        outbox = await inside.get(Outbox)
        async with await inside.get(Transaction):
            await outbox.add(push)
            await outbox.begin(await outbox.claim(now, now + LEASE, 10), now)
            word = "Bad Request: <b> is broken"
            end = Settlement(push.id, 1, NotificationState.REFUSED, Outcome.REFUSED, reason=word)
            await outbox.settle([end], now)
    return push


async def test_an_administrator_sees_why_and_sends_it_again(office: Office) -> None:
    push = await refused(office)
    await office.hires("igor", Role.ADMINISTRATOR)
    async with office.browser() as browser:
        secret = await browser.sits(office, "igor")
        page = (await browser.get("/desk/notifications")).text
        assert "Bad Request: &lt;b&gt; is broken" in page
        assert "card.created" in page
        assert "Аглая" not in page
        (found,) = (await browser.get("/api/v1/notifications?state=refused")).json()["notifications"]
        assert (found["id"], found["tries"], found["sendable"]) == (str(push.id), 1, True)
        sent = await browser.post(f"/desk/notifications/{push.id}/send-again", data={"csrf": secret})
        assert sent.headers["location"] == "/desk/notifications?done=done"
        assert "Всё доставлено" in (await browser.get("/desk/notifications")).text
        again = await browser.post(f"/api/v1/notifications/{push.id}/send-again", headers={"X-CSRF-Token": secret})
        assert problem(again, 409) == "urn:medkarta:problem:not-sendable"
        balance = (await browser.get("/api/v1/notifications/balance")).json()
        assert (balance["made"], balance["states"]["waiting"]) == (1, 1)


async def test_a_reviewer_has_no_such_page(office: Office, desk: Browser) -> None:
    push = await refused(office)
    assert (await desk.get("/desk/notifications")).status_code == 403
    problem(await desk.get("/api/v1/notifications"), 403)
    await desk.sits(office, "zoya")
    secret = (await desk.get("/api/v1/me")).json()["csrf"]
    told = await desk.post(f"/api/v1/notifications/{push.id}/send-again", headers={"X-CSRF-Token": secret})
    problem(told, 403)


async def test_the_numbers_say_how_the_outbox_stands(office: Office) -> None:
    await refused(office)
    async with office.browser() as browser:
        told = (await browser.get("/metrics")).text
    assert 'medkarta_notifications{state="refused"} 1.0' in told
    assert 'medkarta_notifications_uncertain{lane="bulk"} 0.0' in told
