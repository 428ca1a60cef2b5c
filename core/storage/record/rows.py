"""The rows of the record. In clear: whose, whence, when, the coarse category, and how results belong together."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.ids import AccountId, ClinicId, RecordId
from core.storage.base import Base

RESULTS = "results"
VISITS = "visits"
VACCINATIONS = "vaccinations"
REFERRALS = "referrals"
STANDS_ALONE = text("panel IS NULL")
IN_A_PANEL = text("panel IS NOT NULL")


class ResultRow(Base):
    """A result, or a panel, so that a page of both is one walk along one index.

    `code_index` finds one person's results by their code: it is keyed, and another person's same code looks different.
    `position` is the place within `panel`.
    """

    __tablename__ = RESULTS
    __table_args__ = (
        Index(
            "ix_results_standing",
            "account",
            "category",
            "taken_at",
            "id",
            sqlite_where=STANDS_ALONE,
            postgresql_where=STANDS_ALONE,
        ),
        Index("ix_results_account_taken_at", "account", "taken_at", "id"),
        Index("ix_results_account_code_index", "account", "is_panel", "code_index", "taken_at", "id"),
        Index("ix_results_panel", "panel", "position", sqlite_where=IN_A_PANEL, postgresql_where=IN_A_PANEL),
    )

    id: Mapped[RecordId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    clinic: Mapped[ClinicId]
    category: Mapped[str]
    taken_at: Mapped[datetime]
    is_panel: Mapped[bool]
    panel: Mapped[RecordId | None]
    position: Mapped[int]
    code_index: Mapped[bytes]
    content: Mapped[bytes]
    version: Mapped[int]


class VisitRow(Base):
    """A visit."""

    __tablename__ = VISITS
    __table_args__ = (Index("ix_visits_account_started_at", "account", "started_at", "id"),)

    id: Mapped[RecordId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    clinic: Mapped[ClinicId]
    started_at: Mapped[datetime]
    content: Mapped[bytes]
    version: Mapped[int]


class VaccinationRow(Base):
    """A vaccination. `clinic` is unknown where a citizen brought it."""

    __tablename__ = VACCINATIONS
    __table_args__ = (Index("ix_vaccinations_account_given_on", "account", "given_on", "id"),)

    id: Mapped[RecordId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    clinic: Mapped[ClinicId | None]
    given_on: Mapped[date]
    content: Mapped[bytes]
    version: Mapped[int]


class ReferralRow(Base):
    """A referral to a doctor."""

    __tablename__ = REFERRALS
    __table_args__ = (Index("ix_referrals_account_authored_on", "account", "authored_on", "id"),)

    id: Mapped[RecordId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    clinic: Mapped[ClinicId]
    authored_on: Mapped[date]
    content: Mapped[bytes]
    version: Mapped[int]
