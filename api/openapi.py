"""The description of /api/v1: every way it can fail is named, each as application/problem+json."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import PROBLEM, Problem

SCHEMA = {"$ref": "#/components/schemas/Problem"}
WORDS = {
    400: "The body cannot be read.",
    401: "Nobody is signed in, or the session ended.",
    403: "The role or the secret of the session does not allow it.",
    404: "Not there, or not yours: both sound the same.",
    409: "Somebody else was first.",
    413: "The body is larger than 64 KiB.",
    422: "Something in the request is malformed; `fields` say what.",
    429: "Too many failed tries; `Retry-After` says when to come back, in seconds.",
}

Answers = dict[int | str, dict[str, Any]]  # the type that FastAPI asks for


def problems(*statuses: int) -> Answers:
    """Return the description of the ways in which a route can fail."""
    return {
        status: {"description": WORDS[status], "content": {PROBLEM: {"schema": SCHEMA}}} for status in sorted(statuses)
    }


READ = problems(401, 403, 404, 422)
WRITE = problems(400, 401, 403, 404, 409, 413, 422)


def described(app: FastAPI) -> None:
    """Put the description together on first use, with the shape of a problem in it."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
            schema["components"].setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents
