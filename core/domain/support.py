"""What people ask for help with: the topics of articles, tickets and conversations, and the skills of those who answer."""

from enum import StrEnum

UNREADABLE = "Не открывается"
"""Stands where something was stored sealed that does not open any more; everything beside it is shown."""


class SupportTopic(StrEnum):
    """In the order in which they are offered. The same words are what an operator is skilled in."""

    CARD = "card"
    ACCOUNT = "account"
    CONSENT = "consent"
    RECORD = "record"
    BOOKING = "booking"
    DOCUMENTS = "documents"
    FAMILY = "family"
    SECURITY = "security"
    ERROR = "error"
    OTHER = "other"


class Urgency(StrEnum):
    """Who is answered first; the value sorts. URGENT: words of distress, after the emergency number was shown."""

    URGENT = "0_urgent"
    HIGH = "1_high"
    NORMAL = "2_normal"
