"""What went wrong, said to programs of clinics: OperationOutcome under /fhir, RFC 6749 under /oauth."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.limits import TooManyTries
from core.domain.account import WrongMove
from core.domain.clinic import ClinicRefused
from core.domain.consent import NoConsent
from core.domain.resource import Issue, Malformed, NoSuchAppointment, PatientUnclear, UnknownType
from core.ports import Collided

FHIR_JSON = "application/fhir+json"
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthFault(Exception):
    """A request to the token endpoint that is wrong by RFC 6749, 5.2; `error` is its word there."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


class WrongMedia(Exception):
    """Something else than FHIR in JSON was sent."""


FAULTS: Mapping[type[Exception], tuple[int, str, str]] = {
    ClinicRefused: (401, "login", "Sign in: a valid access token is needed, from an address that is registered."),
    NoConsent: (403, "forbidden", "No card with a standing consent is known for this patient."),
    UnknownType: (404, "not-found", "There is no such resource type to send here; bundles go to /fhir itself."),
    PatientUnclear: (409, "conflict", "The identifiers of this patient belong to different people."),
    WrongMove: (409, "conflict", "The same record was changed at this moment: send it again."),
    Collided: (409, "conflict", "Others changed the same at this moment: send it again."),
    WrongMedia: (415, "not-supported", f"Only {FHIR_JSON} in UTF-8 is taken, uncompressed."),
    Malformed: (422, "invalid", "What was sent cannot be taken."),
    OAuthFault: (400, "invalid", "The request is malformed."),
    RequestValidationError: (404, "not-found", "There is nothing at this address."),
    TooManyTries: (429, "throttled", "Too many refused calls from this address; Retry-After says when to come back."),
}
BY_STATUS: Mapping[int, tuple[str, str]] = {
    404: ("not-found", "There is nothing at this address."),
    405: ("not-supported", "This address does not answer to this method."),
    413: ("too-long", "The body is larger than is taken at once: send it in several bundles."),
}
UNFORESEEN = (500, "exception", "Something failed here; nothing was stored. Try again later.")


def spoken_by_machines(request: Request) -> bool:
    """Whether the address is one of those that programs of clinics speak to."""
    return request.url.path.startswith(("/fhir", "/oauth"))


def outcome(*issues: Issue, severity: str = "error") -> dict[str, Any]:
    """Return an OperationOutcome."""
    told = []
    for issue in issues:
        said: dict[str, Any] = {"severity": severity, "code": issue.code, "diagnostics": issue.says}
        if issue.path:
            said["expression"] = [issue.path]
        told.append(said)
    return {"resourceType": "OperationOutcome", "issue": told}


def fhir(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer in FHIR's JSON."""
    return Response(orjson.dumps(content), status, dict(headers or {}), media_type=FHIR_JSON)


async def machine_answer(request: Request, error: Exception) -> Response:
    """Answer a program whose request failed."""
    status, issues = told(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if isinstance(error, TooManyTries):
        headers["Retry-After"] = str(error.seconds)
    if isinstance(error, HTTPException) and error.headers:
        headers |= error.headers
    if not request.url.path.startswith("/oauth"):
        return fhir(outcome(*issues), status, headers)
    word, description = "invalid_request", issues[0].says
    match error:
        case OAuthFault():
            status, word, description = 400, error.error, error.description
        case ClinicRefused():
            word, description = "invalid_client", "The client could not be authenticated."
        case TooManyTries():
            word = "temporarily_unavailable"
        case _ if status == 500:
            word = "server_error"
    content = {"error": word, "error_description": description}
    return Response(orjson.dumps(content), status, headers | NO_STORE, media_type="application/json")


def told(error: Exception) -> tuple[int, Sequence[Issue]]:
    """Return the status and what is wrong."""
    if isinstance(error, NoSuchAppointment):
        return 404, error.issues
    if isinstance(error, Malformed):
        return 400 if error.unreadable else 422, error.issues
    if isinstance(error, HTTPException):
        code, says = BY_STATUS.get(error.status_code, ("invalid", "The request cannot be answered."))
        return error.status_code, (Issue(code, says),)
    status, code, says = next((known for kind, known in FAULTS.items() if isinstance(error, kind)), UNFORESEEN)
    return status, (Issue(code, says),)
