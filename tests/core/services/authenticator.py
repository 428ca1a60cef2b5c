"""People with an authenticator in their hand, for the tests of what it opens."""

from datetime import timedelta

from pyotp import TOTP

from core.domain.access import Section
from core.domain.actor import Citizen
from core.ports import Transaction
from core.services.access import Gate
from core.services.application import ConfirmApplication, SendApplication
from core.services.factor import BeginTotp, ConfirmTotp, LockRecord, NoteMedical, TakeMedical
from tests.core.services.test_application import ready
from tests.core.services.town import Town


async def carded(town: Town) -> Citizen:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    return citizen


class Phone:
    """An authenticator in somebody's hand."""

    def __init__(self, town: Town, groups: str) -> None:
        self.town, self.totp = town, TOTP(groups.replace(" ", ""))

    def code(self, steps: int = 0) -> str:
        return self.totp.at(self.town.clock.now() + timedelta(seconds=30 * steps))

    def wrong(self) -> str:
        right = {self.code(step) for step in (-2, -1, 0, 1, 2)}
        return next(code for code in (f"{number:06d}" for number in range(100)) if code not in right)


async def authenticated(town: Town, citizen: Citizen) -> tuple[Phone, list[str]]:
    """Set an authenticator up and close the sections again; returns it with the recovery codes."""
    key = await town.call(BeginTotp, citizen)
    phone = Phone(town, key.groups)
    codes = await town.call(ConfirmTotp, citizen, phone.code())
    await town.call(LockRecord, citizen)
    town.clock.turn(seconds=30)
    return phone, list(codes)


async def look(town: Town, citizen: Citizen, section: Section = Section.RESULTS) -> None:
    async with town.container() as scope:
        gate, transaction = await scope.get(Gate), await scope.get(Transaction)
        async with transaction:
            await gate.owner(citizen, section)


async def told(town: Town, key: str) -> tuple[int, int]:
    """How many pushes and letters with these words went out."""
    await town.deliver()
    pushes = [push.text for _, push in town.outside.pushes if push.text.startswith(f"factor.told_{key}")]
    letters = [subject for _, subject, _ in town.outside.letters if subject.startswith(f"factor.mail_{key}")]
    return len(pushes), len(letters)


async def texted(town: Town, key: str) -> list[str]:
    """To which numbers an SMS with these words went out."""
    await town.deliver()
    return [phone for phone, text in town.outside.texts if text.startswith(f"factor.sms_{key}")]


async def shown(town: Town, citizen: Citizen, *messages: int) -> None:
    for message in messages:
        await town.call(NoteMedical, citizen.chat, message)


async def going(town: Town) -> list[int]:
    """The messages that the bot is to remove now; a second asker within the lease gets none of them."""
    taken = [each.message for each, _ in await town.call(TakeMedical, 100)]
    assert await town.call(TakeMedical, 100) == []
    return sorted(taken)
