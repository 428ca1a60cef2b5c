"""Organisations that deliver medical data: known by their keys, from their own addresses alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Protocol

from core.domain.actor import Clinic as ClinicActor
from core.domain.ids import ClinicId

TOKEN_LIFETIME = timedelta(minutes=5)


class ClinicRefused(Exception):
    """The organisation is not who it says, or may not speak from there: which of the two is not told."""

    message_key = "clinic.refused"


class ClinicExists(Exception):
    """There is an organisation with this client id already."""

    message_key = "clinic.exists"


@dataclass(frozen=True, slots=True)
class Clinic:
    """An organisation. `keys` is its public JWK set (RFC 7517); `networks` are the addresses that it may speak from."""

    id: ClinicId
    client_id: str
    name: str
    keys: Mapping[str, Any] = field(repr=False)
    networks: tuple[IPv4Network | IPv6Network, ...]
    disabled: bool = False

    @property
    def actor(self) -> ClinicActor:
        """Who acts when it acts."""
        return ClinicActor(self.id)

    def may_speak_from(self, address: str) -> bool:
        """Whether the address lies in one of its networks; nothing does when the address is none."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return any(found in network for network in self.networks if network.version == found.version)


class Clinics(Protocol):
    """The organisations and their short-lived tokens."""

    async def add(self, clinic: Clinic, now: datetime) -> None:
        """Store; ClinicExists."""
        ...

    async def all(self) -> list[Clinic]: ...

    async def by_client(self, client_id: str) -> Clinic | None: ...

    async def names(self, ids: set[ClinicId]) -> Mapping[ClinicId, str]: ...

    async def change(self, clinic: Clinic) -> None:
        """Store new keys, networks or standing; every token of it ends."""
        ...

    async def use_assertion(self, clinic: ClinicId, jti: str, expires_at: datetime) -> bool:
        """Remember that an assertion was used; False when it was before. One statement."""
        ...

    async def grant(self, clinic: ClinicId, token: str, expires_at: datetime) -> None:
        """Store a token, hashed."""
        ...

    async def by_token(self, token: str, now: datetime) -> Clinic:
        """Return who holds it. Raises ClinicRefused."""
        ...

    async def forget_before(self, moment: datetime) -> int:
        """Remove tokens and used assertions that ran out before that; returns how many."""
        ...
