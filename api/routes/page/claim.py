"""A dose that a citizen brings, on a page: by a scan or in words, looked through, sent."""

from contextlib import suppress
from typing import Annotated

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.routes.page.dose import (
    OWN,
    answer,
    answer_vaccine,
    chosen,
    claim_lines,
    vaccine_name,
    vaccines_of,
)
from api.routes.page.faults import Faults, sentences, told
from api.routes.page.route import PageRoute
from api.routes.page.session import Mine, Proved, show, signed
from api.routes.page.typed import given, read_scan
from api.words import words_for
from core.domain.account import WrongMove
from core.domain.vaccination import (
    VACCINES,
    ClaimIncomplete,
    ClaimKind,
    Field,
    TooManyClaims,
)
from core.ports import Clock
from core.services.vaccination import (
    AnswerDay,
    AnswerVaccine,
    AnswerWords,
    AttachScan,
    BeginClaim,
    DropDraftClaim,
    SendClaim,
    ViewDraftClaim,
)

pages = APIRouter(prefix="/my/vaccinations", route_class=PageRoute, include_in_schema=False)
ADD, CLAIMS = "/my/vaccinations/add", "/my/vaccinations/claims"


@pages.get("/add")
async def add(request: Request, mine: Proved, view: FromDishka[ViewDraftClaim], clock: FromDishka[Clock]) -> Response:
    """A scan, or in words; what was begun goes on."""
    return await _form(request, mine, view, clock)


@pages.post("/add", dependencies=[Depends(signed)])
async def tell(
    request: Request,
    mine: Proved,
    begin: FromDishka[BeginClaim],
    vaccines: FromDishka[AnswerVaccine],
    days: FromDishka[AnswerDay],
    words: FromDishka[AnswerWords],
    attach: FromDishka[AttachScan],
    view: FromDishka[ViewDraftClaim],
    clock: FromDishka[Clock],
    vaccine: Annotated[str, Form()] = "",
    other: Annotated[str, Form()] = "",
    given_on: Annotated[str, Form()] = "",
    series: Annotated[str, Form()] = "",
    institution: Annotated[str, Form()] = "",
    scan: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep each answer that can be kept; the others are asked for again, and what was typed stays in its place."""
    typed = {
        name: given(text)
        for name, text in (
            ("vaccine", vaccine),
            ("other", other),
            ("given_on", given_on),
            ("series", series),
            ("institution", institution),
        )
    }
    content = await read_scan(scan)
    if content is None and not any(typed.values()):
        return await _form(request, mine, view, clock, typed=typed, faults={"": "page.claim.nothing"})
    citizen, kind, faults = mine.citizen, ClaimKind.NEW, Faults()
    try:
        await begin(citizen)
    except TooManyClaims as fault:
        return await _form(request, mine, view, clock, typed=typed, faults={"": fault})
    if typed["vaccine"] or typed["other"]:
        await answer_vaccine(faults, vaccines, citizen, kind, typed["vaccine"], typed["other"])
    if typed["given_on"]:
        await answer(faults, "given_on", days(citizen, kind, typed["given_on"], mine.zone))
    for field in (Field.SERIES, Field.INSTITUTION):
        # An empty field is «не знаю», as its hint says.
        await answer(faults, field.value, words(citizen, kind, field, typed[field.value]))
    if content is not None:
        await answer(faults, "scan", attach(citizen, content))
    if faults:
        return await _form(request, mine, view, clock, typed=typed, faults=faults)
    return RedirectResponse(f"{ADD}/check", 303)


@pages.get("/add/check")
async def check(request: Request, mine: Proved, view: FromDishka[ViewDraftClaim]) -> Response:
    """Everything that was told, before it is sent."""
    return await _check(request, mine, view)


@pages.post("/add/meant", dependencies=[Depends(signed)])
async def meant(mine: Proved, vaccines: FromDishka[AnswerVaccine], vaccine: Annotated[str, Form()] = "") -> Response:
    """The one of the list that the words probably meant."""
    faults = Faults()
    await answer_vaccine(faults, vaccines, mine.citizen, ClaimKind.NEW, given(vaccine), "")
    return RedirectResponse(f"{ADD}/check", 303)


@pages.post("/add/send", dependencies=[Depends(signed)])
async def send(
    request: Request, mine: Proved, sends: FromDishka[SendClaim], view: FromDishka[ViewDraftClaim]
) -> Response:
    """«Отправить». Sent twice it waits once."""
    try:
        await sends(mine.citizen, ClaimKind.NEW)
    except TooManyClaims as fault:
        return await _check(request, mine, view, fault)
    except (ClaimIncomplete, WrongMove):
        return RedirectResponse(f"{ADD}/check", 303)
    return RedirectResponse(f"{CLAIMS}?done=sent", 303)


@pages.post("/add/drop", dependencies=[Depends(signed)])
async def drop(mine: Proved, drops: FromDishka[DropDraftClaim]) -> Response:
    """Nothing of it is kept."""
    await drops(mine.citizen, ClaimKind.NEW)
    return RedirectResponse("/my/vaccinations", 303)


async def _form(
    request: Request,
    mine: Mine,
    view: ViewDraftClaim,
    clock: Clock,
    *,
    typed: dict[str, str] | None = None,
    faults: Faults | None = None,
) -> Response:
    words, draft = await words_for(request), None
    with suppress(ClaimIncomplete):
        draft = (await view(mine.citizen, ClaimKind.NEW)).claim
    errors = sentences(faults or {}, words)
    kept = dict.fromkeys(("vaccine", "other", "given_on", "series", "institution"), "")
    if draft is not None:
        choice, in_words = chosen(draft.told.vaccine)
        kept = {
            "vaccine": choice,
            "other": in_words,
            "given_on": draft.told.given_on.isoformat() if draft.told.given_on else "",
            "series": draft.told.series or "",
            "institution": draft.told.institution or "",
        }
    return await show(
        request,
        mine,
        "claim_new",
        200 if not errors else 422,
        typed=typed or kept,
        vaccines=vaccines_of(words),
        own=OWN,
        scan=draft is not None and draft.scan is not None,
        today=clock.now().astimezone(mine.zone).date().isoformat(),
        errors=errors,
    )


async def _check(request: Request, mine: Mine, view: ViewDraftClaim, fault: TooManyClaims | None = None) -> Response:
    try:
        found = await view(mine.citizen, ClaimKind.NEW)
    except ClaimIncomplete:
        # Sent or dropped meanwhile, by the same form sent twice or in another window.
        return RedirectResponse(CLAIMS, 303)
    words = await words_for(request)
    return await show(
        request,
        mine,
        "claim_check",
        200 if fault is None else 409,
        lines=claim_lines(found.claim, None, words),
        scan=found.claim.scan is not None,
        ready=found.claim.ready,
        meant=[(place, vaccine_name(VACCINES[place], words)) for place in found.meant],
        error=told(fault, words) if fault else None,
    )
