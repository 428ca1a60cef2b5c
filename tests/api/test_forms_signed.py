"""Every write of a page or a program repeats a secret that no other site knows, and a new one cannot be forgotten."""

from collections.abc import Callable, Iterable
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIRouter

from api import sessions
from api.routes import PAGES, REST
from api.routes.page import session as page

SIGNED = {sessions.form_signed, sessions.call_signed, sessions.page_signed, page.signed}
UNSIGNED = {
    "/verify/{token}": "anybody compares a paper; nothing is changed",
    "/api/v1/sessions": "there is no session yet: a page of another site is told by its origin",
}


def asked(dependant: Dependant) -> set[Callable[..., Any] | None]:
    """Everything that a route depends on."""
    return {each.call for each in dependant.dependencies}.union(*map(asked, dependant.dependencies))


def writes(router: APIRouter, around: Iterable[Any] = ()) -> dict[str, set[Any]]:
    """Every way to change something, and what is asked before."""
    above = {*around, *(each.dependency for each in router.dependencies)}
    found: dict[str, set[Any]] = {}
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            found |= writes(inner, above)
        elif isinstance(route, APIRoute) and route.methods - {"GET", "HEAD"}:
            found.setdefault(route.path, set()).add(frozenset(asked(route.dependant) | above))
    return found


def test_every_write_repeats_a_secret() -> None:
    found: dict[str, set[Any]] = {}
    for router in (*PAGES, *REST):
        for path, ways in writes(router).items():
            found.setdefault(path, set()).update(ways)
    assert len(found) > 150
    unsigned = {path for path, ways in found.items() if any(not SIGNED & way for way in ways)}
    assert unsigned == set(UNSIGNED)
