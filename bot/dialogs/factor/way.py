"""Back to where somebody was when the record turned out to be locked."""

from collections.abc import Mapping
from inspect import getmembers, isclass

from aiogram.fsm.state import State, StatesGroup
from aiogram_dialog import DialogManager, StartMode

from bot import states
from bot.dialogs.notice import note, said
from bot.states import Security

BACK, WANTED, WITH = "back", "wanted", "with"
"""In the start data: whether the wanted window waits beneath; or its state's name, and the start data it was opened with."""


def _all_states() -> Mapping[str, State]:
    groups = [group for _, group in getmembers(states, isclass) if issubclass(group, StatesGroup)]
    return {state.state: state for group in groups for state in group.__states__ if state.state is not None}


STATES = _all_states()


async def go_on(manager: DialogManager, said_there: str | None = None) -> None:
    """Go back to the wanted place, and say something there; to /security where there was none, or where it is gone since."""
    told = manager.start_data if isinstance(manager.start_data, dict) else {}
    wanted = STATES.get(str(told.get(WANTED)))
    if told.get(BACK):
        await manager.done()
    elif wanted is not None:
        words = said(said_there) if said_there else {}
        await manager.start(wanted, data={**(told.get(WITH) or {}), **words} or None, mode=StartMode.RESET_STACK)
        return
    else:
        await manager.switch_to(Security.main)
    if said_there:
        note(manager, said_there)


def has_way(manager: DialogManager) -> bool:
    """Whether a place is wanted."""
    told = manager.start_data if isinstance(manager.start_data, dict) else {}
    return bool(told.get(BACK)) or told.get(WANTED) in STATES
