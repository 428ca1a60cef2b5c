"""What every use case of requests at the desk asks first: who may see what; and how a request is shown there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.domain.actor import Actor, NotAllowed, Role, Staff
from core.domain.conversation import Sight
from core.domain.ids import StaffId, TicketId
from core.domain.staff import StaffMembers, require_role
from core.domain.team import Duties
from core.domain.ticket import Ticket, TicketClosed, Tickets, TicketState

DESK = (Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR)
ABOVE = (Role.SENIOR, Role.ADMINISTRATOR)
OVER = frozenset({TicketState.CLOSED, TicketState.MERGED})


@dataclass(frozen=True, slots=True)
class TicketCounter:
    """Works inside the open transaction of whoever uses it."""

    tickets: Tickets
    duties: Duties
    members: StaffMembers

    async def sight(self, actor: Actor) -> tuple[Staff, Sight]:
        """Return who it is and what they may see. Raises NotAllowed."""
        staff = require_role(actor, *DESK)
        if staff.role in ABOVE:
            return staff, Sight(staff.staff, everything=True)
        return staff, Sight(staff.staff, await self.duties.team_of(staff.staff))

    async def hold(self, actor: Actor, ticket: TicketId, *, going: bool = False) -> tuple[Staff, Ticket]:
        """Return one that they may change; nobody else does meanwhile.

        Raises NotAllowed, TicketNotThere; with `going` TicketClosed for one that is over.
        """
        staff, sight = await self.sight(actor)
        found = await self.tickets.at_desk(sight, ticket, hold=True)
        if going and found.state in OVER:
            raise TicketClosed
        return staff, found

    async def colleagues(self, wanted: Collection[StaffId]) -> frozenset[StaffId]:
        """Return those of them that work at the desk. Raises NotAllowed when one does not."""
        some = await self.members.some(set(wanted)) if wanted else []
        there = {member.id for member in some if member.role in DESK and not member.disabled}
        if there != set(wanted):
            raise NotAllowed
        return frozenset(there)

    async def seeing(self, wanted: Collection[StaffId], ticket: Ticket) -> Sequence[StaffId]:
        """Return those of them that may see it as it stands now."""
        some = await self.members.some(set(wanted)) if wanted else []
        duties = await self.duties.of_many([member.id for member in some])
        return [
            member.id
            for member in some
            if Sight(member.id, duties[member.id].team, everything=member.role in ABOVE).reaches(
                ticket.team, ticket.owner
            )
        ]

    async def names(self, wanted: Collection[StaffId | None]) -> Mapping[StaffId, str]:
        """Return the names that colleagues see."""
        some = await self.members.some({each for each in wanted if each is not None})
        return {member.id: member.name or member.login for member in some}
