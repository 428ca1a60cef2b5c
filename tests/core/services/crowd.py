"""A crowd for broadcasts: people with chats, and an administrator who writes to them."""

from dataclasses import replace
from datetime import date

from core.domain.account import Account, Accounts, Verification
from core.domain.actor import Role, Staff
from core.domain.broadcast import Broadcast, Broadcasts
from core.domain.chat import Chats
from core.domain.ids import AccountId, BroadcastId, ChatId, StaffId, new_id
from core.domain.notification import Channel, Topic
from core.domain.region import REGIONS
from core.domain.subscription import Subscriptions
from core.ports import Transaction
from core.services.broadcast import CreateBroadcast, LaunchBroadcast, TendBroadcast, ViewBroadcast, Wanted
from core.storage.audit import SqlAuditTrail
from core.storage.transaction import SqlTransaction
from tests.core.services.outside import ANNA
from tests.core.services.town import START, Town

BOSS = Staff(StaffId(new_id(START)), Role.ADMINISTRATOR)
TEXT = "В субботу поликлиника открыта до 20:00."


async def settled_in(
    town: Town,
    count: int = 1,
    *,
    first: int = 1,
    language: str = "ru",
    region: str | None = None,
    born: date | None = date(1992, 3, 14),
) -> list[AccountId]:
    """Let people settle: accounts bound to the chats `first`, `first + 1` ..."""
    settled = []
    async with town.container() as scope:
        accounts, chats = await scope.get(Accounts), await scope.get(Chats)
        subscriptions = await scope.get(Subscriptions)
        async with await scope.get(Transaction):
            for number in range(first, first + count):
                now = town.clock.now()
                person = replace(ANNA, subject=f"person {number}", birth_date=born)
                account = Account(AccountId(new_id(now)), Verification.VERIFIED, person, None, None, 1)
                await accounts.add(account, now)
                await chats.meet(ChatId(number), language, now)
                await chats.bind(ChatId(number), account.id, now)
                if region is not None:
                    await chats.live_in(ChatId(number), region, REGIONS[region].zone)
                    chosen = replace(await subscriptions.of(account.id), region=region)
                    await subscriptions.save(chosen, now)
                settled.append(account.id)
    return settled


async def launched(town: Town, wanted: Wanted | None = None, **more: object) -> Broadcast:
    """Write a broadcast and let it go."""
    draft = await town.call(CreateBroadcast, BOSS, wanted or Wanted({"ru": TEXT}))
    assert isinstance(draft, Broadcast)
    gone = await town.call(LaunchBroadcast, BOSS, draft.id, **more)
    assert isinstance(gone, Broadcast)
    return gone


async def tend(town: Town) -> None:
    """Let the worker look after broadcasts until none wants anything now."""
    for _ in range(200):
        if not await town.call(TendBroadcast):
            return
    raise AssertionError("the worker never comes to an end of it")


async def works(town: Town, seconds: int = 12) -> None:
    """Let the worker go on for a while, as fast as the clock is turned."""
    for _ in range(seconds):
        await tend(town)
        await town.deliver()
        town.clock.turn(seconds=1)


async def now_of(town: Town, broadcast: BroadcastId) -> Broadcast:
    """Return how it stands, with its messages counted now."""
    found = await town.call(ViewBroadcast, BOSS, broadcast)
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        counts = await (await scope.get(Broadcasts)).counts(found.broadcast)  # type: ignore[attr-defined]
    return replace(found.broadcast, counts=counts)  # type: ignore[attr-defined, no-any-return]


def told(town: Town) -> list[int]:
    """Return the chats that got a message of a broadcast, in order."""
    return [chat for chat, push in town.outside.pushes if push.text.startswith(TEXT[:10])]


async def stops_news(town: Town, account: AccountId, *, everything: bool = False) -> None:
    """Somebody turns news off, or everything."""
    async with town.container() as scope:
        subscriptions = await scope.get(Subscriptions)
        async with await scope.get(Transaction):
            chosen = (await subscriptions.of(account)).chosen(Topic.NEWS, Channel.TELEGRAM, wanted=False)
            await subscriptions.save(replace(chosen, stopped=everything), town.clock.now())


async def journal(town: Town) -> list[tuple[str, dict[str, str]]]:
    """Return what the journal says of broadcasts, in order."""
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            lines = [line.entry async for line in SqlAuditTrail(transaction).lines()]
    return [(line.operation, dict(line.details)) for line in lines if line.operation.startswith("broadcast")]
