"""How use cases put words into the outbox: the right chat, the right language, the right lane, where the person wants it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from core.domain.account import Account
from core.domain.chat import Chat, Chats
from core.domain.ids import AccountId, ChatId, ExtractId, NotificationId, new_id
from core.domain.notification import Button, Channel, Lane, Notification, Outbox, Topic
from core.domain.subscription import Subscriptions
from core.ports import Clock

NO_VALUES: Mapping[str, str] = {}
DIGEST_LETTER = "subscription.mail.digest"
SMS_GOOD_FOR = timedelta(days=1)
"""An urgent SMS that could not be sent for so long is not sent any more."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes notifications in the open transaction of whoever uses it."""

    outbox: Outbox
    chats: Chats
    subscriptions: Subscriptions
    clock: Clock

    async def citizen(
        self,
        account: Account,
        key: str,
        values: Mapping[str, str] = NO_VALUES,
        *,
        topic: Topic | None = None,
        urgent: bool = False,
        letter: str | None = None,
        letter_values: Mapping[str, str] = NO_VALUES,
        buttons: Sequence[Button] = (),
        lane: Lane = Lane.NOTICE,
        subject: UUID | None = None,
        valid_until: datetime | None = None,
        seen: bool = False,
    ) -> None:
        """Tell the account's owner: in the chat bound to it, and for a topic on every channel that they chose for it.

        A letter has the words of `letter` and `letter_values` (nothing personal), or the topic's own, and an SMS the
        topic's own: both without `values`. Where a digest was chosen, whatever is not urgent waits for its hour: one
        message in the chat, and one letter. Silently nothing where there is no chat, no confirmed address, no wish.
        `topic` None: the chat alone, at once, whatever was chosen. `subject`: what it is about, by which what has not left
        is taken back; past `valid_until` it makes no sense any more. `seen`: its window says it in the chat at this moment, so
        that of a topic the other channels alone are told.
        """
        chat = await self.chats.bound_to(account.id)
        if topic is None:
            if chat is not None:
                await self.chat(chat, key, values, buttons=buttons, lane=lane)
            return
        now, language = self.clock.now(), chat.language if chat else "ru"
        subscription = await self.subscriptions.of(account.id)
        ways = subscription.ways(topic, urgent=urgent)
        digest = subscription.digest is not None and not urgent
        due_at = subscription.next_digest(now) if digest else now
        if Channel.TELEGRAM in ways and chat is not None and not seen:
            await self._add(
                Channel.TELEGRAM, lane, key, chat.language, values, account=account.id, chat=chat.id,
                buttons=tuple(buttons), topic=topic, urgent=urgent, in_digest=digest, due_at=due_at, subject=subject,
                valid_until=valid_until,
            )  # fmt: skip
        if Channel.MAIL in ways and account.email:
            await self._add(
                Channel.MAIL, lane, letter or f"subscription.mail.{topic}", language, letter_values, account=account.id,
                address=account.email, topic=topic, urgent=urgent, in_digest=digest, due_at=due_at,
                subject=subject, valid_until=valid_until,
            )  # fmt: skip
        if Channel.SMS in ways and account.phone:
            await self._add(
                Channel.SMS, lane, f"subscription.sms.{topic}", language, NO_VALUES, account=account.id,
                address=account.phone, topic=topic, urgent=urgent,
                valid_until=valid_until or now + SMS_GOOD_FOR, subject=subject,
            )  # fmt: skip

    async def chat(
        self,
        chat: Chat,
        key: str,
        values: Mapping[str, str] = NO_VALUES,
        *,
        buttons: Sequence[Button] = (),
        lane: Lane = Lane.NOTICE,
        valid_until: datetime | None = None,
    ) -> None:
        """Tell a chat, whatever its person chose: what concerns the account's safety, for as long as it makes sense."""
        await self._add(
            Channel.TELEGRAM,
            lane,
            key,
            chat.language,
            values,
            chat=chat.id,
            account=chat.account,
            buttons=tuple(buttons),
            valid_until=valid_until,
        )

    async def mail(
        self,
        account: Account,
        address: str,
        key: str,
        values: Mapping[str, str] = NO_VALUES,
        *,
        topic: Topic | None = None,
        lane: Lane = Lane.NOTICE,
        valid_until: datetime | None = None,
        attachment: ExtractId | None = None,
    ) -> None:
        """Write to an address of the account's owner; `<key>.subject` is the subject, `attachment` a paper that comes along.

        With a topic only where they chose mail for it, at the hour of their digest; None: whatever was chosen, at once.
        """
        due_at, digest = None, False
        if topic is not None:
            subscription = await self.subscriptions.of(account.id)
            if Channel.MAIL not in subscription.ways(topic):
                return
            due_at, digest = subscription.next_digest(self.clock.now()), subscription.digest is not None
        await self._add(
            Channel.MAIL, lane, key, await self.language(account), values, account=account.id, address=address,
            topic=topic, in_digest=digest, due_at=due_at, valid_until=valid_until, attachment=attachment,
        )  # fmt: skip

    async def sms(
        self,
        account: Account,
        phone: str,
        key: str,
        values: Mapping[str, str],
        *,
        lane: Lane,
        valid_until: datetime,
        once: str | None = None,
    ) -> None:
        """Send an SMS to a number of the account's owner, for as long as it makes sense.

        `once`: of those with the same words and the same `once` (a day, say) the first alone is sent.
        """
        await self._add(
            Channel.SMS, lane, key, await self.language(account), values, address=phone, account=account.id,
            valid_until=valid_until, name=uuid5(account.id, f"{key} {once}") if once else None,
        )  # fmt: skip

    async def language(self, account: Account) -> str:
        """Return the language of the owner's chat, Russian when there is none."""
        chat = await self.chats.bound_to(account.id)
        return chat.language if chat else "ru"

    async def _add(
        self,
        channel: Channel,
        lane: Lane,
        key: str,
        language: str,
        values: Mapping[str, str],
        *,
        account: AccountId | None,
        chat: ChatId | None = None,
        address: str | None = None,
        buttons: tuple[Button, ...] = (),
        topic: Topic | None = None,
        urgent: bool = False,
        in_digest: bool = False,
        due_at: datetime | None = None,
        valid_until: datetime | None = None,
        attachment: ExtractId | None = None,
        subject: UUID | None = None,
        name: UUID | None = None,
    ) -> None:
        now = self.clock.now()
        name = name or new_id(now)
        if in_digest and channel is Channel.MAIL and account is not None:
            # One letter that says there is something, however much there is: the outbox takes the same name once.
            key, values, name = DIGEST_LETTER, NO_VALUES, uuid5(account, f"{DIGEST_LETTER} {due_at}")
        await self.outbox.add(
            Notification(
                id=NotificationId(name),
                channel=channel,
                lane=lane,
                key=key,
                language=language,
                due_at=due_at or now,
                account=account,
                chat=chat,
                address=address,
                values=values,
                buttons=buttons,
                topic=topic,
                urgent=urgent,
                in_digest=in_digest,
                valid_until=valid_until,
                attachment=attachment,
                subject=subject,
            )
        )
