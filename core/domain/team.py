"""Who answers: groups of staff, and each one's duty: whether they are here, what they know, how much they take at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

from core.domain.actor import Role
from core.domain.ids import StaffId, TeamId
from core.domain.support import SupportTopic

GONE_AFTER = timedelta(minutes=2)
"""An operator whose page has not been heard of for so long is gone, whatever they said last."""
CAPACITY = 5
"""Conversations at once, until somebody says otherwise."""
MOST = 50
"""More conversations at once nobody is trusted with."""
LONGEST_NAME = 60
MOST_NETWORKS = 50
LANGUAGES = frozenset({"ru", "en"})
ANSWERING = frozenset({Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR})
"""Who may answer citizens."""
AT_WORK_BY_THEMSELVES = frozenset({Role.OPERATOR, Role.SENIOR})
"""Whose work it is: they are here once they have opened a page of work after signing in, until they say otherwise."""


class Presence(StrEnum):
    """HERE takes new conversations, AWAY keeps those they have, OFF has none: they go back to the queue."""

    HERE = "here"
    AWAY = "away"
    OFF = "off"


class TeamNotThere(Exception):
    """No such group."""

    message_key = "team.not_there"


class TeamNameTaken(Exception):
    """There is a group of this name already."""

    message_key = "team.name_taken"


class BadTeam(Exception):
    """A group has a name of 1 to 60 characters, and networks that are written as networks."""

    message_key = "team.bad"

    def __init__(self, network: str = "") -> None:
        super().__init__(network)
        self.network = network


class BadDuty(Exception):
    """Between one conversation at once and MOST, at least one topic and one language."""

    message_key = "team.bad_duty"


class SelfShutOut(Exception):
    """Whoever says so works from an address that would not be let in any more."""

    message_key = "team.self_shut_out"


class NetworkRefused(Exception):
    """Whoever signs in or works from this address is not let in: the group allows others only."""

    message_key = "team.network_refused"


@dataclass(frozen=True, slots=True)
class Team:
    """A group. `networks` (CIDR) are where its members may work from; empty: anywhere. `topics` are what it is asked about."""

    id: TeamId
    name: str
    networks: tuple[str, ...] = ()
    topics: frozenset[SupportTopic] = frozenset()
    version: int = 1

    @classmethod
    def named(
        cls, id_: TeamId, name: str, networks: Iterable[str], topics: Collection[SupportTopic], version: int = 1
    ) -> "Team":
        """Return a group with its name and networks as they are written; BadTeam where they cannot be."""
        name = " ".join(name.split())
        if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
            raise BadTeam
        written = []
        for network in networks:
            try:
                written.append(str(ip_network(network.strip())))
            except ValueError:
                raise BadTeam(network.strip()[:LONGEST_NAME]) from None
        if len(written) > MOST_NETWORKS:
            raise BadTeam
        return cls(id_, name, tuple(dict.fromkeys(written)), frozenset(topics), version)


@dataclass(frozen=True, slots=True)
class Duty:
    """One member's. Without a row of their own: OFF, every topic, both languages, CAPACITY, no group."""

    staff: StaffId
    presence: Presence = Presence.OFF
    seen_at: datetime | None = None
    capacity: int = CAPACITY
    skills: frozenset[SupportTopic] = frozenset(SupportTopic)
    languages: frozenset[str] = LANGUAGES
    team: TeamId | None = None
    load: int = field(default=0, compare=False)
    """Conversations that they have now."""
    last_given_at: datetime | None = None
    """When a conversation was assigned to them by round robin."""

    def is_here(self, now: datetime) -> bool:
        """Whether they can be given something now."""
        return self.presence is Presence.HERE and not self.is_gone(now)

    def is_gone(self, now: datetime) -> bool:
        """Whether what they have is to go back to the queue."""
        return self.presence is Presence.OFF or not self.has_page_open(now)

    def has_page_open(self, now: datetime) -> bool:
        """Whether a page of work of theirs, on whichever machine, has been heard of lately."""
        return self.seen_at is not None and now - self.seen_at <= GONE_AFTER


def allows(networks: Collection[str], address: str) -> bool:
    """Whether somebody may work from this address: from anywhere where no networks are named.

    An IPv4 address as a socket of IPv6 tells it (`::ffff:192.0.2.1`) is that IPv4 address. What is no address is refused.
    """
    if not networks:
        return True
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in ip_network(network) for network in networks)


class Teams(Protocol):
    """The groups."""

    async def all(self) -> Sequence[Team]: ...

    async def get(self, team: TeamId) -> Team:
        """Raises TeamNotThere."""
        ...

    async def of(self, staff: StaffId) -> Team | None: ...

    async def put(self, team: Team, now: datetime) -> None:
        """Store it, new or changed; `account.WrongMove` when it changed since it was read, TeamNameTaken."""
        ...

    async def remove(self, team: TeamId) -> None:
        """Its members have none from then on. Raises TeamNotThere."""
        ...


class Duties(Protocol):
    """Who is at work."""

    async def of(self, staff: StaffId) -> Duty: ...

    async def of_many(self, staff: Collection[StaffId]) -> Mapping[StaffId, Duty]: ...

    async def team_of(self, staff: StaffId) -> TeamId | None:
        """Return the group alone, which is asked at every step."""
        ...

    async def all(self) -> Sequence[Duty]:
        """Of everybody who may answer (operators, seniors, administrators) and is not disabled, with their load."""
        ...

    async def save(self, duty: Duty) -> None:
        """Store presence, capacity, skills, languages and group; when they were seen, where it is told."""
        ...

    async def arrange(self, duty: Duty) -> None:
        """Store capacity, skills, languages and group: whether they are here is theirs to say."""
        ...

    async def be(self, staff: StaffId, presence: Presence, now: datetime) -> None:
        """Store whether they are here; they are seen with it."""
        ...

    async def expect(self, staff: StaffId) -> None:
        """They are here as soon as a page of work is seen, not before."""
        ...

    async def leave(self, staff: StaffId) -> None:
        """They are off, and no page of theirs is open any more."""
        ...

    async def saw(self, staff: StaffId, now: datetime) -> None:
        """Their page is open."""
        ...

    async def gave(self, staff: StaffId, now: datetime) -> None:
        """A conversation was assigned to them by round robin."""
        ...
