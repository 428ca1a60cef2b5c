"""A request on pages: written, looked through, sent once, answered within, closed, opened again, rated."""

import io
import re
from datetime import timedelta

import httpx
import pytest
from PIL import Image

from api.limits import MAX_BODY, Attempts
from core.domain.actor import Role, Staff
from core.domain.ticket import TicketState
from core.services.staff import AddStaff
from core.services.ticket import AnswerTicket, ListTickets, ViewTicket, enclosing
from tests.api.office import Office, picture
from tests.api.pages import CSRF, Visitor, call

NEW, ALL = "/my/tickets/new", "/my/tickets"
WORDS = "Не приходит код <b>по СМС</b>, хотя номер верный."


async def filled(visitor: Visitor, path: str, page: str, *scans: bytes, **form: str) -> httpx.Response:
    """Send a form with files, as a browser does."""
    token = CSRF.search(await visitor.sees(page))
    assert token is not None
    chosen = [("scan", (f"снимок-{number}.png", scan, "image/png")) for number, scan in enumerate(scans)]
    files = chosen or [("scan", ("", b"", "application/octet-stream"))]
    return await visitor.browser.post(path, data={"csrf": token[1], **form}, files=files)


async def sent(visitor: Visitor, *scans: bytes) -> str:
    """Write and send one; returns its page."""
    answer = await filled(visitor, NEW, NEW, *scans, topic="security", description=WORDS)
    assert answer.headers["location"] == f"{NEW}/check"
    done = await visitor.sends(f"{NEW}/send", page=f"{NEW}/check")
    return done.headers["location"].partition("?")[0]


async def test_a_request_is_written_looked_through_and_sent_once(inside: Visitor, office: Office):
    visitor = inside
    await visitor.sees(ALL, "Обращений пока нет")
    answer = await filled(visitor, NEW, NEW, b"no picture", topic="security", description="Ой", earlier="26-000009")
    assert answer.status_code == 422
    for each in ("от 10 до 3000", "Такого обращения здесь нет", "PDF, JPG или PNG"):
        assert each in answer.text
    assert 'value="26-000009"' in answer.text
    answer = await filled(visitor, NEW, NEW, picture(), picture(), topic="security", description=WORDS)
    assert answer.headers["location"] == f"{NEW}/check"
    shown = await visitor.sees(f"{NEW}/check", "Вход и коды", "снимок-1.png", "СНИЛС", "•••")
    assert "<b>по СМС</b>" not in shown
    token = CSRF.search(shown)
    assert token is not None
    twice = [await visitor.browser.post(f"{NEW}/send", data={"csrf": token[1]}) for _ in range(2)]
    assert twice[1].headers["location"] == ALL
    one = await visitor.sees(twice[0].headers["location"], "Обращение отправлено", "в обработке", "Ответим до")
    assert len((await call(office, ListTickets, visitor.citizen)).tickets) == 1
    file = re.search(rf"{ALL}/files/[0-9a-f-]+/1", one)
    assert file is not None
    got = await visitor.browser.get(file[0])
    assert (got.status_code, got.headers["content-type"]) == (200, "image/png")
    assert got.headers["content-disposition"].startswith("attachment")


async def test_it_is_answered_within_closed_opened_again_and_rated(inside: Visitor, office: Office):
    visitor = inside
    page = await sent(visitor)
    ticket = (await call(office, ListTickets, visitor.citizen)).tickets[0]
    vera = Staff((await call(office, AddStaff, "vera.operator", "Вера", Role.OPERATOR)).id, Role.OPERATOR)
    await call(office, AnswerTicket, vera, ticket.id, "Номер исправили.", "key")
    await visitor.sees(page, "Номер исправили.", "есть ответ", "Специалист")
    empty = await filled(visitor, f"{page}/answer", page, text=" ")
    assert empty.status_code == 422
    await filled(visitor, f"{page}/answer", page, picture(), text="Вот снимок, всё равно не приходит")
    await visitor.sees(page, "Вот снимок", "снимок-0.png", "в обработке")
    await visitor.sends(f"{page}/close", page=page)
    await visitor.sees(f"{page}?done=closed", "Обращение закрыто", "Открыть снова")
    await visitor.sends(f"{page}/rate", page=page, stars="2", text="Долго")
    await visitor.sends(f"{page}/reopen", page=page, text="Снова не приходит")
    found = (await call(office, ViewTicket, visitor.citizen, ticket.id)).ticket
    assert (found.state, found.rating, found.rated) == (TicketState.IN_WORK, 2, "Долго")
    await visitor.sees(ALL, found.number, "в обработке")


async def test_somebody_elses_request_and_nobodys_sound_the_same(inside: Visitor, office: Office):
    visitor = inside
    await visitor.sees(f"{ALL}/01932f00-0000-7000-8000-000000000001", "нет", status=404)
    await visitor.sees(f"{ALL}/files/01932f00-0000-7000-8000-000000000001/0", "нет", status=404)
    page = await sent(visitor)
    unsigned = await visitor.browser.post(f"{page}/close", data={"csrf": "x"})
    assert unsigned.status_code == 403
    assert office is not None


async def test_a_photo_of_a_telephone_is_taken_in_a_new_request_and_in_one_that_was_sent(inside: Visitor) -> None:
    photo = io.BytesIO()
    Image.effect_noise((500, 500), 90).save(photo, "PNG")
    assert len(photo.getvalue()) > MAX_BODY
    page = await sent(inside, photo.getvalue())
    answer = await filled(inside, f"{page}/answer", page, photo.getvalue(), text="И ещё одно")
    assert answer.headers["location"] == f"{page}?done=kept"


async def test_files_past_the_weight_of_a_request_are_refused_in_one_sentence_and_the_words_stay(
    inside: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await sent(inside, picture())
    monkeypatch.setattr(enclosing, "MOST_BYTES", 1)
    refused = await filled(inside, f"{page}/answer", page, picture(), text="Вот ещё один")
    assert refused.status_code == 422
    for each in ("Все файлы обращения вместе занимают не больше 100 МБ", "Вот ещё один</textarea>"):
        assert each in refused.text
    assert (await filled(inside, f"{page}/answer", page, text="Словами")).status_code == 303


async def test_nobody_writes_faster_than_a_person_does(inside: Visitor, office: Office) -> None:
    office.app.state.ticket_writes = Attempts(2)
    page = await sent(inside)
    refused = await filled(inside, f"{page}/answer", page, text="Ещё")
    assert refused.status_code == 429
    office.clock.moment += timedelta(minutes=6)
    assert (await filled(inside, f"{page}/answer", page, text="Ещё")).status_code == 303
