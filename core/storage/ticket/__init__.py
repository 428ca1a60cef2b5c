"""Requests: rows here, the ciphertext of files in the file store, each under a key of its own."""

from core.storage.ticket.rows import FileRow, LinkRow, NumberRow, RemarkRow, TicketRow, TicketWordRow, owner_of
from core.storage.ticket.searching import SqlTicketWords
from core.storage.ticket.tickets import SqlTickets

__all__ = [
    "FileRow",
    "LinkRow",
    "NumberRow",
    "RemarkRow",
    "SqlTicketWords",
    "SqlTickets",
    "TicketRow",
    "TicketWordRow",
    "owner_of",
]
