"""The public page of a slip, where its QR code leads: whether the appointment stands, and no more than a desk needs."""

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.verifying import CountedFirst, refused, shown
from core.domain.booking import NoBooking
from core.services.booking import VerifySlip


class CountedSlip(CountedFirst):
    """Speaks of slips where it refuses."""

    words = "slip.page"


slips = APIRouter(prefix="/slip", route_class=CountedSlip, include_in_schema=False)


@slips.get("/{token}")
async def page(request: Request, token: str, verify: FromDishka[VerifySlip]) -> Response:
    """The number, whether it stands, when, to whom, which door, and the initials of whoever comes."""
    try:
        found = await verify(token)
    except NoBooking as error:
        return await refused(request, error, "slip.page")
    return await shown(request, "slip.html", found=found)
