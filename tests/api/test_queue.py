"""What waits, longest first."""

from core.domain.document import Kind
from tests.api.office import Browser, Office, person, problem


async def test_an_empty_queue_says_so(desk: Browser):
    page = await desk.get("/desk")
    assert "Очередь пуста" in page.text
    assert (await desk.get("/api/v1/queue")).json() == {"waiting": [], "more": False}


async def test_whoever_waits_longest_comes_first_with_the_wait_in_words(office: Office, desk: Browser):
    first = await office.asks(person("Анна", "Ильина"))
    office.clock.passes(hours=1, minutes=40)
    second = await office.sends(await office.knows(person("Пётр", "Громов")), Kind.SNILS)
    office.clock.passes(minutes=12, seconds=50)
    await desk.sits(office, "zoya")
    waiting = (await desk.get("/api/v1/queue")).json()["waiting"]
    assert [(each["kind"], each["id"], each["name"], each["waits"]) for each in waiting] == [
        ("verification", str(first), "Анна И.", "1 ч 52 мин"),
        ("document", str(second), "Пётр Г.", "12 мин"),
    ]
    page = (await desk.get("/desk")).text
    assert page.index("1 ч 52 мин") < page.index("12 мин")
    assert f'href="/desk/verifications/{first}"' in page
    assert f'href="/desk/documents/{second}"' in page
    assert "23 ноября, 09:00" in page


async def test_days_are_said_in_days(office: Office, desk: Browser):
    await office.asks(person("Анна", "Ильина"))
    office.clock.passes(days=32, hours=23)
    async with office.browser() as browser:
        await office.hires("igor")
        await browser.sits(office, "igor")
        assert (await browser.get("/api/v1/queue")).json()["waiting"][0]["waits"] == "32 дня"


async def test_the_desk_speaks_english_when_asked_and_remembers_it(office: Office, desk: Browser):
    await office.asks(person("Анна", "Ильина"))
    english = await desk.get("/desk", headers={"Accept-Language": "de;q=0.5, en-GB"})
    assert english.headers["content-language"] == "en"
    assert "Account verification" in english.text
    assert '<html lang="en">' in english.text
    assert "Подтверждение" in (await desk.get("/desk")).text
    await desk.get("/desk?language=en")
    assert "Account verification" in (await desk.get("/desk")).text


async def test_a_name_is_words_never_a_script(office: Office, desk: Browser):
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    request = await office.asks(person(nasty, "Ильина", middle=nasty))
    for page in ("/desk", f"/desk/verifications/{request}"):
        text = (await desk.get(page)).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;" in text
    waiting = await desk.get("/api/v1/queue")
    assert waiting.headers["content-type"] == "application/json"


async def test_without_a_session_there_is_no_queue(office: Office):
    async with office.browser() as stranger:
        page = await stranger.get("/desk")
        assert (page.status_code, page.headers["location"]) == (303, "/desk/sign-in?next=/desk")
        assert problem(await stranger.get("/api/v1/queue"), 401) == "urn:medkarta:problem:sign-in-first"
        stranger.cookies.set("medkarta_desk", "no such session")
        assert problem(await stranger.get("/api/v1/queue"), 401) == "urn:medkarta:problem:session-gone"


async def test_the_bare_address_leads_to_the_desk(office: Office):
    async with office.browser() as stranger:
        assert (await stranger.get("/")).headers["location"] == "/desk"
