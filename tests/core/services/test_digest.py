"""A digest: what is not urgent comes together, at the hour that the person chose."""

from datetime import UTC, datetime

from core.domain.notification import Channel, Topic
from core.services.subscription import ChooseChannel, ChooseDigest
from tests.core.services.test_subscription import arrived, tell, told
from tests.core.services.town import Town


async def test_a_digest_brings_the_day_together_at_its_hour_and_urgent_things_at_once(town: Town) -> None:
    citizen = await arrived(town)
    await town.call(ChooseDigest, citizen, 18)
    await tell(town, citizen, Topic.RESULTS)
    town.clock.turn(hours=1)
    await tell(town, citizen, Topic.TICKETS)
    assert await told(town) == {}
    await tell(town, citizen, Topic.APPOINTMENTS, urgent=True)
    assert await told(town) == {"pushes": 1}
    town.clock.moment = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    await town.deliver()
    (_, push), *others = town.outside.pushes
    assert others == []
    assert f"happened.{Topic.RESULTS}" in push.text
    assert f"happened.{Topic.TICKETS}" in push.text


async def test_a_digest_is_one_letter_however_much_there_is(town: Town) -> None:
    citizen = await arrived(town, email="anna@example.org")
    await town.call(ChooseDigest, citizen, 18)
    await town.call(ChooseChannel, citizen, Topic.RESULTS, Channel.MAIL, wanted=True)
    for _ in range(3):
        await tell(town, citizen, Topic.RESULTS)
        await tell(town, citizen, Topic.CARD)
    town.clock.moment = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    await town.deliver()
    assert [text for _, _, text in town.outside.letters] == ["subscription.mail.digest"]
    assert await told(town) == {"pushes": 1, "letters": 1}
    await tell(town, citizen, Topic.RESULTS)
    town.clock.turn(hours=24)
    assert await told(town) == {"pushes": 1, "letters": 1}


async def test_the_letter_of_a_digest_comes_while_any_topic_goes_by_mail(town: Town) -> None:
    citizen = await arrived(town, email="anna@example.org")
    await town.call(ChooseDigest, citizen, 18)
    await town.call(ChooseChannel, citizen, Topic.RESULTS, Channel.MAIL, wanted=True)
    await tell(town, citizen, Topic.RESULTS)
    await tell(town, citizen, Topic.CARD)
    await town.call(ChooseChannel, citizen, Topic.RESULTS, Channel.MAIL, wanted=False)
    town.clock.moment = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert (await told(town))["letters"] == 1
    await tell(town, citizen, Topic.CARD)
    for topic in (Topic.CARD, Topic.TICKETS):
        await town.call(ChooseChannel, citizen, topic, Channel.MAIL, wanted=False)
    town.clock.turn(hours=24)
    assert "letters" not in await told(town)
