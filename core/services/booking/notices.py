"""What people are told of their appointments: when and where, never to whom; the place behind the button shows the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from core.domain.account import Account, Accounts
from core.domain.booking import Booking, Wait
from core.domain.chat import Chat, Chats
from core.domain.ids import AccountId, NotificationId, new_id
from core.domain.notification import Button, Channel, Lane, Notification, Outbox, Topic, WallTime
from core.domain.region import REGIONS
from core.domain.reminder import instant
from core.domain.schedule import Facility
from core.ports import Clock, Wording
from core.services.booking.day import DaySlips
from core.services.booking.views import Choice
from core.services.telling import Teller

WRITTEN = {"ru": "d MMMM, EEEE, HH:mm", "en": "EEEE, d MMMM, HH:mm"}
A_DAY_S = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Notices:
    """Puts words about appointments into the outbox, in the open transaction of whoever uses it."""

    teller: Teller
    accounts: Accounts
    chats: Chats
    outbox: Outbox
    wording: Wording
    days: DaySlips
    clock: Clock

    async def confirmed(self, booking: Booking, facility: Facility, *, moved: bool, seen: bool) -> None:
        """It stands: told at once, and its reminders and its slip on the day are set. `seen`: in the window and the slip."""
        account, chat = await self._whom(booking.account)
        values = {**self._where(booking.wall, facility, chat), "number": booking.number}
        key = "booking.told_moved" if moved else "booking.told_confirmed"
        await self.teller.citizen(account, key, values, topic=Topic.APPOINTMENTS, buttons=(_open(booking),), seen=seen)
        await self._set_reminders(booking, facility, chat)
        await self.days.put(booking, facility, chat)

    async def refused(self, booking: Booking, facility: Facility, nearest: Sequence[Choice]) -> None:
        """The clinic's server said no after the person had gone away."""
        await self._bad_news("booking.told_refused", booking, facility, nearest)

    async def called_off(self, booking: Booking, facility: Facility, nearest: Sequence[Choice]) -> None:
        """The clinic takes nobody at that time any more. There are no reminders to come."""
        await self.forget(booking)
        await self._bad_news("booking.told_called_off", booking, facility, nearest)

    async def shifted(self, booking: Booking, facility: Facility) -> None:
        """The clinic moved it: told at once, and its reminders and its slip on the day are set anew."""
        account, chat = await self._whom(booking.account)
        values = {**self._where(booking.wall, facility, chat), "number": booking.number}
        buttons = (_open(booking), Button("booking.other_time", "move", str(booking.id)))
        await self.teller.citizen(
            account, "booking.told_shifted", values, topic=Topic.APPOINTMENTS, urgent=True, buttons=buttons
        )
        await self._set_reminders(booking, facility, chat)
        await self.days.put(booking, facility, chat)

    async def offered(self, hold: Booking, wait: Wait, facility: Facility) -> None:
        """An earlier time is held for the person for ten minutes: worth nothing later, so it goes before the others."""
        account, chat = await self._whom(hold.account)
        until = hold.held_until or self.clock.now()
        zone = ZoneInfo(chat.zone if chat else facility.zone)
        values = {**self._where(hold.wall, facility, chat), "until": f"{until.astimezone(zone):%H:%M}"}
        await self.teller.citizen(
            account, "booking.told_offer", values, topic=Topic.APPOINTMENTS, urgent=True,
            buttons=(Button("booking.see_offer", "offer", str(wait.id)),), subject=wait.id, valid_until=until,
        )  # fmt: skip

    async def offer_over(self, wait: Wait) -> None:
        """Nobody answered within ten minutes: the next in turn is asked, and the place in the list stays."""
        await self.outbox.cancel(wait.id, self.clock.now())
        account, _ = await self._whom(wait.account)
        await self.teller.citizen(account, "booking.told_offer_over", topic=Topic.APPOINTMENTS)

    async def offer_answered(self, wait: Wait) -> None:
        """Whatever has not left of an offer needs no saying any more."""
        await self.outbox.cancel(wait.id, self.clock.now())

    async def standing_without_consent(self, account: Account, coming: int) -> None:
        """The consent is withdrawn: what was booked stays booked. No topic: a receipt of what the person has just done."""
        if coming:
            button = Button("booking.see_all", "appointments")
            await self.teller.citizen(account, "booking.told_without_consent", {"n": str(coming)}, buttons=(button,))

    async def remind(self, booking: Booking, facility: Facility) -> None:
        """Set the reminders as they are chosen, in place of those that were set before. What is past is not set."""
        await self._set_reminders(booking, facility, await self.chats.bound_to(booking.account))

    async def _set_reminders(self, booking: Booking, facility: Facility, chat: Chat | None) -> None:
        await self.outbox.cancel(booking.id, self.clock.now())
        if chat is None:
            return
        now, values = self.clock.now(), self._where(booking.wall, facility, chat)
        for wall in reminders_of(booking):
            due_at = instant(wall)
            if due_at <= now:
                continue
            await self.outbox.add(
                Notification(
                    id=NotificationId(new_id(now)),
                    channel=Channel.TELEGRAM,
                    lane=Lane.NOTICE,
                    key="booking.told_reminder",
                    language=chat.language,
                    due_at=due_at,
                    account=booking.account,
                    chat=chat.id,
                    values=values,
                    buttons=(
                        Button("booking.i_am_coming", "coming", str(booking.id)),
                        Button("booking.other_time", "move", str(booking.id)),
                        Button("booking.to_cancel", "call_off", str(booking.id)),
                    ),
                    topic=Topic.APPOINTMENTS,
                    # Hours before the visit it may not wait for the end of quiet hours: it was asked for at that time.
                    urgent=(booking.slot.starts_at - due_at).total_seconds() < A_DAY_S / 2,
                    valid_until=booking.slot.starts_at,
                    subject=booking.id,
                    wall=wall,
                )
            )

    async def forget(self, booking: Booking) -> None:
        """There is nothing to remind of any more, and no slip to show on the day."""
        await self.outbox.cancel(booking.id, self.clock.now())
        await self.days.drop(booking)

    async def _bad_news(self, key: str, booking: Booking, facility: Facility, nearest: Sequence[Choice]) -> None:
        account, chat = await self._whom(booking.account)
        language = chat.language if chat else "ru"
        key = f"{key}_nearest" if nearest else key
        others = "\n".join(
            written(each.wall, language) + ("" if each.facility.id == facility.id else f", {each.facility.name}")
            for each in nearest
        )
        values = {**self._where(booking.wall, facility, chat), **({"nearest": others} if others else {})}
        await self.teller.citizen(
            account, key, values, topic=Topic.APPOINTMENTS, urgent=True,
            buttons=(Button("booking.choose_other", "appointment", str(booking.id)),),
        )  # fmt: skip

    async def _whom(self, account: AccountId) -> tuple[Account, Chat | None]:
        return await self.accounts.get(account), await self.chats.bound_to(account)

    def _where(self, wall: WallTime, facility: Facility, chat: Chat | None) -> dict[str, str]:
        """When, by the facility's clock, and where. Whose clock it is, is said to those who live by another."""
        language = chat.language if chat else "ru"
        when, region = written(wall, language), REGIONS.get(facility.region)
        if chat is not None and region is not None and _differ(chat.zone, wall):
            when = self.wording.say("booking.when_there", language, {"when": when, "city": region.city(language)})
        return {"when": when, "where": f"{facility.name}, {facility.address}"}


def reminders_of(booking: Booking) -> list[WallTime]:
    """Return when the person is reminded: whole days by the calendar, hours as they pass, whatever the clocks do meanwhile."""
    zone, walls = ZoneInfo(booking.wall.zone), []
    for span in booking.reminders:
        if span.total_seconds() % A_DAY_S:
            at = (booking.slot.starts_at - span).astimezone(zone).replace(tzinfo=None)
        else:
            at = booking.wall.at - span
        walls.append(WallTime(at, booking.wall.zone))
    return walls


def written(wall: WallTime, language: str) -> str:
    """Return a time of a wall in words: «24 ноября, вторник, 10:00»."""
    return format_datetime(wall.at, WRITTEN.get(language, WRITTEN["ru"]), locale=language)


def _differ(zone: str, wall: WallTime) -> bool:
    """Whether the clocks of two zones show different times at that moment."""
    there: datetime = instant(wall)
    return there.astimezone(ZoneInfo(zone)).utcoffset() != there.astimezone(ZoneInfo(wall.zone)).utcoffset()


def _open(booking: Booking) -> Button:
    return Button("booking.see", "appointment", str(booking.id))
