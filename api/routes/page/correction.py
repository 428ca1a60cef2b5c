"""A wrong dose put right, on a page: which field, what is right and why, sent to be signed by a specialist."""

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
    now_of,
    vaccine_name,
    vaccines_of,
)
from api.routes.page.faults import Faults, sentences, told
from api.routes.page.record import record_of
from api.routes.page.route import PageRoute
from api.routes.page.session import Mine, Proved, show, signed
from api.routes.page.typed import given, read_scan
from api.words import words_for
from core.domain.account import WrongMove
from core.domain.record import NotFound
from core.domain.vaccination import (
    ClaimIncomplete,
    ClaimKind,
    CorrectionWaits,
    Field,
    TooManyClaims,
)
from core.ports import Clock
from core.services.vaccination import (
    AnswerDay,
    AnswerVaccine,
    AnswerWords,
    AttachScan,
    BeginCorrection,
    DraftView,
    DropDraftClaim,
    SendClaim,
    TypeWhy,
    ViewDraftClaim,
    ViewVaccination,
)

pages = APIRouter(prefix="/my/vaccinations", route_class=PageRoute, include_in_schema=False)
CHECK, CLAIMS = "/my/vaccinations/correction", "/my/vaccinations/claims"


@pages.get("/correction")
async def check(request: Request, mine: Proved, view: FromDishka[ViewDraftClaim]) -> Response:
    """The whole correction, before it is sent."""
    return await _check(request, mine, view)


@pages.post("/correction/send", dependencies=[Depends(signed)])
async def send(
    request: Request, mine: Proved, sends: FromDishka[SendClaim], view: FromDishka[ViewDraftClaim]
) -> Response:
    """«Отправить врачу». Sent twice it waits once."""
    try:
        await sends(mine.citizen, ClaimKind.CORRECTION)
    except TooManyClaims as fault:
        return await _check(request, mine, view, fault)
    except (ClaimIncomplete, WrongMove):
        return RedirectResponse(CHECK, 303)
    return RedirectResponse(f"{CLAIMS}?done=corrected", 303)


@pages.post("/correction/drop", dependencies=[Depends(signed)])
async def drop(mine: Proved, drops: FromDishka[DropDraftClaim]) -> Response:
    """Nothing of it is kept."""
    await drops(mine.citizen, ClaimKind.CORRECTION)
    return RedirectResponse("/my/vaccinations", 303)


@pages.get("/{record}/wrong")
async def which(request: Request, mine: Proved, record: str, view: FromDishka[ViewVaccination]) -> Response:
    """What is wrong, beside what stands there now."""
    words, dose = await words_for(request), (await view(mine.citizen, record_of(record))).vaccination
    fields = [
        (each.value.replace("_", "-"), f"vaccination.label.{each.value}", now_of(dose, each, words)) for each in Field
    ]
    return await show(
        request, mine, "correction_field", record=dose.id, name=vaccine_name(dose.vaccine, words), fields=fields
    )


@pages.get("/{record}/wrong/{name}")
async def ask(
    request: Request,
    mine: Proved,
    record: str,
    name: str,
    view: FromDishka[ViewVaccination],
    drafts: FromDishka[ViewDraftClaim],
    clock: FromDishka[Clock],
) -> Response:
    """What is right, and why."""
    return await _ask(request, mine, record, _field(name), view, drafts, clock)


