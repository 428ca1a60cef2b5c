"""The public page of a paper, where its QR code leads: whether it is genuine and still holds. Nothing of what it says is shown."""

import hashlib
from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from api.verifying import CountedFirst, refused, shown
from api.words import words_for
from core.domain.extract import ExtractNotThere
from core.ports import Signer
from core.services.extract import ComparePaper, TooFewCharacters, Verified, VerifyPaper

papers = APIRouter(prefix="/verify", route_class=CountedFirst, include_in_schema=False)
pages = APIRouter(prefix="/verify", route_class=DishkaRoute, include_in_schema=False)
CHUNK = 64 * 1024


@pages.get("/certificate")
async def certificate(signer: FromDishka[Signer]) -> Response:
    """What proves the signatures of papers, for whoever checks them with a program of their own."""
    return Response(
        signer.certificate,
        media_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="medkarta-papers.pem"'},
    )


@papers.get("/{token}")
async def page(request: Request, token: str, verify: FromDishka[VerifyPaper]) -> Response:
    """What the paper is, and whether it holds."""
    try:
        found = await verify(token)
    except ExtractNotThere as error:
        return await refused(request, error)
    return await _page(request, found)


@papers.post("/{token}")
async def compare(
    request: Request,
    token: str,
    compare_paper: FromDishka[ComparePaper],
    verify: FromDishka[VerifyPaper],
    tail: Annotated[str, Form()] = "",
    digest: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Compare a file in somebody's hands: its hash as the browser computed it, the file itself, or characters typed."""
    try:
        typed = digest or tail
        if file is not None and file.size and not digest:
            typed = await _hash_of(file)
        elif not typed:
            words = await words_for(request)
            return await _page(request, await verify(token), error=words("verify.no_file"), status=422)
        try:
            found, same = await compare_paper(token, typed)
        except TooFewCharacters as fault:
            words = await words_for(request)
            return await _page(request, await verify(token), error=words(fault.message_key), status=422)
    except ExtractNotThere as error:
        return await refused(request, error)
    return await _page(request, found, same=same)


async def _hash_of(file: UploadFile) -> str:
    counted = hashlib.sha256()
    while chunk := await file.read(CHUNK):
        counted.update(chunk)
    return counted.hexdigest()


async def _page(
    request: Request, found: Verified, *, same: bool | None = None, error: str | None = None, status: int = 200
) -> Response:
    return await shown(request, "verify.html", status, found=found, same=same, error=error)
