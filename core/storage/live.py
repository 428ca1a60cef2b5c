"""The sessions that listen, and what their members may hear, in one statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import LargeBinary, Text, any_, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.domain.actor import Role, Staff
from core.domain.conversation import Sight
from core.domain.ids import TeamId
from core.domain.live import Watch
from core.domain.staff import IDLE, LONGEST
from core.domain.team import ANSWERING
from core.storage.alive import DUTIES, TEAMS
from core.storage.base import UtcDateTime
from core.storage.staff import SessionRow, StaffRow
from core.storage.transaction import SqlTransaction

ABOVE = frozenset({Role.SENIOR, Role.ADMINISTRATOR})

STANDING = (
    select(SessionRow.name_hash, StaffRow.id, StaffRow.role, TEAMS.c.id.label("team"), TEAMS.c.networks)
    .join(StaffRow, StaffRow.id == SessionRow.member)
    .outerjoin(DUTIES, DUTIES.c.staff == SessionRow.member)
    .outerjoin(TEAMS, TEAMS.c.id == DUTIES.c.team)
    .where(
        SessionRow.seen_at > bindparam("awake", type_=UtcDateTime()),
        SessionRow.started_at > bindparam("young", type_=UtcDateTime()),
        StaffRow.disabled.is_(False),
        StaffRow.handed.is_(False),
        StaffRow.role.in_([literal_column(f"'{role.value}'", Text()) for role in sorted(ANSWERING)]),
    )
)
# An array is one parameter, however many listen: the statement stays the same.
LISTENING = STANDING.where(SessionRow.name_hash == any_(bindparam("names", type_=ARRAY(LargeBinary))))
LISTENING_ON_SQLITE = STANDING.where(SessionRow.name_hash.in_(bindparam("names", expanding=True)))


@dataclass(frozen=True, slots=True)
class SqlWatchers:
    """`core.domain.live.Watchers`."""

    transaction: SqlTransaction

    async def standing(self, names: Collection[str], now: datetime) -> Mapping[str, Watch]:
        """Return those that have not ended, by their secret names, with today's rights; one statement for all."""
        hashed = {sha256(name.encode()).digest(): name for name in names}
        asked = LISTENING if self.transaction.on_postgresql else LISTENING_ON_SQLITE
        found = {}
        for row in await self.transaction.ask(asked, names=list(hashed), awake=now - IDLE, young=now - LONGEST):
            role = Role(row.role)
            sight = Sight(row.id, None if row.team is None else TeamId(row.team), everything=role in ABOVE)
            found[hashed[row.name_hash]] = Watch(Staff(row.id, role), sight, tuple(row.networks or ()))
        return found
