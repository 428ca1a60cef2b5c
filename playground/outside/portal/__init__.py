"""The state portal: an OpenID provider with a login page, a consent page and sample citizens."""

from functools import cache

from joserfc.jwk import RSAKey
from starlette.routing import Route

from playground.outside.citizens import Citizens
from playground.outside.expiring import Clock
from playground.outside.portal.account import AccountPages
from playground.outside.portal.signin import SignInPages
from playground.outside.portal.state import PortalState
from playground.outside.portal.tokens import Tokens
from playground.outside.registries import Registries
from playground.settings import PlaygroundSettings


@cache
def signing_key() -> RSAKey:
    """Made once a process: it takes a tenth of a second, and a portal that restarts gets another one anyway."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


def portal_routes(
    settings: PlaygroundSettings,
    clock: Clock,
    citizens: Citizens,
    registries: Registries,
) -> list[Route]:
    state = PortalState(settings, clock, citizens, signing_key())
    return [
        *Tokens(state).routes(),
        *SignInPages(state).routes(),
        *AccountPages(state, registries).routes(),
    ]
