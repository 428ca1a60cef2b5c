"""A paper as a row: what finds it and what moves it stands in clear, what it says is one sealed value."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.extract import Aim, Extract, ExtractKind, ExtractState, Order, Seen, Span
from core.domain.ids import AccountId, ExtractId, StaffId
from core.storage.base import Base
from core.storage.key import RowSeal
from core.storage.transaction import Stored

TABLE = "extracts"
ASKED = text("state = 'asked'")
BEING_MADE = text("state IN ('drafting', 'ordered')")


class ExtractRow(Base):
    """A paper. `token` and `digest` are SHA-256 hashes; `wrapped` is the key of its file, `kek` what wraps that."""

    __tablename__ = TABLE
    __table_args__ = (
        Index("uq_extracts_asked", "account", unique=True, sqlite_where=ASKED, postgresql_where=ASKED),
        Index("uq_extracts_number", "number", unique=True),
        Index("uq_extracts_token", "token", unique=True),
        Index("ix_extracts_account_ordered_at", "account", "ordered_at"),
        Index("ix_extracts_due", "due_at", sqlite_where=BEING_MADE, postgresql_where=BEING_MADE),
        Index("ix_extracts_state_kept_until", "state", "kept_until"),
        Index("ix_extracts_digest", "digest"),
    )

    id: Mapped[ExtractId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str]
    state: Mapped[str]
    number: Mapped[str]
    token: Mapped[bytes]
    content: Mapped[bytes]
    asked_at: Mapped[datetime]
    ordered_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    kept_until: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    doctor: Mapped[StaffId | None] = mapped_column(ForeignKey("staff.id"))
    tries: Mapped[int]
    digest: Mapped[bytes | None]
    size: Mapped[int]
    kek: Mapped[str | None] = mapped_column(index=True)
    wrapped: Mapped[bytes | None]
    version: Mapped[int]


def values_of(extract: Extract, seal: RowSeal, token: bytes) -> dict[str, Stored]:
    """Return what a row holds of a paper, its file's key aside."""
    return {
        "kind": extract.kind.value,
        "state": extract.state.value,
        "number": extract.number,
        "token": token,
        "content": seal.shut("content", _written(extract)),
        "asked_at": extract.asked_at,
        "ordered_at": extract.ordered_at,
        "made_at": extract.made_at,
        "kept_until": extract.kept_until,
        "mailed_at": extract.mailed_at,
        "due_at": extract.due_at,
        "doctor": extract.doctor,
        "tries": extract.tries,
        "digest": extract.digest,
        "size": extract.size,
        "version": seal.version,
    }


def opened(row: ExtractRow, seal: RowSeal) -> Extract:
    """Return the paper of a row."""
    kept: dict[str, Any] = json.loads(seal.open("content", row.content))
    chosen = kept["order"]
    return Extract(
        id=row.id,
        account=row.account,
        kind=ExtractKind(row.kind),
        state=ExtractState(row.state),
        asked_at=row.asked_at,
        language=kept["language"],
        number=row.number,
        token=kept["token"],
        order=Order(
            span=Span(chosen["span"]) if chosen["span"] else None,
            since=_day(chosen["since"]),
            until=_day(chosen["until"]),
            aim=Aim(chosen["aim"]) if chosen["aim"] else None,
            words=chosen["words"],
        ),
        confirmed=kept["confirmed"],
        seen=tuple(Seen(**line) for line in kept["seen"]),
        conclusion=kept["conclusion"],
        reason=kept["reason"],
        doctor=row.doctor,
        doctor_name=kept["doctor_name"],
        ordered_at=row.ordered_at,
        made_at=row.made_at,
        kept_until=row.kept_until,
        mailed_at=row.mailed_at,
        due_at=row.due_at,
        tries=row.tries,
        digest=row.digest,
        size=row.size,
        version=row.version,
    )


def _written(extract: Extract) -> str:
    order = extract.order
    kept = {
        "language": extract.language,
        "token": extract.token,
        "order": {
            "span": order.span,
            "since": order.since and order.since.isoformat(),
            "until": order.until and order.until.isoformat(),
            "aim": order.aim,
            "words": order.words,
        },
        "confirmed": extract.confirmed,
        "seen": [asdict(line) for line in extract.seen],
        "conclusion": extract.conclusion,
        "reason": extract.reason,
        "doctor_name": extract.doctor_name,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _day(text_: str | None) -> date | None:
    return date.fromisoformat(text_) if text_ else None
