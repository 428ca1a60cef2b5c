"""What an answer in a ticket is sent as: words as JSON, or a form with files. What is no such thing is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.datastructures import UploadFile

from api.routes.conversation.bodies import Plain, Strict
from core.domain.document import MAX_BYTES
from core.domain.ticket import LONGEST_REMARK, MOST_FILES

FORM = "multipart/form-data"
Words = Annotated[Plain, Field(min_length=1, max_length=LONGEST_REMARK)]


class Answer(Strict):
    """What the citizen reads. With files: the same as a form, each file as `file`; an answer may be files alone."""

    text: Words


class Covering(Strict):
    """What is written beside files."""

    text: Annotated[Plain, Field(max_length=LONGEST_REMARK)] = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: words, and files by their names, each as far as it may go on."""

    text: str = field(repr=False)
    files: Sequence[tuple[str, bytes]] = field(default=(), repr=False)


WITH_FILES = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "maxLength": LONGEST_REMARK},
        "file": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "minItems": 1,
            "maxItems": MOST_FILES,
            "description": f"PDF, JPG or PNG, each of {MAX_BYTES // 1024 // 1024} MB at most.",
        },
    },
    "required": ["file"],
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": Answer.model_json_schema()}, FORM: {"schema": WITH_FILES}},
    }
}


async def read_answer(request: Request) -> Sent:
    """Read the body, JSON or a form with files. Raises RequestValidationError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind != FORM:
            return Sent(Answer.model_validate_json(await request.body(), strict=False).text)
        # One file more than is taken is still read, so that it is said what is wrong.
        async with request.form(max_files=MOST_FILES + 1, max_fields=1) as form:
            sent = [each for each in form.getlist("file") if isinstance(each, UploadFile)]
            files = [(each.filename or "", await each.read(MAX_BYTES + 1)) for each in sent]
            told = {name: value for name, value in form.multi_items() if name != "file"}
            return Sent((Covering if files else Answer).model_validate(told).text, files)
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"]), "ctx": {}} for each in error.errors(include_context=False)]
        ) from None
