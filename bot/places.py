"""Places that a command, a push's button or a deep link opens: one word, one window."""

from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.state import State

from bot.states import (
    Activity,
    Appointments,
    Booking,
    Card,
    Consent,
    Conversation,
    Documents,
    Extracts,
    Help,
    Menu,
    Notifications,
    Results,
    Security,
    SignIn,
    Status,
    Support,
    Tickets,
    Vaccinations,
    Visits,
)

OPERATOR = "operator"
"""Opens above whatever is open, which waits as it is: one goes back to it after the conversation."""
PLACES: dict[str, State] = {
    "menu": Menu.main,
    "language": Menu.language,
    "about": Menu.about,
    "signin": SignIn.link,
    "status": Status.main,
    "card": Card.field,
    "results": Results.main,
    "visits": Visits.main,
    "handovers": Visits.handed,
    "vaccinations": Vaccinations.main,
    "documents": Extracts.main,
    "book": Booking.main,
    "appointments": Appointments.main,
    "appointment": Appointments.one,
    "coming": Appointments.one,
    "late": Appointments.late,
    "call_off": Appointments.cancel,
    "move": Booking.day,
    "offer": Appointments.offer,
    "scans": Documents.list,
    "consent": Consent.text,
    "security": Security.main,
    "unlock": Security.unlock,
    "activity": Activity.main,
    "notifications": Notifications.main,
    "support": Support.main,
    "contacts": Support.contacts,
    "tickets": Tickets.main,
    "ticket": Tickets.one,
    "bring": Tickets.paper,
    "help": Help.main,
    OPERATOR: Conversation.main,
}
"""`card` opens through the dialog's own first getter, which goes to where the application stands."""

PLACE, ABOUT = "place", "about"
"""In the start data of a window that is about one booking or one request: the place's name, and its id (an offer's, the wait's).

`bring` without an id is about whatever has asked last."""
ABOUT_ONE = frozenset({"appointment", "coming", "late", "call_off", "move", "offer", "ticket", "bring"})

COMMANDS = (
    "start", "menu", "status", "card", "consent", "results", "visits", "vaccinations", "documents", "book",
    "appointments", "support", "tickets", "notifications", "security", "language", "help", "cancel",
)  # fmt: skip
"""Registered with Telegram per language, in this order; `command.<name>` is what each is said to do."""


class GoTo(CallbackData, prefix="go"):
    """A push's button: the place that it opens."""

    place: str


class GoToOne(CallbackData, prefix="one"):
    """The same with an id: of the booking that the place is about. Not a field of `GoTo`: older pushes have none."""

    place: str
    arg: str


def pressed(place: str, arg: str = "") -> str:
    """Return what a push's button sends when it is tapped."""
    return GoToOne(place=place, arg=arg).pack() if arg else GoTo(place=place).pack()
