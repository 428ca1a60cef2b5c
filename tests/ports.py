"""Ports for servers that are to be told where to listen before they do."""

import contextlib
import random
import socket

OWN_PORTS = range(20_000, 32_000)
"""Below those that a system hands out by itself: nobody is given one of these between the choice and the listening."""
_taken: set[int] = set()


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody listens on; none comes twice, for whoever had it may be away only for a while."""
    found: list[int] = []
    while len(found) < count:
        port = random.SystemRandom().choice(OWN_PORTS)
        if port in _taken:
            continue
        _taken.add(port)
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            found.append(port)
    return found
