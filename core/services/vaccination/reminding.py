"""Reminders of doses: at noon of the person's clock on each day that the calendar or a clinic names, without a word of what."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from core.domain.account import Account, Accounts
from core.domain.chat import Chats
from core.domain.ids import AccountId, NotificationId, new_id
from core.domain.notification import Button, Channel, Lane, Notification, Outbox, Topic, WallTime
from core.domain.record import Period, Vaccinations
from core.domain.record.calendar import comes_next, plan
from core.domain.reminder import AT, Reminder, Reminders, instant
from core.domain.subscription import Subscription, Subscriptions
from core.ports import Clock

KEY = "vaccination.reminder"
SOON = timedelta(days=7)
"""What is due already is reminded of so long after something new arrived, once."""
AHEAD = timedelta(days=3 * 366)
"""Whatever lies further ahead is set when something new arrives, or by the reminder before it."""
MOST = 6


def subject_of(account: AccountId) -> UUID:
    """Return what the reminders of a person are set for."""
    return uuid5(account, "vaccinations")


@dataclass(frozen=True, slots=True)
class DoseReminders:
    """Sets, moves and cancels them, in the open transaction of whoever uses it: always from what stands in the record now."""

    outbox: Outbox
    reminders: Reminders
    chats: Chats
    subscriptions: Subscriptions
    accounts: Accounts
    vaccinations: Vaccinations
    clock: Clock

    async def renew(self, account_id: AccountId) -> None:
        """Something new arrived: what was set before is taken back, and what is to come by now is set."""
        account = await self.accounts.get(account_id)
        subject, now = subject_of(account.id), self.clock.now()
        await self.outbox.cancel(subject, now)
        chat = await self.chats.bound_to(account.id)
        if chat is None:
            return
        subscription = await self.subscriptions.of(account.id)
        walls = [_wall(day, subscription) for day in await self._days(account, subscription, now)]
        for wall in walls:
            await self.outbox.add(
                Notification(
                    id=NotificationId(new_id(now)),
                    channel=Channel.TELEGRAM,
                    lane=Lane.NOTICE,
                    key=KEY,
                    language=chat.language,
                    due_at=instant(wall),
                    account=account.id,
                    chat=chat.id,
                    buttons=(Button("clinic.open_vaccinations", "vaccinations"),),
                    topic=Topic.VACCINATIONS,
                    in_digest=subscription.digest is not None,
                    subject=subject,
                    wall=wall,
                )
            )
        if walls:
            await self.reminders.put(Reminder(subject, walls[0], len(walls)))

    async def cancel(self, account: AccountId) -> None:
        """There is nothing to remind of any more: the consent was withdrawn."""
        await self.outbox.cancel(subject_of(account), self.clock.now())

    async def _days(self, account: Account, subscription: Subscription, now: datetime) -> list[date]:
        """Return the days on which to remind, the soonest first."""
        today = now.astimezone(ZoneInfo(subscription.zone)).date()
        doses, born = await self.vaccinations.of(account.id, Period()), account.known.birth_date
        found = plan(born, doses, today) if born else None
        days = set(comes_next(found, doses, today)) if found else set()
        if found and any(not each.for_groups for each in (*found.overdue, *found.due)):
            days.add(today + SOON)
        return sorted(day for day in days if day <= today + AHEAD)[:MOST]


def _wall(day: date, subscription: Subscription) -> WallTime:
    """Noon of the day by the person's clock, or the hour of their digest on it."""
    at = AT if subscription.digest is None else time(subscription.digest)
    return WallTime(datetime.combine(day, at), subscription.zone)
