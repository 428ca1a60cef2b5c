"""The forms of the citizen's pages in a real browser, without JavaScript: ordered to the end, handed over, brought, corrected."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from core.domain.page import Place
from core.domain.record import Coding
from core.services.extract import MakePaper
from tests.api.clinics import with_card
from tests.api.office import Office, picture
from tests.api.pages import Visitor, call, delivered
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.api.test_page_claim import recorded
from tests.api.test_page_in_chromium import pictured
from tests.api.test_page_order import changed
from tests.api.test_page_record import a_visit
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium
SCREENS = [
    pytest.param({"width": 360, "height": 740}, "light", id="phone-light"),
    pytest.param({"width": 1280, "height": 860}, "dark", id="desk-dark"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where pictures are kept."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@asynccontextmanager
async def inside(
    office: Office, anna: Visitor, place: Place, screen: dict[str, int], scheme: str
) -> AsyncIterator[Page]:
    """A browser on the page, through the lock. Whatever it complains of fails the test."""
    complaints: list[str] = []
    link = await anna.link(place)
    async with served(office.app) as address, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        context = await chromium.new_context(
            base_url=address,
            locale="ru-RU",
            viewport=screen,  # type: ignore[arg-type]
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=False,
            accept_downloads=True,
        )
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "warning" else None)
        await page.goto(link)
        await page.get_by_role("button", name="Открыть").click()
        await page.get_by_label("Код", exact=True).fill(anna.code())
        await page.get_by_role("button", name="Открыть разделы").click()
        yield page
        await chromium.close()
    assert complaints == []


@pytest.mark.parametrize(("screen", "scheme"), SCREENS)
async def test_a_paper_is_ordered_to_the_end_with_the_keyboard(
    office: Office, folder: Path, screen: dict[str, int], scheme: str
) -> None:
    async with Visitor(office, await with_card(office)) as anna:
        await anna.has_factor()
        await changed(office, anna, email="anna@example.org", phone="+79000000001")
        async with inside(office, anna, Place.DOCUMENTS, screen, scheme) as page:
            name = f"{screen['width']}-{scheme}"
            await page.get_by_role("link", name="Заказать документ").press("Enter")
            await pictured(page, folder, f"order-kind-{name}")
            await page.get_by_role("button", name="Выписка из истории болезни").press("Enter")
            await page.get_by_role("button", name="Дальше").press("Enter")
            await expect(page.get_by_role("alert")).to_have_text("Выберите, за какое время нужен документ.")
            await pictured(page, folder, f"order-period-wrong-{name}")
            await page.get_by_label("За год").press("Space")
            await pictured(page, folder, f"order-period-{name}")
            await page.get_by_role("button", name="Дальше").press("Enter")
            await page.get_by_label("Другое", exact=True).press("Space")
            await page.get_by_role("button", name="Дальше").press("Enter")
            await expect(page.get_by_role("alert")).to_have_text("Напишите хотя бы одно слово.")
            await expect(page.get_by_label("своими словами")).to_have_accessible_description(
                "До 200 знаков, например: «Для бассейна». Напишите хотя бы одно слово."
            )
            await pictured(page, folder, f"order-aim-{name}")
            await page.get_by_label("своими словами").fill("Для бассейна")
            await page.get_by_label("своими словами").press("Enter")
            await expect(page.locator("h1")).to_have_text("Проверьте заказ")
            await expect(page.get_by_text("Для бассейна")).to_be_visible()
            await page.get_by_label("6 цифр").fill("000000")
            await page.get_by_label("6 цифр").press("Enter")
            await expect(page.get_by_role("alert")).to_contain_text("Осталось попыток")
            await pictured(page, folder, f"order-confirm-{name}")
            office.clock.passes(seconds=31)
            await page.get_by_label("6 цифр").fill(anna.code())
            await page.get_by_role("button", name="Заказать").press("Enter")
            await expect(page.get_by_role("status").first).to_contain_text("Готовим")
            await pictured(page, folder, f"order-made-{name}")
            while await call(office, MakePaper):
                pass
            await page.get_by_role("link", name="Обновить").press("Enter")
            async with page.expect_download() as download:
                await page.get_by_role("link", name="Скачать PDF").click()
            assert Path(await (await download.value).path()).read_bytes().startswith(b"%PDF")
            await page.get_by_text("Отправить на почту").click()
            await pictured(page, folder, f"order-ready-{name}")
            await page.get_by_role("button", name="Да, отправить").press("Enter")
            await expect(page.get_by_text("Письмо с документом уходит на a•••@example.org")).to_be_visible()
            await page.goto("/my/documents")
            await pictured(page, folder, f"order-list-{name}")


@pytest.mark.parametrize(("screen", "scheme"), SCREENS)
async def test_visits_are_handed_over_and_taken_back(
    office: Office, folder: Path, screen: dict[str, int], scheme: str
) -> None:
    async with Visitor(office, await with_card(office)) as anna:
        await anna.has_factor()
        flu = Coding("http://hl7.org/fhir/sid/icd-10", "J11.1", "Грипп")
        long = "Городская поликлиника № 5 имени " + "Длинного" * 8
        await delivered(office, visits=[a_visit(anna, 1, diagnoses=(flu,)), a_visit(anna, 9, institution=long)])
        async with inside(office, anna, Place.VISITS, screen, scheme) as page:
            name = f"{screen['width']}-{scheme}"
            await pictured(page, folder, f"visits-{name}")
            await page.get_by_role("link", name="Передать посещения врачу").click()
            await page.get_by_label("Для кого это").fill("Кардиологу Петровой")
            await page.get_by_role("button", name="Сделать ссылку").click()
            await expect(page.get_by_role("alert")).to_contain_text("Отметьте хотя бы одно посещение")
            await expect(page.get_by_label("Для кого это")).to_have_value("Кардиологу Петровой")
            await page.get_by_role("checkbox").first.check()
            await pictured(page, folder, f"handover-form-{name}")
            await page.get_by_role("button", name="Сделать ссылку").click()
            await expect(page.locator("h1")).to_have_text("Ссылка готова")
            code = await page.locator(".key.digits").text_content()
            await pictured(page, folder, f"handover-made-{name}")
            await page.reload()
            await expect(page.locator(".key.digits")).to_have_text(code or "-")
            await page.get_by_role("link", name="Кому передано").click()
            await pictured(page, folder, f"handover-list-{name}")
            await page.get_by_role("button", name="Отозвать").click()
            await expect(page.get_by_role("status")).to_contain_text("Отозвано")
            await expect(page.get_by_role("button", name="Отозвать")).to_have_count(0)


@pytest.mark.parametrize(("screen", "scheme"), SCREENS)
async def test_a_dose_is_brought_and_one_corrected_with_a_scan(
    office: Office, folder: Path, screen: dict[str, int], scheme: str
) -> None:
    async with Visitor(office, await with_card(office)) as anna:
        await anna.has_factor()
        await recorded(office, anna)
        scan = {"name": "scan.png", "mimeType": "image/png", "buffer": picture()}
        async with inside(office, anna, Place.VACCINATIONS, screen, scheme) as page:
            name = f"{screen['width']}-{scheme}"
            await page.get_by_role("link", name="Добавить прививку").click()
            await pictured(page, folder, f"claim-new-{name}")
            await page.get_by_label("Серия").fill("1")
            await page.get_by_label("Дата").fill("2015-05-12")
            await page.get_by_label("Если в списке её нет").fill("столбняк")
            await page.get_by_role("button", name="Дальше").click()
            await expect(page.get_by_role("alert")).to_contain_text("Не всё получилось понять")
            await expect(page.get_by_label("Серия")).to_have_accessible_description(
                "Стоит в сертификате рядом с названием, например П412. Не знаете, оставьте пустой. "
                "Слишком коротко. Напишите хотя бы две буквы или цифры."
            )
            await pictured(page, folder, f"claim-wrong-{name}")
            await page.get_by_label("Серия").fill("П412")
            await page.get_by_label("Скан или фото").set_input_files(scan)  # type: ignore[arg-type]
            await page.get_by_role("button", name="Дальше").click()
            await expect(page.get_by_text("Скан приложен.")).to_be_visible()
            await pictured(page, folder, f"claim-check-{name}")
            await page.get_by_role("button", name="Отправить на проверку").click()
            await expect(page.get_by_role("status")).to_contain_text("Клиника проверит запись")
            await pictured(page, folder, f"claims-{name}")
            await page.locator(".lines a").first.click()
            await pictured(page, folder, f"claim-{name}")
            await page.goto("/my/vaccinations")
            await pictured(page, folder, f"vaccinations-{name}")
            await page.locator(".lines a").first.click()
            await page.get_by_role("link", name="Здесь ошибка").click()
            await pictured(page, folder, f"correction-field-{name}")
            await page.get_by_role("link", name="Серия").click()
            await page.get_by_label("Как правильно").fill("U3K418V")
            await page.get_by_role("button", name="Дальше").click()
            await pictured(page, folder, f"correction-{name}")
            await expect(page.get_by_label("Как правильно")).to_have_value("U3K418V")
            await page.get_by_label("Почему вы так считаете").fill("В сертификате стоит другая серия")
            await page.get_by_role("button", name="Дальше").click()
            await pictured(page, folder, f"correction-check-{name}")
            await page.get_by_role("button", name="Отправить врачу").click()
            await expect(page.get_by_role("status")).to_contain_text("Отправлено врачу")
            for place in ("account", "account/phone", "scans", "account/email/code"):
                await page.goto(f"/my/{place}")
                await pictured(page, folder, f"{place.replace('/', '-')}-{name}")
            await page.goto("/my/vaccinations/add")
            office.clock.passes(minutes=16)
            await page.get_by_label("Серия").fill("П500")
            await page.get_by_role("button", name="Дальше").click()
            await expect(page.get_by_role("status")).to_contain_text("Разделы закрылись")
            await pictured(page, folder, f"held-{name}")
            await page.get_by_label("Код", exact=True).fill(anna.code())
            await page.get_by_role("button", name="Открыть разделы").click()
            await pictured(page, folder, f"go-on-{name}")
            await page.get_by_role("button", name="Продолжить").click()
            await page.goto("/my/vaccinations/add")
            await expect(page.get_by_label("Серия")).to_have_value("П500")
