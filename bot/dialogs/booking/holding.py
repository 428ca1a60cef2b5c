"""A slot is held, and what becomes of that: checked, taken by somebody faster, refused with the reason."""

from aiogram_dialog import DialogManager

from bot.dialogs.booking.position import HELD, SLOT, moves_of, patient_of
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain
from bot.states import Booking
from core.domain.booking import (
    BookingOver,
    NoBooking,
    NoPolicy,
    Overlaps,
    ReferralNeeded,
    TooMany,
    WrongAge,
    WrongSex,
)
from core.domain.ids import SlotId
from core.domain.schedule import SlotTaken
from core.services.booking import HoldSlot

REFUSALS = (Overlaps, TooMany, WrongAge, WrongSex, NoPolicy, ReferralNeeded, BookingOver, NoBooking)
"""Why a time may not be booked: said in the window that is open."""


async def take_slot(manager: DialogManager, hold: HoldSlot, slot: SlotId) -> None:
    """Hold a slot and show what is to be checked; somebody was faster: the nearest others."""
    manager.dialog_data[SLOT] = str(slot)
    try:
        held = await hold(citizen_of(manager), slot, moves_of(manager), patient_of(manager))
    except SlotTaken:
        await manager.switch_to(Booking.taken)
    except REFUSALS as fault:
        explain(manager, fault)
    else:
        manager.dialog_data[HELD] = str(held.booking.id)
        await manager.switch_to(Booking.check)
