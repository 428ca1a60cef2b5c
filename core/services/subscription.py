"""What a person wants to be told, where and when: shown, and chosen one thing at a time, each stored at once."""

from dataclasses import dataclass, replace

from core.domain.account import Accounts
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.chat import Chats
from core.domain.notification import Channel, Topic
from core.domain.region import REGIONS
from core.domain.subscription import ContactNeeded, NoSuchRegion, QuietHours, Subscription, Subscriptions
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """/notifications: what was chosen, and which channels have a confirmed address to go to."""

    chosen: Subscription
    reachable: frozenset[Channel]


@dataclass(frozen=True, slots=True)
class ViewSubscription:
    """The person looks at what they are told, where and when."""

    transaction: Transaction
    accounts: Accounts
    subscriptions: Subscriptions

    async def __call__(self, citizen: Citizen) -> SubscriptionView:
        async with self.transaction.looking():
            account = await self.accounts.of(citizen)
            chosen = await self.subscriptions.of(account.id)
        addresses = {Channel.TELEGRAM: True, Channel.MAIL: bool(account.email), Channel.SMS: bool(account.phone)}
        return SubscriptionView(chosen, frozenset(channel for channel, there in addresses.items() if there))


@dataclass(frozen=True, slots=True)
class ChooseChannel:
    """The person switches one channel of a topic on or off. Raises ContactNeeded where there is no confirmed address."""

    transaction: Transaction
    accounts: Accounts
    subscriptions: Subscriptions
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, topic: Topic, channel: Channel, *, wanted: bool) -> None:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            address = {Channel.MAIL: account.email, Channel.SMS: account.phone}
            if wanted and channel in address and not address[channel]:
                raise ContactNeeded
            before = await self.subscriptions.of(account.id)
            await self.subscriptions.save(before.chosen(topic, channel, wanted=wanted), self.clock.now())
            self.audit.record(
                citizen,
                Operation.SUBSCRIPTION_CHANGED,
                account.id,
                topic=topic.value,
                channel=channel.value,
                wanted="yes" if wanted else "no",
            )


@dataclass(frozen=True, slots=True)
class ChooseQuietHours:
    """The person says between which hours nothing that can wait is told; None: there are none."""

    transaction: Transaction
    accounts: Accounts
    subscriptions: Subscriptions
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, quiet: QuietHours | None) -> None:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            before = await self.subscriptions.of(account.id)
            await self.subscriptions.save(replace(before, quiet=quiet), self.clock.now())
            self.audit.record(citizen, Operation.SUBSCRIPTION_CHANGED, account.id, which="quiet")


@dataclass(frozen=True, slots=True)
class ChooseRegion:
    """The person says where they live, by whose clock all times are meant from now on. Raises NoSuchRegion.

    What was set for a place's clock before, a reminder, keeps that clock.
    """

    transaction: Transaction
    accounts: Accounts
    chats: Chats
    subscriptions: Subscriptions
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, code: str) -> None:
        if code not in REGIONS:
            raise NoSuchRegion
        async with self.transaction:
            account = await self.accounts.of(citizen)
            chosen = replace(await self.subscriptions.of(account.id), region=code)
            await self.subscriptions.save(chosen, self.clock.now())
            await self.chats.live_in(citizen.chat, code, chosen.zone)
            self.audit.record(citizen, Operation.SUBSCRIPTION_CHANGED, account.id, which="region")


@dataclass(frozen=True, slots=True)
class ChooseDigest:
    """The person wants what is not urgent together, once a day at a full hour, 0–23; None: each thing at once."""

    transaction: Transaction
    accounts: Accounts
    subscriptions: Subscriptions
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, hour: int | None) -> None:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            before = await self.subscriptions.of(account.id)
            await self.subscriptions.save(replace(before, digest=hour), self.clock.now())
            self.audit.record(citizen, Operation.SUBSCRIPTION_CHANGED, account.id, which="digest")


@dataclass(frozen=True, slots=True)
class StopAll:
    """«Отключить всё»: no topic is told on any channel until they are switched on again, each as it was chosen before.

    Codes and what concerns the account's safety still come.
    """

    transaction: Transaction
    accounts: Accounts
    subscriptions: Subscriptions
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, *, stopped: bool = True) -> None:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            before = await self.subscriptions.of(account.id)
            await self.subscriptions.save(replace(before, stopped=stopped), self.clock.now())
            self.audit.record(
                citizen, Operation.SUBSCRIPTION_CHANGED, account.id, which="stopped", wanted="no" if stopped else "yes"
            )
