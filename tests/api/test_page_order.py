"""Ordering a paper on a page: step by step, confirmed by a code, once; mailed, brought back, declared invalid."""

import asyncio
import html
import re
from dataclasses import replace
from uuid import UUID

import pytest

from core import ports
from core.domain.account import Accounts
from core.domain.extract import ExtractKind, Extracts, ExtractState
from core.domain.ids import ExtractId
from core.services.extract import BeginOrder, ListExtracts, MakePaper
from tests.api.clinics import with_card
from tests.api.office import Office
from tests.api.pages import Visitor, call, posted, told_code

ORDER = "/my/documents/order"


async def chosen(inside: Visitor, kind: str = "history", span: str = "year", aim: str = "work") -> None:
    """Answer every question but the code."""
    begun = await inside.sends(ORDER, page=ORDER, kind=kind)
    assert begun.headers["location"] == f"{ORDER}/period"
    timed = await inside.sends(f"{ORDER}/period", page=f"{ORDER}/period", span=span)
    assert timed.headers["location"] == f"{ORDER}/aim"
    aimed = await inside.sends(f"{ORDER}/aim", page=f"{ORDER}/aim", aim=aim, words="Для бассейна")
    assert aimed.headers["location"] == f"{ORDER}/confirm"


async def ordered(inside: Visitor, office: Office) -> str:
    """Order a paper; returns the address of its page."""
    await chosen(inside)
    office.clock.passes(seconds=31)
    done = await inside.sends(f"{ORDER}/confirm", page=f"{ORDER}/confirm", code=inside.code())
    assert done.status_code == 303, done.text
    return done.headers["location"]


async def made(inside: Visitor, office: Office) -> str:
    """Order one, and let the worker make it."""
    path = await ordered(inside, office)
    while await call(office, MakePaper):
        pass
    return path


async def changed(office: Office, inside: Visitor, **values: object) -> None:
    """Give the account other values."""
    async with office.container() as scope:
        accounts = await scope.get(Accounts)
        async with await scope.get(ports.Transaction):
            await accounts.save(replace(await accounts.of(inside.citizen), **values))


async def moved(office: Office, inside: Visitor, path: str, to: ExtractState) -> None:
    """Move a paper as the worker would."""
    async with office.container() as scope:
        extracts = await scope.get(Extracts)
        async with await scope.get(ports.Transaction):
            await extracts.save(await extracts.one(inside.citizen, ExtractId(UUID(path.rsplit("/", 1)[1]))), to)


async def test_a_paper_is_ordered_step_by_step_and_each_step_is_kept(inside: Visitor, office: Office):
    await inside.sees("/my/documents", "Пока вы ничего не заказывали", f'href="{ORDER}"')
    await inside.sees(ORDER, "Какой документ нужен?", "Справка о прививках")
    await chosen(inside, aim="other")
    await inside.sees("/my/documents", "Заказ не закончен: Выписка из истории болезни", "Продолжить заказ")
    await inside.sees(f"{ORDER}/period", 'value="year" checked')
    await inside.sees(f"{ORDER}/aim", 'value="Для бассейна"', 'value="other" checked')
    await inside.sees(f"{ORDER}/confirm", "Проверьте заказ", "Для бассейна", "23.11.2025 – 23.11.2026")
    office.clock.passes(seconds=31)
    done = await inside.sends(f"{ORDER}/confirm", page=f"{ORDER}/confirm", code=inside.code())
    paper = done.headers["location"]
    await inside.sees(paper, "Готовим", "Обновить", "Для бассейна")
    while await call(office, MakePaper):
        pass
    await inside.sees(paper, "Скачать PDF", "Сделать недействительной")
    assert (await inside.browser.get(f"{paper}/file.pdf")).content.startswith(b"%PDF")


async def test_an_order_sent_twice_is_one_and_the_second_answer_leads_to_it(inside: Visitor, office: Office):
    await chosen(inside)
    office.clock.passes(seconds=31)
    page = await inside.sees(f"{ORDER}/confirm")
    form = {"csrf": page.split('name="csrf" value="')[1].split('"')[0], "code": inside.code()}
    first, second = [await inside.browser.post(f"{ORDER}/confirm", data=form) for _ in range(2)]
    assert first.headers["location"].startswith("/my/documents/")
    assert second.headers["location"] == "/my/documents"
    assert len(await call(office, ListExtracts, inside.citizen)) == 1  # type: ignore[arg-type]
    await inside.sees("/my/documents", "Готовим")


