"""Who shares a count of tries with whom."""

from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from api.limits import Attempts, TooManyTries, client_address

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_an_address_is_counted_by_itself_and_ipv6_by_its_network(first: str, second: str, shared: bool) -> None:
    attempts = Attempts(tries=1)
    attempts.begin(first, NOW)
    if shared:
        with pytest.raises(TooManyTries):
            attempts.begin(second, NOW)
    else:
        attempts.begin(second, NOW)


@pytest.mark.parametrize("socket", ["10.0.0.1", "::ffff:10.0.0.1"])
def test_a_proxy_is_believed_on_a_socket_of_either_kind(socket: str) -> None:
    headers = [(b"x-forwarded-for", b"192.0.2.7, ::ffff:10.0.0.2")]
    request = Request({"type": "http", "client": (socket, 4000), "headers": headers})
    assert client_address(request, ("10.0.0.0/8",)) == "192.0.2.7"
    assert client_address(request, ("10.9.0.0/16",)) == socket
