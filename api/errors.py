"""What went wrong, said twice: as a kind page at the desk, as application/problem+json (RFC 9457) under /api."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.context import clock_of, settings_of
from api.headers import guarding
from api.limits import TooManyTries
from api.outcomes import FAULTS, machine_answer, spoken_by_machines
from api.refusals import AGAIN_S, REFUSALS, Problem, more, refusal
from api.rendering import render
from api.words import Words, words_for
from core.domain import worktime
from core.domain.account import WrongMove
from core.domain.actor import NotAllowed
from core.domain.audit import BadPlace
from core.domain.booking import BookingOver, InvalidReason, NoBooking
from core.domain.broadcast import BadMoment, BadSegment, BroadcastMoved, KeyReused, TextMissing, TextTooLong
from core.domain.document import DocumentNotThere
from core.domain.extract import ExtractNotThere, WordsTooLong, WordsWanted, WrongSignature
from core.domain.figures import InvalidPeriod
from core.domain.notification import NotSendable
from core.domain.proof import NoteNeeded, ProofMoved, ProofReasonNeeded, SameMember
from core.domain.schedule import (
    FacilityExists,
    InvalidDoctor,
    InvalidFacility,
    InvalidHours,
    InvalidWhy,
    KeptElsewhere,
    NoSuchDoctor,
    NoSuchFacility,
    SlotTaken,
)
from core.domain.sla import InvalidLimits
from core.domain.staff import LastAdministrator, Locked, LoginTaken, NotASigner, SessionGone, WrongSignIn
from core.domain.team import BadDuty, BadTeam, NetworkRefused, SelfShutOut, TeamNameTaken, TeamNotThere
from core.domain.update import UpdateNotThere
from core.domain.vaccination import (
    BadDose,
    ClaimDecided,
    ClaimNotThere,
    NoStaffKey,
    WordsLong,
    WordsShort,
    WrongProof,
)
from core.domain.verification import AlreadyDecided
from core.ports import BadKey, Collided, Unavailable
from core.services.schedule import NotAKeeper
from core.services.staff import BadLogin, NameWanted, NoSuchMember, WeakPassword
from core.services.verification import ReasonNeeded

PROBLEM = "application/problem+json"


class SignInFirst(Exception):
    """Nobody is signed in in this browser."""


class RoleRefused(Exception):
    """Somebody is signed in whose role may not see this."""


class FormRefused(Exception):
    """A write without the secret of its session or page: sent by another site, or by a page that is too old."""


class AlreadyVerifying(Exception):
    """The journal is being verified at this moment: one check at a time."""

    message_key = "audit.already_verifying"


class TooLongToVerify(Exception):
    """The journal is too long to be verified while somebody waits: the command does it."""

    message_key = "audit.too_long"


class Contradiction(Exception):
    """An approval that carries reasons for a refusal: nobody can tell which of the two is meant."""


KNOWN: Mapping[type[Exception], tuple[int, str]] = {
    **REFUSALS,
    SignInFirst: (401, "sign_in_first"),
    SessionGone: (401, "session_gone"),
    WrongSignIn: (401, "wrong_sign_in"),
    FormRefused: (403, "form_refused"),
    RoleRefused: (403, "role_refused"),
    NotASigner: (422, "not_a_signer"),  # before NotAllowed, which it is one of
    NotAKeeper: (422, "not_a_keeper"),
    NotAllowed: (404, "not_there"),
    NoSuchFacility: (404, "not_there"),
    NoSuchDoctor: (404, "not_there"),
    NoBooking: (404, "not_there"),
    FacilityExists: (409, "facility_exists"),
    KeptElsewhere: (409, "kept_elsewhere"),
    InvalidDoctor: (422, "doctor_wrong"),  # before InvalidFacility, which it is one of
    InvalidFacility: (422, "facility_wrong"),
    InvalidHours: (422, "hours_wrong"),
    worktime.InvalidHours: (422, "hours_wrong"),
    worktime.NeverOpen: (422, "hours_wrong"),
    InvalidLimits: (422, "limits_wrong"),
    InvalidPeriod: (422, "period_wrong"),
    InvalidWhy: (422, "why_wrong"),
    InvalidReason: (422, "reason_wrong"),
    BookingOver: (409, "booking_over"),
    SlotTaken: (409, "slot_taken"),
    DocumentNotThere: (404, "not_there"),
    UpdateNotThere: (404, "not_there"),
    ExtractNotThere: (404, "not_there"),
    ClaimNotThere: (404, "not_there"),
    ClaimDecided: (409, "claim_decided"),
    NoStaffKey: (409, "no_staff_key"),
    NoSuchMember: (422, "no_such_member"),
    NetworkRefused: (403, "network_refused"),
    BadPlace: (422, "bad_place"),
    Collided: (409, "collided"),
    AlreadyVerifying: (409, "already_verifying"),
    TooLongToVerify: (409, "too_long_to_verify"),
    LastAdministrator: (409, "last_administrator"),
    LoginTaken: (409, "login_taken"),
    BadLogin: (422, "bad_login"),
    NameWanted: (422, "name_wanted"),
    WeakPassword: (422, "weak_password"),
    TeamNotThere: (404, "not_there"),
    TeamNameTaken: (409, "team_name_taken"),
    BadTeam: (422, "team_wrong"),
    BadDuty: (422, "duty_wrong"),
    SelfShutOut: (409, "self_shut_out"),
    BadKey: (422, "bad_key"),
    WrongProof: (422, "wrong_proof"),
    BadDose: (422, "bad_dose"),
    WordsShort: (422, "words_short"),
    WordsLong: (422, "words_long"),
    NotSendable: (409, "not_sendable"),
    AlreadyDecided: (409, "already_decided"),
    SameMember: (409, "same_member"),
    ProofMoved: (409, "proof_moved"),
    NoteNeeded: (422, "note_needed"),
    ProofReasonNeeded: (422, "proof_reason_needed"),
    BroadcastMoved: (409, "broadcast_moved"),  # before WrongMove, whose words are about documents
    WrongMove: (409, "changed_meanwhile"),
    Contradiction: (422, "contradiction"),
    ReasonNeeded: (422, "reason_needed"),
    WordsWanted: (422, "words_wanted"),
    WordsTooLong: (422, "words_too_long"),
    WrongSignature: (422, "wrong_signature"),
    TextMissing: (422, "text_missing"),
    TextTooLong: (422, "text_too_long"),
    BadSegment: (422, "bad_segment"),
    BadMoment: (422, "bad_moment"),
    KeyReused: (422, "key_reused"),
    RequestValidationError: (422, "malformed"),
    Locked: (429, "locked"),
    TooManyTries: (429, "too_many_tries"),
    Unavailable: (503, "outside_away"),
}
"""Not allowed and not there sound the same: the role was looked at before, so nobody learns what exists."""

SPOKEN = (
    *(SessionGone, WrongSignIn, NetworkRefused),
    *(SameMember, ProofMoved, NoteNeeded, ProofReasonNeeded),
    *(TextMissing, BadSegment, BadMoment, BroadcastMoved, KeyReused),
    *(NotAKeeper, FacilityExists, KeptElsewhere, InvalidFacility, InvalidHours, InvalidWhy),
    *(WordsWanted, WrongSignature),
    *(TeamNameTaken, BadTeam, BadDuty, SelfShutOut),
    *(BadPlace, AlreadyVerifying, TooLongToVerify),
    *(LastAdministrator, LoginTaken, BadLogin, NameWanted, WeakPassword),
    *(worktime.InvalidHours, worktime.NeverOpen, InvalidLimits, InvalidPeriod),
)
"""Those whose sentence is that of their `message_key`: it names no value."""

BY_STATUS: Mapping[int, str] = {
    400: "malformed",
    404: "not_there",
    405: "no_such_way",
    413: "too_big",
    415: "malformed",
}


def told(error: Exception) -> tuple[int, str]:
    """Return the status and the name of a problem."""
    if isinstance(error, HTTPException):
        return error.status_code, BY_STATUS.get(error.status_code, "failed")
    return next((known for kind, known in KNOWN.items() if isinstance(error, kind)), (500, "failed"))


def detail(error: Exception, words: Words) -> str:
    """Return the sentence for a person."""
    _, name = told(error)
    if (said := refusal(error, words)) is not None:
        return said
    match error:
        case Locked(until=until):
            return words("staff.locked", until=words.time(until))
        case TextTooLong(language=language, over=over):
            said = words(f"broadcast.language.{language}")
            return words(error.message_key, language=said, over=words.number(over))
        case BadTeam(network=network) if network:
            return words("team.bad_network", network=network)
        case WordsTooLong(params=params):
            return words(error.message_key, **params)
        case AlreadyDecided(by=by) if by:
            return words("desk.problem.already_decided.by", login=by)
        case ClaimDecided(by=by) if by:
            return words("desk.problem.claim_decided.by", login=by)
        case _ if isinstance(error, SPOKEN):
            return words(error.message_key)
        case _:
            return words(f"desk.problem.{name}.detail")


async def answer_headers(error: Exception, request: Request) -> dict[str, str]:
    """Return what else the answer tells a program: Retry-After of a problem that passes by itself."""
    match error:
        case TooManyTries(seconds=seconds):
            return {"Retry-After": str(seconds)}
        case Locked(until=until):
            wait = until - (await clock_of(request)).now()
            return {"Retry-After": str(max(1, int(wait.total_seconds())))}
        case _:
            again = AGAIN_S.get(type(error))
            return {"Retry-After": again} if again else {}


async def answer(request: Request, error: Exception) -> Response:
    """Answer a request that failed."""
    if spoken_by_machines(request):
        return await machine_answer(request, error)
    status, name = told(error)
    if request.url.path.startswith("/api/"):
        response = await _problem(request, error, status, name)
    elif isinstance(error, SignInFirst | SessionGone):
        response = _to_sign_in(request, error)
    elif name == "own_secrets_first":
        response = RedirectResponse("/desk/own", 303)
    else:
        if isinstance(error, RequestValidationError):
            # A page's address is all that can be malformed: what is typed into forms is looked at by the routes.
            status, name = 404, "not_there"
        words = await words_for(request)
        said = detail(error, words) if told(error)[1] == name else words(f"desk.problem.{name}.detail")
        response = await render(
            request, "problem.html", status, title=words(f"desk.problem.{name}"), detail=said, name=name
        )
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    response.headers.update(await answer_headers(error, request))
    return response


async def failed(request: Request, error: Exception) -> Response:
    """Answer a request that nobody foresaw. Stands outside of the middlewares, so it brings the headers itself."""
    response = await answer(request, error)
    for header, value in guarding(secure=settings_of(request).cookie_secure).items():
        response.headers.setdefault(header, value)
    return response


async def _problem(request: Request, error: Exception, status: int, name: str) -> Response:
    words = await words_for(request)
    problem = Problem(
        type=f"urn:medkarta:problem:{name.replace('_', '-')}",
        title=words(f"desk.problem.{name}"),
        status=status,
        detail=detail(error, words),
        # Where it is wrong, never what was sent: that may be somebody's name.
        fields=[".".join(map(str, each["loc"])) for each in error.errors()]
        if isinstance(error, RequestValidationError)
        else None,
        **more(error),
    )
    headers = {"Content-Language": words.language}
    return JSONResponse(problem.model_dump(exclude_none=True), status, headers, media_type=PROBLEM)


def _to_sign_in(request: Request, error: Exception) -> Response:
    ended = "&ended=1" if isinstance(error, SessionGone) else ""
    return RedirectResponse(f"/desk/sign-in?next={quote(request.url.path)}{ended}", 303)


def learn(app: FastAPI) -> None:
    """Teach the application its answers."""
    for kind in (*KNOWN, *FAULTS, HTTPException):
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(Exception, failed)
