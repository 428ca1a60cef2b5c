"""The sessions that listen, and what their members may hear, in one statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from core.domain.actor import Role, Staff
from core.domain.conversation import Sight
from core.domain.ids import TeamId
from core.domain.live import Watch
from core.domain.staff import IDLE, LONGEST
from core.domain.team import ANSWERING
from core.storage.staff import DUTIES, TEAMS, SessionRow, StaffRow
from core.storage.transaction import SqlTransaction

ABOVE = frozenset({Role.SENIOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class SqlWatchers:
    """`core.domain.live.Watchers`."""

    transaction: SqlTransaction

    async def standing(self, names: Collection[str], now: datetime) -> Mapping[str, Watch]:
        """Return those that have not ended, by their secret names, with today's rights; one statement for all."""
        hashed = {sha256(name.encode()).digest(): name for name in names}
        asked = (
            select(SessionRow.name_hash, StaffRow.id, StaffRow.role, TEAMS.c.id.label("team"), TEAMS.c.networks)
            .join(StaffRow, StaffRow.id == SessionRow.member)
            .outerjoin(DUTIES, DUTIES.c.staff == SessionRow.member)
            .outerjoin(TEAMS, TEAMS.c.id == DUTIES.c.team)
            .where(
                SessionRow.name_hash.in_(hashed),
                SessionRow.seen_at > now - IDLE,
                SessionRow.started_at > now - LONGEST,
                StaffRow.disabled.is_(False),
                StaffRow.handed.is_(False),
                StaffRow.role.in_({role.value for role in ANSWERING}),
            )
        )
        found = {}
        for row in await self.transaction.session.execute(asked):
            role = Role(row.role)
            sight = Sight(row.id, None if row.team is None else TeamId(row.team), everything=role in ABOVE)
            found[hashed[row.name_hash]] = Watch(Staff(row.id, role), sight, tuple(row.networks or ()))
        return found
