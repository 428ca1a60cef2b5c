"""What people see of the portal: the login page, the consent page, the way back."""

import math
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from playground.outside.pages import page
from playground.outside.portal.claims import asked_of
from playground.outside.portal.cookies import (
    browser_of,
    remember_browser,
    remember_session,
    session_of,
)
from playground.outside.portal.request import (
    BadClient,
    Refused,
    answer_url,
    read_request,
)
from playground.outside.portal.state import Grant, PortalState, Session, SignIn, secret

WRONG = "Неверный логин или пароль. Проверьте раскладку и заглавные буквы и попробуйте ещё раз."
STALE = "Этот вход начат слишком давно или в другом браузере. Вернитесь в чат и нажмите кнопку входа ещё раз."


class SignInPages:
    def __init__(self, state: PortalState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        return [
            Route(
                "/portal/authorize",
                self._state.faults.guard("authorize", self.authorize),
            ),
            Route("/portal/login", self.login, methods=["GET", "POST"]),
            Route("/portal/continue", self.go_on, methods=["POST"]),
            Route("/portal/consent", self.consent, methods=["GET", "POST"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """Starts a sign-in; a faulty request is answered at the client, and one from a stranger on a page."""
        query = request.query_params
        try:
            asked = read_request(query, self._state.settings)
        except BadClient as bad:
            return page(request, "portal/stopped.html", 400, text=str(bad))
        except Refused as refused:
            return RedirectResponse(
                answer_url(
                    query["redirect_uri"],
                    self._state.issuer,
                    state=query.get("state", ""),
                    error=refused.error,
                    error_description=refused.description,
                ),
                303,
            )
        if asked.prompt == "none":
            error = "consent_required" if session_of(request, self._state) else "login_required"
            return RedirectResponse(asked.answer(self._state.issuer, error=error), 303)
        browser = browser_of(request) or secret()
        sign_in = SignIn(secret(), browser, asked)
        self._state.sign_ins.put(sign_in.id, sign_in)
        session = None if asked.prompt == "login" else session_of(request, self._state)
        response = (
            self._choice(request, sign_in, session) if session else self._form(request, sign_in, asked.login_hint)
        )
        remember_browser(response, browser, self._state)
        return response

    async def login(self, request: Request) -> Response:
        """GET: the form, for another account. POST {sign_in, login, password}: in, or the form and what is wrong."""
        if request.method == "GET":
            sign_in = self._sign_in(request, request.query_params.get("sign_in"))
            return self._form(request, sign_in) if sign_in else self._stale(request)
        form = await request.form()
        sign_in = self._sign_in(request, form.get("sign_in"))
        if sign_in is None:
            return self._stale(request)
        login, password = (
            str(form.get("login", ""))[:100],
            str(form.get("password", ""))[:200],
        )
        known = self._state.citizens.find(login)
        key = known.login if known else login.strip().casefold()
        if wait := self._state.throttle.wait(key):
            minutes = math.ceil(wait.total_seconds() / 60)
            text = f"Слишком много попыток. Подождите {minutes} мин. и попробуйте снова."
            response = self._form(request, sign_in, login, text, 429)
            response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
            return response
        citizen = self._state.citizens.sign_in(login, password)
        if citizen is None:
            self._state.throttle.wrong(key)
            return self._form(request, sign_in, login, WRONG, 401)
        self._state.throttle.right(key)
        session = Session(citizen, self._state.clock())
        response = self._enter(sign_in, session)
        remember_session(response, session, self._state)
        return response

    async def go_on(self, request: Request) -> Response:
        """POST {sign_in}: as the citizen of the session."""
        sign_in = self._sign_in(request, (await request.form()).get("sign_in"))
        if sign_in is None:
            return self._stale(request)
        session = session_of(request, self._state)
        return self._enter(sign_in, session) if session else self._form(request, sign_in)

    async def consent(self, request: Request) -> Response:
        """GET: what the client asks for. POST {sign_in, decision: allow|deny}: to the client with a code or an error."""
        form = await request.form() if request.method == "POST" else request.query_params
        sign_in = self._sign_in(request, form.get("sign_in"))
        if sign_in is None:
            return self._stale(request)
        decision = form.get("decision") if request.method == "POST" else None
        if decision and sign_in.answer:
            return RedirectResponse(sign_in.answer, 303)
        if decision == "deny":
            return self._answer(sign_in, error="access_denied", error_description="the citizen refused")
        if sign_in.citizen is None or sign_in.signed_in_at is None:
            return self._form(request, sign_in)
        if decision == "allow":
            code = secret()
            self._state.grants.put(code, Grant(sign_in.request, sign_in.citizen, sign_in.signed_in_at))
            return self._answer(sign_in, code=code)
        rows = asked_of(sign_in.citizen)
        return page(request, "portal/consent.html", sign_in=sign_in.id, citizen=sign_in.citizen, rows=rows)

    def _answer(self, sign_in: SignIn, **parameters: str) -> Response:
        answer = sign_in.request.answer(self._state.issuer, **parameters)
        self._state.sign_ins.put(sign_in.id, replace(sign_in, answer=answer))
        return RedirectResponse(answer, 303)

    def _sign_in(self, request: Request, key: object) -> SignIn | None:
        sign_in = self._state.sign_ins.get(str(key))
        return sign_in if sign_in is not None and sign_in.browser == browser_of(request) else None

    def _enter(self, sign_in: SignIn, session: Session) -> Response:
        entered = replace(sign_in, citizen=session.citizen, signed_in_at=session.signed_in_at, answer=None)
        self._state.sign_ins.put(sign_in.id, entered)
        return RedirectResponse(f"/portal/consent?sign_in={sign_in.id}", 303)

    def _form(
        self,
        request: Request,
        sign_in: SignIn,
        login: str = "",
        error: str = "",
        status: int = 200,
    ) -> Response:
        today = self._state.clock().date()
        samples = [(citizen, citizen.age(today)) for citizen in self._state.citizens if citizen.is_sample]
        return page(
            request,
            "portal/login.html",
            status,
            sign_in=sign_in.id,
            login=login,
            error=error,
            samples=samples,
        )

    def _choice(self, request: Request, sign_in: SignIn, session: Session) -> Response:
        return page(request, "portal/choice.html", sign_in=sign_in.id, citizen=session.citizen)

    def _stale(self, request: Request) -> Response:
        return page(request, "portal/stopped.html", 400, text=STALE)
