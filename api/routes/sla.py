"""The limits of an answer for programs, and how they stand in a form."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.idempotency import OnceRoute
from api.openapi import problems
from api.sessions import Administrator, call_signed
from core.domain.ids import StaffId, TeamId
from core.domain.sla import InvalidLimits, Limits
from core.services.sla import SetLimits, ViewLimits

rest = APIRouter(prefix="/api/v1/limits", route_class=OnceRoute, tags=["worktime"])
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MINUTES = 30 * 24 * 60


class LimitsOf(BaseModel):
    """First answers in conversations within so many working minutes, tickets within so many, by the clock or of working time.

    `warn_at`: percents of a limit, rising. What is late is told to a member or to a group, to one of them or to neither.
    `version` is the one that was looked at: 409 when it changed since.
    """

    model_config = ConfigDict(extra="forbid")

    conversation_minutes: Annotated[int, Field(ge=1, le=MINUTES)] = 30
    ticket_minutes: Annotated[int, Field(ge=1, le=MINUTES)] = 24 * 60
    working_tickets: bool = False
    warn_at: Annotated[list[Annotated[int, Field(ge=1, le=99)]], Field(max_length=5)] = [50, 80]
    staff: UUID | None = None
    team: UUID | None = None
    version: Annotated[int, Field(ge=0, le=2**31 - 2)] = 0


@rest.get("", responses=problems(401, 403))
async def limits(session: Administrator, view: FromDishka[ViewLimits]) -> LimitsOf:
    """How soon people are to be answered, and who hears of what is late."""
    found = (await view(session.member.actor)).limits
    return LimitsOf(
        conversation_minutes=found.conversation // MINUTE,
        ticket_minutes=found.ticket // MINUTE,
        working_tickets=found.working_tickets,
        warn_at=list(found.warn_at),
        staff=found.staff,
        team=found.team,
        version=found.version,
    )


@rest.put(
    "", status_code=204, responses=problems(400, 401, 403, 404, 409, 413, 422), dependencies=[Depends(call_signed)]
)
async def put_limits(session: Administrator, change: FromDishka[SetLimits], told: LimitsOf) -> None:
    """Set them; clocks that run already keep theirs."""
    asked = Limits(
        told.conversation_minutes * MINUTE,
        told.ticket_minutes * MINUTE,
        told.working_tickets,
        tuple(told.warn_at),
        StaffId(told.staff) if told.staff else None,
        TeamId(told.team) if told.team else None,
        told.version,
    )
    await change(session.member.actor, asked)


def chosen_of(limits: Limits) -> dict[str, str]:
    """Return how limits stand in the form."""
    hours = limits.ticket / HOUR
    return {
        "conversation": str(limits.conversation // MINUTE),
        "ticket": f"{hours:g}",
        "working": "1" if limits.working_tickets else "",
        "warn_at": ", ".join(map(str, limits.warn_at)),
        "escalated": f"staff:{limits.staff}" if limits.staff else f"team:{limits.team}" if limits.team else "",
        "version": str(limits.version),
    }


def limits_of(form: Mapping[str, str]) -> Limits:
    """Read the form. Raises InvalidLimits."""
    kind, _, whom = form.get("escalated", "").partition(":")
    try:
        named = UUID(whom) if whom else None
        return Limits(
            _whole(form.get("conversation", "")) * MINUTE,
            float(form.get("ticket", "").replace(",", ".")[:8]) * HOUR,
            bool(form.get("working")),
            tuple(_whole(each) for each in form.get("warn_at", "").split(",") if each.strip()),
            StaffId(named) if named and kind == "staff" else None,
            TeamId(named) if named and kind == "team" else None,
            _whole(form.get("version", "")),
        ).checked()
    except (ValueError, OverflowError):
        raise InvalidLimits from None


def _whole(text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdecimal() and len(text.strip()) < 9):
        raise ValueError(text)
    return int(text)
