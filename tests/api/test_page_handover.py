"""Visits handed over on a page: what is ticked, for a term, by a link and a code that are shown once and can be taken back."""

import re

import pytest

from core.domain.handover import MOST
from core.domain.ids import new_id
from core.services.handover import ViewHandovers
from tests.api.clinics import with_card
from tests.api.office import MORNING, Office
from tests.api.pages import CSRF, Visitor, call, delivered
from tests.api.test_page_record import a_visit

FORM = "/my/visits/hand-over"
CODE = re.compile(r'<p class="key digits">([^<]+)</p>')
LINK = re.compile(r'<p class="key">([^<]+)</p>')


def form_of(text: str) -> dict[str, str]:
    """Return the hidden fields of the form."""
    found = CSRF.search(text)
    assert found is not None
    return {"csrf": found[1], "form": text.split('name="form" value="')[1].split('"', maxsplit=1)[0]}


async def handed(inside: Visitor, visits: list[str], **more: str) -> str:
    """Hand visits over; returns the page that shows link and code."""
    answer = await inside.browser.post(FORM, data=form_of(await inside.sees(FORM)) | {"visits": visits, **more})
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_ticked_visits_are_handed_over_and_the_link_opens_them_once(inside: Visitor, office: Office):
    heart, eyes = a_visit(inside, 1), a_visit(inside, 40, speciality="Офтальмология")
    await delivered(office, visits=[heart, eyes])
    await inside.sees("/my/visits", f'href="{FORM}?span=all"', "Кому передано")
    one = await inside.sees(f"/my/visits/{eyes.id}", f"{FORM}?visit={eyes.id}")
    assert "Передать посещения врачу" in one
    page = await inside.sees(f"{FORM}?visit={eyes.id}", "Кардиология", "Офтальмология")
    assert len(re.findall(r'name="visits" value="[^"]+" checked', page)) == 1
    text = await handed(inside, [str(eyes.id)], term="hour", recipient="Кардиологу <Петровой>")
    assert "1 посещение" in text
    link, code = LINK.search(text), CODE.search(text)
    assert link is not None
    assert code is not None
    async with office.browser() as doctor:
        path = link[1].removeprefix("http://desk.example.org")
        announced = await doctor.get(path)
        assert "Кардиологу &lt;Петровой&gt;" in announced.text
        token = CSRF.search(announced.text)
        assert token is not None
        assert (await doctor.post(path, data={"csrf": token[1]})).status_code == 303
        read = (await doctor.get("/handover/visits")).text
        assert "Офтальмология" in read
        assert "Кардиология" not in read
        typed = await doctor.get("/handover")
        token = CSRF.search(typed.text)
        assert token is not None
        assert (await doctor.post("/handover", data={"csrf": token[1], "code": code[1]})).status_code == 410
    await inside.sees("/my/visits/handed", "Кардиологу &lt;Петровой&gt;", "читать можно до", "Отозвать")


async def test_a_form_sent_twice_makes_one_handover_and_shows_its_link_and_code_again(inside: Visitor, office: Office):
    visit = a_visit(inside)
    await delivered(office, visits=[visit])
    form = form_of(await inside.sees(FORM)) | {"visits": str(visit.id), "term": "day"}
    first, second = [(await inside.browser.post(FORM, data=form)).text for _ in range(2)]
    assert LINK.findall(first) == LINK.findall(second)
    assert CODE.findall(first) == CODE.findall(second)
    assert len(await call(office, ViewHandovers, inside.citizen)) == 1  # type: ignore[arg-type]
    changed = await inside.browser.post(FORM, data=form | {"term": "hour"})
    assert CODE.findall(changed.text) != CODE.findall(first), "the same form filled in anew hands over anew"
    third = await inside.browser.post(FORM, data=form_of(await inside.sees(FORM)) | {"visits": str(visit.id)})
    assert CODE.findall(third.text) != CODE.findall(first)


