"""Cookies that this site alone reads: over HTTPS bound to this host, kept from scripts and from other sites' requests."""

from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response

from api.context import settings_of


def held(request: Request, name: str) -> str | None:
    """Return what the browser sent under a name."""
    return request.cookies.get(_named(request, name))


def give(request: Request, response: Response, name: str, value: str, lifetime: timedelta | None = None) -> None:
    """Give the browser a cookie; without a lifetime it goes when the browser is closed."""
    response.set_cookie(
        _named(request, name),
        value,
        max_age=None if lifetime is None else int(lifetime.total_seconds()),
        secure=settings_of(request).cookie_secure,
        httponly=True,
        samesite="strict",
    )


def drop(request: Request, response: Response, name: str) -> None:
    """Take a cookie from the browser."""
    secure = settings_of(request).cookie_secure
    response.delete_cookie(_named(request, name), secure=secure, httponly=True, samesite="strict")


def named(name: str, *, secure: bool) -> str:
    """`__Host-` binds a cookie to this host, over HTTPS, for all paths."""
    return f"__Host-{name}" if secure else name


def _named(request: Request, name: str) -> str:
    return named(name, secure=settings_of(request).cookie_secure)
