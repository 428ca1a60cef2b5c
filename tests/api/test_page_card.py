"""The card's form on a page: the chat's own use cases, their errors in one sentence, resumed at the first gap."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pyotp import TOTP

from core import ports
from core.domain.account import Accounts, PortalPerson, Verification
from core.domain.page import Place
from tests.api.clinics import with_card
from tests.api.office import Office, person
from tests.api.pages import Visitor

ANNA: PortalPerson = replace(person("Анна", "Ильина"), level="PR", sex="female")
RIGHT = {
    "snils": "112-233-445 95",
    "passport-number": "45 12 345678",
    "passport-issued": "01.06.2012",
    "passport-issuer": "ОВД района Арбат города Москвы",
    "passport-code": "770-001",
    "address": "г. Тверь, ул. Советская, д. 1, кв. 2",
}


@pytest.fixture
async def anna(office: Office) -> AsyncIterator[Visitor]:
    """Somebody verified, of whom the portal knows the name, the date of birth and the sex."""
    citizen = await office.knows(ANNA)
    async with office.container() as inside:
        accounts = await inside.get(Accounts)
        async with await inside.get(ports.Transaction):
            await accounts.save(replace(await accounts.of(citizen), verification=Verification.VERIFIED))
    async with Visitor(office, citizen) as anna:
        await anna.enters(Place.CARD)
        yield anna


async def answers(anna: Visitor, field: str, value: str):
    return await anna.sends(f"/my/card/{field}", page="/my", value=value)


async def test_what_the_portal_knows_is_confirmed_and_the_first_gap_comes_next(anna: Visitor):
    await anna.sees("/my/card", "Это известно с портала", "Ильина Анна Сергеевна")
    assert (await anna.sends("/my/card/known", page="/my/card")).status_code == 303
    await anna.sees("/my/card", "СНИЛС", "Шаг 4 из 9", "112-233-445 95")


@pytest.mark.parametrize(
    "value", ["", "   ", "123", "112-233-445 96", "x" * 5000, "<script>alert(1)</script>", "\0", "１１２"]
)
async def test_a_mistake_is_said_in_one_sentence_and_nothing_of_it_is_shown(anna: Visitor, value: str):
    await anna.sends("/my/card/known", page="/my/card")
    answer = await answers(anna, "snils", value)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<script>alert" not in answer.text
    assert "Шаг 4 из 9" in answer.text


async def test_the_form_resumes_in_another_browser_where_it_was_left_and_echoes_numbers_masked(
    anna: Visitor, office: Office
):
    await anna.sends("/my/card/known", page="/my/card")
    for field, value in RIGHT.items():
        answer = await answers(anna, field, value)
        assert answer.status_code == 200, (field, answer.text)
    assert "Записано ✓ Адрес" in answer.text
    async with Visitor(office, anna.citizen) as elsewhere:
        resumed = await elsewhere.enters(Place.CARD)
        assert "Шаг 7 из 9" in resumed.text
        changed = await elsewhere.sees("/my/card/snils", "Сейчас записано")
        assert RIGHT["snils"] not in changed.replace("Например: 112-233-445 95", "")


async def test_a_later_field_that_needs_an_earlier_one_leads_there(anna: Visitor):
    await anna.sends("/my/card/known", page="/my/card")
    answer = await answers(anna, "policy", "7756000812345677")
    assert answer.status_code == 422
    assert "сначала телефон" in answer.text
    assert 'action="/my/card/phone"' in answer.text


async def test_the_phone_is_proved_by_a_code_wrong_ones_are_counted(anna: Visitor):
    await anna.sends("/my/card/known", page="/my/card")
    asked = await answers(anna, "phone", "+7 900 000-00-01")
    assert "отправили SMS" in asked.text
    assert "900 000-00-01" not in asked.text
    wrong = await anna.sends("/my/card/phone/code", code="000000")
    assert wrong.status_code == 422
    assert "осталось попыток: 4" in wrong.text.lower()
    soon = await anna.sends("/my/card/phone/again")
    assert soon.status_code == 429
    assert (await anna.sends("/my/card/phone/code", code="12")).status_code == 422


async def test_no_such_field_is_no_page(anna: Visitor):
    assert (await anna.browser.get("/my/card/blood")).status_code == 404
    assert (await answers(anna, "blood", "x")).status_code == 404


async def test_who_has_a_card_sees_it_and_who_has_a_factor_shows_it_first(office: Office):
    async with Visitor(office, await with_card(office)) as owner:
        assert "Ваша медкарта" in (await owner.enters(Place.CARD)).text
        await owner.has_factor()
        assert (await owner.browser.get("/my/card")).headers["location"].startswith("/my/unlock")
        await owner.unlocks()
        await owner.sees("/my/card", "Ваша медкарта")


async def test_who_is_not_verified_learns_why_there_is_no_form(office: Office):
    async with Visitor(office, await office.knows(person("Олег", "Новиков"))) as oleg:
        page = await oleg.enters(Place.CARD)
        assert page.status_code == 200
        assert "одтвер" in page.text
        assert "<input name" not in page.text


async def test_an_authenticator_is_set_up_on_the_page_and_its_key_is_in_no_markup_but_its_own(anna: Visitor):
    await anna.sees("/my/security", "Приложение с кодами")
    assert (await anna.sends("/my/security/totp")).headers["location"] == "/my/security/totp"
    page = await anna.sees("/my/security/totp", "Добавьте в приложение")
    key = page.split('class="key digits">')[1].split("<")[0].replace(" ", "")
    picture = await anna.browser.get("/my/security/totp/key.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.headers["cache-control"] == "no-store"
    assert key not in picture.text
    wrong = await anna.sends("/my/security/totp/code", code="000000")
    assert wrong.status_code == 422
    done = await anna.sends("/my/security/totp/code", code=TOTP(key).at(anna.office.clock.now()))
    assert done.text.count("<li>") == 10
    await anna.sees("/my/security", "Разделы открыты до", "Резервных кодов осталось: 10")
    again = await anna.browser.get("/my/security/totp")
    assert again.headers["location"] == "/my/security"


async def test_changing_the_lock_wants_a_code_that_was_shown_just_now(office: Office):
    async with Visitor(office, await with_card(office)) as owner:
        await owner.has_factor()
        await owner.enters(Place.SECURITY)
        for path in ("/my/security/totp", "/my/security/sms", "/my/security/codes", "/my/security/span"):
            held = await owner.sends(path)
            assert held.status_code == 403, path
            assert "введённое сохранится" in held.text
        await owner.unlocks()
        assert (await owner.sends("/my/security/span", minutes="30")).status_code == 303
        await owner.sees("/my/security", '<option value="30" selected>')
        office.clock.passes(minutes=11)
        assert (await owner.sends("/my/security/totp")).status_code == 403


async def test_who_lost_the_phone_asks_for_a_check_and_takes_it_back(office: Office):
    async with Visitor(office, await with_card(office)) as owner:
        await owner.has_factor()
        await owner.enters(Place.SECURITY)
        assert (await owner.sends("/my/security/proof")).status_code == 303
        await owner.sees("/my/security", "Проверка личности запрошена")
        await owner.sends("/my/security/proof/back")
        assert "Проверка личности запрошена" not in await owner.sees("/my/security")
