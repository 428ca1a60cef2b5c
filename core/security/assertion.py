"""Assertions that clients sign with their own keys (RFC 7523), as SMART's backend services use them."""

import base64
import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry
from joserfc.jwt import JWTClaimsRegistry

from core.ports import Assertion, AssertionRefused

ALGORITHMS = ["RS384", "ES384", "RS256", "ES256"]
LONGEST = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)
"""How far the clocks of two houses may be apart."""
SHORTEST_RSA = 2048
LONGEST_TEXT = 8192


class JoseAssertions:
    """`core.ports.Assertions`."""

    def issuer(self, assertion: str) -> str:
        """Return who says to have signed it; nothing is checked yet. Raises AssertionRefused."""
        try:
            if len(assertion) > LONGEST_TEXT:
                raise AssertionRefused("too long")
            claims = json.loads(jws.extract_compact(assertion.encode()).payload)
        except (JoseError, ValueError, TypeError, RecursionError):
            raise AssertionRefused("not a JWT") from None
        issuer = claims.get("iss") if isinstance(claims, dict) else None
        if not isinstance(issuer, str):
            raise AssertionRefused("no issuer")
        return issuer

    def accept(self, assertion: str, keys: Mapping[str, Any], issuer: str, audience: str, now: datetime) -> Assertion:
        """Check signature, issuer, audience and times. Raises AssertionRefused; whether it was used is not looked at."""
        moment, claims = int(now.timestamp()), _signed(assertion, keys)
        try:
            JWTClaimsRegistry(
                now=moment,
                leeway=int(LEEWAY.total_seconds()),
                iss={"essential": True, "value": issuer},
                sub={"essential": True, "value": issuer},
                aud={"essential": True},
                exp={"essential": True},
                jti={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError, TypeError) as fault:
            raise AssertionRefused(type(fault).__name__) from None
        if audience not in (claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]):
            raise AssertionRefused("meant for somebody else")
        jti, expires = claims["jti"], claims["exp"]
        if not isinstance(jti, str) or not 0 < len(jti) <= 255:
            raise AssertionRefused("no jti")
        if expires > moment + (LONGEST + LEEWAY).total_seconds():
            raise AssertionRefused("lives longer than five minutes")
        return Assertion(jti, datetime.fromtimestamp(expires, UTC) + LEEWAY)

    def usable(self, keys: object) -> Mapping[str, Any]:
        """Return a JWK set as it is kept: public signing keys alone. Raises ValueError with a sentence."""
        listed = keys.get("keys") if isinstance(keys, Mapping) else None
        if not isinstance(listed, list) or not listed:
            raise ValueError('a JWK set is wanted: {"keys": [...]}')
        return {"keys": [_kept(number, key) for number, key in enumerate(listed, start=1)]}


def _signed(assertion: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims that one of the keys signed; the one that is named where one is. Raises AssertionRefused."""
    try:
        named = jws.extract_compact(assertion.encode()).protected.get("kid")
        read = [JWKRegistry.import_key(key) for key in keys["keys"] if named is None or key.get("kid") == named]
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as fault:
        raise AssertionRefused(type(fault).__name__) from None
    for key in read:
        with contextlib.suppress(JoseError, ValueError, TypeError, RecursionError):
            return jwt.decode(assertion, key, algorithms=ALGORITHMS).claims
    raise AssertionRefused("signed by no key of the clinic")


def _kept(number: int, key: object) -> dict[str, Any]:
    if not isinstance(key, Mapping) or key.get("kty") not in {"RSA", "EC"}:
        raise ValueError(f"key {number} is neither RSA nor EC")
    if "d" in key:
        raise ValueError(f"key {number} is a private one: it belongs to the clinic alone")
    if key["kty"] == "EC" and key.get("crv") not in {"P-256", "P-384"}:
        raise ValueError(f"key {number} is not on the curve P-256 or P-384")
    try:
        bits = _bits(key["n"]) if key["kty"] == "RSA" else SHORTEST_RSA
        # Some faults show only when a key is used; a short one is not even tried.
        _ = JWKRegistry.import_key(dict(key)).public_key if bits >= SHORTEST_RSA else None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise ValueError(f"key {number} cannot be read") from None
    if bits < SHORTEST_RSA:
        raise ValueError(f"key {number} is shorter than {SHORTEST_RSA} bits")
    return dict(key)


def _bits(modulus: str) -> int:
    raw = base64.urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))
    return int.from_bytes(raw).bit_length()
