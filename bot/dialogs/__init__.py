"""Every dialog, listed once: router, previews, map and tests read this list."""

from aiogram_dialog import Dialog

from bot.dialogs.account import dialog as account
from bot.dialogs.activity import dialog as activity
from bot.dialogs.appointment import dialog as appointment
from bot.dialogs.booking import dialog as booking
from bot.dialogs.card import dialog as card
from bot.dialogs.consent import dialog as consent
from bot.dialogs.conversation import dialog as conversation
from bot.dialogs.conversation import elsewhere
from bot.dialogs.document import dialog as document
from bot.dialogs.extract import dialog as extract
from bot.dialogs.factor import dialog as factor
from bot.dialogs.help import dialog as help_
from bot.dialogs.knowledge import dialog as knowledge
from bot.dialogs.menu import dialog as menu
from bot.dialogs.pointing import CLOSED, POINTED, by_telephone, pointing
from bot.dialogs.result import dialog as result
from bot.dialogs.signin import dialog as signin
from bot.dialogs.subscription import dialog as subscription
from bot.dialogs.ticket import mine, request, support
from bot.dialogs.vaccination import dialog as vaccination
from bot.dialogs.visit import dialog as visit
from bot.states import Conversation


def dialogs(*, personal: bool = True) -> tuple[Dialog, ...]:
    """Return fresh dialogs: one Dialog joins one Dispatcher only.

    In the order of asking, each a filter's cost to all that come after it: the form, where people write most, is the first.
    Without `personal` data in the chat, those that would show or ask for them point to pages or to the telephone instead.
    """
    every = (
        card,
        menu,
        knowledge,
        document,
        signin,
        account,
        consent,
        subscription,
        result,
        visit,
        vaccination,
        extract,
        booking,
        appointment,
        activity,
        support,
        request,
        mine,
        help_,
        conversation,
        factor,
    )
    made = tuple(make() for make in every)
    if personal:
        return made
    away = {*(group for group, _ in POINTED), *CLOSED, Conversation}
    kept = tuple(each for each in made if each.states_group() not in away)
    return (*kept, *(pointing(group, place) for group, place in POINTED), *map(by_telephone, CLOSED), elsewhere())
