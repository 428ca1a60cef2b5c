"""Where the next page begins: the values that the last row is ordered by, opaque to whoever carries them."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Tuple, Uuid, literal, tuple_

from core.domain.conversation import InvalidCursor
from core.storage.base import UtcDateTime

LARGEST = 2**31


def shut(place: Sequence[Any]) -> str:
    """Return the cursor of a row; its id is the last value."""
    told = [each.isoformat() if isinstance(each, datetime) else each for each in place[:-1]]
    return base64.urlsafe_b64encode(json.dumps([*told, str(place[-1])]).encode()).decode().rstrip("=")


def opened(cursor: str, columns: Sequence[ColumnElement[Any]]) -> Tuple:
    """Return what the columns are compared with. Raises InvalidCursor."""
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [_value(each, column) for each, column in zip(told, columns, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as fault:
        raise InvalidCursor from fault
    return tuple_(*(literal(each, column.type) for each, column in zip(values, columns, strict=True)))


def _value(told: Any, column: ColumnElement[Any]) -> Any:  # noqa: ANN401 - what JSON gives
    if isinstance(column.type, UtcDateTime):
        moment = datetime.fromisoformat(told)
        if moment.tzinfo is None:
            raise InvalidCursor
        return moment.astimezone(UTC)
    if isinstance(column.type, Uuid):
        return UUID(told)
    if isinstance(column.type, Integer):
        fits = isinstance(told, int) and not isinstance(told, bool) and 0 <= told < LARGEST
    else:
        fits = isinstance(told, str) and told.isprintable()
    if not fits:
        raise InvalidCursor
    return told
