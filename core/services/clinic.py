"""Organisations: registered by whoever runs the machine, signed in by their keys, known by their tokens."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from core.domain.actor import System
from core.domain.audit import AuditLog, Operation
from core.domain.clinic import TOKEN_LIFETIME, Clinic, ClinicRefused, Clinics
from core.domain.ids import ClinicId, new_id
from core.domain.resource import Resources
from core.ports import AssertionRefused, Assertions, Clock, Codes, Transaction

CLIENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")
LONGEST_NAME = 200
COMMAND = System("command")
DOOR = System("clinics' door")


class BadClinic(Exception):
    """What was told of an organisation makes no sense; the text is a sentence."""

    message_key = "clinic.bad"


class NoSuchClinic(Exception):
    """There is no organisation with this client id."""

    message_key = "clinic.unknown"


@dataclass(frozen=True, slots=True)
class AddClinic:
    """Whoever runs the machine registers an organisation. Raises BadClinic, ClinicExists."""

    transaction: Transaction
    clinics: Clinics
    assertions: Assertions
    audit: AuditLog
    clock: Clock

    async def __call__(self, name: str, client_id: str, keys: object, networks: Sequence[str]) -> Clinic:
        now, name = self.clock.now(), name.strip()
        if not CLIENT_ID.fullmatch(client_id):
            raise BadClinic("A client id has 1 to 128 Latin letters, digits and . _ : / -")
        if not name or len(name) > LONGEST_NAME:
            raise BadClinic(f"A name has 1 to {LONGEST_NAME} characters.")
        clinic = Clinic(ClinicId(new_id(now)), client_id, name, _keys(self.assertions, keys), _networks(networks))
        async with self.transaction:
            await self.clinics.add(clinic, now)
            self.audit.record(COMMAND, Operation.CLINIC_ADDED, None, clinic=str(clinic.id), client=client_id)
        return clinic


@dataclass(frozen=True, slots=True)
class ChangeClinic:
    """Whoever runs the machine gives an organisation other keys or networks, or ends its access; its tokens end at once.

    Raises BadClinic, NoSuchClinic.
    """

    transaction: Transaction
    clinics: Clinics
    assertions: Assertions
    audit: AuditLog

    async def __call__(
        self,
        client_id: str,
        *,
        keys: object | None = None,
        networks: Sequence[str] | None = None,
        disabled: bool | None = None,
    ) -> Clinic:
        fresh = None if keys is None else _keys(self.assertions, keys)
        places = None if networks is None else _networks(networks)
        async with self.transaction:
            clinic = await self.clinics.by_client(client_id)
            if clinic is None:
                raise NoSuchClinic
            changed = replace(
                clinic,
                keys=clinic.keys if fresh is None else fresh,
                networks=clinic.networks if places is None else places,
                disabled=clinic.disabled if disabled is None else disabled,
            )
            await self.clinics.change(changed)
            what = {"keys": fresh is not None, "networks": places is not None, "standing": disabled is not None}
            told = " ".join(name for name, is_new in what.items() if is_new)
            self.audit.record(COMMAND, Operation.CLINIC_CHANGED, None, clinic=str(clinic.id), changed=told)
        return changed


@dataclass(frozen=True, slots=True)
class ClinicView:
    """An organisation, and how much it has delivered: type to how many are kept and how many of those are shown."""

    clinic: Clinic
    counts: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class ViewClinic:
    """Whoever runs the machine looks at an organisation. Raises NoSuchClinic."""

    transaction: Transaction
    clinics: Clinics
    resources: Resources

    async def __call__(self, client_id: str) -> ClinicView:
        async with self.transaction.looking():
            clinic = await self.clinics.by_client(client_id)
            if clinic is None:
                raise NoSuchClinic
            return ClinicView(clinic, await self.resources.count(clinic.id))


@dataclass(frozen=True, slots=True)
class ListClinics:
    """Whoever runs the machine looks at all of them."""

    transaction: Transaction
    clinics: Clinics

    async def __call__(self) -> Sequence[Clinic]:
        async with self.transaction.looking():
            return await self.clinics.all()


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, told once, and for how many seconds it is good."""

    token: str = field(repr=False)
    seconds: int


