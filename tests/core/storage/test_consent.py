"""Consents: a new act is a new row, withdrawn once."""

from dataclasses import replace

from core.domain.consent import Consent, ConsentState
from core.domain.ids import ConsentId, new_id
from tests.core.storage.house import House


async def test_consent_is_given_withdrawn_once_and_given_again(house: House) -> None:
    citizen = await house.newcomer()
    here, now = house.request(), house.clock.now()
    first = Consent(
        id=ConsentId(new_id(now)),
        account=citizen.account,
        version="2026-11",
        language="ru",
        digest="a" * 64,
        given_at=now,
        confirmed_by="button",
        person=str(citizen.account),
    )
    async with here.transaction:
        assert await here.consents.latest(citizen.account) is None
        await here.consents.give(first)
        assert await here.consents.latest(citizen.account) == first
    later = house.clock.pass_(days=1)
    async with here.transaction:
        assert await here.consents.withdraw(first.id, later) is True
        assert await here.consents.withdraw(first.id, later) is False
        latest = await here.consents.latest(citizen.account)
        assert latest == replace(first, withdrawn_at=later)
        assert latest is not None
        assert latest.state is ConsentState.WITHDRAWN
    again = replace(first, id=ConsentId(new_id(later)), given_at=house.clock.pass_(days=1))
    async with here.transaction:
        await here.consents.give(again)
        assert await here.consents.latest(citizen.account) == again
