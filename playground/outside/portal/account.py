"""The portal's front page, the citizens as JSON, and signing out."""

from datetime import date
from typing import Annotated, Any

from joserfc import jwt
from joserfc.errors import JoseError
from pydantic import BaseModel, Field, PastDate, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from playground.outside import samples
from playground.outside.answers import body_of, problem
from playground.outside.citizens import AlreadyThere, Citizen, Known, Level, Sex
from playground.outside.pages import page
from playground.outside.portal.cookies import forget_session, session_of
from playground.outside.portal.request import answer_url, redirect_is_allowed
from playground.outside.portal.state import PortalState
from playground.outside.registries import Registries

TRIES = 50


class Wish(BaseModel):
    """A new citizen; what is absent is invented. `full_name` is «Фамилия Имя Отчество» or «Фамилия Имя»."""

    full_name: Annotated[str, StringConstraints(pattern=r"^\S+ \S+( \S+)?$")] | None = None
    birth_date: PastDate | None = None
    age: Annotated[int, Field(ge=0, le=110)] | None = None
    sex: Sex = "F"
    level: Level | None = None
    known: Known | None = None
    disability: bool = False
    login: Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]{3,40}$")] | None = None
    password: str | None = None


class AccountPages:
    def __init__(self, state: PortalState, registries: Registries) -> None:
        self._state, self._registries = state, registries

    def routes(self) -> list[Route]:
        return [
            Route("/portal", self.front),
            Route("/portal/citizens", self.citizens, methods=["GET", "POST"]),
            Route("/portal/logout", self.logout, methods=["GET", "POST"]),
            *self._state.faults.routes("/portal/faults"),
        ]

    async def front(self, request: Request) -> Response:
        """The sample citizens with everything one may have to type."""
        today = self._state.clock().date()
        people = [(citizen, citizen.age(today)) for citizen in self._state.citizens if citizen.is_sample]
        session = session_of(request, self._state)
        return page(
            request,
            "portal/front.html",
            people=people,
            citizen=session.citizen if session else None,
        )

    async def citizens(self, request: Request) -> Response:
        """GET: all. POST: one more -> 201, known to the registries as well; 409 when the login is taken."""
        today = self._state.clock().date()
        if request.method == "GET":
            return JSONResponse([citizen.as_json(today) for citizen in self._state.citizens])
        wish = await body_of(request, Wish)
        citizen = self._settle(wish, today)
        if citizen is None:
            return problem(409, "this login is taken")
        return JSONResponse(citizen.as_json(today), status_code=201)

    def _settle(self, wish: Wish, today: date) -> Citizen | None:
        """Numbers are drawn at random: when one is somebody else's, draw again."""
        drawn: dict[str, Any] = wish.model_dump()
        drawn["born"] = drawn.pop("birth_date")
        for _ in range(TRIES):
            citizen = samples.newcomer(today, **drawn)
            try:
                self._state.citizens.add(citizen)
            except AlreadyThere:
                continue
            self._registries.add_citizen(citizen)
            return citizen
        return None

    async def logout(self, request: Request) -> Response:
        """Ends the session; leads to `post_logout_redirect_uri` when our token or the client's id vouches for it."""
        query = await request.form() if request.method == "POST" else request.query_params
        target = str(query.get("post_logout_redirect_uri", ""))
        vouched = query.get("client_id") == self._state.settings.portal_client_id or self._is_ours(
            str(query.get("id_token_hint", ""))
        )
        response: Response
        if target and vouched and redirect_is_allowed(target, self._state.settings):
            response = RedirectResponse(
                answer_url(target, self._state.issuer, state=str(query.get("state", ""))),
                303,
            )
        else:
            response = page(request, "portal/signed_out.html")
        forget_session(request, response, self._state)
        return response

    def _is_ours(self, id_token: str) -> bool:
        """Signed here for the client; an expired one still vouches (OpenID Connect RP-Initiated Logout, 2)."""
        try:
            token = jwt.decode(id_token, self._state.key, algorithms=["RS256"])
        except (JoseError, ValueError):
            return False
        return token.claims.get("aud") == self._state.settings.portal_client_id
