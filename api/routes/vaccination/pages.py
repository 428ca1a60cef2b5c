"""What citizens bring about their vaccinations: compared with its scan and linked; corrected under a specialist's signature."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.context import clock_of
from api.errors import detail, told
from api.headers import policy
from api.idempotency import OnceRoute
from api.openapi import READ, WRITE, Answers, problems
from api.rendering import render
from api.routes.document import BYTES, SHOWN
from api.routes.vaccination.shown import (
    ClaimRefusal,
    Dose,
    OpenClaim,
    SignatureOf,
    WaitingClaim,
    command,
    filled,
    open_claim,
    options,
    right,
    row,
)
from api.sessions import Checker, Doctor, call_signed, form_signed
from api.words import words_for
from core.domain.ids import ClaimId
from core.domain.record.names import name_of
from core.domain.staff import Session
from core.domain.vaccination import (
    BadDose,
    ClaimDecided,
    ClaimKind,
    ClaimNotThere,
    NoStaffKey,
    WordsLong,
    WordsShort,
    WrongProof,
)
from core.services.vaccination import (
    AcceptClaim,
    DeskClaim,
    ListWaitingClaims,
    OpenClaimScan,
    RefuseClaim,
    Sheet,
    SignCorrection,
    ViewDeskClaim,
    ViewSheet,
    Written,
)
from core.services.verification import REASON_LIMIT, ReasonNeeded

pages = APIRouter(prefix="/desk/vaccinations", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/vaccinations", route_class=OnceRoute, tags=["vaccination"])
DONE = frozenset({"accepted", "refused", "signed"})
IN_THE_WAY = (BadDose, WordsShort, WordsLong, ReasonNeeded, WrongProof, NoStaffKey, ClaimDecided)
LONGEST_SIGNATURE = 8192
SHEET: Answers = {
    200: {"content": {"application/json": {}}, "description": "The bytes to be signed, exactly as they are."}
}


@pages.get("")
async def page(request: Request, session: Checker, listed: FromDishka[ListWaitingClaims], done: str = "") -> Response:
    """What waits, the longest first, with a word on what was just done."""
    words, now = await words_for(request), (await clock_of(request)).now()
    waiting = [(each, words.wait(each.since, now)) for each in await listed(session.member.actor)]
    return await render(request, "vaccinations.html", waiting=waiting, done=done if done in DONE else None)


@pages.get("/{claim_id}")
async def one_page(
    request: Request,
    claim_id: UUID,
    session: Checker,
    view: FromDishka[ViewDeskClaim],
    sheet: FromDishka[ViewSheet],
) -> Response:
    """One, with the form of what can be done."""
    found = await view(session.member.actor, ClaimId(claim_id))
    return await _page(request, session, found, sheet)


@pages.post("/{claim_id}", dependencies=[Depends(form_signed)])
async def decide_on_page(
    request: Request,
    claim_id: UUID,
    session: Checker,
    view: FromDishka[ViewDeskClaim],
    sheet: FromDishka[ViewSheet],
    accept: FromDishka[AcceptClaim],
    refuse: FromDishka[RefuseClaim],
    decision: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
    given_on: Annotated[str, Form()] = "",
    series: Annotated[str, Form()] = "",
    institution: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Add or refuse; what stands in the way is said on the same page, with everything typed still in its field."""
    actor, claim = session.member.actor, ClaimId(claim_id)
    written = Written(given_on, code, words, series, institution)
    try:
        if decision == "accept":
            await accept(actor, claim, written)
        else:
            await refuse(actor, claim, reason)
    except IN_THE_WAY as error:
        typed = written if decision == "accept" else None
        return await _page(request, session, await view(actor, claim), sheet, typed, reason, error)
    return RedirectResponse(f"/desk/vaccinations?done={'accepted' if decision == 'accept' else 'refused'}", 303)


