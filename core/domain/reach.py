"""How far the product reaches at somebody's word: the internet, and of the inside what whoever runs it has allowed.

An administrator of the desk names addresses (a clinic's server, a program that is told); the network behind them is not theirs.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

EMBEDDING = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"), ip_network("2001::/32"))
"""Addresses of IPv6 that lead to one of IPv4, which may be anybody's."""
HERE = "localhost"
WITHIN = (".local", ".internal")
"""Names that no name server of the internet knows."""


class InsideAddress(Exception):
    """The address leads into a network that is not the internet's."""

    message_key = "hook.inside_address"


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be called beside the internet. `loopback`: this machine, where the outside world is the playground.

    `networks` are those of one's own, as whoever runs the product has named them.
    """

    loopback: bool = False
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def refuse(self, address: str) -> None:
        """Refuse an IP address that may not be called. Raises InsideAddress."""
        found = parsed(address)
        if found is None:
            raise InsideAddress
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        if (self.loopback and found.is_loopback) or any(found in network for network in self.networks):
            return
        embeds = isinstance(found, IPv6Address) and any(found in network for network in EMBEDDING)
        if embeds or not found.is_global or found.is_multicast or found.is_reserved:
            raise InsideAddress

    def refuse_host(self, host: str) -> None:
        """The same of a host as an address names it; what a name leads to is seen when it is called. Raises InsideAddress."""
        bare = host.lower().rstrip(".")
        if parsed(bare) is not None:
            self.refuse(bare)
        elif bare.replace(".", "").isdigit():
            raise InsideAddress  # an address written oddly, which some read as one of this machine: 127.1
        elif bare == HERE or bare.endswith(f".{HERE}"):
            self.refuse("127.0.0.1")
        elif bare.endswith(WITHIN) and not self.networks:
            raise InsideAddress


def is_loopback(host: str) -> bool:
    """Whether it is this machine's own name or address."""
    found = parsed(host)
    return host == HERE or (found is not None and found.is_loopback)


def parsed(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that a host is; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None
