"""Requests: written and followed by citizens, answered and steered at the desk."""

from core.services.ticket.answering import AnswerTicket, AskInTicket, MoveTicket, NoteInTicket
from core.services.ticket.clerk import Clerk
from core.services.ticket.counter import TicketCounter
from core.services.ticket.desk import (
    Asker,
    IndexTickets,
    Listing,
    OpenTicketFile,
    SearchTickets,
    TicketAtDesk,
    TicketLine,
    TicketPage,
    ViewTicketAtDesk,
    ViewTickets,
)
from core.services.ticket.drafting import (
    AttachToTicket,
    BeginTicket,
    DescribeTicket,
    Desktop,
    DropTicketDraft,
    NameEarlier,
    SendTicket,
    TicketDraft,
    ViewTicketDraft,
)
from core.services.ticket.enclosing import Enclosing, FileCheck
from core.services.ticket.filing import Filing
from core.services.ticket.following import (
    AddRemark,
    CloseTicket,
    ListTickets,
    OpenOwnTicketFile,
    RateTicket,
    ReopenTicket,
    TicketList,
    TicketView,
    ViewTicket,
    WantedPaper,
)
from core.services.ticket.opening import Opening, ViewOpening
from core.services.ticket.steering import (
    AssignTicket,
    LinkTickets,
    MergeTickets,
    TagTicket,
    TakeTicket,
    TicketFromConversation,
)
from core.services.ticket.told import Known

__all__ = [
    "AddRemark",
    "AnswerTicket",
    "AskInTicket",
    "Asker",
    "AssignTicket",
    "AttachToTicket",
    "BeginTicket",
    "Clerk",
    "CloseTicket",
    "DescribeTicket",
    "Desktop",
    "DropTicketDraft",
    "Enclosing",
    "FileCheck",
    "Filing",
    "IndexTickets",
    "Known",
    "LinkTickets",
    "ListTickets",
    "Listing",
    "MergeTickets",
    "MoveTicket",
    "NameEarlier",
    "NoteInTicket",
    "OpenOwnTicketFile",
    "OpenTicketFile",
    "Opening",
    "RateTicket",
    "ReopenTicket",
    "SearchTickets",
    "SendTicket",
    "TagTicket",
    "TakeTicket",
    "TicketAtDesk",
    "TicketCounter",
    "TicketDraft",
    "TicketFromConversation",
    "TicketLine",
    "TicketList",
    "TicketPage",
    "TicketView",
    "ViewOpening",
    "ViewTicket",
    "ViewTicketAtDesk",
    "ViewTicketDraft",
    "ViewTickets",
    "WantedPaper",
]
