"""JSON in and out."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

Body = TypeVar("Body", bound=BaseModel)
HUNG_UP = 499
"""How nginx notes down a caller that did not wait for the answer."""


class Malformed(HTTPException):
    """422: the body is not what the endpoint takes; the detail names the field."""

    def __init__(self, detail: str) -> None:
        # Starlette shows the detail as it is: so that every application answers in JSON without a handler of its own.
        super().__init__(
            422,
            json.dumps({"error": detail}, ensure_ascii=False),
            {"Content-Type": "application/json"},
        )


def problem(status: int, text: str) -> JSONResponse:
    return JSONResponse({"error": text}, status_code=status)


async def body_of(request: Request, shape: type[Body]) -> Body:
    """The JSON body as `shape`; raises Malformed."""
    try:
        return shape.model_validate_json(await request.body())
    except ClientDisconnect:
        # Killed in mid-sentence, as callers are in a storm: no fault of ours, and nobody reads the answer.
        raise HTTPException(HUNG_UP, "the caller has hung up") from None
    except ValidationError as invalid:
        raise Malformed(
            "; ".join(".".join(str(part) for part in error["loc"]) + f": {error['msg']}" for error in invalid.errors())
        ) from None
