"""The desk's pages of conversations without a browser: who may, what is refused, and what a script is told."""

import pytest
from markupsafe import escape

from api.refusals import REFUSALS
from api.routes.talks.answered import SENTENCES
from api.words import Words
from bot.words import GettextWording
from core.domain.actor import Role
from core.domain.conversation import FileTooLarge
from core.domain.ids import TeamId, new_id
from core.domain.team import Duties, Team, Teams
from core.domain.ticket import OtherPerson
from core.ports import Transaction
from tests.api.chatting import Talking
from tests.api.office import Browser, Office

PART = {"X-Part": "1"}


@pytest.fixture
def talking(office: Office) -> Talking:
    return Talking(office)


async def seated(office: Office, browser: Browser, login: str, role: Role) -> dict[str, str]:
    """Hire somebody and let them sit down; return what their forms carry."""
    await office.hires(login, role, name=f"Имя {login}")
    return {"csrf": await browser.sits(office, login)}


async def test_a_form_of_another_site_does_nothing(office: Office, talking: Talking):
    _, conversation = await talking.calls()
    async with office.browser() as browser:
        form = await seated(office, browser, "zoya", Role.OPERATOR)
        here = f"/desk/talks/{conversation}"
        assert (await browser.post(f"{here}/claim", data={"csrf": "guessed"})).status_code == 403
        refused = await browser.post(f"{here}/claim", data=form, headers={"Sec-Fetch-Site": "cross-site"})
        assert refused.status_code == 403
        assert "Взять разговор" in (await browser.get(here)).text
        assert (await browser.post(f"{here}/claim", data=form)).headers["location"] == here
        assert "Ваш разговор" in (await browser.get(here)).text


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.DOCTOR])
async def test_whoever_does_not_answer_sees_no_conversation(office: Office, talking: Talking, role: Role):
    _, conversation = await talking.calls()
    async with office.browser() as browser:
        await seated(office, browser, "vera", role)
        for page in ("", f"/{conversation}", f"/{conversation}/lines", f"/{conversation}/offers", "/canned"):
            assert (await browser.get(f"/desk/talks{page}")).status_code == 403
        assert (await browser.get("/desk/tickets")).status_code == 403


async def test_what_belongs_to_another_group_is_not_there(office: Office, talking: Talking):
    _, conversation = await talking.calls()
    async with office.browser() as senior, office.browser() as browser:
        await seated(office, browser, "zoya", Role.OPERATOR)
        form = await seated(office, senior, "igor", Role.SENIOR)
        now = office.clock.now()
        others = Team(TeamId(new_id(now)), "Другая группа")
        async with office.container() as inside, await inside.get(Transaction):
            await (await inside.get(Teams)).put(others, now)
        here = f"/desk/talks/{conversation}"
        assert (await senior.post(f"{here}/claim", data=form)).status_code == 303
        sent = await senior.post(f"{here}/transfer", data={**form, "team": str(others.id), "note": "вам"})
        assert sent.status_code == 303
        for page in (here, f"{here}/lines", f"{here}/offers"):
            assert (await browser.get(page)).status_code == 404
        assert "Анна" not in (await browser.get("/desk/talks?show=all")).text
        told = await browser.post(f"{here}/claim", data={"csrf": "secret-of-zoya"}, headers=PART)
        assert (told.status_code, told.json()["name"]) == (404, "not_there")


async def test_a_script_is_told_what_stands_in_the_way_and_a_browser_keeps_the_text(office: Office, talking: Talking):
    citizen, conversation = await talking.calls()
    here = f"/desk/talks/{conversation}"
    async with office.browser() as browser:
        form = await seated(office, browser, "zoya", Role.OPERATOR)
        await browser.post(f"{here}/claim", data=form)
        await talking.says(citizen, "Ещё одно")
        stale = {**form, "epoch": "2", "seen": "1", "text": "Мой ответ", "key": "one"}
        told = await browser.post(f"{here}/say", data=stale, headers=PART)
        assert (told.status_code, told.json()["name"]) == (409, "stale_view")
        back = await browser.post(f"{here}/say", data=stale)
        assert back.headers["location"] == f"{here}?refused=conversation.stale_view"
        page = (await browser.get(back.headers["location"])).text
        assert "Мой ответ</textarea>" in page
        assert "пришли новые сообщения" in page
        seen = page.split('name="seen" value="')[1].split('"')[0]
        fresh = {**stale, "seen": seen}
        assert (await browser.post(f"{here}/say", data=fresh)).status_code == 303
        assert (await browser.post(f"{here}/say", data=fresh)).status_code == 303
        assert (await browser.get(f"{here}/lines")).text.count("Мой ответ</span>") == 1
        assert (await browser.get(f"{here}?refused=<script>")).text.count("<script>") == 0


