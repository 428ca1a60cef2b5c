"""A dose brought and a wrong one put right, on a page: kept answer by answer, looked through, sent once, taken back."""

import re
from dataclasses import replace

import httpx
import pytest

from core.domain.document import MAX_BYTES
from core.domain.ids import new_id
from core.domain.record import Vaccination, Vaccinations
from core.domain.vaccination import VACCINES
from core.ports import Transaction
from core.services.vaccination import ListClaims
from tests.api.clinics import with_card
from tests.api.office import MORNING, Office, picture
from tests.api.pages import CSRF, Visitor, call
from tests.core.services.vaccinated import TETANUS_AT, a_dose

ADD, CLAIMS = "/my/vaccinations/add", "/my/vaccinations/claims"
TOLD = {"vaccine": str(TETANUS_AT), "given_on": "2015-05-12", "series": "П<412>", "institution": "Поликлиника № 7"}


async def filled(
    visitor: Visitor, path: str, scan: bytes | None = None, name: str = "scan.png", **form: str
) -> httpx.Response:
    """Send a form that may carry a file, as a browser does: an empty file field goes along, too."""
    token = CSRF.search(await visitor.sees(path))
    assert token is not None
    files = {"scan": (name if scan is not None else "", scan or b"", "application/octet-stream")}
    return await visitor.browser.post(path, data={"csrf": token[1], **form}, files=files)


async def recorded(office: Office, visitor: Visitor, **values: object) -> Vaccination:
    """Put a dose into the record."""
    dose = replace(a_dose(visitor.citizen), **values)
    async with office.container() as scope:
        kept = await scope.get(Vaccinations)
        async with await scope.get(Transaction):
            await kept.put([dose])
    return dose


async def sent(office: Office, visitor: Visitor) -> int:
    """Count what waits or was answered."""
    return len(await call(office, ListClaims, visitor.citizen))  # type: ignore[arg-type]


async def test_a_dose_is_told_looked_through_and_sent_once(inside: Visitor, office: Office):
    await inside.sees("/my/vaccinations", "Добавить прививку")
    assert (await filled(inside, ADD, **TOLD)).headers["location"] == f"{ADD}/check"
    await inside.sees("/my/vaccinations", "Продолжить начатое")
    await inside.sees(f"{ADD}/check", "12 мая 2015", "П&lt;412&gt;", "Скана нет", "Отправить на проверку")
    await inside.sees(ADD, 'value="2015-05-12"', 'value="П&lt;412&gt;"', f'value="{TETANUS_AT}" selected')
    page = await inside.sees(f"{ADD}/check")
    form = {"csrf": page.split('name="csrf" value="')[1].split('"')[0]}
    first, second = [await inside.browser.post(f"{ADD}/send", data=form) for _ in range(2)]
    assert first.headers["location"] == f"{CLAIMS}?done=sent"
    assert second.headers["location"] == f"{ADD}/check"
    assert (await inside.browser.get(f"{ADD}/check")).headers["location"] == CLAIMS
    assert await sent(office, inside) == 1
    await inside.sees(f"{CLAIMS}?done=sent", "Клиника проверит запись", "на проверке")


async def test_a_scan_is_all_that_is_needed(inside: Visitor, office: Office):
    assert (await filled(inside, ADD, picture())).headers["location"] == f"{ADD}/check"
    await inside.sees(f"{ADD}/check", "Скан приложен", "Отправить на проверку")
    await inside.sees(ADD, "Скан уже приложен")
    await inside.sends(f"{ADD}/send", page=f"{ADD}/check")
    claim = re.findall(rf'href="({CLAIMS}/[^"]+)"', await inside.sees(CLAIMS, "Прививка по скану"))[0]
    await inside.sees(claim, "На проверке", "Отозвать заявку")
    for _ in range(2):
        back = await inside.sends(f"{claim}/back")
    assert back.status_code in {404, 409}
    await inside.sees(f"{CLAIMS}?done=back", "Заявка отозвана")


