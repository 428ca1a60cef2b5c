"""The statements that every call of the desk begins with: whose session it is, and that it was seen. Made once."""

from datetime import timedelta

from sqlalchemy import JSON, ColumnElement, Executable, Table, Uuid, bindparam, column, select, table, update

from core.storage.base import UtcDateTime
from core.storage.key import SYSTEM_KEY

# By name: what `core.storage.team` keeps stands on the rows of `core.storage.staff`, and that one on this module.
DUTIES = table("duties", column("staff", Uuid()), column("team", Uuid()))
TEAMS = table("teams", column("id", Uuid()), column("networks", JSON()))
NOTED_EVERY = timedelta(seconds=10)
"""A page asks several times a second; to the minutes after which a session is idle these seconds are nothing."""


def alive(sessions: Table, members: Table) -> Executable:
    """Return what finds one by the hash of its `name`, with its member, group, networks, and the key that opens them.

    It was seen after `awake`, began after `young`, and its member is not disabled.
    """
    return (
        select(sessions, members, TEAMS.c.id.label("team"), TEAMS.c.networks, SYSTEM_KEY.label("system_key"))
        .join(members, members.c.id == sessions.c.member)
        .outerjoin(DUTIES, DUTIES.c.staff == sessions.c.member)
        .outerjoin(TEAMS, TEAMS.c.id == DUTIES.c.team)
        .where(*_is_alive(sessions, members))
    )


def seen(sessions: Table, members: Table) -> Executable:
    """Return what notes that it was seen `now`, if it has not ended."""
    return update(sessions).where(*_is_alive(sessions, members)).values(seen_at=bindparam("now", type_=UtcDateTime()))


def _is_alive(sessions: Table, members: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        sessions.c.name_hash == bindparam("name"),
        sessions.c.seen_at > bindparam("awake", type_=UtcDateTime()),
        sessions.c.started_at > bindparam("young", type_=UtcDateTime()),
        sessions.c.member.in_(select(members.c.id).where(members.c.disabled.is_(False))),
    )
