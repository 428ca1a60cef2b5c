"""Where programs are told, as an administrator has it in Chromium, with and without a script: a secret is seen once."""

import re

import pytest
from playwright.async_api import Page, expect

from core.domain.actor import Role
from tests.api.chatting import Sitting, fits, shot
from tests.api.office import Office
from tests.api.talking import requests
from tests.api.test_hook import given_up
from tests.api.test_talks_in_chromium import sitting

__all__ = ["sitting"]
pytestmark = pytest.mark.needs_chromium
URL = "https://hooks.example.org/" + "told" * 60
WHSEC = re.compile("whsec_[A-Za-z0-9+/=]{40,}")


async def signed_in(sitting: Sitting, office: Office, *, script: bool) -> Page:
    """An administrator's window, of a tablet where there is no script."""
    await office.hires("raisa", Role.ADMINISTRATOR, name="Раиса Орлова")
    async with office.browser() as browser:
        await browser.sits(office, "raisa")
        sitting.session = browser.cookies["medkarta_desk"]
    viewport = {"width": 1280 if script else 768, "height": 900}
    return await sitting.page(java_script_enabled=script, viewport=viewport)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_an_address_from_its_secret_to_its_end(
    sitting: Sitting, office: Office, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    page = await signed_in(sitting, office, script=script)
    await page.goto("/desk/hooks")
    await expect(page.get_by_text("Адресов пока нет")).to_be_visible()
    await page.get_by_label("Адрес").fill(URL)
    await page.get_by_role("button", name="Добавить").click()
    made = page.get_by_role("status").filter(has_text="Адрес добавлен")
    first = await made.locator("code").inner_text()
    assert WHSEC.fullmatch(first)
    assert await fits(page)
    await shot(page, "hook-made")
    await page.goto("/desk/hooks")
    await expect(page.get_by_text(WHSEC)).to_have_count(0)

    await page.get_by_role("button", name="Сменить ключ").click()
    changed = page.get_by_role("status").filter(has_text="Ключ сменён")
    second = await changed.locator("code").inner_text()
    assert WHSEC.fullmatch(second)
    assert second != first
    await expect(changed).to_contain_text("До 24 ноября")
    await page.reload()  # sent again: nothing changes, or the secret that the other side has would be gone
    await expect(page.get_by_text(WHSEC)).to_have_count(0)
    await expect(page.get_by_text("подписывают оба ключа")).to_be_visible()
    await shot(page, "hook-rotated")
    await page.goto("/desk/hooks")
    await expect(page.get_by_text("подписывают оба ключа")).to_be_visible()
    await expect(page.get_by_text(WHSEC)).to_have_count(0)

    await page.get_by_role("button", name="Выключить").click()
    await expect(page.get_by_text("выключен", exact=True)).to_be_visible()
    await requests(office, name="Вера")
    await page.get_by_role("link", name=URL).click()
    await expect(page.get_by_text("Сюда ещё ничего не отправляли")).to_be_visible()
    await page.goto("/desk/hooks")
    await page.get_by_role("button", name="Включить").click()
    await expect(page.get_by_role("button", name="Выключить")).to_be_visible()
    await expect(page.get_by_text("выключен", exact=True)).to_have_count(0)

    await given_up(office, monkeypatch)
    page = await again_in(sitting, office, script=script)
    await page.goto("/desk/hooks")
    await expect(page.get_by_text("Не доставлено за сутки: 1")).to_be_visible()
    await expect(page.get_by_text("подписывают оба ключа")).to_have_count(0)
    await page.get_by_role("link", name=URL).click()
    await expect(page.locator(".tag")).to_have_text("не доставлено")
    assert await fits(page)
    await shot(page, "hook-given-up")
    await page.get_by_role("button", name="Отправить ещё раз").click()
    await expect(page.locator(".tag")).to_have_text("ждёт отправки")
    await expect(page.get_by_role("button", name="Отправить ещё раз")).to_have_count(0)

    await page.goto("/desk/hooks")
    await page.get_by_text("Убрать адрес").click()
    await expect(page.get_by_text("Вернуть их нельзя")).to_be_visible()
    assert await fits(page)
    await shot(page, "hook-remove")
    await page.get_by_role("button", name="Да, убрать").click()
    await expect(page.get_by_text("Адресов пока нет")).to_be_visible()


async def again_in(sitting: Sitting, office: Office, *, script: bool) -> Page:
    """The same member a day later: the session of yesterday is over."""
    async with office.browser() as browser:
        await browser.sits(office, "raisa")
        sitting.session = browser.cookies["medkarta_desk"]
    return await sitting.page(java_script_enabled=script, viewport={"width": 768, "height": 900})
