"""Talking: citizens call and say, operators take, answer and hand on, the worker looks after what nobody does."""

from core.services.conversation.answering import (
    AskForPaper,
    EditLine,
    OpenStep,
    SayToCitizen,
    Speaking,
    TakeBackLine,
)
from core.services.conversation.beside import Beside, RevealIdentifier
from core.services.conversation.calling import (
    CallOperator,
    LeaveConversation,
    MayRate,
    RateConversation,
    ViewQueuePlace,
    Waiting,
    WatchPlaces,
)
from core.services.conversation.floor import Carrier, Floor
from core.services.conversation.guarding import PLAIN, FileGuard
from core.services.conversation.hearing import HearDesk, LastEvent, ReadEvents, SearchConversations, SightOf
from core.services.conversation.noting import (
    KeepDraft,
    LinkTicket,
    MarkRead,
    ShowTyping,
    TagConversation,
    WriteNote,
)
from core.services.conversation.owning import (
    AssignConversation,
    ClaimConversation,
    EndConversation,
    Handing,
    ReturnToBot,
    TransferConversation,
)
from core.services.conversation.parting import Parting
from core.services.conversation.queue import Listing, ViewQueue
from core.services.conversation.saying import EditSaid, SayToOperator, ShareRecord
from core.services.conversation.viewing import OpenLineFile, ViewConversation
from core.services.conversation.views import (
    ConversationView,
    FoundLine,
    PersonBeside,
    QueueEntry,
    QueueFilter,
    QueuePage,
    QueuePlace,
    Said,
    SearchPage,
    Whose,
)
from core.services.conversation.working import (
    AssignWaiting,
    EndSilent,
    PassTyping,
    ReturnAbandoned,
    SetAssignment,
    ViewAssignment,
)

__all__ = [
    "PLAIN",
    "AskForPaper",
    "AssignConversation",
    "AssignWaiting",
    "Beside",
    "CallOperator",
    "Carrier",
    "ClaimConversation",
    "ConversationView",
    "EditLine",
    "EditSaid",
    "EndConversation",
    "EndSilent",
    "FileGuard",
    "Floor",
    "FoundLine",
    "Handing",
    "HearDesk",
    "KeepDraft",
    "LastEvent",
    "LeaveConversation",
    "LinkTicket",
    "Listing",
    "MarkRead",
    "MayRate",
    "OpenLineFile",
    "OpenStep",
    "Parting",
    "PassTyping",
    "PersonBeside",
    "QueueEntry",
    "QueueFilter",
    "QueuePage",
    "QueuePlace",
    "RateConversation",
    "ReadEvents",
    "ReturnAbandoned",
    "ReturnToBot",
    "RevealIdentifier",
    "Said",
    "SayToCitizen",
    "SayToOperator",
    "SearchConversations",
    "SearchPage",
    "SetAssignment",
    "ShareRecord",
    "ShowTyping",
    "SightOf",
    "Speaking",
    "TagConversation",
    "TakeBackLine",
    "TransferConversation",
    "ViewAssignment",
    "ViewConversation",
    "ViewQueue",
    "ViewQueuePlace",
    "Waiting",
    "WatchPlaces",
    "Whose",
    "WriteNote",
]