@dataclass(frozen=True, slots=True)
class IssueToken:
    """An organisation signs in by an assertion that its key signed (RFC 7523), once, from its own addresses.

    Raises ClinicRefused for whatever is wrong: the journal alone says what.
    """

    transaction: Transaction
    clinics: Clinics
    assertions: Assertions
    codes: Codes
    audit: AuditLog
    clock: Clock

    async def __call__(self, assertion: str, audience: str, address: str, client_id: str | None = None) -> Issued:
        now, token = self.clock.now(), self.codes.token()
        async with self.transaction:
            why, clinic = await self._fault(assertion, audience, address, client_id)
            if clinic is not None and not why:
                await self.clinics.grant(clinic.id, token, now + TOKEN_LIFETIME)
                self.audit.record(clinic.actor, Operation.CLINIC_SIGNED_IN)
            else:
                actor = clinic.actor if clinic else DOOR
                self.audit.record(actor, Operation.CLINIC_REFUSED, None, step="token", why=why)
        if why:
            raise ClinicRefused
        return Issued(token, int(TOKEN_LIFETIME.total_seconds()))

    async def _fault(
        self, assertion: str, audience: str, address: str, client_id: str | None
    ) -> tuple[str, Clinic | None]:
        """Return what stands in the way, empty if nothing does, and whose name is on the assertion."""
        try:
            issuer = self.assertions.issuer(assertion)
        except AssertionRefused as refused:
            return f"assertion: {refused}", None
        # PostgreSQL takes no zero byte, and nobody has such a name.
        clinic = await self.clinics.by_client(issuer) if CLIENT_ID.fullmatch(issuer) else None
        if clinic is None:
            return "unknown client", None
        if client_id is not None and client_id != issuer:
            return "another client id", clinic
        if clinic.disabled:
            return "disabled", clinic
        if not clinic.may_speak_from(address):
            return "address", clinic
        try:
            accepted = self.assertions.accept(assertion, clinic.keys, issuer, audience, self.clock.now())
        except AssertionRefused as refused:
            return f"assertion: {refused}", clinic
        used = await self.clinics.use_assertion(clinic.id, accepted.jti, accepted.expires_at)
        return "" if used else "assertion used before", clinic


@dataclass(frozen=True, slots=True)
class FindClinic:
    """Who holds a token, asked from this address. Raises ClinicRefused."""

    transaction: Transaction
    clinics: Clinics
    audit: AuditLog
    clock: Clock

    async def __call__(self, token: str, address: str) -> Clinic:
        clinic: Clinic | None = None
        async with self.transaction.looking():
            try:
                clinic = await self.clinics.by_token(token, self.clock.now())
            except ClinicRefused:
                self.audit.record(DOOR, Operation.CLINIC_REFUSED, None, step="request", why="token")
            else:
                if not clinic.may_speak_from(address):
                    self.audit.record(clinic.actor, Operation.CLINIC_REFUSED, None, step="request", why="address")
                    clinic = None
        if clinic is None:
            raise ClinicRefused
        return clinic


def _keys(assertions: Assertions, keys: object) -> Mapping[str, Any]:
    try:
        return assertions.usable(keys)
    except ValueError as fault:
        raise BadClinic(f"The keys cannot be used: {fault}.") from None


def _networks(told: Sequence[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    if not told:
        raise BadClinic("At least one network is needed, for example --network 203.0.113.0/24")
    try:
        return tuple(dict.fromkeys(ip_network(each.strip()) for each in told))
    except ValueError as fault:
        raise BadClinic(f"Not a network: {fault}.") from None
