"""What was not delivered can be sent again for a while; what belongs together is claimed together."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.notification import TRIES, NotificationState, NotSendable, Outcome, Settlement
from core.ports import Uncertain
from core.services.notification.outcome import failed
from tests.core.storage.house import House, a_push
from tests.core.storage.test_notification import add, claim, settle

LEASE = timedelta(seconds=30)


async def test_what_was_refused_can_be_sent_again_until_its_values_are_wiped(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    await claim(house)
    await settle(house, push, NotificationState.REFUSED, reason="Bad Request: chat not found")
    here = house.request()
    async with here.transaction:
        (failure,) = await here.outbox.failures(None, 10)
        await here.outbox.send_again(push.id, house.clock.now())
    assert (failure.reason, failure.sendable(house.clock.now())) == ("Bad Request: chat not found", True)
    async with here.transaction:
        (again,) = await here.outbox.claim(house.clock.now(), house.clock.now() + LEASE, 10)
    assert again.values == push.values
    await settle(house, push, NotificationState.REFUSED, tries=2)
    async with here.transaction:
        assert await here.outbox.wipe_before(house.clock.pass_(days=7)) == 1
    with pytest.raises(NotSendable):
        async with here.transaction:
            await here.outbox.send_again(push.id, house.clock.now())


async def test_the_rows_of_a_digest_come_together(house: House) -> None:
    rows = [a_push(house.clock.now(), in_digest=True) for _ in range(3)]
    await add(house, *rows)
    assert sorted(await claim(house)) == sorted(row.id for row in rows)


async def test_calls_that_never_left_are_told_from_those_that_nobody_knows_of(house: House) -> None:
    push = a_push(house.clock.now())
    await add(house, push)
    for number, outcome in enumerate((Outcome.NEVER_LEFT, Outcome.LATER, Outcome.UNCERTAIN), start=1):
        here = house.request()
        async with here.transaction:
            claimed = await here.outbox.claim(house.clock.now(), house.clock.now() + LEASE, 10)
            await here.outbox.begin(claimed, house.clock.now())
            ended = Settlement(push.id, number, NotificationState.WAITING, outcome, due_at=house.clock.now())
            await here.outbox.settle([ended], house.clock.now())
    here = house.request()
    async with here.transaction:
        (again,) = await here.outbox.claim(house.clock.now(), house.clock.now() + LEASE, 10)
    assert (again.calls, again.doubts) == (3, 1)
    assert failed(replace(again, calls=300), Uncertain("telegram"), house.clock.now()).to is NotificationState.WAITING
    given_up = failed(replace(again, doubts=TRIES - 1), Uncertain("telegram"), house.clock.now())
    assert given_up.to is NotificationState.UNCERTAIN
