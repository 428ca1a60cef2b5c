"""The rows: in clear is what finds and moves a claim; what it says is one sealed value."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import AccountId, ClaimId, RecordId, StaffId
from core.domain.vaccination import Claim, ClaimKind, ClaimState, Field, Scan, Told
from core.storage.base import Base
from core.storage.key import RowSeal
from core.storage.record.written import coding_in, coding_out, filled
from core.storage.transaction import Stored

CLAIMS, CORRECTIONS, KEYS = "vaccination_claims", "vaccination_corrections", "staff_keys"
IS_DRAFT = text("state = 'draft'")
IN_USE = text("retired_at IS NULL")


class ClaimRow(Base):
    """A claim. `wrapped` is the key of its scan, `kek` what wraps that; `file` names the scan in its store."""

    __tablename__ = CLAIMS
    __table_args__ = (
        Index(
            "uq_vaccination_claims_draft",
            "account",
            "kind",
            unique=True,
            sqlite_where=IS_DRAFT,
            postgresql_where=IS_DRAFT,
        ),
        Index("ix_vaccination_claims_state_sent_at", "state", "sent_at"),
        Index("ix_vaccination_claims_account_begun_at", "account", "begun_at"),
    )

    id: Mapped[ClaimId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str]
    state: Mapped[str]
    begun_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))
    record: Mapped[RecordId | None]
    content: Mapped[bytes]
    file: Mapped[str | None]
    kek: Mapped[str | None] = mapped_column(index=True)
    wrapped: Mapped[bytes | None]
    version: Mapped[int]


class CorrectionRow(Base):
    """A signed correction. Bytes, signature and key are sealed together; `fingerprint` names the key."""

    __tablename__ = CORRECTIONS

    claim: Mapped[ClaimId] = mapped_column(ForeignKey("vaccination_claims.id"), primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    record: Mapped[RecordId]
    signer: Mapped[StaffId] = mapped_column(ForeignKey("staff.id"))
    fingerprint: Mapped[str]
    signed_at: Mapped[datetime]
    content: Mapped[bytes]


class StaffKeyRow(Base):
    """A specialist's public key, in clear: it is public, and whoever verifies needs it."""

    __tablename__ = KEYS
    __table_args__ = (
        Index("uq_staff_keys_in_use", "member", unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE),
    )

    member: Mapped[StaffId] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    pem: Mapped[str]
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


def owner_of(claim: ClaimId) -> str:
    """Return the owner's name that the wrapping of a scan's key is bound to."""
    return f"claim:{claim}"


def values_of(claim: Claim, seal: RowSeal) -> dict[str, Stored]:
    """Return what a row holds of a claim, its scan's key aside."""
    return {
        "kind": claim.kind.value,
        "state": claim.state.value,
        "begun_at": claim.begun_at,
        "sent_at": claim.sent_at,
        "decided_at": claim.decided_at,
        "decided_by": claim.decided_by,
        "record": claim.record,
        "content": seal.shut("content", json.dumps(_written(claim), ensure_ascii=False, separators=(",", ":"))),
        "version": seal.version,
    }


def opened(row: ClaimRow, seal: RowSeal) -> Claim:
    """Return the claim of a row."""
    kept: dict[str, Any] = json.loads(seal.open("content", row.content))
    return Claim(
        id=row.id,
        account=row.account,
        kind=ClaimKind(row.kind),
        state=ClaimState(row.state),
        begun_at=row.begun_at,
        told=Told(
            coding_out(kept["vaccine"]) if "vaccine" in kept else None,
            date.fromisoformat(kept["given_on"]) if "given_on" in kept else None,
            kept.get("series"),
            kept.get("institution"),
        ),
        scan=Scan(**kept["scan"]) if "scan" in kept else None,
        record=row.record,
        wrong=Field(kept["wrong"]) if "wrong" in kept else None,
        right=kept.get("right", ""),
        right_vaccine=coding_out(kept["right_vaccine"]) if "right_vaccine" in kept else None,
        right_day=date.fromisoformat(kept["right_day"]) if "right_day" in kept else None,
        why=kept.get("why", ""),
        sent_at=row.sent_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=kept.get("reason", ""),
        version=row.version,
    )


def _written(claim: Claim) -> dict[str, Any]:
    told, scan = claim.told, claim.scan
    answers = {"series": told.series, "institution": told.institution}
    return {
        # «Не знаю» is an empty text, and is an answer: it is kept.
        **{name: value for name, value in answers.items() if value is not None},
        **filled(
            vaccine=told.vaccine and coding_in(told.vaccine),
            given_on=told.given_on and told.given_on.isoformat(),
            scan=scan and {"mime": scan.mime, "size": scan.size, "pages": scan.pages},
            wrong=claim.wrong and claim.wrong.value,
            right=claim.right,
            right_vaccine=claim.right_vaccine and coding_in(claim.right_vaccine),
            right_day=claim.right_day and claim.right_day.isoformat(),
            why=claim.why,
            reason=claim.reason,
        ),
    }
