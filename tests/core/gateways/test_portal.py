"""Signing in through the portal: only an answer that passes every check lets anybody in."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from core.domain.account import PortalPassport, PortalPerson
from core.gateways.portal import OidcPortal
from core.ports import SignInRefused, Unavailable

from .oidc_server import CLIENT, ISSUER, KEYS, NOW, PERSON, REDIRECT, SECRET, OidcServer, flood

AT = int(NOW.timestamp())


@dataclass
class FixedClock:
    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class House:
    """The portal as the product speaks to it, and the server behind."""

    server: OidcServer
    portal: OidcPortal
    clock: FixedClock = field(default_factory=FixedClock)

    async def sign_in(self, *, nonce: str = "nonce-1", verifier: str = "v" * 43) -> PortalPerson:
        url = await self.portal.authorization_url(state="state-1", nonce="nonce-1", verifier="v" * 43)
        code = self.server.sign_in(url)
        return await self.portal.person(code=code, nonce=nonce, verifier=verifier)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    server, clock = OidcServer(), FixedClock()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(server.app()), trust_env=False) as http:
        yield House(server, OidcPortal(ISSUER, CLIENT, SECRET, REDIRECT, http, clock), clock)


async def test_a_person_signs_in_and_everything_the_portal_knows_arrives(house: House) -> None:
    assert await house.sign_in() == PortalPerson(
        subject="1000299353",
        level="PR",
        family_name="Берёзкина",
        given_name="Анна",
        middle_name="Павловна",
        birth_date=date(1956, 3, 8),
        sex="female",
        snils="112-233-445 95",
        inn="500100732259",
        phone="+79161234567",
        email="anna@example.org",
        address="г. Тула, ул. Садовая, д. 1",
        passport=PortalPassport("7004", "123456", date(2004, 5, 6), "ОВД Тулы", "710-001"),
        policy="7100000000000003",
    )


async def test_the_browser_is_sent_with_a_challenge_and_never_with_the_verifier(house: House) -> None:
    url = await house.portal.authorization_url(state="state-1", nonce="nonce-1", verifier="v" * 43)
    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{ISSUER}/sign-in?")
    assert query["code_challenge_method"] == ["S256"]
    assert query["state"] == ["state-1"]
    assert query["redirect_uri"] == [REDIRECT]
    assert "v" * 43 not in url
    assert SECRET not in url


async def test_the_portal_describes_itself_once(house: House) -> None:
    await house.sign_in()
    await house.sign_in()
    assert house.server.asked.count("discovery") == 1
    assert house.server.asked.count("keys") == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"nonce": 7}, {"aud": "another"}, {"aud": None}, {"aud": ["another"]},
        {"aud": [CLIENT, "another"]}, {"azp": "another"}, {"iss": "https://other.test"}, {"iss": None},
        {"exp": AT - 61}, {"exp": None}, {"exp": "soon"}, {"iat": AT + 61}, {"iat": None}, {"sub": None},
        {"sub": "another"}, {"sub": 7}, {"exp": float("nan")},
    ],
)  # fmt: skip
async def test_an_id_token_that_says_anything_wrong_is_refused(house: House, claims: dict[str, Any]) -> None:
    house.server.claims = claims
    with pytest.raises(SignInRefused):
        await house.sign_in()


@pytest.mark.parametrize(
    "claims", [{"exp": AT - 59}, {"iat": AT + 59}, {"aud": [CLIENT]}, {"aud": [CLIENT, "x"], "azp": CLIENT}]
)
async def test_a_minute_between_the_clocks_and_a_list_of_audiences_are_fine(
    house: House, claims: dict[str, Any]
) -> None:
    house.server.claims = claims
    assert (await house.sign_in()).subject == PERSON["sub"]


async def test_an_answer_to_an_older_request_is_refused(house: House) -> None:
    with pytest.raises(SignInRefused):
        await house.sign_in(nonce="nonce-of-another-tab")


async def test_a_code_without_its_verifier_is_refused(house: House) -> None:
    with pytest.raises(SignInRefused):
        await house.sign_in(verifier="w" * 43)


def unsigned(nonce: str) -> str:
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": PERSON["sub"], "iat": AT, "exp": AT + 300, "nonce": nonce}
    key = OctKey.import_key(KEYS[0].as_pem(private=False).hex())
    signed = jwt.encode({"alg": "HS256"}, claims, key)
    header = "eyJhbGciOiJub25lIn0"
    return f"{header}.{signed.split('.')[1]}."


def signed_with_the_public_key(nonce: str) -> str:
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": PERSON["sub"], "iat": AT, "exp": AT + 300, "nonce": nonce}
    key = OctKey.import_key(KEYS[0].as_pem(private=False).hex())
    return jwt.encode({"alg": "HS256", "kid": "key-0"}, claims, key)


@pytest.mark.parametrize("make", [unsigned, signed_with_the_public_key, lambda _: "not.a.token", lambda _: "7"])
async def test_a_token_without_the_portals_own_signature_is_refused(house: House, make: Any) -> None:
    house.server.token = make("nonce-1")
    with pytest.raises(SignInRefused):
        await house.sign_in()


async def test_a_token_signed_by_a_stranger_is_refused(house: House) -> None:
    house.server.signing = KEYS[1]
    with pytest.raises(SignInRefused):
        await house.sign_in()
    house.server.header = {"kid": "key-0"}
    with pytest.raises(SignInRefused):
        await house.sign_in()


async def test_a_portal_that_changed_its_keys_is_asked_for_the_new_ones(house: House) -> None:
    await house.sign_in()
    house.server.signing, house.server.published = KEYS[1], [KEYS[1]]
    assert (await house.sign_in()).subject == PERSON["sub"]
    assert house.server.asked.count("keys") == 2


async def test_details_of_somebody_else_are_refused(house: House) -> None:
    house.server.userinfo["sub"] = "1000299354"
    with pytest.raises(SignInRefused):
        await house.sign_in()


@pytest.mark.parametrize("name", ["family_name", "given_name", "sub"])
async def test_a_person_without_a_name_is_refused(house: House, name: str) -> None:
    del house.server.userinfo[name]
    with pytest.raises(SignInRefused):
        await house.sign_in()


async def test_what_the_portal_says_oddly_counts_as_not_said(house: House) -> None:
    odd: Mapping[str, Any] = {
        "birthdate": "08.03.1956", "gender": "x", "snils": 11223344595, "inn": ["1"], "email": "x" * 501,
        "address": "Тула", "passport": {"series": "7004"}, "oms": None, "middle_name": "\u0000 ", "level": "ADMIN",
        "given_name": "Ан\u00adна\u200b",
    }  # fmt: skip
    house.server.userinfo |= odd
    person = await house.sign_in()
    assert person.level == "P"
    assert person.given_name == "Анна"
    told = [person.birth_date, person.sex, person.snils, person.inn, person.email, person.address, person.passport]
    assert [*told, person.policy, person.middle_name] == [None] * 9


@pytest.mark.parametrize("level", ["KD", "P", "PR"])
async def test_the_level_is_taken_as_told(house: House, level: str) -> None:
    house.server.userinfo["level"] = level
    assert (await house.sign_in()).level == level


ODD = [
    lambda: PlainTextResponse("no", 500), lambda: PlainTextResponse("no", 503), lambda: PlainTextResponse("not json"),
    lambda: JSONResponse([1]), flood, lambda: RedirectResponse("https://elsewhere.test/"), lambda: JSONResponse({}, 429),
    lambda: Response(b"\x1f\x8b", headers={"content-encoding": "gzip"}),
]  # fmt: skip


@pytest.mark.parametrize("endpoint", ["discovery", "keys", "token", "me"])
@pytest.mark.parametrize("odd", range(len(ODD)))
async def test_a_portal_in_trouble_is_unavailable(house: House, endpoint: str, odd: int) -> None:
    house.server.answers[endpoint] = ODD[odd]()
    with pytest.raises(Unavailable) as caught:
        await house.sign_in()
    assert caught.value.system == "portal"
    assert "elsewhere" not in str(house.server.asked)


@pytest.mark.parametrize("endpoint", ["token", "me"])
@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_portal_that_says_no_refuses_the_sign_in(house: House, endpoint: str, status: int) -> None:
    house.server.answers[endpoint] = JSONResponse({"error": "no"}, status)
    with pytest.raises(SignInRefused):
        await house.sign_in()


async def test_a_portal_that_was_in_trouble_is_asked_again(house: House) -> None:
    house.server.answers["discovery"] = PlainTextResponse("no", 500)
    with pytest.raises(Unavailable):
        await house.sign_in()
    house.server.answers.clear()
    assert (await house.sign_in()).subject == PERSON["sub"]


@pytest.mark.parametrize(
    "told", [{"issuer": "https://other.test"}, {"token_endpoint": "http://portal.test/token"}, {"jwks_uri": None}]
)
async def test_a_description_that_leads_astray_is_not_followed(house: House, told: dict[str, Any]) -> None:
    house.server.discovery = told
    with pytest.raises(Unavailable):
        await house.portal.authorization_url(state="s", nonce="n", verifier="v")


@pytest.mark.parametrize(
    "fault", [httpx.ConnectTimeout, httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError]
)
async def test_a_network_fault_is_unavailable(fault: type[httpx.TransportError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise fault("down", request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(fail)) as http:
        portal = OidcPortal(ISSUER, CLIENT, SECRET, REDIRECT, http, FixedClock())
        with pytest.raises(Unavailable):
            await portal.authorization_url(state="s", nonce="n", verifier="v")


async def test_a_token_that_expired_by_our_clock_is_refused(house: House) -> None:
    house.clock.moment = NOW + timedelta(minutes=7)
    with pytest.raises(SignInRefused):
        await house.sign_in()


class Stamp:
    """A signer that a test can see."""

    def sign(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        return {**parameters, "signature": f"over {len(parameters)}"}


async def test_another_way_of_signing_requests_takes_the_place_of_the_secret() -> None:
    server = OidcServer()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(server.app())) as http:
        house = House(server, OidcPortal(ISSUER, CLIENT, SECRET, REDIRECT, http, FixedClock(), signer=Stamp()))
        assert "signature=over+8" in await house.portal.authorization_url(state="s", nonce="n", verifier="v")
        assert (await house.sign_in()).subject == PERSON["sub"]
    assert server.forms[0]["signature"] == "over 5"


async def test_nothing_printed_shows_the_secret_or_the_person(house: House) -> None:
    assert SECRET not in repr(house.portal)
    assert "Берёзкина" not in repr(await house.sign_in())
