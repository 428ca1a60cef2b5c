"""Registries and SMS: right questions, and an odd answer is told as what it is."""

import json
from collections.abc import Callable
from datetime import date
from uuid import UUID

import httpx
import pytest

from core.gateways.registries import HttpRegistries
from core.gateways.sms import HttpSms
from core.gateways.wire import outside_client
from core.ports import Later, Refused, Unavailable, Verdict

KEY = UUID("019aaf00-0000-7000-8000-000000000001")
BORN = date(1956, 3, 8)

Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


def saying(status: object, code: int = 200) -> Answer:
    return lambda request: httpx.Response(code, json={"status": status})


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ("valid", Verdict.VALID),
        ("not_found", Verdict.NOT_FOUND),
        ("mismatch", Verdict.MISMATCH),
        ("expired", Verdict.EXPIRED),
        ("invalid", Verdict.NOT_FOUND),
    ],
)
async def test_the_word_of_a_registry_becomes_a_verdict(told: str, verdict: Verdict) -> None:
    registries = HttpRegistries("http://registries.test/", client(saying(told)))
    assert await registries.snils("11223344595", surname="Берёзкина", birth_date=BORN) is verdict


async def test_each_registry_is_asked_for_what_it_knows() -> None:
    asked: list[tuple[str, dict[str, str]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url), json.loads(request.content)))
        return httpx.Response(200, json={"status": "valid"})

    registries = HttpRegistries("http://registries.test/v1", client(answer))
    await registries.passport("7004", "123456", surname="Берёзкина", birth_date=BORN)
    await registries.snils("11223344595", surname=None, birth_date=None)
    await registries.policy("7100000000000003", series=None, surname=None, birth_date=BORN)
    await registries.policy("1234567890", series="123456", surname="Берёзкина", birth_date=None)
    person = {"surname": "Берёзкина", "birth_date": "1956-03-08"}
    assert asked == [
        ("http://registries.test/v1/passport", {"series": "7004", "number": "123456", **person}),
        ("http://registries.test/v1/snils", {"snils": "11223344595"}),
        ("http://registries.test/v1/oms", {"enp": "7100000000000003", "birth_date": "1956-03-08"}),
        ("http://registries.test/v1/oms", {"series": "123456", "number": "1234567890", "surname": "Берёзкина"}),
    ]


@pytest.mark.parametrize(
    ("told", "facility"),
    [
        ({"status": "attached", "facility": "770901"}, "770901"),
        ({"status": "not_attached"}, None),
        ({"status": "not_found"}, None),
        ({"status": "invalid", "facility": ""}, None),
    ],
)
async def test_the_registry_tells_where_a_policy_is_attached(told: dict[str, str], facility: str | None) -> None:
    asked: list[tuple[str, dict[str, str]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url), json.loads(request.content)))
        return httpx.Response(200, json=told)

    assert await HttpRegistries("http://registries.test/", client(answer)).attached("7100000000000003") == facility
    assert asked == [("http://registries.test/attachment", {"policy": "7100000000000003"})]


@pytest.mark.parametrize("told", [{}, {"facility": 7}, {"status": "attached"}, {"facility": "7" * 41}])
async def test_an_odd_word_on_an_attachment_is_none(told: dict[str, object]) -> None:
    registries = HttpRegistries("http://registries.test", client(lambda request: httpx.Response(200, json=told)))
    with pytest.raises(Unavailable) as caught:
        await registries.attached("7100000000000003")
    assert caught.value.system == "registry.attachment"


def down(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("down", request=request)


def slow(request: httpx.Request) -> httpx.Response:
    assert request.extensions["timeout"] == {"connect": 2.0, "read": 2.0, "write": 2.0, "pool": 2.0}
    raise httpx.ReadTimeout("slow", request=request)


ODD: list[Answer] = [
    down, slow, saying("maybe"), saying(7), saying(None), saying("valid", 404), saying("valid", 500), saying("valid", 302),
    lambda request: httpx.Response(200, text="<html>"), lambda request: httpx.Response(200, json=["valid"]),
    lambda request: httpx.Response(200, json={"status": "valid", "more": "x" * 1024 * 1024}),
    lambda request: httpx.Response(200, text="[" * 5000),
]  # fmt: skip


@pytest.mark.parametrize("odd", range(len(ODD)))
async def test_a_registry_in_trouble_is_unavailable_by_its_name(odd: int) -> None:
    registries = HttpRegistries("http://registries.test", client(ODD[odd]))
    with pytest.raises(Unavailable) as snils:
        await registries.snils("11223344595", surname=None, birth_date=None)
    with pytest.raises(Unavailable) as passport:
        await registries.passport("7004", "123456", surname=None, birth_date=None)
    with pytest.raises(Unavailable) as policy:
        await registries.policy("7100000000000003", series=None, surname=None, birth_date=None)
    with pytest.raises(Unavailable):
        await registries.attached("7100000000000003")
    systems = [caught.value.system for caught in (snils, passport, policy)]
    assert systems == ["registry.snils", "registry.passport", "registry.policy"]


async def test_an_sms_is_handed_over_with_its_key() -> None:
    sent: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append({"url": str(request.url), **json.loads(request.content)})
        return httpx.Response(202)

    await HttpSms("http://sms.test/", client(answer)).send("+79161234567", "Код 123456", key=KEY)
    assert sent == [{"url": "http://sms.test/send", "to": "+79161234567", "text": "Код 123456", "id": str(KEY)}]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": "no_such_number"}, "no_such_number"),
        ({"error": "no such number +79161234567"}, "status 400"),
        ({}, "status 400"),
        ({"error": 7}, "status 400"),
    ],
)
async def test_a_refused_sms_says_why_but_never_whose(body: dict[str, object], reason: str) -> None:
    sms = HttpSms("http://sms.test", client(lambda request: httpx.Response(400, json=body)))
    with pytest.raises(Refused) as caught:
        await sms.send("+79161234567", "Код 123456", key=KEY)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("told", "seconds"),
    [({"retry-after": "7"}, 7.0), ({}, 30.0), ({"retry-after": "soon"}, 30.0), ({"retry-after": "999999"}, 3600.0)],
)
async def test_a_busy_sms_gateway_is_asked_later(told: dict[str, str], seconds: float) -> None:
    sms = HttpSms("http://sms.test", client(lambda request: httpx.Response(429, headers=told)))
    with pytest.raises(Later) as caught:
        await sms.send("+79161234567", "Код 123456", key=KEY)
    assert caught.value.seconds == seconds


@pytest.mark.parametrize("answer", [down, lambda request: httpx.Response(500), lambda request: httpx.Response(302)])
async def test_an_sms_gateway_in_trouble_is_unavailable(answer: Answer) -> None:
    with pytest.raises(Unavailable) as caught:
        await HttpSms("http://sms.test", client(answer)).send("+79161234567", "Код 123456", key=KEY)
    assert caught.value.system == "sms"


async def test_the_shared_client_follows_no_redirect_and_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with outside_client() as http:
        assert not http.follow_redirects
        assert not http.trust_env
