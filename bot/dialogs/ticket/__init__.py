"""Support: whom to ask, a request written, and what became of those that were sent."""

from bot.dialogs.ticket.mine import dialog as mine
from bot.dialogs.ticket.request import dialog as request
from bot.dialogs.ticket.support import dialog as support

__all__ = ["mine", "request", "support"]
