"""Organisations that deliver medical data, their tokens and used assertions: tokens and assertions are kept as SHA-256."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.clinic import Clinic, ClinicExists, ClinicRefused
from core.domain.ids import ClinicId
from core.storage.base import Base
from core.storage.token import hashed
from core.storage.transaction import SqlTransaction, Stored


class ClinicRow(Base):
    """An organisation. Nothing here is personal or secret: the keys are public ones."""

    __tablename__ = "clinics"
    __table_args__ = (Index("uq_clinics_client_id", "client_id", unique=True),)

    id: Mapped[ClinicId] = mapped_column(primary_key=True)
    client_id: Mapped[str]
    name: Mapped[str]
    keys: Mapped[dict[str, Any]] = mapped_column(JSON)
    networks: Mapped[list[str]] = mapped_column(JSON)
    disabled: Mapped[bool]
    created_at: Mapped[datetime]


class ClinicTokenRow(Base):
    """An access token."""

    __tablename__ = "clinic_tokens"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    clinic: Mapped[ClinicId] = mapped_column(ForeignKey("clinics.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ClinicAssertionRow(Base):
    """A signed assertion that was used: once for each clinic."""

    __tablename__ = "clinic_assertions"

    clinic: Mapped[ClinicId] = mapped_column(ForeignKey("clinics.id"), primary_key=True)
    jti_hash: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class SqlClinics:
    """`core.domain.clinic.Clinics`."""

    transaction: SqlTransaction

    async def add(self, clinic: Clinic, now: datetime) -> None:
        """Store; ClinicExists."""
        values: dict[str, Stored] = {
            "id": clinic.id,
            "client_id": clinic.client_id,
            "created_at": now,
            **_changeable(clinic),
        }
        if not await self.transaction.insert(ClinicRow, values):
            raise ClinicExists

    async def all(self) -> list[Clinic]:
        """By client id."""
        rows = await self.transaction.session.scalars(select(ClinicRow).order_by(ClinicRow.client_id))
        return [_clinic(row) for row in rows]

    async def by_client(self, client_id: str) -> Clinic | None:
        """Return the organisation, disabled or not."""
        row = await self.transaction.session.scalar(select(ClinicRow).where(ClinicRow.client_id == client_id))
        return None if row is None else _clinic(row)

    async def names(self, ids: set[ClinicId]) -> Mapping[ClinicId, str]:
        """Names by id."""
        rows = await self.transaction.session.execute(select(ClinicRow.id, ClinicRow.name).where(ClinicRow.id.in_(ids)))
        return {row.id: row.name for row in rows}

    async def change(self, clinic: Clinic) -> None:
        """Store name, keys, networks and standing; every token of it ends."""
        await self.transaction.change(update(ClinicRow).where(ClinicRow.id == clinic.id).values(**_changeable(clinic)))
        await self.transaction.change(delete(ClinicTokenRow).where(ClinicTokenRow.clinic == clinic.id))

    async def use_assertion(self, clinic: ClinicId, jti: str, expires_at: datetime) -> bool:
        """Remember that an assertion was used; False when it was before. One statement."""
        values: dict[str, Stored] = {"clinic": clinic, "jti_hash": hashed(jti), "expires_at": expires_at}
        return await self.transaction.insert(ClinicAssertionRow, values)

    async def grant(self, clinic: ClinicId, token: str, expires_at: datetime) -> None:
        """Store a token, hashed."""
        values: dict[str, Stored] = {"token_hash": hashed(token), "clinic": clinic, "expires_at": expires_at}
        await self.transaction.insert(ClinicTokenRow, values)

    async def by_token(self, token: str, now: datetime) -> Clinic:
        """Return who holds it. Raises ClinicRefused."""
        held = select(ClinicRow).join(ClinicTokenRow, ClinicTokenRow.clinic == ClinicRow.id)
        valid = (
            ClinicTokenRow.token_hash == hashed(token),
            ClinicTokenRow.expires_at > now,
            ClinicRow.disabled.is_(False),
        )
        row = await self.transaction.session.scalar(held.where(*valid))
        if row is None:
            raise ClinicRefused
        return _clinic(row)

    async def forget_before(self, moment: datetime) -> int:
        """Remove tokens and used assertions that ran out before that; returns how many."""
        gone = await self.transaction.change(delete(ClinicTokenRow).where(ClinicTokenRow.expires_at < moment))
        used = delete(ClinicAssertionRow).where(ClinicAssertionRow.expires_at < moment)
        return gone + await self.transaction.change(used)


def _changeable(clinic: Clinic) -> dict[str, Any]:
    return {
        "name": clinic.name,
        "keys": dict(clinic.keys),
        "networks": [str(network) for network in clinic.networks],
        "disabled": clinic.disabled,
    }


def _clinic(row: ClinicRow) -> Clinic:
    networks = tuple(ip_network(network) for network in row.networks)
    return Clinic(row.id, row.client_id, row.name, row.keys, networks, row.disabled)