@pytest.mark.parametrize(
    ("scan", "name", "said"),
    [
        (b"<svg onload=alert(1)>", "x.png", "Нужен PDF, JPG или PNG"),
        (b"", "x.png", "Файл пустой"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "x.pdf", "не открывается"),
        (b"%PDF-1.7" + b"0" * MAX_BYTES, "x.pdf", "Файл больше 5 МБ"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_said_at_its_field_and_the_words_stay(
    inside: Visitor, office: Office, scan: bytes, name: str, said: str
):
    answer = await filled(inside, ADD, scan, name, **TOLD)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-describedby="scan-hint error-scan" aria-invalid="true"' in answer.text
    assert 'value="П&lt;412&gt;"' in answer.text
    await inside.sees(f"{ADD}/check", "12 мая 2015")


async def test_what_is_far_too_big_is_said_with_a_way_back(inside: Visitor):
    token = CSRF.search(await inside.sees(ADD))
    assert token is not None
    files = {"scan": ("x.png", b"0" * (17 * 1024 * 1024), "image/png")}
    answer = await inside.browser.post(ADD, data={"csrf": token[1]}, files=files)
    assert answer.status_code == 413
    assert "Файл слишком большой" in answer.text
    assert f'href="{ADD}"' in answer.text


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"given_on": "2030-01-01"}, "given_on", "Такого дня быть не может"),
        ({"given_on": "0001-01-01"}, "given_on", "Такого дня быть не может"),
        ({"given_on": "<script>"}, "given_on", "Такого дня быть не может"),
        ({"vaccine": "99999"}, "vaccine", "Выберите прививку из списка"),
        ({"vaccine": "²"}, "vaccine", "Выберите прививку из списка"),
        ({"vaccine": "own", "other": "я"}, "other", "Слишком коротко"),
        ({"series": "x" * 5000}, "series", "Уложитесь в 40 знаков"),
        ({"institution": "\u202e<img src=x>" * 30}, "institution", "Уложитесь в 150 знаков"),
    ],
)
async def test_an_answer_that_cannot_be_is_said_at_its_field_and_the_others_are_kept(
    inside: Visitor, typed: dict[str, str], field: str, said: str
):
    answer = await filled(inside, ADD, **{"other": "", **TOLD, **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'id="error-{field}"' in answer.text
    assert re.search(rf'name="{field}"[^>]*error-{field}" aria-invalid="true"', answer.text)
    assert "<img" not in answer.text.split("<main")[1]
    kept = await inside.sees(f"{ADD}/check")
    assert ("12 мая 2015" in kept) == (field != "given_on")


async def test_an_empty_form_begins_nothing(inside: Visitor, office: Office):
    answer = await filled(inside, ADD, vaccine="", other="  ", given_on="", series="", institution="")
    assert answer.status_code == 422
    assert "Приложите скан или расскажите" in answer.text
    assert (await inside.browser.get(f"{ADD}/check")).headers["location"] == CLAIMS


async def test_words_that_probably_mean_one_of_the_list_offer_it(inside: Visitor):
    await filled(inside, ADD, other="столбняк", given_on="2015-05-12")
    page = await inside.sees(f"{ADD}/check", "Может быть, это одна из них?")
    place = re.findall(r'name="vaccine" value="(\d+)"', page)[0]
    assert (await inside.sends(f"{ADD}/meant", page=f"{ADD}/check", vaccine=place)).status_code == 303
    await inside.sees(ADD, f'value="{place}" selected')
    assert VACCINES[int(place)].code
    await inside.sends(f"{ADD}/drop", page=f"{ADD}/check")
    assert "Продолжить начатое" not in await inside.sees("/my/vaccinations")


async def test_five_may_wait_and_the_sixth_is_told_so(inside: Visitor):
    for _ in range(5):
        await filled(inside, ADD, **TOLD)
        await inside.sends(f"{ADD}/send", page=f"{ADD}/check")
    answer = await filled(inside, ADD, **TOLD)
    assert answer.status_code == 422
    assert "уже пять ваших заявок" in answer.text
    assert 'value="2015-05-12"' in answer.text


@pytest.mark.parametrize(
    ("field", "right", "shown"),
    [
        ("series", "U3K<418>V", "U3K&lt;418&gt;V"),
        ("institution", "Поликлиника № 8", "Поликлиника № 8"),
        ("reaction", "Сыпь", "Сыпь"),
        ("given-on", "2025-10-07", "7 октября 2025"),
        ("vaccine", str(TETANUS_AT), "столбняк"),
    ],
)
async def test_a_wrong_dose_is_put_right_field_by_field(
    inside: Visitor, office: Office, field: str, right: str, shown: str
):
    dose = await recorded(office, inside)
    await inside.sees(f"/my/vaccinations/{dose.id}", f"/my/vaccinations/{dose.id}/wrong")
    await inside.sees(f"/my/vaccinations/{dose.id}/wrong", "U3K417V", "6 октября 2025", "Серия")
    path = f"/my/vaccinations/{dose.id}/wrong/{field}"
    done = await filled(inside, path, picture(), right=right, why="В сертификате иначе")
    assert done.headers["location"] == "/my/vaccinations/correction", done.text
    check = await inside.sees("/my/vaccinations/correction", "В сертификате иначе", "Скан приложен")
    assert shown.lower() in check.lower()
    await inside.sees(path, ">В сертификате иначе</textarea>")
    form = {"csrf": check.split('name="csrf" value="')[1].split('"')[0]}
    first, second = [await inside.browser.post("/my/vaccinations/correction/send", data=form) for _ in range(2)]
    assert first.headers["location"] == f"{CLAIMS}?done=corrected"
    assert second.headers["location"] == "/my/vaccinations/correction"
    assert (await inside.browser.get("/my/vaccinations/correction")).headers["location"] == CLAIMS
    assert await sent(office, inside) == 1
    waits = await inside.sees(f"/my/vaccinations/{dose.id}", "Ждём подписи врача")
    assert "/wrong" not in waits
    again = await filled(inside, path, right=right, why="Ещё раз")
    assert again.status_code == 409
    assert "Ещё раз" in again.text


async def test_a_correction_says_at_each_field_what_is_missing(inside: Visitor, office: Office):
    dose = await recorded(office, inside)
    path = f"/my/vaccinations/{dose.id}/wrong/series"
    answer = await filled(inside, path, right="", why="x" * 501)
    assert answer.status_code == 422
    assert 'aria-describedby="now error-right" aria-invalid="true"' in answer.text
    assert 'aria-describedby="why-hint error-why" aria-invalid="true"' in answer.text
    await inside.sees("/my/vaccinations/correction", "напишите, как правильно и почему")
    await inside.sends("/my/vaccinations/correction/drop", page="/my/vaccinations/correction")
    assert (await inside.browser.get("/my/vaccinations/correction")).headers["location"] == CLAIMS


async def test_somebody_elses_dose_and_request_are_not_there(inside: Visitor, office: Office):
    other = await with_card(office, snils="160-722-394 58", policy="7756000812345685", passport="4512345679")
    async with Visitor(office, other) as oleg:
        dose = await recorded(office, oleg)
    await filled(inside, ADD, picture())
    form = {"right": "x1", "why": "потому что"}
    for path in (f"/my/vaccinations/{dose.id}/wrong", f"/my/vaccinations/{dose.id}/wrong/series", f"{CLAIMS}/x"):
        await inside.sees(path, "Здесь ничего нет", status=404)
    await inside.sees(f"{CLAIMS}/{new_id(MORNING)}", status=404)
    answer = await inside.sends(f"/my/vaccinations/{dose.id}/wrong/series", page=ADD, **form)
    assert answer.status_code == 404
    assert (await inside.sends(f"/my/vaccinations/{dose.id}/wrong/name", page=ADD, **form)).status_code == 404


async def test_when_the_sections_close_the_words_wait_and_the_file_is_asked_for_again(inside: Visitor, office: Office):
    token = CSRF.search(await inside.sees(ADD))
    assert token is not None
    office.clock.passes(minutes=16)
    files = {"scan": ("scan.png", picture(), "image/png")}
    locked = await inside.browser.post(ADD, data={"csrf": token[1], **TOLD}, files=files)
    assert "Файл придётся выбрать ещё раз" in locked.text
    assert 'name="held.series" value="П&lt;412&gt;"' in locked.text
