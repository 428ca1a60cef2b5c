"""Reminders set, moved and cancelled with what they remind of, in the open transaction of whoever uses them."""

from dataclasses import dataclass, replace
from datetime import datetime, time

from core.domain.application import Application, ApplicationState
from core.domain.chat import Chats
from core.domain.ids import ApplicationId, NotificationId, new_id
from core.domain.notification import Button, Channel, Lane, Notification, Outbox, Topic, WallTime
from core.domain.reminder import AT, LEFT_FOR, MOST, Reminder, Reminders, after, instant
from core.domain.subscription import Subscription, Subscriptions
from core.ports import Clock

FILLED = "reminder.draft_filled"
LEFT = "reminder.draft_left"
UNSENT = frozenset({ApplicationState.DRAFT, ApplicationState.CODE_SENT})


@dataclass(frozen=True, slots=True)
class DraftReminders:
    """«Заявка ждёт вас»: on the third day after the last answer, at noon of the person's clock; twice at most a draft.

    At most one waits for an application. It says how many steps are left, and nothing of what was answered.
    """

    outbox: Outbox
    reminders: Reminders
    chats: Chats
    subscriptions: Subscriptions
    clock: Clock

    async def renew(self, application: Application, before: Application | None = None) -> None:
        """The person did something: the reminder is set, or moved; `before` is the application as it was.

        Most answers cost one look: within a day the reminder stays where it is, and only its count of steps is renewed.
        """
        if application.state not in UNSENT:
            return
        now = self.clock.now()
        last = await self.reminders.of(application.id)
        if last is None:
            await self._set(application, 1)
        elif last.told(now):
            if last.number < MOST:
                await self._set(application, last.number + 1)
        elif not await self._moved(application, last, now) or not await self._counted(application, before):
            await self._set(application, last.number)

    async def _moved(self, application: Application, last: Reminder, now: datetime) -> bool:
        """Move what waits to its new day, if that is another one; False when nothing waits."""
        if after(LEFT_FOR, now, last.wall.zone, last.wall.at.time()) == last.wall:
            return True
        wall = _wall(await self.subscriptions.of(application.account), now)
        if not await self.outbox.move(application.id, instant(wall), wall):
            return False
        await self.reminders.put(replace(last, wall=wall))
        return True

    async def _counted(self, application: Application, before: Application | None) -> bool:
        """Tell how many steps are left now, if that is another number; False when nothing waits."""
        if before is not None and len(before.gaps()) == len(application.gaps()):
            return True
        key, values = _words(application)
        return bool(await self.outbox.retell(application.id, application.account, key, values))

    async def cancel(self, application: ApplicationId) -> None:
        """There is nothing left to remind of."""
        await self.outbox.cancel(application, self.clock.now())

    async def _set(self, application: Application, number: int) -> None:
        chat = await self.chats.bound_to(application.account)
        if chat is None:
            return
        now = self.clock.now()
        key, values = _words(application)
        subscription = await self.subscriptions.of(application.account)
        wall = _wall(subscription, now)
        await self.outbox.cancel(application.id, now)
        await self.reminders.put(Reminder(application.id, wall, number))
        await self.outbox.add(
            Notification(
                id=NotificationId(new_id(now)),
                channel=Channel.TELEGRAM,
                lane=Lane.NOTICE,
                key=key,
                language=chat.language,
                due_at=instant(wall),
                account=application.account,
                chat=chat.id,
                values=values,
                buttons=(Button("menu.card_continue", "card"),),
                topic=Topic.CARD,
                in_digest=subscription.digest is not None,
                subject=application.id,
                wall=wall,
            )
        )


def _words(application: Application) -> tuple[str, dict[str, str]]:
    """What it says: how many steps are left, or that everything is filled in."""
    left = len(application.gaps())
    return (LEFT, {"left": str(left)}) if left else (FILLED, {})


def _wall(subscription: Subscription, now: datetime) -> WallTime:
    """Noon of the third day by the person's clock, or the hour of their digest on it."""
    at = AT if subscription.digest is None else time(subscription.digest)
    return after(LEFT_FOR, now, subscription.zone, at)
