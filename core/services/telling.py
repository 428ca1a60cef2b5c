"""How use cases put words into the outbox: the right chat, the right language, the right lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.account import Account
from core.domain.chat import Chat, Chats
from core.domain.ids import AccountId, ChatId, NotificationId, new_id
from core.domain.notification import Button, Channel, Lane, Notification, Outbox
from core.ports import Clock

NO_VALUES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes notifications in the open transaction of whoever uses it."""

    outbox: Outbox
    chats: Chats
    clock: Clock

    async def citizen(
        self,
        account: Account,
        key: str,
        values: Mapping[str, str] = NO_VALUES,
        *,
        buttons: Sequence[Button] = (),
        lane: Lane = Lane.NOTICE,
    ) -> None:
        """Tell the account's owner in the chat bound to it; silently nothing when they signed out of every chat."""
        chat = await self.chats.bound_to(account.id)
        if chat is not None:
            await self.chat(chat, key, values, buttons=buttons, lane=lane)

    async def chat(
        self,
        chat: Chat,
        key: str,
        values: Mapping[str, str] = NO_VALUES,
        *,
        buttons: Sequence[Button] = (),
        lane: Lane = Lane.NOTICE,
    ) -> None:
        """Tell a chat."""
        await self._add(
            Channel.TELEGRAM,
            lane,
            key,
            chat.language,
            values,
            chat=chat.id,
            account=chat.account,
            buttons=tuple(buttons),
        )

    async def mail(
        self,
        account: Account,
        address: str,
        key: str,
        values: Mapping[str, str] = NO_VALUES,
        *,
        lane: Lane = Lane.NOTICE,
        valid_until: datetime | None = None,
    ) -> None:
        """Write to an address of the account's owner; `<key>.subject` is the subject."""
        language = await self.language(account)
        await self._add(
            Channel.MAIL, lane, key, language, values, address=address, account=account.id, valid_until=valid_until
        )

    async def sms(
        self, account: Account, phone: str, key: str, values: Mapping[str, str], *, lane: Lane, valid_until: datetime
    ) -> None:
        """Send an SMS to a number of the account's owner, for as long as it makes sense."""
        language = await self.language(account)
        await self._add(
            Channel.SMS, lane, key, language, values, address=phone, account=account.id, valid_until=valid_until
        )

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
        valid_until: datetime | None = None,
    ) -> None:
        now = self.clock.now()
        await self.outbox.add(
            Notification(
                id=NotificationId(new_id(now)),
                channel=channel,
                lane=lane,
                key=key,
                language=language,
                due_at=now,
                account=account,
                chat=chat,
                address=address,
                values=values,
                buttons=buttons,
                valid_until=valid_until,
            )
        )
