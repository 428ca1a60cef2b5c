"""What machines ask of the portal: discovery, keys, tokens, the citizen's claims."""

import base64
import binascii
import hashlib
import secrets
from typing import Any
from urllib.parse import unquote_plus

from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.outside.portal.claims import SUPPORTED, claims_of
from playground.outside.portal.state import TOKEN_TIME, Grant, PortalState, secret

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenError(Exception):
    """An OAuth error of the token endpoint (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def response(self) -> Response:
        headers = NO_STORE | ({"WWW-Authenticate": 'Basic realm="portal"'} if self.status == 401 else {})
        return JSONResponse(
            {"error": self.error, "error_description": self.description},
            self.status,
            headers,
        )


class Tokens:
    def __init__(self, state: PortalState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        guard = self._state.faults.guard
        return [
            Route("/portal/.well-known/openid-configuration", self.discovery),
            Route("/portal/jwks", self.jwks),
            Route("/portal/token", guard("token", self.token), methods=["POST"]),
            Route(
                "/portal/userinfo",
                guard("userinfo", self.userinfo),
                methods=["GET", "POST"],
            ),
        ]

    async def discovery(self, _request: Request) -> Response:
        issuer = self._state.issuer
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "userinfo_endpoint": f"{issuer}/userinfo",
                "jwks_uri": f"{issuer}/jwks",
                "end_session_endpoint": f"{issuer}/logout",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "scopes_supported": ["openid"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
                "prompt_values_supported": ["none", "login"],
                "claims_supported": SUPPORTED,
                "ui_locales_supported": ["ru"],
            }
        )

    async def jwks(self, _request: Request) -> Response:
        return JSONResponse(KeySet([self._state.key]).as_dict(private=False))

    async def token(self, request: Request) -> Response:
        """A code for tokens, once: a code shown again voids the access token it bought (RFC 6749, 4.1.2)."""
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        try:
            self._check_client(request, form)
            grant = self._redeem(form)
        except TokenError as error:
            return error.response()
        access_token = secret()
        self._state.used.put(form["code"], access_token)
        self._state.tokens.put(access_token, grant.citizen)
        return JSONResponse(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": int(TOKEN_TIME.total_seconds()),
                "scope": "openid",
                "id_token": self._id_token(grant),
            },
            headers=NO_STORE,
        )

    def _check_client(self, request: Request, form: dict[str, str]) -> None:
        client_id, client_secret = (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        header = request.headers.get("Authorization", "")
        if header:
            if client_secret:
                raise TokenError("invalid_request", "two ways of client authentication at once")
            try:
                scheme, _, encoded = header.partition(" ")
                named, _, client_secret = base64.b64decode(encoded, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                raise TokenError("invalid_client", "unreadable Authorization header", 401) from None
            if scheme.lower() != "basic" or (client_id and client_id != unquote_plus(named)):
                raise TokenError("invalid_client", "wrong client", 401)
            client_id, client_secret = unquote_plus(named), unquote_plus(client_secret)
        settings = self._state.settings
        id_is_right = secrets.compare_digest(client_id.encode(), settings.portal_client_id.encode())
        secret_is_right = secrets.compare_digest(client_secret.encode(), settings.portal_client_secret.encode())
        if not (id_is_right and secret_is_right):
            raise TokenError("invalid_client", "unknown client or wrong secret", 401)

    def _redeem(self, form: dict[str, str]) -> Grant:
        if form.get("grant_type") != "authorization_code":
            raise TokenError("unsupported_grant_type", "grant_type must be authorization_code")
        code = form.get("code")
        if not code:
            raise TokenError("invalid_request", "code is missing")
        bought = self._state.used.pop(code)
        if bought:
            self._state.tokens.pop(bought)
            raise TokenError("invalid_grant", "the code was used before; its tokens are void")
        # Taken out before the other checks: whoever guesses at a verifier has one guess.
        grant = self._state.grants.pop(code)
        if grant is None:
            raise TokenError("invalid_grant", "no such code, or it has expired")
        if form.get("redirect_uri") != grant.request.redirect_uri:
            raise TokenError("invalid_grant", "redirect_uri differs from the one at authorize")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != grant.request.challenge:
            raise TokenError("invalid_grant", "code_verifier does not match the challenge")
        return grant

    def _id_token(self, grant: Grant) -> str:
        now = int(self._state.clock().timestamp())
        claims: dict[str, Any] = {
            "iss": self._state.issuer,
            "sub": grant.citizen.sub,
            "aud": grant.request.client_id,
            "iat": now,
            "exp": now + int(TOKEN_TIME.total_seconds()),
            "auth_time": int(grant.signed_in_at.timestamp()),
            "nonce": grant.request.nonce,
        }
        return jwt.encode({"alg": "RS256", "kid": self._state.key.kid}, claims, self._state.key)

    async def userinfo(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        citizen = self._state.tokens.get(token.strip()) if scheme.lower() == "bearer" else None
        if citizen is None:
            challenge = 'Bearer realm="portal"' + (', error="invalid_token"' if token else "")
            return JSONResponse(
                {"error": "invalid_token"},
                401,
                NO_STORE | {"WWW-Authenticate": challenge},
            )
        return JSONResponse(claims_of(citizen), headers=NO_STORE)
