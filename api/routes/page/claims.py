"""What became of the doses and corrections that a citizen sent, on a page; and taking one back."""

from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.page.dose import claim_lines, claim_title
from api.routes.page.faults import told
from api.routes.page.route import PageRoute
from api.routes.page.session import Mine, Proved, show, signed
from api.words import words_for
from core.domain.ids import ClaimId
from core.domain.vaccination import ClaimDecided, ClaimNotThere
from core.services.vaccination import ListClaims, TakeBackClaim, ViewClaim

pages = APIRouter(prefix="/my/vaccinations/claims", route_class=PageRoute, include_in_schema=False)
CLAIMS = "/my/vaccinations/claims"


@pages.get("")
async def claims(request: Request, mine: Proved, listed: FromDishka[ListClaims]) -> Response:
    """What was sent, the newest first."""
    words = await words_for(request)
    lines = [
        {
            "id": each.id,
            "title": claim_title(each, words),
            "at": words.instant(each.sent_at or each.begun_at, mine.zone),
            "state": words(f"vaccination.claim_short.{each.state.value}"),
        }
        for each in await listed(mine.citizen)
    ]
    done = request.query_params.get("done", "")
    key = {"sent": "page.claim.sent", "corrected": "page.claim.sent_correction", "back": "vaccination.taken_back"}.get(
        done
    )
    return await show(request, mine, "claims", lines=lines, note=words(key) if key else None)


@pages.get("/{claim}")
async def claim(request: Request, mine: Proved, claim: str, view: FromDishka[ViewClaim]) -> Response:
    """One of them, with its answer."""
    return await _one(request, mine, claim, view)


@pages.post("/{claim}/back", dependencies=[Depends(signed)])
async def take_back(
    request: Request, mine: Proved, claim: str, takes: FromDishka[TakeBackClaim], view: FromDishka[ViewClaim]
) -> Response:
    """It is needed no more. Twice is once."""
    try:
        await takes(mine.citizen, _claim(claim))
    except ClaimDecided as fault:
        return await _one(request, mine, claim, view, fault)
    return RedirectResponse(f"{CLAIMS}?done=back", 303)


def _claim(text: str) -> ClaimId:
    try:
        return ClaimId(UUID(text))
    except ValueError:
        raise ClaimNotThere from None


async def _one(
    request: Request, mine: Mine, claim: str, view: ViewClaim, fault: ClaimDecided | None = None
) -> Response:
    found, words = await view(mine.citizen, _claim(claim)), await words_for(request)
    told_of = found.claim
    return await show(
        request,
        mine,
        "claim",
        200 if fault is None else 409,
        claim=told_of,
        title=claim_title(told_of, words),
        state=words.rich(
            f"vaccination.claim.{told_of.kind.value}.{told_of.state.value}",
            reason=told_of.reason,
            at=words.instant(told_of.sent_at or told_of.begun_at, mine.zone),
        ),
        lines=claim_lines(told_of, found.dose, words),
        error=told(fault, words) if fault else None,
    )
