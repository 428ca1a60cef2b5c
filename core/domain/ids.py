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
ClinicId = NewType("ClinicId", UUID)
RecordId = NewType("RecordId", UUID)
HandoverId = NewType("HandoverId", UUID)
ClaimId = NewType("ClaimId", UUID)
ExtractId = NewType("ExtractId", UUID)
ProofId = NewType("ProofId", UUID)
FacilityId = NewType("FacilityId", UUID)
DoctorId = NewType("DoctorId", UUID)
SlotId = NewType("SlotId", UUID)
BookingId = NewType("BookingId", UUID)
WaitId = NewType("WaitId", UUID)
ArticleId = NewType("ArticleId", UUID)
TicketId = NewType("TicketId", UUID)
RemarkId = NewType("RemarkId", UUID)
ConversationId = NewType("ConversationId", UUID)
LineId = NewType("LineId", UUID)
CannedId = NewType("CannedId", UUID)
TeamId = NewType("TeamId", UUID)
HookId = NewType("HookId", UUID)
ChatId = NewType("ChatId", int)


def new_id(now: datetime) -> UUID:
    """Return a fresh UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    random = secrets.randbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
    return UUID(int=value)
