"""Groups let in the networks that they name, and networks are written as networks."""

import pytest

from core.domain.browser import browser_of, network_of
from core.domain.ids import TeamId, new_id
from core.domain.team import BadTeam, Team, allows
from tests.core.services.town import START

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
YANDEX = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/122.0 YaBrowser/24.4 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/128.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("networks", "address", "allowed"),
    [
        ((), "198.51.100.7", True),
        (("203.0.113.0/24",), "203.0.113.200", True),
        (("203.0.113.0/24",), "203.0.114.1", False),
        (("203.0.113.0/24",), "::ffff:203.0.113.9", True),
        (("203.0.113.0/24", "2001:db8::/32"), "2001:db8::1", True),
        (("2001:db8::/32",), "203.0.113.9", False),
        (("203.0.113.0/24",), "", False),
        (("203.0.113.0/24",), "203.0.113.9, 198.51.100.7", False),
    ],
)
def test_an_address_is_let_in_from_the_networks_named(networks: tuple[str, ...], address: str, allowed: bool) -> None:
    assert allows(networks, address) is allowed


@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("", "203.0.113.0/24"),
        ("x" * 61, ""),
        ("\x07", ""),
        ("Смена", "203.0.113.7/24"),
        ("Смена", "work"),
        ("Смена", "/"),
    ],
)
def test_a_name_or_a_network_that_cannot_be_is_refused(name: str, network: str) -> None:
    with pytest.raises(BadTeam):
        Team.named(TeamId(new_id(START)), name, [network] if network else [], ())


def test_a_group_is_kept_as_it_is_meant() -> None:
    team = Team.named(
        TeamId(new_id(START)), "  Первая   смена ", [" 203.0.113.7 ", "203.0.113.7/32", "2001:DB8::/32"], ()
    )
    assert (team.name, team.networks) == ("Первая смена", ("203.0.113.7/32", "2001:db8::/32"))


def test_of_a_browser_and_an_address_no_more_is_told_than_is_needed() -> None:
    assert browser_of(FIREFOX) == ("Firefox", "Windows")
    assert browser_of(YANDEX) == ("Yandex Browser", "macOS")
    assert browser_of(PHONE) == ("Chrome", "Android")
    assert browser_of("curl/8.0") == ("", "")
    assert network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("::ffff:203.0.113.77") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert network_of("testclient") == ""
