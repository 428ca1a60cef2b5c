"""The way to the portal: a link of one use, made when a window with it opens."""

from aiogram.types import User
from aiogram_dialog import DialogManager

from core.domain.actor import Visitor
from core.domain.ids import ChatId
from core.services.signin import BeginSignIn

TICKET = "ticket"
"""In the dialog's store. A link is made when the window opens and when a new one is asked for, not when it is drawn: a
drawing that is repeated (a stray message, an answer that was lost) would kill the page that the person has open. The
ticket stands in the button's address anyway, is good once and for ten minutes, and names nobody."""


async def fresh_ticket(manager: DialogManager, begin_sign_in: BeginSignIn, *, instead: bool = False) -> bool:
    """Make a link for a visitor, `instead` of all earlier ones; False, and nothing, for who is signed in."""
    if not isinstance(manager.middleware_data["actor"], Visitor):
        return False
    chat, person = manager.middleware_data["event_chat"], manager.middleware_data["event_from_user"]
    assert isinstance(person, User)  # noqa: S101 (`Identity` lets nobody else through)
    manager.dialog_data[TICKET] = await begin_sign_in(ChatId(chat.id), person.full_name, instead=instead)
    return True


def address(manager: DialogManager) -> str:
    """Return the link's address; empty where there is none."""
    ticket = manager.dialog_data.get(TICKET, "")
    return f"{manager.middleware_data['public_url']}/sign-in/{ticket}" if ticket else ""