@pages.post("/{claim_id}/signature", dependencies=[Depends(form_signed)])
async def sign_on_page(
    request: Request,
    claim_id: UUID,
    session: Doctor,
    view: FromDishka[ViewDeskClaim],
    sheet: FromDishka[ViewSheet],
    sign: FromDishka[SignCorrection],
    signature: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """The signature, pasted or as a file."""
    actor, claim = session.member.actor, ClaimId(claim_id)
    if not signature.strip() and file is not None:
        signature = (await file.read(LONGEST_SIGNATURE)).decode("ascii", "replace")
    try:
        await sign(actor, claim, signature)
    except IN_THE_WAY as error:
        return await _page(request, session, await view(actor, claim), sheet, error=error)
    return RedirectResponse("/desk/vaccinations?done=signed", 303)


@pages.get("/{claim_id}/scan")
@rest.get("/{claim_id}/scan", responses=READ | BYTES, response_class=Response)
async def scan(claim_id: UUID, session: Checker, open_scan: FromDishka[OpenClaimScan]) -> Response:
    """The scan as it was checked and cleaned, under a name that tells nothing."""
    claim, body = await open_scan(session.member.actor, ClaimId(claim_id))
    mime = claim.scan.mime if claim.scan else ""
    suffix = SHOWN.get(mime)
    place = f'inline; filename="vaccination.{suffix}"' if suffix else 'attachment; filename="vaccination"'
    guard = policy(default_src="'none'", form_action="'none'", frame_ancestors="'self'", sandbox="")
    return Response(
        body,
        media_type=mime if suffix else "application/octet-stream",
        headers={"Content-Disposition": place, "Content-Security-Policy": guard, "X-Frame-Options": "SAMEORIGIN"},
    )


@pages.get("/{claim_id}/sheet")
@rest.get("/{claim_id}/sheet", responses=READ | problems(409, 422) | SHEET, response_class=Response)
async def sheet_of(claim_id: UUID, session: Doctor, view: FromDishka[ViewSheet]) -> Response:
    """The bytes to be signed, exactly as they are."""
    found = await view(session.member.actor, ClaimId(claim_id))
    place = f'attachment; filename="correction-{found.claim.id}.json"'
    return Response(found.content, media_type="application/json", headers={"Content-Disposition": place})


@rest.get("", responses=problems(401, 403, 422))
async def waiting(session: Checker, listed: FromDishka[ListWaitingClaims]) -> list[WaitingClaim]:
    """What waits for you, the longest first: at most a hundred."""
    return [row(each) for each in await listed(session.member.actor)]


@rest.get("/{claim_id}", responses=READ)
async def read(claim_id: UUID, session: Checker, view: FromDishka[ViewDeskClaim]) -> OpenClaim:
    """One, with what is to be compared."""
    return open_claim(await view(session.member.actor, ClaimId(claim_id)))


@rest.post("/{claim_id}/acceptance", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def accept_by_call(claim_id: UUID, session: Checker, accept: FromDishka[AcceptClaim], dose: Dose) -> None:
    """Link it to the record, as you saw it. A second call finds that it was done: 409 with the login of whoever did."""
    written = Written(dose.given_on, dose.code, dose.words, dose.series, dose.institution)
    await accept(session.member.actor, ClaimId(claim_id), written)


@rest.post("/{claim_id}/refusal", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def refuse_by_call(
    claim_id: UUID, session: Checker, refuse: FromDishka[RefuseClaim], refusal: ClaimRefusal
) -> None:
    """Refuse with a reason, which the citizen reads."""
    await refuse(session.member.actor, ClaimId(claim_id), refusal.reason)


@rest.post("/{claim_id}/signature", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def sign_by_call(
    claim_id: UUID, session: Doctor, sign: FromDishka[SignCorrection], signature: SignatureOf
) -> None:
    """Confirm a correction by your signature over its sheet: only then the record changes."""
    await sign(session.member.actor, ClaimId(claim_id), signature.signature)


async def _page(
    request: Request,
    session: Session,
    found: DeskClaim,
    view_sheet: ViewSheet,
    typed: Written | None = None,
    reason: str = "",
    error: Exception | None = None,
) -> Response:
    words, claim = await words_for(request), found.claim
    sheet: Sheet | None = None
    if claim.kind is ClaimKind.CORRECTION and claim.waiting:
        try:
            sheet = await view_sheet(session.member.actor, claim.id)
        except NoStaffKey as missing:
            error = error or missing
        except (ClaimDecided, ClaimNotThere):
            sheet = None  # decided at this moment, or the dose is gone: the page says which
    return await render(
        request,
        "vaccination.html",
        told(error)[0] if error and not isinstance(error, NoStaffKey) else 200,
        found=found,
        claim=claim,
        dose=typed or filled(claim),
        options=options(words.language),
        names=(name_of(found.dose.vaccine, words.language) if found.dose else "", right(claim, words.language)),
        sheet=sheet,
        command=command(sheet) if sheet else "",
        reason=reason,
        limit=REASON_LIMIT,
        error=detail(error, words) if error else None,
    )
