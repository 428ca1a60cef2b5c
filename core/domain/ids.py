"""Identifiers of our own making: UUID version 7, so that rows made together lie together."""

import secrets
from datetime import datetime
from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", UUID)
ApplicationId = NewType("ApplicationId", UUID)
CardId = NewType("CardId", UUID)
DocumentId = NewType("DocumentId", UUID)
ConsentId = NewType("ConsentId", UUID)
ChallengeId = NewType("ChallengeId", UUID)
NotificationId = NewType("NotificationId", UUID)
StaffId = NewType("StaffId", UUID)
VerificationId = NewType("VerificationId", UUID)
BroadcastId = NewType("BroadcastId", UUID)
ChatId = NewType("ChatId", int)


def new_id(now: datetime) -> UUID:
    """Return a fresh UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    random = secrets.randbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    return UUID(int=value)
