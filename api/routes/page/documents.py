"""«Мои документы» on a page: what was ordered, where it stands, the file; sent by mail, brought back, declared invalid."""

from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.context import clock_of
from api.routes.page.faults import told
from api.routes.page.record import aim_of, file, period_of
from api.routes.page.route import PageRoute
from api.routes.page.session import Mine, Proved, show, signed
from api.words import words_for
from core.domain.extract import (
    MAIL_PAUSE,
    ExtractNotThere,
    ExtractState,
    FileLost,
    MailedLately,
    NoMail,
    OrderIncomplete,
    day_of,
)
from core.domain.ids import ExtractId
from core.services.extract import (
    ListExtracts,
    MailExtract,
    OpenExtract,
    RestoreExtract,
    ViewExtract,
    ViewOrder,
    WithdrawExtract,
)

pages = APIRouter(prefix="/my/documents", route_class=PageRoute, include_in_schema=False)


@pages.get("")
async def documents(
    request: Request, mine: Proved, listed: FromDishka[ListExtracts], order: FromDishka[ViewOrder]
) -> Response:
    """The papers, the newest first; the way to a new one, or on with one that was begun."""
    papers = await listed(mine.citizen)
    try:
        begun = (await order(mine.citizen)).kind.value
    except OrderIncomplete:
        begun = None
    return await show(request, mine, "documents", papers=papers, day_of=day_of, begun=begun)


@pages.get("/{paper}")
async def document(request: Request, mine: Proved, paper: str, view: FromDishka[ViewExtract]) -> Response:
    """One paper."""
    return await _one(request, mine, paper, view)


@pages.get("/{paper}/file.pdf")
async def download(
    request: Request, mine: Proved, paper: str, opens: FromDishka[OpenExtract], view: FromDishka[ViewExtract]
) -> Response:
    """The signed file."""
    try:
        opened = await opens(mine.citizen, _paper(paper))
    except FileLost as fault:
        return await _one(request, mine, paper, view, fault)
    return file(opened.content, opened.name, "pdf")


@pages.post("/{paper}/mail", dependencies=[Depends(signed)])
async def mail(
    request: Request, mine: Proved, paper: str, mails: FromDishka[MailExtract], view: FromDishka[ViewExtract]
) -> Response:
    """Send it to the confirmed address. Sent twice it is one letter."""
    try:
        address = await mails(mine.citizen, _paper(paper))
    except (NoMail, MailedLately) as fault:
        return await _one(request, mine, paper, view, fault)
    return await _one(request, mine, paper, view, mailed=address)


@pages.post("/{paper}/restore", dependencies=[Depends(signed)])
async def restore(mine: Proved, paper: str, restores: FromDishka[RestoreExtract]) -> Response:
    """Bring a paper back from the archive."""
    await restores(mine.citizen, _paper(paper))
    return RedirectResponse(f"/my/documents/{_paper(paper)}", 303)


@pages.post("/{paper}/withdraw", dependencies=[Depends(signed)])
async def withdraw(mine: Proved, paper: str, withdraws: FromDishka[WithdrawExtract]) -> Response:
    """Declare a paper invalid, for good."""
    await withdraws(mine.citizen, _paper(paper))
    return RedirectResponse(f"/my/documents/{_paper(paper)}", 303)


def _paper(text: str) -> ExtractId:
    try:
        return ExtractId(UUID(text))
    except ValueError:
        raise ExtractNotThere from None


async def _one(
    request: Request,
    mine: Mine,
    paper: str,
    view: ViewExtract,
    fault: FileLost | NoMail | MailedLately | None = None,
    *,
    mailed: str | None = None,
) -> Response:
    found, words = await view(mine.citizen, _paper(paper)), await words_for(request)
    extract = found.extract
    signed_by_doctor = extract.doctor and extract.state in {ExtractState.ORDERED, ExtractState.DRAFTING}
    asked = extract.ordered_at or extract.asked_at
    now = (await clock_of(request)).now()
    making = extract.state in {ExtractState.ORDERED, ExtractState.DRAFTING}
    return await show(
        request,
        mine,
        "document",
        200 if fault is None else 404 if isinstance(fault, FileLost) else 422,
        paper=extract,
        state=words.rich(
            f"extract.state.{'signed' if signed_by_doctor else extract.state.value}", reason=extract.reason
        ),
        slow=making and now > asked + MAIL_PAUSE,
        period=period_of(extract.order.days(day_of(asked)), words),
        aim=aim_of(extract.order, words),
        at=words.instant(extract.made_at or asked, mine.zone),
        kept=words.date(day_of(extract.kept_until)) if extract.kept_until else "",
        proof=found.page,
        mail=found.mail,
        mailed=mailed,
        error=told(fault, words) if fault else None,
    )
