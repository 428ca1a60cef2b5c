"""The clinics' pages in a real browser: a choice takes effect at once, nothing is cut off, nothing goes wrong unseen."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.playground.page.world import Arrive
from tests.playground.test_schedules.test_server import booking

pytestmark = pytest.mark.needs_chromium
BASE = "/clinics/780901/fhir"


@pytest.fixture
def booked(arrive: Arrive) -> Any:
    """Somebody at the page of a clinic with an appointment, and its slot."""
    page = arrive().page
    slot = page.request.get(f"{BASE}/Slot?schedule=Schedule/d05&status=free").json()["entry"][0]["resource"]
    assert page.request.post(BASE, data=booking(slot, f"b-{slot['id']}")).ok
    page.goto(f"/schedules/780901?day={slot['start'][:10]}")
    yield page, slot
    page.request.delete("/clinics/faults")


def test_a_server_is_broken_by_a_tap_and_the_list_says_so(booked: Any) -> None:
    page, _ = booked
    with page.expect_navigation():
        page.get_by_text("не работает", exact=True).click()
    expect(page.locator("input[value=down]")).to_be_checked()
    assert page.request.get(f"{BASE}/Schedule").status == 503
    page.goto("/schedules")
    expect(page.locator(".broken")).to_have_text("не работает")


def test_the_clinic_moves_and_cancels_from_the_page(booked: Any) -> None:
    page, slot = booked
    held = page.locator(".held .item").first
    expect(held).to_contain_text("Ильина Анна")
    expect(page.locator(".times .ours").first).to_be_visible()
    with page.expect_navigation():
        held.get_by_role("button", name="Перенести").click()
    assert page.request.get(f"{BASE}/Slot/{slot['id']}").json()["status"] == "free"
    page.get_by_label("Почему отменяется").first.fill("Аппарат сломан")
    held.get_by_role("button", name="Отменить").click()
    expect(held).to_contain_text("снята")


@pytest.mark.parametrize("place", ["/schedules", "/schedules/780901", "/schedules/780902", "/inbox", "/clinic"])
def test_nothing_is_cut_off_on_a_small_phone(arrive: Arrive, place: str) -> None:
    page = arrive(size={"width": 360, "height": 640}).page
    page.goto(place)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("scrollY") == 0
