"""FHIR R4 from clinics: transaction bundles and single resources. What is read back, `appointment` answers."""

from typing import Annotated, Any

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse, Response

from api.capabilities import capabilities, smart
from api.context import settings_of
from api.metrics import RESOURCES
from api.openapi import FHIR, described_for_clinics, fhir_body
from api.outcomes import FHIR_JSON, WrongMedia, fhir, outcome
from api.routes import appointment, clinic
from api.routes.clinic import Calling
from core.domain.resource import Issue, Outcome
from core.services.resource import One, TakeIn, Taken

machines = APIRouter(prefix="/fhir", route_class=DishkaRoute, tags=["resource"])
COUNTS = "urn:medkarta:fhir:kept"
"""The extension in which the answer to a bundle says how many of each type came, and how many of those are shown."""
STATUS = {Outcome.CREATED: "201 Created"}
SAYS = {
    Outcome.STALE: "A newer version is kept already; this one changes nothing.",
    Outcome.UNCHANGED: "This version is kept already.",
    Outcome.REMOVED: "Taken back: nothing of it is shown any more.",
}
KEPT_ALONE = "Kept as it came; nothing of it is shown to the citizen."
Type = Annotated[str, Path(pattern="^[A-Z][A-Za-z]{1,63}$", description="A resource type of FHIR R4.")]
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9\-.]{1,64}$", description="The clinic's own id of the resource.")]


def in_fhir(request: Request) -> None:
    """Refuse whatever is not FHIR in JSON. Raises WrongMedia."""
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    told = dict(part.strip().lower().partition("=")[::2] for part in parameters.split(";"))
    charset = told.get("charset", "utf-8").strip('"')
    encoded = request.headers.get("content-encoding", "identity").lower()
    if media.strip().lower() != FHIR_JSON or charset not in {"utf-8", "utf8"} or encoded != "identity":
        raise WrongMedia


@machines.get("/metadata", responses={200: {"content": {FHIR_JSON: {}}}}, response_class=Response)
async def metadata(request: Request) -> Response:
    """What is taken here, as a CapabilityStatement."""
    settings = settings_of(request)
    return fhir(capabilities(settings.public_url, settings.version))


@machines.get("/.well-known/smart-configuration")
async def smart_configuration(request: Request) -> dict[str, Any]:
    """Where a token is to be had (SMART App Launch 2, backend services)."""
    return smart(settings_of(request).public_url)


@machines.get("/openapi.json", include_in_schema=False)
async def description(request: Request) -> JSONResponse:
    """This API in OpenAPI's words."""
    routes = [*clinic.machines.routes, *appointment.machines.routes, *machines.routes]
    return JSONResponse(described_for_clinics(settings_of(request).version, routes))


@machines.post("", responses=FHIR, openapi_extra=fhir_body("Bundle"), dependencies=[Depends(in_fhir)])
async def transaction(request: Request, caller: Calling, use_case: FromDishka[TakeIn]) -> Response:
    """Take in a transaction bundle: all of it or nothing."""
    taken = await use_case(caller.actor, request.stream())
    _count(taken)
    counts = [
        {
            "url": COUNTS,
            "extension": [
                {"url": "type", "valueCode": type_},
                {"url": "came", "valueUnsignedInt": came},
                {"url": "shown", "valueUnsignedInt": shown},
            ],
        }
        for type_, (came, shown) in taken.counts.items()
    ]
    entries = [{"response": _response(one)} for one in taken.each]
    return fhir(
        {"resourceType": "Bundle", "meta": {"extension": counts}, "type": "transaction-response", "entry": entries}
    )


@machines.post("/{type_}", responses=FHIR, openapi_extra=fhir_body(), dependencies=[Depends(in_fhir)])
async def create(request: Request, type_: Type, caller: Calling, use_case: FromDishka[TakeIn]) -> Response:
    """Take in one resource; what it is called is its own `id`."""
    return _single(request, await use_case(caller.actor, request.stream(), type_))


@machines.put("/{type_}/{id_}", responses=FHIR, openapi_extra=fhir_body(), dependencies=[Depends(in_fhir)])
async def put(request: Request, type_: Type, id_: Id, caller: Calling, use_case: FromDishka[TakeIn]) -> Response:
    """Take in one resource under the clinic's own id."""
    return _single(request, await use_case(caller.actor, request.stream(), type_, id_))


def _single(request: Request, taken: Taken) -> Response:
    _count(taken)
    (one,) = taken.each
    response = _response(one)
    headers = {"Location": f"{settings_of(request).public_url}/fhir/{response['location']}"}
    if "etag" in response:
        headers["ETag"] = response["etag"]
    said = response.get("outcome") or outcome(Issue("informational", "Taken in."), severity="information")
    return fhir(said, 201 if one.outcome is Outcome.CREATED else 200, headers)


def _response(one: One) -> dict[str, Any]:
    key, stamp = one.arrived.key, one.arrived.stamp
    told: dict[str, Any] = {"status": STATUS.get(one.outcome, "200 OK"), "location": str(key)}
    if stamp.version:
        told["etag"] = f'W/"{stamp.version}"'
    if stamp.updated_at:
        told["lastModified"] = stamp.updated_at.isoformat()
    says = SAYS.get(one.outcome) or ("" if one.shown else KEPT_ALONE)
    if says:
        told["outcome"] = outcome(Issue("informational", says), severity="information")
    return told


def _count(taken: Taken) -> None:
    for one in taken.each:
        RESOURCES.labels(one.arrived.key.type, one.outcome.value, "yes" if one.shown else "no").inc()
