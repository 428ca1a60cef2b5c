"""Tickets for programs: the list, one of them, what is said in it, whose it is."""

from api.routes.ticket.reading import rest as reading
from api.routes.ticket.writing import rest as writing

rest = (reading, writing)

__all__ = ["rest"]
