"""Bodies: nobody unknown sends many megabytes, and a stolen database does not tell what was written under a key."""

from collections.abc import AsyncIterator
from hashlib import sha256

import pytest
from sqlalchemy import select

from api.sessions import NAME
from core.domain.actor import Role
from core.storage.idempotency import CallRow
from core.storage.transaction import SqlTransaction
from tests.api.office import Browser, Office
from tests.api.talking import at_desk, calls, requests

NOBODY = "0190f0a2-0000-7000-8000-000000000000"


async def test_only_where_files_go_and_with_a_session_a_body_may_be_large(office: Office, desk: Browser) -> None:
    talk = NOBODY
    large = {"text": "x" * 100_000}
    for path in (f"/desk/talks/{talk}/say", f"/api/v1/conversations/{talk}/lines"):
        assert (await desk.post(path, data=large)).status_code != 413
        async with office.browser() as stranger:
            assert (await stranger.post(path, data=large)).status_code in {303, 401}
    assert (await desk.post(f"/desk/talks/{talk}/note", data=large)).status_code == 413


@pytest.mark.parametrize("path", ["/desk/talks/{}/say", "/api/v1/conversations/{}/lines"])
async def test_of_whoever_made_a_session_up_no_file_is_read(office: Office, path: str) -> None:
    read = 0

    async def file() -> AsyncIterator[bytes]:
        nonlocal read
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(100):
            read += 1
            yield b"x" * 100_000

    async with office.browser() as stranger:
        kind = {"Content-Type": "multipart/form-data; boundary=x", "Cookie": f"{NAME}=made-up"}
        answer = await stranger.post(path.format(NOBODY), content=file(), headers=kind)
    assert answer.status_code in {303, 401}
    assert read <= 1


async def test_what_was_sent_under_a_key_is_kept_as_no_hash_that_can_be_guessed(office: Office) -> None:
    async with at_desk(office, "sonya", role=Role.SENIOR) as sonya:
        answer = {"shortcut": "ждём", "title": "Ждём", "texts": {"ru": "Ждём ответа", "en": "We wait"}}
        made = await sonya.posts("/canned", answer, key="once")
        assert made.status_code == 201, made.text
        again = await sonya.posts("/canned", answer, key="once")
        assert again.headers["idempotent-replayed"] == "true"
        sent = made.request.content
    async with office.container() as scope, (transaction := await scope.get(SqlTransaction)).looking():
        (row,) = (await transaction.session.scalars(select(CallRow))).all()
    assert row.body not in {sha256(sent).digest(), sha256(b"application/json\n" + sent).digest()}


async def test_numbers_past_measure_and_keys_with_nothing_in_them_are_refused(office: Office) -> None:
    _, talk = await calls(office)
    _, ticket = await requests(office, name="Вера")
    async with at_desk(office, "olga") as olga:
        assert (await olga.posts(f"/conversations/{talk}/claim")).status_code == 200
        seen = (await olga.sees(talk))["conversation"]
        form = {"csrf": olga.csrf, "epoch": str(seen["epoch"]), "seen": str(seen["lines"]), "text": "а", "key": "a\0b"}
        for path in (f"lines/{10**30}/edit", f"lines/{10**30}/take-back", "say", "note"):
            assert (await olga.browser.post(f"/desk/talks/{talk}/{path}", data=form)).status_code == 404, path
        assert (await olga.browser.post(f"/desk/tickets/{ticket}/note", data=form)).status_code == 404
        assert (await olga.browser.get(f"/desk/tickets/files/{ticket}/{10**30}")).status_code == 404
