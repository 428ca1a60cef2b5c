"""The slip on the day of the visit: sent in the morning by the clinic's clock, and pinned until the visit is over."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid5

from babel.dates import format_time

from core.domain.booking import Booking
from core.domain.chat import Chat
from core.domain.ids import NotificationId, new_id
from core.domain.notification import Button, Channel, Lane, Notification, Outbox, Pins, Topic, WallTime
from core.domain.reminder import instant
from core.domain.schedule import Facilities, Facility
from core.ports import Clock

MORNING = time(7)
"""By the clock on the clinic's wall."""


@dataclass(frozen=True, slots=True)
class DaySlips:
    """Works inside the open transaction of whoever uses it.

    The message has number, time, door and address, and neither the doctor nor whoever comes: it shows on locked screens. The
    button below it opens the rest. It is not protected from copying: a slip is for showing, and for the one who drives.
    """

    outbox: Outbox
    pins: Pins
    facilities: Facilities
    clock: Clock

    async def put(self, booking: Booking, facility: Facility, chat: Chat | None) -> None:
        """Let the slip come to the chat on the day, in place of one that was set before; at once when that morning has come."""
        await self.drop(booking)
        now = self.clock.now()
        if chat is None or booking.slot.starts_at <= now:
            return
        morning = WallTime(datetime.combine(booking.wall.at.date(), MORNING), booking.wall.zone)
        due_at = instant(morning)
        if due_at >= booking.slot.starts_at:
            # Whoever is seen before seven has it from midnight on.
            morning = WallTime(datetime.combine(booking.wall.at.date(), time.min), booking.wall.zone)
            due_at = instant(morning)
        room = (await self.facilities.doctor(booking.slot.doctor)).room
        values = {
            "time": format_time(booking.wall.at, "H:mm", locale=chat.language),
            "where": f"{facility.name}, {facility.address}",
            "number": booking.number,
            **({"room": room} if room else {}),
        }
        await self.outbox.add(
            Notification(
                id=NotificationId(new_id(now)),
                channel=Channel.TELEGRAM,
                lane=Lane.NOTICE,
                key="slip.today_room" if room else "slip.today",
                language=chat.language,
                due_at=max(due_at, now),
                account=booking.account,
                chat=chat.id,
                values=values,
                buttons=(Button("slip.open", "appointment", str(booking.id)),),
                topic=Topic.APPOINTMENTS,
                # It comes silently, so that it need not wait for the end of quiet hours.
                urgent=True,
                valid_until=booking.slot.ends_at,
                subject=day_of(booking),
                wall=morning if due_at > now else None,
                pinned_until=booking.slot.ends_at,
            )
        )

    async def drop(self, booking: Booking) -> None:
        """The visit is not to be: nothing comes on its day, and what is pinned is taken down."""
        now = self.clock.now()
        await self.outbox.cancel(day_of(booking), now)
        await self.pins.take_down(day_of(booking), now)


def day_of(booking: Booking) -> UUID:
    """Return the subject of a booking's slip on its day: apart from its reminders, which are chosen anew meanwhile."""
    return uuid5(booking.id, "slip")
