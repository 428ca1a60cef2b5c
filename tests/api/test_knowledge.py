"""Articles at the desk: listed, written side by side, proposed, published, retired; the same for programs."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from core.domain.actor import Role
from core.services.knowledge import FindAnswers, SeedArticles
from tests.api.office import Browser, Office, problem

BODY: Mapping[str, Any] = {
    "slug": "bicycle",
    "topic": "other",
    "place": "help",
    "ru": {"title": "Где оставить велосипед", "body": "У входа.\n<b>Стойка</b>", "askings": ["велопарковка"]},
    "en": {"title": "Where to leave a bicycle", "body": "At the door."},
}
FORM = {
    "slug": "bicycle",
    "topic": "other",
    "place": "",
    "ru_title": "Где оставить велосипед",
    "ru_body": "У входа.",
    "ru_askings": "велопарковка\r\nкуда поставить велосипед",
    "en_title": "Where to leave a bicycle",
    "en_body": "At the door.",
}


async def sitting(office: Office, browser: Browser, role: Role, login: str) -> Browser:
    await office.hires(login, role, name="Зоя Ветрова")
    browser.headers["X-CSRF-Token"] = await browser.sits(office, login)
    return browser


@pytest.fixture
async def senior(office: Office) -> AsyncIterator[Browser]:
    async with office.browser() as browser:
        yield await sitting(office, browser, Role.SENIOR, "older")


@pytest.fixture
async def operator(office: Office) -> AsyncIterator[Browser]:
    async with office.browser() as browser:
        yield await sitting(office, browser, Role.OPERATOR, "younger")


async def made(browser: Browser, **more: Any) -> dict[str, Any]:
    answer = await browser.post("/api/v1/articles", json={**BODY, **more})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def sent(browser: Browser, address: str, login: str, **form: Any) -> httpx.Response:
    return await browser.post(address, data={"csrf": f"secret-of-{login}", **FORM, **form})


async def seeded(office: Office) -> None:
    async with office.container() as scope:
        await (await scope.get(SeedArticles))()


async def answers(office: Office, words: str) -> bool:
    async with office.container() as scope:
        return (await (await scope.get(FindAnswers))("ru", words)).sure


async def test_from_a_draft_to_the_answer_by_programs(office: Office, operator: Browser, senior: Browser) -> None:
    draft = await made(operator)
    assert (draft["state"], draft["version"], draft["edited_by"]) == ("draft", 1, "younger")
    address = f"/api/v1/articles/{draft['id']}"
    assert problem(await operator.post(f"{address}/publish", json={"version": 1}), 403)
    assert (await senior.post(f"{address}/publish", json={"version": 1})).json() == {"version": 2}
    assert await answers(office, "где велопарковка")
    text = (await operator.get(f"{address}/text", params={"language": "en"})).json()
    assert (text["title"], text["place"]) == ("Where to leave a bicycle", "help")
    found = (await operator.get("/api/v1/articles/search", params={"words": "велосипеды"})).json()["articles"]
    assert [each["id"] for each in found] == [draft["id"]]
    change = {**{name: BODY[name] for name in ("topic", "ru", "en")}, "place": "", "version": 2}
    assert (await operator.put(address, json=change)).json() == {"version": 3}
    assert "article-changed" in problem(await operator.put(address, json=change), 409)
    read = (await senior.get(address)).json()
    assert (read["content"]["place"], read["proposal"]["place"], read["reviewed_by"]) == ("help", "", "older")
    assert (await operator.post(f"{address}/drop", json={"version": 3})).status_code == 200
    assert (await senior.post(f"{address}/retire", json={"version": 4})).json() == {"version": 5}
    assert not await answers(office, "где велопарковка")
    assert problem(await operator.get(f"{address}/text"), 404)
    assert "article-moved" in problem(await senior.post(f"{address}/retire", json={"version": 5}), 409)


async def test_pages_follow_one_another_and_a_repeated_call_makes_one_article(office: Office, senior: Browser) -> None:
    await seeded(office)
    slugs: list[str] = []
    after: str | None = None
    while True:
        asked = {"limit": 30} | ({"after": after} if after else {})
        page = (await senior.get("/api/v1/articles", params=asked)).json()
        slugs += [each["slug"] for each in page["articles"]]
        after = page["next"]
        if after is None:
            break
    assert len(slugs) > 60
    assert slugs == sorted(set(slugs))
    twice = [await senior.post("/api/v1/articles", json=BODY, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [each.status_code for each in twice] == [201, 201]
    assert twice[0].json()["id"] == twice[1].json()["id"]
    assert "slug-taken" in problem(await senior.post("/api/v1/articles", json=BODY), 409)


@pytest.mark.parametrize(
    ("more", "says"),
    [({"place": "nowhere"}, "кнопка"), ({"slug": "Два слова"}, "короткое имя")],
)
async def test_what_will_not_do_is_named(senior: Browser, more: dict[str, Any], says: str) -> None:
    answer = await senior.post("/api/v1/articles", json={**BODY, **more}, headers={"Accept-Language": "ru"})
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DOCTOR, Role.AUDITOR])
async def test_others_are_not_let_in(office: Office, role: Role) -> None:
    async with office.browser() as browser:
        await sitting(office, browser, role, "other")
        assert problem(await browser.get("/api/v1/articles"), 403)
        assert problem(await browser.post("/api/v1/articles", json=BODY), 403)
        assert (await browser.get("/desk/articles")).status_code == 403


async def test_the_list_shows_all_and_those_that_wait(office: Office, operator: Browser, senior: Browser) -> None:
    await seeded(office)
    page = (await operator.get("/desk/articles")).text
    assert "Как записаться к врачу" in page
    assert 'aria-current="page">Статьи' in page
    assert "Здесь пусто" in (await operator.get("/desk/articles?state=waiting")).text
    await made(operator)
    waiting = (await senior.get("/desk/articles?state=waiting")).text
    assert "Где оставить велосипед" in waiting
    assert "Как записаться к врачу" not in waiting


async def test_on_pages_an_operator_proposes_and_a_senior_publishes(
    office: Office, operator: Browser, senior: Browser
) -> None:
    assert "article-orders" not in (await operator.get("/desk/articles/new")).text
    wrong = await sent(operator, "/desk/articles/new", "younger", slug="Два слова")
    assert wrong.status_code == 422
    assert 'value="Два слова"' in wrong.text, "everything is still in its field"
    answer = await sent(operator, "/desk/articles/new", "younger")
    assert answer.status_code == 303
    address = answer.headers["location"].partition("?")[0]
    page = (await operator.get(answer.headers["location"])).text
    assert "Сохранено." in page
    assert "велопарковка\nкуда поставить велосипед" in page
    assert "Опубликовать" not in page
    assert (await sent(operator, f"{address}/publish", "younger", version="1")).status_code == 404
    assert (await sent(senior, f"{address}/publish", "older", version="1")).status_code == 303
    proposed = await sent(operator, address, "younger", ru_title="Стойка & <i>крюк", version="2")
    assert proposed.headers["location"].endswith("?done=proposed")
    page = (await senior.get(address)).text
    assert "Правка ждёт публикации: younger" in page
    assert "Стойка &amp; &lt;i&gt;крюк" in page
    stale = await sent(senior, address, "older", version="2")
    assert stale.status_code == 409
    assert "уже изменил кто-то другой" in stale.text
    assert (await sent(senior, f"{address}/publish", "older", version="3")).status_code == 303
    assert (await sent(senior, f"{address}/retire", "older", version="4")).status_code == 303
    assert "Снята" in (await senior.get(address)).text


async def test_whoever_wrote_it_leaves_the_publishing_to_another_and_alone_the_page_says_so(
    office: Office, senior: Browser
) -> None:
    answer = await sent(senior, "/desk/articles/new", "older")
    address = answer.headers["location"].partition("?")[0]
    page = (await senior.get(address)).text
    assert "больше некому" in page
    assert "Опубликовать сохранённое" in page
    async with office.browser() as head:
        await sitting(office, head, Role.ADMINISTRATOR, "head")
        page = (await senior.get(address)).text
        assert "другой старший или администратор" in page
        assert "Опубликовать сохранённое" not in page
        assert "Снять с показа" in page
        refused = await sent(senior, f"{address}/publish", "older", version="1")
        assert refused.status_code == 409
        assert "Опубликовать её может другой старший" in refused.text
        rest = f"/api/v1/articles/{address.rsplit('/', 1)[1]}"
        assert "own-words" in problem(await senior.post(f"{rest}/publish", json={"version": 1}), 409)
        assert "Опубликовать сохранённое" in (await head.get(address)).text
        assert (await sent(head, f"{address}/publish", "head", version="1")).status_code == 303
        assert "никто не смотрел" not in (await head.get(address)).text
        assert (await head.get(rest)).json()["alone"] is False


async def test_in_a_house_of_one_the_article_bears_that_nobody_else_has_looked_at_it(senior: Browser) -> None:
    answer = await sent(senior, "/desk/articles/new", "older")
    address = answer.headers["location"].partition("?")[0]
    assert (await sent(senior, f"{address}/publish", "older", version="1")).status_code == 303
    assert "Кроме автора, статью никто не смотрел" in (await senior.get(address)).text
    assert (await senior.get(f"/api/v1/articles/{address.rsplit('/', 1)[1]}")).json()["alone"] is True


async def test_a_form_of_another_site_changes_nothing(operator: Browser) -> None:
    answer = await operator.post("/desk/articles/new", data=FORM)
    assert answer.status_code == 403
    assert not (await operator.get("/api/v1/articles")).json()["articles"]
