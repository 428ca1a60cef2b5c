"""Citizens and operators who talk with one another."""

from core import ports
from core.domain.actor import Citizen, Role, Staff, Visitor
from core.domain.conversation import Conversation, Line, LineKind
from core.domain.ids import ChatId, ConversationId, TeamId, new_id
from core.domain.team import Duties, Duty, Presence, Team, Teams
from core.services.chat import MeetChat
from core.services.conversation import (
    CallOperator,
    ClaimConversation,
    ConversationView,
    Said,
    SayToCitizen,
    SayToOperator,
    ViewConversation,
)
from core.services.staff import AddStaff
from tests.core.services.town import Town


async def an_operator(
    town: Town, login: str = "zoya", name: str = "Зоя Ларина", role: Role = Role.OPERATOR, **duty: object
) -> Staff:
    """Somebody at the desk, here now."""
    member = await town.call(AddStaff, login, name, role)
    staff = Staff(member.id, role)  # type: ignore[attr-defined]
    async with town.container() as scope, await scope.get(ports.Transaction):
        kept = Duty(staff.staff, Presence.HERE, town.clock.now(), **duty)  # type: ignore[arg-type]
        await (await scope.get(Duties)).save(kept)
        await (await scope.get(Duties)).saw(staff.staff, town.clock.now())
    return staff


async def a_team(town: Town, name: str = "Первая") -> TeamId:
    """A group."""
    team = Team(TeamId(new_id(town.clock.now())), name)
    async with town.container() as scope, await scope.get(ports.Transaction):
        await (await scope.get(Teams)).put(team, town.clock.now())
    return team.id


async def a_visitor(town: Town, chat: int = 7) -> Visitor:
    """Somebody who has not signed in."""
    await town.call(MeetChat, ChatId(chat), "ru")
    return Visitor(ChatId(chat))


async def call(town: Town, who: Visitor | Citizen, **how: object) -> ConversationId:
    """Ask for an operator."""
    place = await town.call(CallOperator, who, **how)
    return place.conversation  # type: ignore[attr-defined,no-any-return]


async def says(town: Town, who: Visitor | Citizen, text: str, message: int, **more: object) -> Line:
    """The citizen says something."""
    said = Said(LineKind.TEXT, text, message, town.clock.now(), **more)  # type: ignore[arg-type]
    return await town.call(SayToOperator, who, said)  # type: ignore[return-value]


async def take(town: Town, staff: Staff, conversation: ConversationId) -> Conversation:
    """An operator takes it."""
    return await town.call(ClaimConversation, staff, conversation)  # type: ignore[return-value]


async def view(town: Town, staff: Staff, conversation: ConversationId) -> ConversationView:
    """An operator looks at it."""
    return await town.call(ViewConversation, staff, conversation)  # type: ignore[return-value]


async def answer(town: Town, staff: Staff, held: Conversation, text: str, **more: object) -> Line:
    """Its operator answers, having seen everything."""
    seen = (await view(town, staff, held.id)).conversation.lines
    asked: dict[str, object] = {"text": text, "epoch": held.epoch, "seen": seen, "key": str(new_id(town.clock.now()))}
    return await town.call(SayToCitizen, staff, held.id, **asked | more)  # type: ignore[return-value]


async def relay(town: Town) -> None:
    """Let the worker send everything, at the pace of a chat."""
    for _ in range(5):
        await town.deliver()
        town.clock.turn(seconds=1)
