"""How a clinic signs in: by its key, from its addresses, each assertion once; and whatever else is tried."""

from collections.abc import AsyncIterator

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from core.domain.audit import Operation
from core.services.clinic import ChangeClinic
from tests.api.clinics import ASSERTION, KEY, OTHER, TOKEN, ClinicSide, registered, with_card
from tests.api.office import Office
from tests.fhir import bundle, observation, patient


@pytest.fixture
async def side(office: Office) -> AsyncIterator[ClinicSide]:
    await registered(office)
    async with office.browser() as http:
        yield ClinicSide(office, http)


async def refusals(office: Office) -> list[str]:
    """What the journal says of refused clinics."""
    from core.storage.audit import SqlAuditTrail
    from core.storage.transaction import SqlTransaction

    async with office.container() as inside:
        transaction = await inside.get(SqlTransaction)
        async with transaction.looking():
            lines = [each.entry async for each in SqlAuditTrail(transaction).lines()]
    return [each.details["why"] for each in lines if each.operation == Operation.CLINIC_REFUSED]


async def test_a_clinic_gets_a_token_for_five_minutes_and_no_longer(office: Office, side: ClinicSide) -> None:
    answer = await side.asks()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("bearer", 300, "system/*.cu")
    await with_card(office)
    side.http.headers["Authorization"] = f"Bearer {told['access_token']}"
    assert (await side.sends(bundle(patient(), observation()))).status_code == 200
    office.clock.passes(minutes=5, seconds=1)
    late = await side.sends(bundle(patient(), observation()))
    assert (late.status_code, late.headers["www-authenticate"]) == (401, "Bearer")
    assert late.json()["issue"][0]["code"] == "login"


@pytest.mark.parametrize("alg", ["RS384", "RS256"])
async def test_an_rsa_key_signs_as_well(office: Office, alg: str) -> None:
    await registered(office, OTHER)
    async with office.browser() as http:
        side = ClinicSide(office, http)
        assert (await side.asks(side.assertion(OTHER, alg))).status_code == 200


async def test_an_assertion_is_good_once(office: Office, side: ClinicSide) -> None:
    assertion = side.assertion()
    assert (await side.asks(assertion)).status_code == 200
    again = await side.asks(assertion)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")
    assert await refusals(office) == ["assertion used before"]


async def test_whatever_is_wrong_sounds_the_same_and_the_journal_knows(office: Office, side: ClinicSide) -> None:
    now = int(office.clock.now().timestamp())
    header = {"alg": "HS256", "kid": "main"}
    confused = jwt.encode(header, side.claims(), OctKey.import_key("x" * 32), algorithms=["HS256"])
    wrong = {
        "another key": side.assertion(ECKey.generate_key("P-384", {"kid": "main"})),
        "a key that is not named": side.assertion(ECKey.generate_key("P-384", {"kid": "other"})),
        "another kind of signature": confused,
        "another audience": side.assertion(aud="http://elsewhere.example.org/oauth/token"),
        "somebody else's name": side.assertion(sub="someone"),
        "nobody's name": side.assertion(iss="nobody", sub="nobody"),
        "a name with a zero byte": side.assertion(iss="a\0b", sub="a\0b"),
        "over": side.assertion(exp=now - 120),
        "good for an hour": side.assertion(exp=now + 3600),
        "no end": side.assertion(exp=None),
        "no name of its own": side.assertion(jti=None),
        "an empty name of its own": side.assertion(jti=""),
        "not yet": side.assertion(nbf=now + 600),
        "no JWT": "a.b.c",
        "endless": "a" * 20_000,
    }
    for what, assertion in wrong.items():
        answer = await side.asks(assertion)
        assert (answer.status_code, answer.json()) == (
            401,
            {"error": "invalid_client", "error_description": "The client could not be authenticated."},
        ), what
    assert len(await refusals(office)) == len(wrong)


async def test_a_request_that_is_no_request_is_told_so(side: ClinicSide) -> None:
    wrong = [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "invalid_request"),
        ({"client_assertion_type": "urn:other"}, "invalid_request"),
        ({"client_assertion": ""}, "invalid_request"),
        ({"scope": "patient/*.read"}, "invalid_scope"),
        ({"client_id": "somebody-else"}, "invalid_client"),
    ]
    for changed, error in wrong:
        assert (await side.asks(**changed)).json()["error"] == error
    twice = await side.http.post(
        TOKEN,
        content=f"grant_type=client_credentials&grant_type=x&client_assertion_type={ASSERTION}",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")
    as_json = await side.http.post(TOKEN, json={"grant_type": "client_credentials"})
    assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")
    assert (await side.http.get(TOKEN)).status_code == 405


async def test_a_clinic_speaks_from_its_own_addresses_alone(office: Office) -> None:
    await registered(office, KEY, "polyclinic", "203.0.113.0/24", "2001:db8::/32")
    await with_card(office)
    async with office.browser(address="203.0.113.9") as at_home, office.browser(address="198.51.100.7") as elsewhere:
        side, stranger = ClinicSide(office, at_home), ClinicSide(office, elsewhere)
        stranger.named = 100
        refused = await stranger.asks()
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
        await side.signs_in()
        elsewhere.headers["Authorization"] = at_home.headers["Authorization"]
        # Who writes the header of a proxy is believed by nobody.
        elsewhere.headers["X-Forwarded-For"] = "203.0.113.9"
        assert (await stranger.sends(bundle(patient(), observation()))).status_code == 401
        assert (await side.sends(bundle(patient(), observation()))).status_code == 200
    assert await refusals(office) == ["address", "address"]


async def test_a_disabled_clinic_and_one_with_new_keys_are_out_at_once(office: Office, side: ClinicSide) -> None:
    await with_card(office)
    await side.signs_in()
    async with office.container() as inside:
        change = await inside.get(ChangeClinic)
        await change("polyclinic", keys={"keys": [OTHER.as_dict(private=False)]})
    assert (await side.sends(bundle(patient(), observation()))).status_code == 401
    assert (await side.asks()).status_code == 401
    assert (await side.asks(side.assertion(OTHER, "RS384"))).status_code == 200
    async with office.container() as inside:
        await (await inside.get(ChangeClinic))("polyclinic", disabled=True)
    assert (await side.asks(side.assertion(OTHER, "RS384"))).status_code == 401


async def test_who_fails_sixty_times_has_to_wait(side: ClinicSide) -> None:
    for _ in range(60):
        assert (await side.sends(b"{}", Authorization="Bearer guessed")).status_code == 401
    answer = await side.sends(b"{}", Authorization="Bearer guessed")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["issue"][0]["code"] == "throttled"
    assert (await side.asks()).json()["error"] == "temporarily_unavailable"
