"""Bytes to JSON, strictly: UTF-8, no NaN, no number beyond sense, no name twice in one object, no endless nesting."""

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from core.domain.resource import Issue, Malformed

DEEPEST = 48
"""Levels of nesting; a resource of FHIR R4 in a bundle needs about 20."""
DIGITS = 40
EXPONENT = 40
INTEGERS = range(-(2**63), 2**63)
"""FHIR's are of 32 bits; beyond 64 they are not written as JSON again either."""
TOO_DEEP = f"nested deeper than {DEEPEST} levels"
TOO_LARGE = "a number is longer or larger than any value of medicine"


class _NotJson(ValueError):
    pass


def parsed(
    body: bytes, path: str = "", levels: int = DEEPEST, whence: Callable[[int], int] = lambda at: at
) -> dict[str, Any]:
    """Return the JSON object of a body, its decimals exact. Raises Malformed.

    Of a part of a body: `path` names it, `levels` are left to it, `whence` tells where in the whole a byte of it stands.
    """
    try:
        found = json.loads(
            body.decode("utf-8"),
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refuse,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError:
        raise _unreadable("the body is not UTF-8", path) from None
    except _NotJson as fault:
        raise _unreadable(str(fault), path) from None
    except json.JSONDecodeError as fault:
        at = whence(len(fault.doc[: fault.pos].encode()))
        raise _unreadable(f"not JSON: {fault.msg} at byte {at}", path) from None
    except RecursionError:
        raise _unreadable(TOO_DEEP, path) from None
    if not isinstance(found, dict):
        raise _unreadable("the body must be one JSON object", path)
    # With so few brackets, in strings too, it cannot be.
    if body.count(b"{") + body.count(b"[") > levels and _is_deep(found, levels):
        raise _unreadable(TOO_DEEP, path)
    return found


def _is_deep(content: Any, levels: int) -> bool:  # noqa: ANN401 - whatever JSON holds
    level = [content]
    for _ in range(levels):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def exact(content: Any) -> bytes:  # noqa: ANN401 - whatever JSON holds
    """Return JSON with sorted names and the decimals as they came. Raises ValueError for text that is no Unicode."""
    return orjson.dumps(content, default=_as_written, option=orjson.OPT_SORT_KEYS)


def _as_written(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(type(value).__name__)


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _NotJson(TOO_LARGE) from None
    exponent = value.as_tuple().exponent
    if len(text) > 2 * DIGITS or not isinstance(exponent, int) or not -EXPONENT <= exponent <= EXPONENT:
        raise _NotJson(TOO_LARGE)
    return value


def _integer(text: str) -> int:
    if len(text) > DIGITS or int(text) not in INTEGERS:
        raise _NotJson(TOO_LARGE)
    return int(text)


def _refuse(constant: str) -> None:
    raise _NotJson(f"{constant} is no number in JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotJson("a name stands twice in one object")
    return found


def _unreadable(says: str, path: str) -> Malformed:
    return Malformed(Issue("structure", says, path), unreadable=True)
