"""For those who run it, and what every answer carries."""

import pytest

from tests.api.office import Browser, Office, person, problem


async def test_the_process_says_that_it_lives(office: Office):
    async with office.browser() as probe:
        assert (await probe.get("/healthz")).json() == {"alive": True, "version": "0.1.0"}


async def test_readiness_names_the_part_that_is_missing(office: Office):
    async with office.browser() as probe:
        ready = await probe.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"ready": True, "missing": []})
        office.parts.gone = ["database"]
        gone = await probe.get("/readyz")
        assert (gone.status_code, gone.json()) == (503, {"ready": False, "missing": ["database"]})


async def test_metrics_count_by_route_and_hold_no_ids(office: Office, desk: Browser):
    request = await office.asks(person("Анна", "Ильина"))
    await desk.get(f"/desk/verifications/{request}")
    await desk.get("/nowhere/Анна")
    text = (await desk.get("/metrics")).text
    assert 'route="/desk/verifications/{request_id}",status="200"' in text
    assert 'route="unknown",status="404"' in text
    assert str(request) not in text
    assert "nowhere" not in text


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
    ],
)
async def test_metrics_are_not_for_strangers(office: Office, address: str, headers: dict[str, str]):
    async with office.browser(address=address) as stranger:
        assert (await stranger.get("/metrics", headers=headers)).status_code == 404


@pytest.mark.parametrize(
    "place",
    ["/desk", "/desk/sign-in", "/portal/done", "/api/v1/me", "/api/v1/nowhere", "/nowhere", "/healthz", "/sign-in/x"],
)
async def test_every_answer_tells_the_browser_to_keep_and_load_nothing(office: Office, place: str):
    async with office.browser() as browser:
        headers = (await browser.get(place)).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


async def test_what_the_pages_are_made_of_comes_from_here_and_nothing_is_inline(office: Office, desk: Browser):
    request = await office.asks(person("Анна", "Ильина"))
    for place in ("/desk", "/desk/sign-in?ended=1", f"/desk/verifications/{request}", "/portal/done"):
        text = (await desk.get(place)).text
        for forbidden in ("<style", " style=", "onclick", "<script>", "http://", "//cdn"):
            assert forbidden not in text
    for asset in ("paint.css", "desk.css", "page.css", "queue.js", "review.js", "mark.svg"):
        answer = await desk.get(f"/static/{asset}")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


async def test_something_unforeseen_is_said_without_details_and_with_all_headers(office: Office, desk: Browser):
    async def breaks() -> list[str]:
        raise RuntimeError("the secret detail")

    office.parts.missing = breaks
    answer = await desk.get("/readyz")
    assert answer.status_code == 500
    assert "У нас что-то сломалось" in answer.text
    assert "secret detail" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_a_body_past_64_kilobytes_is_refused_told_or_not(office: Office):
    big = {"login": "a", "password": "b" * 70_000, "code": "1"}

    async def in_pieces():
        yield b'{"login": "'
        for _ in range(80):
            yield b"x" * 1024

    async with office.browser() as program:
        assert problem(await program.post("/api/v1/sessions", json=big), 413) == "urn:medkarta:problem:too-big"
        told = {"Content-Type": "application/json"}
        assert problem(await program.post("/api/v1/sessions", content=in_pieces(), headers=told), 413).endswith(
            "too-big"
        )
        assert (await program.post("/desk/sign-in", data=big)).status_code == 413


async def test_problems_of_the_frame_have_the_same_shape(office: Office):
    async with office.browser() as program:
        assert problem(await program.get("/api/v1/nowhere"), 404) == "urn:medkarta:problem:not-there"
        assert problem(await program.put("/api/v1/me"), 405) == "urn:medkarta:problem:no-such-way"
        broken = await program.post("/api/v1/sessions", content=b"{", headers={"Content-Type": "application/json"})
        assert problem(broken, 422) == "urn:medkarta:problem:malformed"
        english = await program.get("/api/v1/me", headers={"Accept-Language": "en"})
        assert english.json()["title"] == "Sign in first"
        assert english.headers["content-language"] == "en"
