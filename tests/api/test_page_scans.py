"""Scans and contacts on pages: what the chat does not take where nothing personal is written in it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from core import ports
from core.domain.account import Verification
from core.domain.actor import Role, Staff
from core.domain.document import Kind, Purpose
from core.domain.staff import StaffMembers
from core.services.consent import GiveConsent
from core.services.document import DecideDocument, ListDocuments
from tests.api.office import Office, person, picture
from tests.api.pages import CSRF, Visitor, call, told_code
from tests.api.test_page_card import anna  # noqa: F401 - a fixture
from tests.api.test_page_order import changed


async def sends_file(visitor: Visitor, path: str, content: bytes | None, **form: str) -> httpx.Response:
    """Send a form with a file field, as a browser does."""
    token = CSRF.search(await visitor.sees(path))
    assert token is not None
    files = {"scan": ("scan.png" if content is not None else "", content or b"", "application/octet-stream")}
    return await visitor.browser.post(path, data={"csrf": token[1], **form}, files=files)


@pytest.fixture
async def fresh(office: Office) -> AsyncIterator[Visitor]:
    """Somebody who signed in and is not verified."""
    citizen = await office.knows(person("Олег", "Новиков", inn=None))
    async with Visitor(office, citizen) as oleg:
        await changed(office, oleg, verification=Verification.UNVERIFIED)
        await oleg.enters()
        yield oleg


async def standing(office: Office, visitor: Visitor, purpose: Purpose = Purpose.APPLICATION) -> dict[str, str]:
    """Return what is kept, by kind."""
    found = await call(office, ListDocuments, visitor.citizen, purpose)
    return {each.kind.value: each.state.value for each in found.documents}  # type: ignore[attr-defined]


async def test_scans_of_an_application_are_sent_replaced_relabelled_and_removed(anna: Visitor, office: Office):  # noqa: F811
    await call(office, GiveConsent, anna.citizen, "ru")
    await anna.sees("/my/card")
    await anna.sees("/my/scans", "Паспорт", "ещё нет", "Льготы нужны")
    assert (await sends_file(anna, "/my/scans/passport", picture())).headers["location"] == "/my/scans?done=taken"
    await anna.sees("/my/scans?done=taken", "Файл принят", "есть")
    await anna.sees("/my/scans/passport", "Заменить", "Это другой документ", "Да, убрать")
    await sends_file(anna, "/my/scans/passport", picture((800, 600)))
    assert await standing(office, anna) == {"passport": "received"}
    await anna.sends("/my/scans/passport/other", page="/my/scans/passport", to="snils")
    assert await standing(office, anna) == {"snils": "received"}
    for _ in range(2):
        gone = await anna.sends("/my/scans/snils/remove", page="/my/scans/snils")
        assert gone.headers["location"] == "/my/scans?done=removed"
    assert await standing(office, anna) == {}
    assert (await anna.sends("/my/scans/passport/other", page="/my/scans", to="x")).status_code == 404
    assert (await anna.sends("/my/scans/passport/other", page="/my/scans", to="snils")).status_code == 303


async def test_the_certificate_is_offered_to_who_asks_for_benefits(anna: Visitor):  # noqa: F811
    await anna.sees("/my/card")
    assert "Справка об инвалидности</a>" not in await anna.sees("/my/scans")
    await anna.sees("/my/scans/disability", "Здесь ничего нет", status=404)
    await anna.sends("/my/scans/benefits", page="/my/scans", wanted="yes")
    await anna.sees("/my/scans", "Справка об инвалидности</a>", "по желанию", "Льготы не нужны")
    await anna.sends("/my/scans/benefits", page="/my/scans", wanted="no")
    assert "Справка об инвалидности</a>" not in await anna.sees("/my/scans")


async def test_a_refused_scan_says_why_and_is_asked_for_again(anna: Visitor, office: Office):  # noqa: F811
    await anna.sees("/my/card")
    await sends_file(anna, "/my/scans/snils", picture())
    await office.hires("zoya")
    found = await call(office, ListDocuments, anna.citizen, Purpose.APPLICATION)
    async with office.container() as scope, (await scope.get(ports.Transaction)).looking():
        member = await (await scope.get(StaffMembers)).by_login("zoya")
    assert member is not None
    document = found.of(Kind.SNILS)  # type: ignore[attr-defined]
    await call(office, DecideDocument, Staff(member.id, Role.REVIEWER), document.id, "Не видно <номера>")
    await anna.sees("/my/scans", "нужен новый")
    await anna.sees("/my/scans/snils", "Причина: Не видно &lt;номера&gt;")
    await sends_file(anna, "/my/scans/snils", picture())
    assert await standing(office, anna) == {"snils": "received"}


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "Выберите файл"), (b"", "Файл пустой"), (b"hello", "Нужен PDF"), (picture((50, 50)), "слишком маленькая")],
)
async def test_a_file_that_cannot_be_taken_is_said_at_its_field(anna: Visitor, content: bytes | None, said: str):  # noqa: F811
    await anna.sees("/my/card")
    answer = await sends_file(anna, "/my/scans/passport", content)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-describedby="scan-hint error-scan" aria-invalid="true"' in answer.text


async def test_without_an_open_application_no_scan_is_asked_for_nor_taken(inside: Visitor, office: Office):
    await inside.sees("/my/scans", "Открытой заявки сейчас нет", 'href="/my/card"')
    await inside.sees("/my/scans/x", status=404)
    answer = await sends_file(inside, "/my/scans/passport", picture())
    assert answer.status_code == 422
    assert "Начать её можно в разделе" in answer.text
    assert await standing(office, inside) == {}


async def test_scans_and_contacts_want_the_second_factor_of_who_has_one(owner: Visitor):
    await owner.enters()
    for path in ("/my/scans", "/my/scans/passport", "/my/account", "/my/account/phone", "/my/account/email/code"):
        assert (await owner.browser.get(path)).headers["location"].startswith("/my/unlock"), path
    for path in ("/my/account/phone", "/my/account/papers/inn", "/my/scans/benefits"):
        assert "введённое сохранится" in (await owner.sends(path, page="/my", value="+79000000002")).text, path


async def test_the_account_is_verified_by_a_scan_and_a_typed_number(fresh: Visitor, office: Office):
    await fresh.sees("/my/account", "Не подтверждена", "Паспорт", "ИНН", "нужен")
    wrong = await fresh.sends("/my/account/papers/inn", page="/my/account/scans/inn", inn="123")
    assert wrong.status_code == 422
    assert 'aria-describedby="inn-hint error-inn" aria-invalid="true"' in wrong.text
    kept = await fresh.sends("/my/account/papers/inn", page="/my/account/scans/inn", inn="500100732259")
    assert kept.headers["location"] == "/my/account?done=inn"
    early = await fresh.sends("/my/account/papers/send")
    assert early.status_code == 422
    taken = await sends_file(fresh, "/my/account/scans/passport", picture())
    assert taken.headers["location"] == "/my/account?done=taken"
    await fresh.sees("/my/account?done=taken", "Отправить на проверку", "получен")
    for _ in range(2):
        assert (await fresh.sends("/my/account/papers/send")).headers["location"] == "/my/account?done=asked"
    await fresh.sees("/my/account", "В процессе")
    assert (await fresh.browser.get("/my/account/scans/inn")).headers["location"] == "/my/account"
    assert (await fresh.sends("/my/account/papers/inn", page="/my", inn="500100732259")).headers[
        "location"
    ] == "/my/account"


async def test_the_last_thing_lacking_sends_all_to_be_checked(fresh: Visitor):
    await sends_file(fresh, "/my/account/scans/passport", picture())
    done = await fresh.sends("/my/account/papers/inn", page="/my/account/scans/inn", inn="500100732259")
    assert done.headers["location"] == "/my/account?done=asked"
    await fresh.sees("/my/account?done=asked", "Отправлено на проверку", "В процессе")


@pytest.mark.parametrize(
    ("which", "typed", "masked"),
    [("phone", "8 900 000-00-02", "+7 900 •••-••-02"), ("email", "oleg@example.org", "o•••@example.org")],
)
async def test_a_new_contact_counts_once_its_code_is_entered(
    fresh: Visitor, office: Office, which: str, typed: str, masked: str
):
    path = f"/my/account/{which}"
    wrong = await fresh.sends(path, page=path, value='"<b>@')
    assert wrong.status_code == 422
    assert 'value="&#34;&lt;b&gt;@"' in wrong.text
    assert 'aria-describedby="hint error-value" aria-invalid="true"' in wrong.text
    assert (await fresh.sends(path, page=path, value=typed)).headers["location"] == f"{path}/code"
    again = await fresh.sends(path, page=path, value=typed)
    assert again.status_code == 429
    assert masked in again.text
    assert (await fresh.sees("/my/account")).count("не указан") == 2
    assert (await fresh.sends(f"{path}/code", page=f"{path}/code", code="12")).status_code == 422
    code = await told_code(office)
    done = await fresh.sends(f"{path}/code", page=f"{path}/code", code=code)
    assert done.headers["location"] == f"/my/account?done={which}"
    await fresh.sees("/my/account", masked)
    used = await fresh.sends(f"{path}/code", page=f"{path}/code", code=code)
    assert used.status_code == 422


async def test_another_code_goes_where_the_last_one_went_and_a_stranger_way_is_none(fresh: Visitor, office: Office):
    assert (await fresh.sends("/my/account/phone/again")).headers["location"] == "/my/account/phone"
    await fresh.sends("/my/account/phone", page="/my/account/phone", value="8 900 000-00-02")
    assert (await fresh.sends("/my/account/phone/again")).status_code == 429
    office.clock.passes(seconds=61)
    assert (await fresh.sends("/my/account/phone/again")).headers["location"] == "/my/account/phone/code"
    for path in ("/my/account/fax", "/my/account/policy/code", "/my/account/scans/snils"):
        await fresh.sees(path, "Здесь ничего нет", status=404)


async def test_nothing_of_a_file_is_read_from_whoever_has_no_session(office: Office):
    read: list[int] = []

    async def file() -> AsyncIterator[bytes]:
        for _ in range(100):
            read.append(1)
            yield b"0" * 100_000

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    async with office.browser() as stranger:
        for length in ({}, {"Content-Length": "10000000"}):
            for path in ("/my/scans/passport", "/my/account/scans/passport", "/my/vaccinations/add"):
                answer = await stranger.post(path, content=file(), headers=kind | length)
                assert answer.status_code == 401
                assert "по новой ссылке из чата" in answer.text
    assert read == []