async def test_of_a_form_sent_several_times_at_once_one_order_is_made(inside: Visitor, office: Office):
    await chosen(inside)
    office.clock.passes(seconds=31)
    page = await inside.sees(f"{ORDER}/confirm")
    form = {"csrf": page.split('name="csrf" value="')[1].split('"')[0], "code": inside.code()}
    answers = await asyncio.gather(*(inside.browser.post(f"{ORDER}/confirm", data=form) for _ in range(4)))
    assert {each.headers.get("location", "").startswith("/my/documents") for each in answers} == {True}
    assert len(await call(office, ListExtracts, inside.citizen)) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Выберите, за какое время"),
        ({"span": "century"}, "Выберите, за какое время"),
        ({"span": "own", "first": "2026-11-01"}, "Не получилось понять даты"),
        ({"span": "own", "first": "<b>", "last": "2026-11-01"}, "Не получилось понять даты"),
        ({"span": "own", "first": "2026-11-01", "last": "2030-01-01"}, "ещё не наступил"),
        ({"span": "own", "first": "0001-01-01", "last": "2026-11-01"}, "ещё не наступил"),
    ],
)
async def test_days_that_cannot_be_are_said_and_stay_in_the_form(inside: Visitor, typed: dict[str, str], said: str):
    await inside.sends(ORDER, page=ORDER, kind="history")
    answer = await inside.sends(f"{ORDER}/period", page=f"{ORDER}/period", **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="{ORDER}/period?language=en"' in answer.text
    assert 'aria-describedby="error"' in answer.text
    assert 'id="error"' in answer.text
    for name in ("first", "last"):
        value = typed.get(name, "").replace("<b>", "&lt;b&gt;")
        assert f'name="{name}" min="1900-01-01" max="2026-11-23" value="{value}"' in answer.text


@pytest.mark.parametrize(
    ("aim", "words", "said"),
    [
        ("", "Для бассейна", "Выберите, для чего"),
        ("x", "", "Выберите, для чего"),
        ("other", " я ", "хотя бы одно слово"),
        ("other", "<i>" * 100, "помещается 200 знаков"),
    ],
)
async def test_a_purpose_that_is_none_is_said_and_the_words_stay(inside: Visitor, aim: str, words: str, said: str):
    await inside.sends(ORDER, page=ORDER, kind="health")
    await inside.sends(f"{ORDER}/period", page=f"{ORDER}/period", span="all")
    answer = await inside.sends(f"{ORDER}/aim", page=f"{ORDER}/aim", aim=aim, words=words)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{words.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text


async def test_wrong_codes_are_counted_and_the_order_stays(inside: Visitor, office: Office):
    await chosen(inside)
    for typed, said in (("12", "6 цифр"), ("000000", "Осталось попыток"), ("x" * 5000, "6 цифр")):
        answer = await inside.sends(f"{ORDER}/confirm", page=f"{ORDER}/confirm", code=typed)
        assert answer.status_code == 422
        assert said in answer.text
        assert 'aria-describedby="code-hint error"' in answer.text
    assert await call(office, ListExtracts, inside.citizen) == []


async def test_without_an_order_every_step_leads_to_its_beginning(inside: Visitor):
    for step in ("period", "aim"):
        assert (await inside.browser.get(f"{ORDER}/{step}")).headers["location"] == ORDER
    assert (await inside.browser.get(f"{ORDER}/confirm")).headers["location"] == "/my/documents"
    for path, form in (("", {"kind": "x"}), ("/period", {"span": "all"}), ("/aim", {"aim": "work"}), ("/code", {})):
        assert (await inside.sends(f"{ORDER}{path}", **form)).headers["location"] == ORDER
    assert (await inside.sends(f"{ORDER}/confirm", code="123456")).headers["location"] == "/my/documents"
    assert (await inside.sends(f"{ORDER}/drop")).headers["location"] == "/my/documents"


async def test_an_unfinished_order_leads_to_what_is_not_chosen_and_can_be_dropped(inside: Visitor, office: Office):
    await call(office, BeginOrder, inside.citizen, ExtractKind.HISTORY, "ru")
    assert (await inside.browser.get(f"{ORDER}/confirm")).headers["location"] == f"{ORDER}/period"
    await inside.sends(f"{ORDER}/period", page=f"{ORDER}/period", span="own", first="2026-11-20", last="2026-11-01")
    assert (await inside.browser.get(f"{ORDER}/confirm")).headers["location"] == f"{ORDER}/aim"
    await inside.sends(f"{ORDER}/drop", page=f"{ORDER}/aim")
    assert "Заказ не закончен" not in await inside.sees("/my/documents")


async def test_a_code_by_sms_confirms_as_well(inside: Visitor, office: Office):
    await changed(office, inside, phone="+79000000001")
    await chosen(inside)
    await inside.sees(f"{ORDER}/confirm", "Прислать код по SMS")
    assert (await inside.sends(f"{ORDER}/code", page=f"{ORDER}/confirm")).status_code == 303
    await inside.sees(f"{ORDER}/confirm", "Код отправлен на +7 900", "Прислать код ещё раз")
    code = await told_code(office)
    again = await inside.sends(f"{ORDER}/code", page=f"{ORDER}/confirm")
    assert again.status_code == 429
    assert "Новый можно запросить" in again.text
    done = await inside.sends(f"{ORDER}/confirm", page=f"{ORDER}/confirm", code=code)
    await inside.sees(done.headers["location"], "Готовим")


async def test_a_paper_is_mailed_once_to_the_confirmed_address_alone(inside: Visitor, office: Office):
    paper = await made(inside, office)
    await inside.sees(paper, "Чтобы получить документ письмом, нужна почта")
    assert (await inside.sends(f"{paper}/mail", page=paper)).status_code == 422
    await changed(office, inside, email="anna@example.org")
    await inside.sees(paper, "Письмо уйдёт на a•••@example.org", "Да, отправить")
    sent = await inside.sends(f"{paper}/mail", page=paper)
    assert "Письмо с документом уходит на a•••@example.org" in sent.text
    assert "?language=" not in sent.text, "the address of a form without a page of its own leads nowhere"
    twice = await inside.sends(f"{paper}/mail", page=paper)
    assert twice.status_code == 422
    assert "Это письмо уже ушло" in twice.text
    letters = [each for each in await posted(office) if each.endswith(".pdf")]
    assert len(letters) == 1
    assert "vypiska-" in letters[0]


async def test_an_archived_paper_is_asked_back_and_a_withdrawn_one_says_so(inside: Visitor, office: Office):
    paper = await made(inside, office)
    await moved(office, inside, paper, ExtractState.ARCHIVED)
    await inside.sees(paper, "В архиве", "Вернуть из архива")
    for _ in range(2):
        assert (await inside.sends(f"{paper}/restore", page=paper)).headers["location"] == paper
    await inside.sees(paper, "Возвращаем из архива")
    await moved(office, inside, paper, ExtractState.READY)
    for _ in range(2):
        assert (await inside.sends(f"{paper}/withdraw", page=paper)).headers["location"] == paper
    await inside.sees(paper, "Недействительна", "Заказать такую же")
    assert (await inside.browser.get(f"{paper}/file.pdf")).status_code == 404


async def test_somebody_elses_paper_is_not_there(inside: Visitor, office: Office):
    paper = await made(inside, office)
    other = await with_card(office, snils="160-722-394 58", policy="7756000812345685", passport="4512345679")
    async with Visitor(office, other) as oleg:
        await oleg.has_factor()
        await oleg.enters()
        office.clock.passes(seconds=31)
        await oleg.unlocks()
        await oleg.sees(paper, "Здесь ничего нет", status=404)
        for deed in ("mail", "restore", "withdraw"):
            assert (await oleg.sends(f"{paper}/{deed}")).status_code == 404
    await inside.browser.get("/my")
    assert "Здесь ничего нет" not in (await inside.browser.get(paper)).text


async def test_when_the_sections_close_in_the_middle_what_was_typed_waits_and_is_sent_with_one_tap(
    inside: Visitor, office: Office
):
    await inside.sends(ORDER, page=ORDER, kind="health")
    await inside.sends(f"{ORDER}/period", page=f"{ORDER}/period", span="all")
    page = await inside.sees(f"{ORDER}/aim")
    token = page.split('name="csrf" value="')[1].split('"')[0]
    office.clock.passes(minutes=16)
    form = {"csrf": token, "aim": "other", "words": "Для «бассейна» & сауны"}
    locked = await inside.browser.post(f"{ORDER}/aim", data=form)
    assert "Разделы закрылись, пока вы заполняли страницу" in locked.text
    wrong = await inside.browser.post("/my/unlock", data=carried(locked.text) | {"code": "000000"})
    assert wrong.status_code == 422
    opened = await inside.browser.post("/my/unlock", data=carried(wrong.text) | {"code": inside.code()})
    assert "То, что вы ввели, на месте" in opened.text
    assert f'action="{ORDER}/aim"' in opened.text
    sent = await inside.browser.post(f"{ORDER}/aim", data=carried(opened.text.split("<footer")[0]))
    assert sent.headers["location"] == f"{ORDER}/confirm"
    await inside.sees(f"{ORDER}/confirm", "Для «бассейна» &amp; сауны")


async def test_a_held_form_leads_nowhere_but_to_our_pages(inside: Visitor, office: Office):
    office.clock.passes(minutes=16)
    for path in ("https://evil.example.org", "//evil.example.org/my", "/desk", "/my/../desk"):
        office.clock.passes(seconds=31)
        form = {"held.:path": path, "held.words": "x", "code": inside.code()}
        answer = await inside.sends("/my/unlock", page="/my/unlock", **form)
        assert answer.headers["location"] == "/my"


def carried(text: str) -> dict[str, str]:
    """Return the hidden fields of a page's form, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
    return {html.unescape(name): html.unescape(value) for name, value in found}
