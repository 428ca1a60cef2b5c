"""For those who run it: does the process live, can it work, how busy is it."""

from ipaddress import ip_address, ip_network

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from api.context import settings_of
from api.metrics import OutboxGauge, inbox
from core.ports import Readiness
from core.services.notification import MeasureOutbox
from core.services.update import CountKept

pages = APIRouter(route_class=DishkaRoute, include_in_schema=False)
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@pages.get("/healthz")
async def alive(request: Request) -> dict[str, bool | str]:
    """The process lives."""
    return {"alive": True, "version": settings_of(request).version}


@pages.get("/readyz")
async def ready(readiness: FromDishka[Readiness]) -> JSONResponse:
    """Every part that is needed answers; else 503 and which one does not."""
    missing = await readiness.missing()
    return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)


@pages.get("/metrics")
async def metrics(request: Request, measure: FromDishka[MeasureOutbox], count: FromDishka[CountKept]) -> Response:
    """Prometheus' text, for the own machine and trusted networks; for others there is no such page."""
    if not _trusted(request):
        raise HTTPException(404)
    gauge: OutboxGauge = request.app.state.outbox
    told = generate_latest() + await gauge.told(measure) + await inbox(count)
    return Response(told, media_type=CONTENT_TYPE_LATEST)


def _trusted(request: Request) -> bool:
    # Whoever comes through a proxy on this machine would look like this machine.
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    return any(address in ip_network(network) for network in settings_of(request).metrics_networks)