@pages.post("/{record}/wrong/{name}", dependencies=[Depends(signed)])
async def tell(
    request: Request,
    mine: Proved,
    record: str,
    name: str,
    begin: FromDishka[BeginCorrection],
    vaccines: FromDishka[AnswerVaccine],
    days: FromDishka[AnswerDay],
    words: FromDishka[AnswerWords],
    why_it_is: FromDishka[TypeWhy],
    attach: FromDishka[AttachScan],
    view: FromDishka[ViewVaccination],
    drafts: FromDishka[ViewDraftClaim],
    clock: FromDishka[Clock],
    right: Annotated[str, Form()] = "",
    other: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    scan: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep each answer that can be kept; the others are asked for again, and what was typed stays in its place."""
    citizen, kind, field, faults = mine.citizen, ClaimKind.CORRECTION, _field(name), Faults()
    typed = {"right": given(right), "other": given(other), "why": given(why)}
    try:
        await begin(citizen, record_of(record), field)
    except (TooManyClaims, CorrectionWaits) as fault:
        return await _ask(request, mine, record, field, view, drafts, clock, typed, {"": fault})
    match field:
        case Field.VACCINE:
            await answer_vaccine(faults, vaccines, citizen, kind, typed["right"], typed["other"])
        case Field.GIVEN_ON:
            await answer(faults, "right", days(citizen, kind, typed["right"] or "?", mine.zone))
        case _:
            await answer(faults, "right", words(citizen, kind, field, typed["right"]))
    await answer(faults, "why", why_it_is(citizen, typed["why"]))
    content = await read_scan(scan)
    if content is not None:
        await answer(faults, "scan", attach(citizen, content, kind))
    if "vaccine" in faults:
        faults["right"] = faults.pop("vaccine")
    if faults:
        return await _ask(request, mine, record, field, view, drafts, clock, typed, faults)
    return RedirectResponse(CHECK, 303)


def _field(name: str) -> Field:
    try:
        return Field(name.replace("-", "_"))
    except ValueError:
        raise NotFound from None


async def _draft(mine: Mine, drafts: ViewDraftClaim) -> DraftView | None:
    try:
        return await drafts(mine.citizen, ClaimKind.CORRECTION)
    except (ClaimIncomplete, NotFound):
        return None


async def _ask(
    request: Request,
    mine: Mine,
    record: str,
    field: Field,
    view: ViewVaccination,
    drafts: ViewDraftClaim,
    clock: Clock,
    typed: dict[str, str] | None = None,
    faults: Faults | None = None,
) -> Response:
    words, dose = await words_for(request), (await view(mine.citizen, record_of(record))).vaccination
    found = await _draft(mine, drafts)
    begun = found.claim if found and (found.claim.record, found.claim.wrong) == (dose.id, field) else None
    errors = sentences(faults or {}, words)
    kept = {"right": "", "other": "", "why": ""}
    if begun is not None:
        choice, in_words = chosen(begun.right_vaccine)
        day = begun.right_day
        kept = {
            "right": choice or (day.isoformat() if day else begun.right),
            "other": in_words,
            "why": begun.why,
        }
    return await show(
        request,
        mine,
        "correction",
        200 if not errors else 409 if "" in errors else 422,
        record=dose.id,
        name=vaccine_name(dose.vaccine, words),
        field=field.value,
        address=field.value.replace("_", "-"),
        now=now_of(dose, field, words),
        typed=typed or kept,
        vaccines=vaccines_of(words) if field is Field.VACCINE else [],
        own=OWN,
        scan=begun is not None and begun.scan is not None,
        today=clock.now().astimezone(mine.zone).date().isoformat(),
        errors=errors,
    )


async def _check(request: Request, mine: Mine, drafts: ViewDraftClaim, fault: TooManyClaims | None = None) -> Response:
    found = await _draft(mine, drafts)
    if found is None or found.dose is None or found.claim.wrong is None:
        # Sent or dropped meanwhile, or the clinic took the dose back.
        return RedirectResponse(CLAIMS, 303)
    words, wrong = await words_for(request), found.claim.wrong.value.replace("_", "-")
    return await show(
        request,
        mine,
        "correction_check",
        200 if fault is None else 409,
        name=vaccine_name(found.dose.vaccine, words),
        lines=claim_lines(found.claim, found.dose, words),
        scan=found.claim.scan is not None,
        ready=found.claim.ready,
        edit=f"/my/vaccinations/{found.dose.id}/wrong/{wrong}",
        fields=f"/my/vaccinations/{found.dose.id}/wrong",
        error=told(fault, words) if fault else None,
    )
