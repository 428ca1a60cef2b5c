"""Many people and one slot, from several processes at once: one has it, the others are told, and nobody loses what they had."""

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bench.bookings import people, times
from core.domain.actor import Citizen
from core.domain.booking import Booking, BookingState, HoldGone
from core.domain.ids import BookingId, SlotId
from core.domain.schedule import SlotTaken
from core.services.booking import ConfirmBooking, HoldSlot, LetGo, ReleaseHolds, ViewComing
from core.storage.transaction import SqlTransaction
from tests.core.services.booking_truth import Truth
from tests.core.services.polyclinic import a_slot, booked, open_times, somebody
from tests.core.services.town import Town

ONE, TWO, THREE = (a_slot(number) for number in range(1, 4))
Try = tuple[Citizen, SlotId, BookingId | None]


async def raced(town: Town, keys: Path, folder: Path, parts: Sequence[Sequence[Try]]) -> Counter[str]:
    """Let each part try in a process of its own, all at once; returns what the tries came to."""

    async def one(number: int, part: Sequence[Try]) -> str:
        lines = [f"{each.account} {each.chat} {slot} {moves or '-'}" for each, slot, moves in part]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.core.services.racers", town.url, str(keys), str(folder / f"racer-{number}"),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        told, _ = await process.communicate(("\n".join(lines) + "\n\n").encode())
        assert process.returncode == 0
        return told.decode()

    found: Counter[str] = Counter()
    for told in await asyncio.gather(*(one(number, part) for number, part in enumerate(parts))):
        for line in told.splitlines():
            word, many = line.split()
            found[word] += int(many)
    return found


async def test_of_a_thousand_people_in_four_processes_one_has_the_time(
    town: Town, keyring_folder: Path, tmp_path: Path
) -> None:
    citizens = await people(town.container, 1000)
    [slot] = await times(town.container, 1)
    tries: list[Try] = [(each, slot.id, None) for each in citizens]
    assert await raced(town, keyring_folder, tmp_path, [tries[part::4] for part in range(4)]) == {
        "booked": 1,
        "taken": 999,
    }
    [row] = await Truth(town).ask("SELECT count(*) AS many FROM bookings WHERE state IN ('held', 'asked', 'booked')")
    assert row.many == 1


async def test_moves_in_a_ring_neither_wait_for_ever_nor_lose_anybodys_time(
    town: Town, keyring_folder: Path, tmp_path: Path
) -> None:
    citizens = await people(town.container, 12)
    slots = await times(town.container, 12)
    parts: list[list[Try]] = [[], []]
    had: list[Booking] = [await booked(town, who, slot) for who, slot in zip(citizens, slots, strict=True)]
    for number, who in enumerate(citizens):
        parts[number % 2].append((who, slots[(number + 1) % 12].id, had[number].id))
    assert await raced(town, keyring_folder, tmp_path, parts) == {"taken": 12}
    for who, old in zip(citizens, had, strict=True):
        [coming] = (await town.call(ViewComing, who)).bookings
        assert coming.booking.id == old.id


async def test_two_who_change_places_while_their_holds_run_out_do_not_wait_for_one_another(town: Town) -> None:
    await open_times(town, ONE, TWO)
    first, second = await somebody(town), await somebody(town, 2)
    for _ in range(10):
        await town.call(HoldSlot, first, ONE.id)
        await town.call(HoldSlot, second, TWO.id)
        town.clock.turn(minutes=5)
        crossing = (town.call(HoldSlot, first, TWO.id), town.call(HoldSlot, second, ONE.id))
        outcomes = await asyncio.gather(*crossing, town.call(ReleaseHolds), return_exceptions=True)
        assert all(not isinstance(each, Exception) or isinstance(each, SlotTaken) for each in outcomes), outcomes
        await Truth(town).holds()
        town.clock.turn(minutes=5)
        await town.call(ReleaseHolds)


async def test_a_confirmation_tapped_in_two_places_is_one_appointment(town: Town) -> None:
    await open_times(town, ONE)
    citizen = await somebody(town)
    held = await town.call(HoldSlot, citizen, ONE.id)
    tries = [town.call(ConfirmBooking, citizen, held.booking.id) for _ in range(8)]
    numbers = {each.view.booking.number for each in await asyncio.gather(*tries)}
    assert len(numbers) == 1
    await Truth(town).holds()


async def test_a_hold_confirmed_and_given_back_at_once_is_one_of_both(town: Town) -> None:
    await open_times(town, ONE)
    citizen = await somebody(town)
    held = await town.call(HoldSlot, citizen, ONE.id)
    both = (town.call(ConfirmBooking, citizen, held.booking.id), town.call(LetGo, citizen, held.booking.id))
    confirmed, _ = await asyncio.gather(*both, return_exceptions=True)
    stands = (await town.call(ViewComing, citizen)).bookings
    assert len(stands) == (0 if isinstance(confirmed, HoldGone) else 1)
    await Truth(town).holds()


async def test_the_database_itself_refuses_a_second_appointment(town: Town) -> None:
    await open_times(town, ONE)
    first = await booked(town, await somebody(town), ONE)
    assert first.state is BookingState.BOOKED
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        with pytest.raises(IntegrityError):
            async with transaction:
                await transaction.session.execute(
                    text(
                        "INSERT INTO bookings (id, account, patient, slot, state, made_at, wall_at, wall_zone, reminders,"
                        " coming, remote, untold, version) SELECT account, account, patient, slot, 'held', made_at,"
                        " wall_at, wall_zone, '', coming, '', untold, 1 FROM bookings"
                    )
                )
