"""The descriptions of /api/v1 and of what clinics speak: every way they can fail is named."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from api.errors import PROBLEM
from api.refusals import Problem

SCHEMA = {"$ref": "#/components/schemas/Problem"}
WORDS = {
    400: "The body or the cursor cannot be read.",
    401: "Nobody is signed in, or the session ended.",
    403: "The role or the secret of the session does not allow it.",
    404: "Not there, or not yours: both sound the same.",
    409: "Somebody else was first.",
    413: "The body is larger than 64 KiB, or than 20 MiB where files are taken.",
    422: "Something in the request is malformed; `fields` say what.",
    429: "Too many failed tries, or too many open streams; `Retry-After` says when to come back, in seconds.",
}

Answers = dict[int | str, dict[str, Any]]  # the type that FastAPI asks for


def problems(*statuses: int) -> Answers:
    """Return the description of the ways in which a route can fail."""
    return {
        status: {"description": WORDS[status], "content": {PROBLEM: {"schema": SCHEMA}}} for status in sorted(statuses)
    }


READ = problems(401, 403, 404, 422)
READ_ON = problems(400, 401, 403, 404, 422)
WRITE = problems(400, 401, 403, 404, 409, 413, 422)


FHIR_JSON = "application/fhir+json"
OUTCOMES = {
    400: "The body cannot be read as JSON.",
    401: "No valid access token, or a strange address.",
    403: "No card with a standing consent is known for this patient.",
    404: "There is no such resource type, or no such appointment.",
    409: "The identifiers belong to different people, or the record was changed at this moment.",
    413: "The body is too large.",
    415: "Only FHIR in JSON is taken.",
    422: "The content is wrong; `expression` says where.",
    429: "Too many refused calls; `Retry-After` says when to come back, in seconds.",
}
RESOURCE = {
    "type": "object",
    "properties": {"resourceType": {"type": "string"}},
    "required": ["resourceType"],
}
OUTCOME = {
    "type": "object",
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "issue": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["severity", "code"]}},
    },
    "required": ["resourceType", "issue"],
}
FHIR: Answers = {
    **{
        status: {"description": words, "content": {FHIR_JSON: {"schema": RESOURCE}}}
        for status, words in ((200, "Taken in, or kept already."), (201, "Taken in."))
    },
    **{
        status: {"description": words, "content": {FHIR_JSON: {"schema": OUTCOME}}}
        for status, words in OUTCOMES.items()
    },
}
"""How an address under /fhir answers."""
FOUND: Answers = {status: FHIR[status] for status in (200, 400, 401, 403, 404, 422, 429)}
"""How a search under /fhir answers."""
OAUTH: Answers = {
    status: {
        "description": "RFC 6749, 5.2.",
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
            }
        },
    }
    for status in (400, 401, 413, 429)
}


def fhir_body(type_: str = "") -> dict[str, Any]:
    """Return the description of a body: a resource, of one type where it must be that."""
    named = {"resourceType": {"const": type_}} if type_ else {"resourceType": {"type": "string"}}
    schema = RESOURCE | {"properties": named}
    return {"requestBody": {"required": True, "content": {FHIR_JSON: {"schema": schema}}}}


def described_for_clinics(version: str, routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """Return the description of what clinics speak."""
    return get_openapi(title="Medkarta for clinics", version=version, routes=routes)


def described(app: FastAPI) -> None:
    """Put the description together on first use, with the shape of a problem in it."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
            schema["components"].setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents
