"""The state portal by OpenID Connect: authorization code with PKCE, an id_token checked by joserfc, userinfo."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Protocol, cast
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jwt import JWTClaimsRegistry

from core.domain.account import PortalPerson
from core.gateways.portal_claims import person
from core.gateways.wire import Answer, ask
from core.ports import Clock, SignInRefused, Unavailable

SYSTEM = "portal"
SECONDS = 5.0
LEEWAY = 60
SCOPE = "openid profile email phone address snils inn passport oms"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class RequestSigner(Protocol):
    """Signs requests the way a portal wants it where the client secret is not enough (ESIA: GOST certificates).

    With a signer the client secret is not sent.
    """

    def sign(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        """Return the parameters of an authorization or token request with whatever the portal wants added."""
        ...


class OidcPortal:
    """`core.ports.Portal`. The portal's own description and keys are fetched when first needed and kept."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        http: httpx.AsyncClient,
        clock: Clock,
        *,
        scope: str = SCOPE,
        signer: RequestSigner | None = None,
    ) -> None:
        self._issuer, self._client_id, self._secret = issuer, client_id, client_secret
        self._redirect_uri, self._scope, self._signer = redirect_uri, scope, signer
        self._http, self._clock = http, clock
        self._endpoints: dict[str, str] | None = None
        self._keys: KeySet | None = None

    def __repr__(self) -> str:
        return f"OidcPortal({self._issuer!r})"

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where the person's browser goes to sign in. Raises Unavailable."""
        endpoint = (await self._discovered())["authorization_endpoint"]
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        parameters = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self._scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(self._signed(parameters))}"

    async def person(self, *, code: str, nonce: str, verifier: str) -> PortalPerson:
        """Exchange the code and return who signed in. Raises SignInRefused, Unavailable."""
        endpoints = await self._discovered()
        tokens = await self._exchange(endpoints["token_endpoint"], code, verifier)
        id_token, access, kind = (tokens.get(name) for name in ("id_token", "access_token", "token_type"))
        if not (isinstance(id_token, str) and isinstance(access, str) and str(kind).lower() == "bearer"):
            raise SignInRefused("the portal's answer lacks a token")
        subject = await self._subject(id_token, nonce)
        bearer = {"Authorization": f"Bearer {access}"}
        told = _accepted(await self._ask("GET", endpoints["userinfo_endpoint"], headers=bearer))
        if not _same(told.get("sub"), subject):
            raise SignInRefused("userinfo is about somebody else")
        return person(told)

    async def _exchange(self, endpoint: str, code: str, verifier: str) -> dict[str, object]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": self._client_id,
            "code_verifier": verifier,
        }
        auth = None if self._signer else httpx.BasicAuth(self._client_id, self._secret)
        return _accepted(await self._ask("POST", endpoint, form=self._signed(form), auth=auth))

    async def _subject(self, id_token: str, nonce: str) -> str:
        """Check the id_token (OpenID Connect Core, section 3.1.3.7) and return its subject."""
        try:
            try:
                claims = jwt.decode(id_token, await self._published(), algorithms=["RS256"]).claims
            except (InvalidKeyIdError, BadSignatureError):
                self._keys = None  # the portal may have changed its keys since we fetched them
                claims = jwt.decode(id_token, await self._published(), algorithms=["RS256"]).claims
            JWTClaimsRegistry(
                now=int(self._clock.now().timestamp()),
                leeway=LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise SignInRefused("the id_token failed a check") from error
        if not _same(claims["nonce"], nonce):
            raise SignInRefused("the id_token answers another request")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._client_id) != self._client_id:
            raise SignInRefused("the id_token was issued for another client")
        return cast("str", claims["sub"])

    async def _discovered(self) -> dict[str, str]:
        if self._endpoints is None:
            told = (await self._ask("GET", self._issuer.rstrip("/") + "/.well-known/openid-configuration")).json() or {}
            found = {name: value for name in ENDPOINTS if isinstance(value := told.get(name), str)}
            # An issuer reached over TLS must not lead elsewhere in clear (OpenID Connect Discovery, 3 and 4.3).
            scheme = self._issuer.partition(":")[0] + "://"
            trusted = all(value.startswith((scheme, "https://")) for value in found.values())
            if told.get("issuer") != self._issuer or len(found) != len(ENDPOINTS) or not trusted:
                raise Unavailable(SYSTEM)
            self._endpoints = found
        return self._endpoints

    async def _published(self) -> KeySet:
        if self._keys is None:
            told = (await self._ask("GET", (await self._discovered())["jwks_uri"])).json() or {}
            listed = told.get("keys")
            usable = [key for key in listed if _verifies(key)] if isinstance(listed, list) else []
            try:
                self._keys = KeySet.import_key_set(cast("KeySetSerialization", {"keys": usable}))
            except (JoseError, ValueError, TypeError) as error:
                raise Unavailable(SYSTEM) from error
        return self._keys

    async def _ask(
        self,
        method: str,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
    ) -> Answer:
        return await ask(self._http, method, url, system=SYSTEM, seconds=SECONDS, form=form, headers=headers, auth=auth)

    def _signed(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        return self._signer.sign(parameters) if self._signer else parameters


def _accepted(answer: Answer) -> dict[str, object]:
    if answer.status == 429:
        raise Unavailable(SYSTEM)
    if answer.status != 200:
        raise SignInRefused(f"the portal answered {answer.status}")
    told = answer.json()
    if told is None:
        raise Unavailable(SYSTEM)
    return told


def _same(told: object, expected: str) -> bool:
    return isinstance(told, str) and hmac.compare_digest(told.encode(), expected.encode())


def _verifies(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") == "RSA" and key.get("use", "sig") == "sig"