@pytest.mark.parametrize(
    ("recipient", "tick", "said", "described"),
    [
        ("Кардиологу", False, "Отметьте хотя бы одно посещение", 'aria-describedby="error"'),
        ("я" * 81, True, "до 80 знаков", 'aria-describedby="recipient-hint error"'),
        ("\u202e\u200b", True, "до 80 знаков", 'aria-describedby="recipient-hint error"'),
    ],
)
async def test_a_mistake_is_said_and_nothing_typed_or_ticked_is_lost(
    inside: Visitor, office: Office, recipient: str, tick: bool, said: str, described: str
):
    visit, old = a_visit(inside), a_visit(inside, 100)
    await delivered(office, visits=[visit, old])
    form = form_of(await inside.sees(f"{FORM}?span=week")) | {"term": "three_days", "recipient": recipient}
    ticked = {"visits": [str(visit.id), str(old.id)]} if tick else {}
    answer = await inside.browser.post(f"{FORM}?span=week", data=form | ticked)
    assert answer.status_code == 422
    assert said in answer.text
    assert described in answer.text
    assert f'value="{recipient}"' in answer.text
    assert 'value="three_days" checked' in answer.text
    assert form["form"] in answer.text
    if tick:
        assert f'value="{visit.id}" checked' in answer.text
        assert f'type="hidden" name="visits" value="{old.id}"' in answer.text


async def test_ids_that_are_no_visits_of_this_person_hand_nothing_over(inside: Visitor, office: Office):
    other = await with_card(office, snils="160-722-394 58", policy="7756000812345685", passport="4512345679")
    async with Visitor(office, other) as oleg:
        theirs = a_visit(oleg)
    await delivered(office, visits=[theirs, a_visit(inside)])
    form = form_of(await inside.sees(FORM))
    for ids in ([str(theirs.id)], [str(new_id(MORNING))], ["x", "", "<b>", "%00"]):
        answer = await inside.browser.post(FORM, data=form | {"visits": ids, "term": "forever"})
        assert answer.status_code == 422
        assert "Отметьте хотя бы одно посещение" in answer.text
    assert await call(office, ViewHandovers, inside.citizen) == []


async def test_more_than_ten_or_more_than_a_hundred_are_too_many(inside: Visitor, office: Office):
    visits = [a_visit(inside, day) for day in range(102)]
    await delivered(office, visits=visits)
    page = await inside.sees(FORM, "Показаны последние 100", "Отметить все")
    assert page.count('type="checkbox"') == 100
    assert (await inside.sees(f"{FORM}?all=1")).count('" checked') == 101
    all_of_them = await inside.browser.post(FORM, data=form_of(page) | {"visits": [str(each.id) for each in visits]})
    assert all_of_them.status_code == 422
    assert "не больше 100 посещений" in all_of_them.text
    for _ in range(MOST):
        await handed(inside, [str(visits[0].id)])
    answer = await inside.browser.post(FORM, data=form_of(await inside.sees(FORM)) | {"visits": str(visits[0].id)})
    assert answer.status_code == 409
    assert "Сейчас действует уже 10 ссылок" in answer.text


async def test_one_is_taken_back_at_once_even_with_the_sections_closed(inside: Visitor, office: Office):
    visit = a_visit(inside)
    await delivered(office, visits=[visit])
    text = await handed(inside, [str(visit.id)])
    link = LINK.findall(text)[0].removeprefix("http://desk.example.org")
    list_ = await inside.sees("/my/visits/handed", "Ещё не открыто")
    path = list_.split('action="')[1].split('"')[0]
    form = {"csrf": form_of(await inside.sees(FORM))["csrf"]}
    async with office.browser() as stranger:
        assert (await stranger.post(path, data=form)).status_code == 401
    office.clock.passes(minutes=16)
    assert (await inside.browser.post(path, data=form)).headers["location"] == "/my/visits/handed?revoked=1"
    again = await inside.browser.post(path, data=form)
    assert again.headers["location"] == "/my/visits/handed?revoked=0"
    assert (await inside.browser.post("/my/visits/handed/x/revoke", data=form)).headers["location"].endswith("=0")
    async with office.browser() as doctor:
        assert "Здесь ничего нет" in (await doctor.get(link)).text
    await inside.unlocks()
    await inside.sees("/my/visits/handed?revoked=1", "Отозвано", "ничего не увидеть")


async def test_without_visits_there_is_nothing_to_hand_over(inside: Visitor):
    await inside.sees(FORM, "Посещений пока нет")
    await inside.sees("/my/visits/handed", "Вы пока никому ничего не передавали")
    assert "/my/visits/hand-over" not in await inside.sees("/my/visits")
