"""What a citizen handed over to a specialist: a page that opens once, by a link or by a dictated code, and can be reread.

Following the link uses nothing up: messengers and mail servers follow links by themselves. Whatever does not open sounds the same.
"""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.context import clock_of, settings_of
from api.cookies import give, held
from api.headers import policy
from api.limits import Attempts, TooManyTries, client_address
from api.rendering import render
from api.sessions import keep_page_secret, page_secret, page_signed
from api.words import Words, words_for
from core.domain.handover import READING, HandoverGone
from core.domain.record import Visit
from core.domain.record.names import name_of, tidy
from core.services.handover import AnnounceHandover, OpenHandover, ReadHandover
from core.services.record.history_paper import diagnosis_of

READER = "medkarta_handover"
READING_PAGE = "/handover/visits"
STRICT = policy(default_src="'none'", style_src="'self'", img_src="'self'", form_action="'self'")
"""Less than any other page may: styles and the mark of our own, and its own form. No script runs here at all."""
UNSEEN = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Content-Security-Policy": STRICT}

pages = APIRouter(prefix="/handover", route_class=DishkaRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """One visit as the page shows it: only what the clinic told."""

    when: str
    institution: str
    lines: list[tuple[str, list[str]]]


@pages.get("")
async def ask_code(request: Request) -> Response:
    """Ask for the code that the patient dictates."""
    return await _code_page(request)


@pages.post("", dependencies=[Depends(page_signed)])
async def open_by_code(
    request: Request, open_handover: FromDishka[OpenHandover], code: Annotated[str, Form()] = ""
) -> Response:
    """Open by a code. How often an address may be wrong is limited here, how often a code may be, by the core."""
    attempts: Attempts = request.app.state.handover_attempts
    address = client_address(request, settings_of(request).trusted_proxies)
    try:
        attempts.begin(address, (await clock_of(request)).now())
        reader = await open_handover(code=code.replace("\0", "") or "-")
    except TooManyTries as error:
        response = await _code_page(request, "too_many", 429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except HandoverGone:
        return await _code_page(request, "wrong", 410)
    attempts.forgive(address)
    return _to_reading(request, reader)


@pages.get("/visits")
async def read(request: Request, read_handover: FromDishka[ReadHandover]) -> Response:
    """Show the visits to the browser that opened them."""
    reader = held(request, READER) or ""
    try:
        found = await read_handover(reader)
    except HandoverGone:
        return await _gone(request)
    words, zone = await words_for(request), ZoneInfo(found.zone)
    until = format_datetime(found.read_until, "HH:mm (ZZZZ)", tzinfo=zone, locale=words.language)
    response = await render(
        request,
        "handover_visits.html",
        found=found,
        born=format_date(found.birth_date, "d MMMM y", locale=words.language) if found.birth_date else "",
        visits=[shown(visit, words, zone) for visit in found.visits],
        until=until,
        zone=format_datetime(found.read_until, "ZZZZ", tzinfo=zone, locale=words.language),
    )
    response.headers.update(UNSEEN)
    return response


@pages.get("/{token}")
async def announce(request: Request, token: str, announce_handover: FromDishka[AnnounceHandover]) -> Response:
    """Say for whom it is, and offer to open it."""
    try:
        found = await announce_handover(token)
    except HandoverGone:
        return await _gone(request)
    secret = page_secret(request)
    minutes = str(int(READING.total_seconds()) // 60)
    response = await render(
        request, "handover.html", name="announce", recipient=found.recipient, minutes=minutes, csrf=secret
    )
    return _kept(request, response, secret)


@pages.post("/{token}", dependencies=[Depends(page_signed)])
async def open_by_link(request: Request, token: str, open_handover: FromDishka[OpenHandover]) -> Response:
    """Open, and burn the link."""
    try:
        reader = await open_handover(token=token)
    except HandoverGone:
        return await _gone(request)
    return _to_reading(request, reader)


def shown(visit: Visit, words: Words, zone: tzinfo) -> Shown:
    """Return one visit for the page."""
    language = words.language
    told = {
        "kind": [name_of(visit.kind, language)] if visit.kind else [],
        "doctor": [" · ".join(filter(None, (tidy(visit.doctor), tidy(visit.speciality))))],
        "diagnoses": [diagnosis_of(each, language) for each in visit.diagnoses],
        "recommendations": list(visit.recommendations),
        "prescriptions": list(visit.prescriptions),
    }
    lines = [(words(f"visit.label.{name}"), [each for each in values if each]) for name, values in told.items()]
    when = format_datetime(visit.started_at, "d MMMM y, HH:mm", tzinfo=zone, locale=language)
    return Shown(when, tidy(visit.institution), [(label, values) for label, values in lines if values])


def _to_reading(request: Request, reader: str) -> Response:
    """Give the browser what it reads by; the page gets an address of its own, so that link and code leave the bar."""
    response = RedirectResponse(READING_PAGE, 303, UNSEEN)
    give(request, response, READER, reader, READING)
    return response


async def _code_page(request: Request, fault: str = "", status: int = 200) -> Response:
    secret = page_secret(request)
    response = await render(request, "handover.html", status, name="code", fault=fault, csrf=secret)
    return _kept(request, response, secret)


async def _gone(request: Request) -> Response:
    response = await render(request, "handover.html", 410, name="gone")
    response.headers.update(UNSEEN)
    return response


def _kept(request: Request, response: Response, secret: str) -> Response:
    keep_page_secret(request, response, secret)
    response.headers.update(UNSEEN)
    return response
