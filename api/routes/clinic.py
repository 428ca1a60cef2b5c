"""How organisations sign in: OAuth 2 client credentials with an assertion signed by their own key (RFC 6749, RFC 7523)."""

from typing import Annotated, Any
from urllib.parse import parse_qsl

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from api.context import clock_of, settings_of
from api.limits import Attempts, client_address
from api.openapi import OAUTH
from api.outcomes import NO_STORE, OAuthFault
from core.domain.clinic import Clinic, ClinicRefused
from core.services.clinic import FindClinic, IssueToken

machines = APIRouter(route_class=DishkaRoute, tags=["clinic"])
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPE = "system/*.cu"
FORM = "application/x-www-form-urlencoded"
bearer = HTTPBearer(auto_error=False, description="The access token of POST /oauth/token.")
FIELDS = {
    "grant_type": {"type": "string", "enum": ["client_credentials"]},
    "client_assertion_type": {"type": "string", "enum": [ASSERTION]},
    "client_assertion": {"type": "string", "description": "A JWT signed by the clinic: RS384, ES384, RS256 or ES256."},
    "scope": {"type": "string", "example": SCOPE},
    "client_id": {"type": "string"},
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "properties": FIELDS,
                    "required": ["grant_type", "client_assertion_type", "client_assertion"],
                }
            }
        },
    }
}


class Token(BaseModel):
    """RFC 6749, 5.1."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


@machines.post("/oauth/token", responses=OAUTH, openapi_extra=BODY, response_model=Token)
async def token(request: Request, use_case: FromDishka[IssueToken]) -> Response:
    """Sign an organisation in: an access token for five minutes."""
    form = await _form(request)
    if form.get("grant_type", "client_credentials") != "client_credentials":
        raise OAuthFault("unsupported_grant_type", "Only client_credentials is granted.")
    if form.get("client_assertion_type") != ASSERTION or not form.get("client_assertion") or "grant_type" not in form:
        raise OAuthFault("invalid_request", "grant_type, client_assertion_type and client_assertion are needed.")
    wanted = form.get("scope", SCOPE).split()
    if not all(scope.startswith("system/") for scope in wanted):
        raise OAuthFault("invalid_scope", f"Only {SCOPE} is granted.")
    attempts, address = await _trying(request)
    audience = f"{settings_of(request).public_url}/oauth/token"
    issued = await use_case(form["client_assertion"], audience, address, form.get("client_id"))
    attempts.forgive(address)
    told = Token(access_token=issued.token, token_type="bearer", expires_in=issued.seconds, scope=SCOPE)  # noqa: S106 - a kind
    return JSONResponse(told.model_dump(), headers=NO_STORE)


async def calling(request: Request, _: Annotated[object, Depends(bearer)]) -> Clinic:
    """Return the organisation that calls. Raises ClinicRefused for a bad token and a strange address alike."""
    scheme, _, held = request.headers.get("authorization", "").partition(" ")
    attempts, address = await _trying(request)
    if scheme.lower() != "bearer" or not held.strip():
        raise ClinicRefused
    find: FindClinic = await request.state.dishka_container.get(FindClinic)
    clinic = await find(held.strip(), address)
    attempts.forgive(address)
    return clinic


Calling = Annotated[Clinic, Depends(calling)]


async def _trying(request: Request) -> tuple[Attempts, str]:
    """Count a try of this address. Raises TooManyTries."""
    attempts: Attempts = request.app.state.clinic_attempts
    address = client_address(request, settings_of(request).trusted_proxies)
    attempts.begin(address, (await clock_of(request)).now())
    return attempts, address


async def _form(request: Request) -> dict[str, str]:
    """Read the fields, each once. Raises OAuthFault."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise OAuthFault("invalid_request", f"The body must be {FORM}.")
    try:
        fields = parse_qsl((await request.body()).decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise OAuthFault("invalid_request", "The body cannot be read.") from None
    form = dict(fields)
    if len(form) != len(fields):
        raise OAuthFault("invalid_request", "A field stands twice.")
    return form
