"""Members of staff, their duty and their sessions, as programs read them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import segno
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from core.domain.actor import Role
from core.domain.staff import OpenSession
from core.domain.support import SupportTopic
from core.domain.team import MOST, Duty, Presence
from core.services.staff import SHORTEST_PASSWORD, Colleague, NewMember


class DutyShown(BaseModel):
    """What somebody knows, how much they take at once and have now, and their group."""

    presence: Presence
    seen_at: datetime | None
    capacity: int
    load: int
    skills: list[SupportTopic]
    languages: list[str]
    team: UUID | None


class MemberShown(BaseModel):
    """A member. `here`: they can be given something now. What stands after `duty` is null for all but administrators.

    `handed_until`: until when a password and key that somebody else gave open the desk; null once they have their own.
    """

    id: UUID
    login: str
    name: str
    role: Role
    here: bool
    duty: DutyShown
    disabled: bool | None = None
    locked_until: datetime | None = None
    failures: int | None = None
    sessions: int | None = None
    handed_until: datetime | None = None


class Members(BaseModel):
    """Members by login; `next` is what `after` takes to read on, null at the end."""

    staff: list[MemberShown]
    next: str | None


class NewMemberBody(BaseModel):
    """Who is added. Without a password one is made."""

    model_config = ConfigDict(extra="forbid")

    login: Annotated[str, Field(max_length=64)]
    name: Annotated[str, Field(max_length=100)] = ""
    role: Role
    password: Annotated[str, Field(min_length=SHORTEST_PASSWORD, max_length=1024)] | None = None


class Secrets(BaseModel):
    """What is shown once: `totp_uri` is the picture's content, `totp_secret` what is typed into an authenticator."""

    id: UUID
    password: str
    totp_uri: str
    totp_secret: str


class PasswordBody(BaseModel):
    """Another password; the present one and a code of the authenticator prove who asks."""

    model_config = ConfigDict(extra="forbid")

    password: Annotated[str, Field(max_length=1024)]
    code: Annotated[str, Field(max_length=16)]
    new: Annotated[str, Field(min_length=SHORTEST_PASSWORD, max_length=1024)]


class RoleBody(BaseModel):
    """Another role, and another name where one is said."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    name: Annotated[str, Field(max_length=100)] | None = None


class DutyBody(BaseModel):
    """What somebody knows, how much they take at once, and their group: null for none."""

    model_config = ConfigDict(extra="forbid")

    capacity: Annotated[int, Field(ge=1, le=MOST)]
    skills: Annotated[list[SupportTopic], Field(min_length=1, max_length=len(SupportTopic))]
    languages: Annotated[list[Literal["ru", "en"]], Field(min_length=1, max_length=2)]
    team: UUID | None


class SessionShown(BaseModel):
    """A signed-in browser. `network` is the part of the address that tells a place; "" for what is not known."""

    id: UUID
    current: bool
    started_at: datetime
    seen_at: datetime
    network: str
    browser: str
    system: str


class Sessions(BaseModel):
    """Sessions, the last seen first."""

    sessions: list[SessionShown]


class Ended(BaseModel):
    """How many sessions ended."""

    ended: int


def duty_shown(duty: Duty) -> DutyShown:
    """Return a duty as programs read it."""
    return DutyShown(
        presence=duty.presence,
        seen_at=duty.seen_at,
        capacity=duty.capacity,
        load=duty.load,
        skills=sorted(duty.skills),
        languages=sorted(duty.languages),
        team=duty.team,
    )


def member_shown(member: Colleague, *, whole: bool) -> MemberShown:
    """Return a member as programs read them; `whole` for whoever manages the staff."""
    return MemberShown(
        id=member.id,
        login=member.login,
        name=member.name,
        role=member.role,
        here=member.is_here,
        duty=duty_shown(member.duty),
        disabled=member.disabled if whole else None,
        locked_until=member.locked_until if whole else None,
        failures=member.failures if whole else None,
        sessions=member.sessions if whole else None,
        handed_until=member.handed_until if whole else None,
    )


def session_shown(session: OpenSession, current: UUID) -> SessionShown:
    """Return a session as programs read it."""
    return SessionShown(
        id=session.id,
        current=session.id == current,
        started_at=session.started_at,
        seen_at=session.seen_at,
        network=session.network,
        browser=session.browser,
        system=session.system,
    )


def secrets_shown(member: NewMember) -> Secrets:
    """Return what is shown once."""
    return Secrets(id=member.id, password=member.password, totp_uri=member.totp_uri, totp_secret=member.totp_secret)


def picture_of(uri: str, title: str) -> Markup:
    """Return the QR code of an authenticator's address."""
    drawn = segno.make(uri, error="m", micro=False).svg_inline(
        scale=5, border=4, light="#ffffff", dark="#000000", title=title, omitsize=True
    )
    # The picture is ours: nothing in it was typed by anybody.
    return Markup(drawn)  # noqa: S704


def grouped(secret: str) -> str:
    """Return an authenticator's key by fours, as it is typed in."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