async def test_a_page_and_a_program_are_told_the_same_of_a_refusal(office: Office, talking: Talking):
    _, conversation = await talking.calls()
    here = f"/desk/talks/{conversation}"
    async with office.browser() as first, office.browser() as browser:
        await first.post(f"{here}/claim", data=await seated(office, first, "vera", Role.OPERATOR))
        form = await seated(office, browser, "zoya", Role.OPERATOR)
        script = await browser.post(f"{here}/claim", data=form, headers=PART)
        headers = {"X-CSRF-Token": "secret-of-zoya", "Idempotency-Key": "one"}
        program = await browser.post(f"/api/v1/conversations/{conversation}/claim", headers=headers)
        assert script.status_code == program.status_code == 409
        assert script.json()["detail"] == program.json()["detail"] == "Разговор уже ведёт Имя vera."
        back = await browser.post(f"{here}/claim", data=form)
        assert "Этот разговор уже взял другой оператор." in (await browser.get(back.headers["location"])).text


async def test_whatever_stands_in_the_way_has_words_on_the_page_it_leads_back_to(office: Office, talking: Talking):
    _, conversation = await talking.calls()
    words = Words("ru", GettextWording())
    assert {REFUSALS[kind][0] for kind in (FileTooLarge, OtherPerson)} == {413, 409}
    async with office.browser() as browser:
        await seated(office, browser, "zoya", Role.OPERATOR)
        for key in SENTENCES:
            page = (await browser.get(f"/desk/talks/{conversation}?refused={key}")).text
            assert f"<span data-text>{escape(words(key))}</span>" in page, key


async def test_seniors_keep_answers_ready_and_operators_use_them(office: Office, talking: Talking):
    _, conversation = await talking.calls()
    async with office.browser() as senior, office.browser() as browser:
        form = await seated(office, senior, "igor", Role.SENIOR)
        await seated(office, browser, "zoya", Role.OPERATOR)
        answer = {"shortcut": "/код", "title": "Код", "ru": "{name}, подождите", "en": "{name}, wait", "team": ""}
        assert (await senior.post("/desk/talks/canned", data=form | answer)).headers["location"] == "/desk/talks/canned"
        wrong = await senior.post("/desk/talks/canned", data=form | answer | {"ru": "{surname}"})
        assert wrong.headers["location"] == "/desk/talks/canned?refused=canned.invalid"
        offered = (await browser.get(f"/desk/talks/{conversation}/offers?words=код")).text
        assert 'data-text="Анна, подождите"' in offered
        page = (await senior.get("/desk/talks/canned")).text
        known = page.split('action="/desk/talks/canned/')[1].split('"')[0]
        version = page.split('name="version" value="')[1].split('"')[0]
        await senior.post(f"/desk/talks/canned/{known}", data=form | answer | {"ru": "Минуту", "version": version})
        assert "Минуту" in (await browser.get(f"/desk/talks/{conversation}/offers?words=код")).text
        await senior.post(f"/desk/talks/canned/{known}/remove", data=form)
        assert "Минуту" not in (await senior.get("/desk/talks/canned")).text


async def test_a_conversation_is_found_by_its_tag_in_whatever_state_it_is(office: Office, talking: Talking):
    (_, tagged), (_, other) = await talking.calls(words="Первая"), await talking.calls("Борис", words="Вторая метка")
    async with office.browser() as browser:
        form = await seated(office, browser, "zoya", Role.OPERATOR)
        for talk, tags in ((tagged, "Сложный случай, #срочно"), (other, "случай")):
            assert (await browser.post(f"/desk/talks/{talk}/tags", data=form | {"tags": tags})).status_code == 303
        await talking.claims("zoya", tagged)
        await browser.post(f"/desk/talks/{tagged}/end", data=form)
        found = (await browser.get("/desk/talks", params={"words": "#сложный  Случай"})).text
        assert f'data-id="{tagged}"' in found
        assert f'data-id="{other}"' not in found
        assert "#сложный случай" in found
        assert "Ничего не нашлось" in (await browser.get("/desk/talks", params={"words": "#слож"})).text
        link = (await browser.get(f"/desk/talks/{tagged}")).text.split('<a class="badge" href="')[1].split('"')[0]
        assert f'data-id="{tagged}"' in (await browser.get(link)).text


async def test_a_page_that_is_open_keeps_its_member_present(office: Office):
    async with office.browser() as browser:
        form = await seated(office, browser, "zoya", Role.OPERATOR)
        await browser.post("/desk/talks/presence", data=form | {"presence": "here"})
        await browser.get("/desk/talks")
        async with office.container() as inside, (await inside.get(Transaction)).looking():
            duties = await (await inside.get(Duties)).all()
        assert [duty.is_here(office.clock.now()) for duty in duties] == [True]
        nothing = await browser.post("/desk/talks/presence", data=form | {"presence": "asleep"}, headers=PART)
        assert nothing.status_code == 422


async def test_the_desk_warns_of_a_file_that_nobody_has_looked_into(office: Office, talking: Talking):
    citizen, conversation = await talking.calls()
    await talking.says(citizen, "", file=("голос.ogg", "audio/ogg", b"OggS" + bytes(9)))
    async with office.browser() as browser:
        await seated(office, browser, "zoya", Role.OPERATOR)
        page = (await browser.get(f"/desk/talks/{conversation}")).text
        assert "<audio" in page
        assert "Файл не проверен" not in page
        await talking.says(citizen, "", file=("снимок.png", "image/png", b"MZ program"))
        page = (await browser.get(f"/desk/talks/{conversation}")).text
        assert "Файл не проверен" in page
        assert 'data-picture="снимок.png"' not in page
