"""What of the inside may be called is what whoever runs the product has named, and nothing beside it."""

from ipaddress import ip_network

import pytest

from core.domain.hook import checked_address
from core.domain.reach import InsideAddress, Reach


def test_a_network_of_ones_own_is_reached_where_whoever_runs_it_says_so() -> None:
    own = Reach(networks=(ip_network("10.20.0.0/16"),))
    assert checked_address("https://10.20.0.7/told", own)
    assert checked_address("https://desk.internal/told", own)
    for inside in ("https://10.21.0.7/", "https://127.0.0.1/", "https://169.254.169.254/", "https://localhost/"):
        with pytest.raises(InsideAddress):
            checked_address(inside, own)
