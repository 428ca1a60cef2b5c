"""What every row shares: the names of constraints, the types of columns, times that know their zone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, Double, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from core.domain import ids

Stored = (
    UUID
    | str
    | bytes
    | int
    | float
    | bool
    | datetime
    | date
    | time
    | Mapping[str, str]
    | Sequence[str]
    | Sequence[bytes]
    | Sequence[datetime]
    | Sequence[UUID | None]
    | Sequence[int | None]
    | list[list[str]]
    | None
)
"""What a column can take."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware in Python on every database; a naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - theirs
        """Bring an aware moment to UTC: SQLite keeps the digits alone, and compares them as text."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - theirs
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


IDS = (
    ids.AccountId,
    ids.ApplicationId,
    ids.ArticleId,
    ids.BookingId,
    ids.BroadcastId,
    ids.CannedId,
    ids.CardId,
    ids.ChallengeId,
    ids.ClaimId,
    ids.ClinicId,
    ids.ConsentId,
    ids.ConversationId,
    ids.DoctorId,
    ids.DocumentId,
    ids.ExtractId,
    ids.FacilityId,
    ids.HandoverId,
    ids.HookId,
    ids.LineId,
    ids.NotificationId,
    ids.ProofId,
    ids.RecordId,
    ids.RemarkId,
    ids.SlotId,
    ids.StaffId,
    ids.TeamId,
    ids.TicketId,
    ids.VerificationId,
    ids.WaitId,
)

TYPES: dict[object, TypeEngine[Any]] = {
    datetime: UtcDateTime(),
    UUID: Uuid(),
    bytes: LargeBinary(),
    str: Text(),
    float: Double(),
    **dict.fromkeys(IDS, Uuid()),
}


class Base(DeclarativeBase):
    """The root of all rows. A sealed column is `bytes`: the repositories seal and open it themselves, bound to its row."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = TYPES


def table_of(row: type[Base]) -> Table:
    """Return the table of a row, for statements that are made once and read columns, not objects.

    A foreign key learns its type only once the other table is there, too late for a statement made on import: ours all
    point at UUIDs, so it is said here.
    """
    table = cast("Table", row.__table__)
    for column in table.columns:
        if column.foreign_keys and isinstance(column.type, NullType):
            column.type = Uuid()
    return table


Big = BigInteger()
"""For Telegram's numbers, which need 52 bits, and for counters of lines."""
