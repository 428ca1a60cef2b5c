"""What the citizen's pages show of the record: results, visits, vaccinations, papers, the journal."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.domain.extract import Aim, ExtractKind, Span
from core.domain.ids import RecordId, new_id
from core.domain.record import Coding, Vaccination, Vaccinations, Visit
from core.ports import Transaction
from core.services.extract import BeginOrder, ChooseAim, ChoosePeriod, ConfirmOrder, MakePaper
from tests.api.clinics import with_card
from tests.api.office import MORNING, Office
from tests.api.pages import Visitor, call, delivered
from tests.core.services.patient import CLINIC, LIPIDS, a_panel, a_result, a_value


async def test_results_by_category_period_and_page(inside: Visitor, office: Office):
    citizen = inside.citizen
    await delivered(office, [a_result(citizen, day, a_value(str(4 + day))) for day in range(45)])
    await inside.sees("/my/results", "Анализы", ">45<")
    first = await inside.sees("/my/results/list?category=laboratory", "Найдено: 45", "Глюкоза", "норма 3,3–5,5")
    assert first.count("<li>") == 20
    assert "выше нормы" in first
    last = await inside.sees("/my/results/list?category=laboratory&page=3", "Страница 3 из 3")
    assert last.count("<li>") == 5
    assert (await inside.sees("/my/results/list?span=week")).count("<li>") == 8
    own = await inside.sees("/my/results/list?span=own&first=2026-11-20&last=2026-11-20")
    assert own.count("<li>") == 1
    empty = await inside.sees("/my/results/list?category=vital", "За это время ничего нет")
    assert "<li>" not in empty


@pytest.mark.parametrize(
    "query",
    ["span=own", "span=own&first=2026-11-20", "span=own&first=x&last=y", "span=own&first=2030-01-01&last=2030-01-02"],
)
async def test_days_that_cannot_be_are_said_and_the_list_stays(inside: Visitor, office: Office, query: str):
    await delivered(office, [a_result(inside.citizen)])
    await inside.sees(f"/my/results/list?{query}", "Не получилось понять даты", "Глюкоза", status=422)


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=99999999999", "page=²", "category=x", "span=x"])
async def test_whatever_else_stands_in_the_address_is_read_as_nothing(inside: Visitor, office: Office, query: str):
    await delivered(office, [a_result(inside.citizen)])
    await inside.sees(f"/my/results/list?{query}", "Глюкоза")


async def test_a_panel_opens_as_a_whole_and_a_value_with_its_course(inside: Visitor, office: Office):
    panel = a_panel(inside.citizen, conclusion="Без <особенностей>")
    held = [
        a_result(inside.citizen, day, a_value(number), panel=panel.id) for day, number in enumerate(("5.1", "6.2", "7"))
    ]
    await delivered(office, held, [panel])
    await inside.sees(f"/my/results/{panel.id}", "Без &lt;особенностей&gt;", "5,1", "7")
    course = await inside.sees(f"/my/results/{held[0].id}/course", "Меньше всего", 'alt="')
    picture = course.split('<img src="')[1].split('"')[0]
    drawn = await inside.browser.get(picture)
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.content.startswith(b"\x89PNG")


async def test_somebody_elses_result_and_no_result_sound_the_same(inside: Visitor, office: Office):
    other = await with_card(office, snils="160-722-394 58", policy="7756000812345685", passport="4512345679")
    theirs = a_result(other)
    await delivered(office, [theirs])
    bodies = [
        await inside.sees(f"/my/results/{record}", "Здесь ничего нет", status=404)
        for record in (theirs.id, RecordId(new_id(MORNING)), "x", "%00")
    ]
    assert len({body.split("<main")[1] for body in bodies}) == 1


async def test_search_forgives_and_its_words_stand_in_no_address(inside: Visitor, office: Office):
    await delivered(office, [a_result(inside.citizen)])
    found = await inside.sends("/my/results/search", page="/my/results", words="глюкоса")
    assert found.status_code == 200
    assert "Найдено по названию" in found.text
    assert "глюкоса" not in found.text
    nothing = await inside.sends("/my/results/search", page="/my/results", words="<script>" * 400)
    assert "Ничего похожего" in nothing.text


async def test_what_is_shown_is_taken_along(inside: Visitor, office: Office):
    result = a_result(inside.citizen)
    await delivered(office, [result])
    table = await inside.browser.get("/my/results/file.csv?category=laboratory&span=year")
    assert table.headers["content-type"].startswith("text/csv")
    assert table.headers["content-disposition"].startswith("attachment")
    assert "5.1" in table.text or "5,1" in table.text
    paper = await inside.browser.get(f"/my/results/{result.id}/panel.pdf")
    assert paper.content.startswith(b"%PDF")
    assert (await inside.browser.get("/my/results/file.exe")).status_code == 404


def a_visit(visitor: Visitor, days: float = 0, **told: object) -> Visit:
    values: dict[str, object] = {
        "speciality": "Кардиология",
        "doctor": "Петров П. П.",
        "institution": "Поликлиника № 5",
        **told,
    }
    at = MORNING - timedelta(days=days)
    return Visit(RecordId(new_id(MORNING)), visitor.citizen.account, CLINIC, at, **values)  # type: ignore[arg-type]


async def test_visits_are_narrowed_down_and_one_is_read_in_full(inside: Visitor, office: Office):
    flu = Coding("http://hl7.org/fhir/sid/icd-10", "J11.1", "Грипп")
    heart = a_visit(inside, 1, diagnoses=(flu,), recommendations=("Пить <воду>",), prescriptions=("Парацетамол",))
    eyes = a_visit(inside, 40, speciality="Офтальмология")
    await delivered(office, visits=[heart, eyes])
    await inside.sees("/my/visits", "Найдено: 2", "Кардиология", "Офтальмология", "J11.1")
    narrowed = await inside.sees(f"/my/visits?speciality={eyes.id}&span=all", "Найдено: 1")
    assert "J11.1" not in narrowed
    await inside.sees("/my/visits?span=week", "Найдено: 1")
    await inside.sees("/my/visits?speciality=x&institution=y&page=z", "Найдено: 2")
    await inside.sees(f"/my/visits/{heart.id}", "Пить &lt;воду&gt;", "Парацетамол", "Петров")
    assert (await inside.browser.get(f"/my/visits/{heart.id}/file.pdf")).content.startswith(b"%PDF")
    assert (await inside.browser.get("/my/visits/file.pdf?span=month")).content.startswith(b"%PDF")


async def test_vaccinations_are_listed_read_in_full_and_what_is_due_is_said(inside: Visitor, office: Office):
    await inside.sees("/my/vaccinations", "Записей о прививках пока нет", "Что положено сейчас")
    flu = Coding("http://hl7.org/fhir/sid/cvx", "140", "Influenza")
    when = MORNING.date() - timedelta(days=20)
    dose = Vaccination(RecordId(new_id(MORNING)), inside.citizen.account, when, flu, series="А<12>", reaction="нет")
    async with office.container() as scope:
        kept = await scope.get(Vaccinations)
        async with await scope.get(Transaction):
            await kept.put([dose])
    await inside.sees("/my/vaccinations", "А&lt;12&gt;", "3 ноября 2026")
    await inside.sees(f"/my/vaccinations/{dose.id}", "А&lt;12&gt;", "Реакция", "не указано")
    await inside.sees("/my/vaccinations/x", status=404)


async def test_the_journal_tells_of_the_page_itself(inside: Visitor):
    await inside.sees("/my/activity", "Никто, кроме вас")
    await inside.sees("/my/activity?all=1", "страница открыта по ссылке", "выдана ссылка на страницу")
    table = await inside.browser.get("/my/activity/file.csv?all=1")
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert "страница открыта" in table.text
    await inside.sees("/my/activity?until=x&all=2&page=9", "Никто, кроме вас")


async def test_a_paper_is_looked_at_and_downloaded(inside: Visitor, office: Office):
    citizen = inside.citizen
    await call(office, BeginOrder, citizen, ExtractKind.HISTORY, "ru")
    await call(office, ChoosePeriod, citizen, Span.YEAR)
    await call(office, ChooseAim, citizen, Aim.WORK)
    office.clock.passes(seconds=31)
    paper = await call(office, ConfirmOrder, citizen, inside.code())
    await inside.sees(f"/my/documents/{paper}", "Готовим", "Работа", "Обновить")
    while await call(office, MakePaper):
        pass
    await inside.sees("/my/documents", "Выписка из истории болезни", "Готова и подписана")
    await inside.sees(f"/my/documents/{paper}", "Скачать PDF", "/verify/", "Можно скачивать до")
    made = await inside.browser.get(f"/my/documents/{paper}/file.pdf")
    assert made.content.startswith(b"%PDF")
    assert "vypiska" in made.headers["content-disposition"]


async def test_papers_are_listed_or_said_to_be_none(inside: Visitor):
    await inside.sees("/my/documents", "Пока вы ничего не заказывали")
    await inside.sees(f"/my/documents/{new_id(MORNING)}", status=404)
    await inside.sees("/my/documents/x/file.pdf", status=404)


async def test_pages_speak_english_too(inside: Visitor, office: Office):
    await delivered(office, [a_result(inside.citizen, 0, a_value("9.1"), category=a_result(inside.citizen).category)])
    await inside.sees("/my/results/list?language=en", "above", "Found: 1", 'lang="en"')
    for path in (
        "/my",
        "/my/results",
        "/my/visits",
        "/my/vaccinations",
        "/my/documents",
        "/my/activity",
        "/my/security",
        "/my/documents/order",
        "/my/visits/hand-over",
        "/my/visits/handed",
        "/my/vaccinations/add",
        "/my/vaccinations/claims",
        "/my/scans",
        "/my/account/phone",
        "/my/account/email",
        "/my/account/email/code",
    ):
        text = await inside.sees(path, 'lang="en"')
        main = text.split("<main")[1]
        assert not any("а" <= letter <= "я" for letter in main.lower()), (path, main)


async def test_a_name_of_three_hundred_letters_and_the_other_direction_stay_within(inside: Visitor, office: Office):
    hostile = Coding("x", "y", "Я" * 300 + "\u202e<img src=x onerror=alert(1)>")
    await delivered(office, [a_result(inside.citizen, 0, a_value("1", hostile, low=Decimal(2)), coding=hostile)])
    text = await inside.sees("/my/results/list")
    assert "<img" not in text.split("<main")[1]
    assert LIPIDS.display not in text
