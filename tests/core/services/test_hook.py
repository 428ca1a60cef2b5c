"""Programs of others hear of tickets: signed, again until they answer, and never anybody's name."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from aiohttp import web

from core import ports
from core.domain.actor import NotAllowed, Role, Staff
from core.domain.hook import (
    BadHookAddress,
    HookEvent,
    HookNotThere,
    Hooks,
    NothingToTell,
    StillTrying,
    Telling,
    TellingState,
    TooManyHooks,
    checked_address,
)
from core.domain.ids import AccountId, HookId, StaffId, TicketId, new_id
from core.domain.reach import InsideAddress, Reach
from core.domain.staff import Member, StaffMembers
from core.domain.support import SupportTopic
from core.domain.ticket import Ticket, TicketState
from core.services.hook import (
    AddHook,
    ListHooks,
    ListTellings,
    NewHook,
    RemoveHook,
    RotateSecret,
    SwitchHook,
    TellAgain,
    TellPrograms,
)
from tests.core.services.town import Town

ALL = frozenset(HookEvent)


@dataclass
class Program:
    """Somebody else's program: what it got, and what it answers."""

    url: str = ""
    answers: int = 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.got.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(status=self.answers, headers={"Location": "http://127.0.0.1:1/"})


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    program, app = Program(), web.Application()
    app.router.add_post("/told", program.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    program.url = f"http://127.0.0.1:{runner.addresses[0][1]}/told"
    yield program
    await runner.cleanup()


@pytest.fixture
async def head(town: Town) -> Staff:
    """An administrator."""
    async with town.container() as scope:
        members, now = await scope.get(StaffMembers), town.clock.now()
        async with await scope.get(ports.Transaction):
            member = Member(StaffId(new_id(now)), "igor", "Игорь Сомов", Role.ADMINISTRATOR, "x", "x")
            await members.add(member, now)
    return member.actor


async def happens(town: Town, event: HookEvent = HookEvent.TICKET_CREATED, **more: object) -> Ticket:
    """Something happens to a ticket."""
    now = town.clock.now()
    ticket = Ticket(
        id=TicketId(new_id(now)),
        number="26-000123",
        account=AccountId(new_id(now)),
        chat=None,
        language="ru",
        topic=SupportTopic.CARD,
        state=TicketState.IN_WORK,
        opened_at=now,
        changed_at=now,
        description="Не открывается карта, Анна Ильина",
        **more,  # type: ignore[arg-type]
    )
    async with town.container() as scope:
        hooks = await scope.get(Hooks)
        async with await scope.get(ports.Transaction):
            await hooks.tell(event, ticket)
    return ticket


async def added(town: Town, head: Staff, url: str, events: frozenset[HookEvent] = ALL) -> NewHook:
    made = await town.call(AddHook, head, url, events)
    assert isinstance(made, NewHook)
    return made


async def tellings(town: Town, head: Staff, hook: HookId) -> list[Telling]:
    return await town.call(ListTellings, head, hook, None, 50)  # type: ignore[return-value]


async def rounds(town: Town) -> None:
    while await town.call(TellPrograms):
        pass


async def test_a_program_hears_signed_words_that_name_nobody(town: Town, head: Staff, program: Program) -> None:
    made = await added(town, head, program.url)
    ticket = await happens(town)
    await rounds(town)
    ((headers, body),) = program.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(town.clock.now().timestamp()))
    told = json.loads(body)
    assert told["type"] == "ticket.created"
    assert (told["data"]["number"], told["data"]["state"], told["data"]["id"]) == (
        "26-000123",
        "in_work",
        str(ticket.id),
    )
    assert str(ticket.account) not in body.decode()
    assert "Ильина" not in json.dumps(told, ensure_ascii=False)
    (row,) = await tellings(town, head, made.hook.id)
    assert (row.state, row.status) == (TellingState.SENT, 204)


async def test_only_what_was_asked_for_is_told(town: Town, head: Staff, program: Program) -> None:
    await added(town, head, program.url, frozenset({HookEvent.TICKET_STATUS_CHANGED}))
    await happens(town)
    await rounds(town)
    assert program.got == []
    await happens(town, HookEvent.TICKET_STATUS_CHANGED)
    await rounds(town)
    assert len(program.got) == 1


@pytest.mark.parametrize("answers", [500, 404, 302])
async def test_whoever_does_not_take_it_is_told_again_for_a_day_then_an_administrator_may(
    town: Town, head: Staff, program: Program, answers: int
) -> None:
    made = await added(town, head, program.url)
    await happens(town)
    program.answers = answers
    for _ in range(200):
        await rounds(town)
        (row,) = await tellings(town, head, made.hook.id)
        if row.state is not TellingState.WAITING:
            break
        with pytest.raises(StillTrying):
            await town.call(TellAgain, head, made.hook.id, row.id)
        town.clock.turn(seconds=max(1.0, (row.due_at - town.clock.now()).total_seconds()))
    assert (row.state, row.status) == (TellingState.GIVEN_UP, answers)
    assert 8 <= len(program.got) <= 14
    assert len({headers["webhook-id"] for headers, _ in program.got}) == 1
    assert len({body for _, body in program.got}) == 1
    (view,) = await town.call(ListHooks, head)  # type: ignore[misc]
    assert view.given_up == 1
    program.answers = 200
    await town.call(TellAgain, head, made.hook.id, row.id)
    await rounds(town)
    (row,) = await tellings(town, head, made.hook.id)
    assert row.state is TellingState.SENT


async def test_a_program_that_is_away_is_left_alone_and_the_others_do_not_wait(
    town: Town, head: Staff, program: Program
) -> None:
    gone = await added(town, head, "http://127.0.0.1:1/gone")
    await added(town, head, program.url)
    for _ in range(5):
        await happens(town)
    await rounds(town)
    assert len(program.got) == 5
    assert sum(row.tries for row in await tellings(town, head, gone.hook.id)) == 1


async def test_what_a_killed_worker_had_is_sent_again_under_the_same_id(
    town: Town, head: Staff, program: Program
) -> None:
    made = await added(town, head, program.url)
    await happens(town)
    async with town.container() as scope:
        now = town.clock.now()
        hooks = await scope.get(Hooks)
        async with await scope.get(ports.Transaction):
            (due,) = await hooks.claim(now, now.replace(microsecond=1), 5)
    assert due.secret == made.secret
    town.clock.turn(minutes=2)
    await rounds(town)
    assert [headers["webhook-id"] for headers, _ in program.got] == [str(due.telling.id)]


async def test_addresses_are_kept_by_administrators_alone(town: Town, head: Staff, program: Program) -> None:
    made = await added(town, head, program.url)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        other = Staff(head.staff, role)
        with pytest.raises(NotAllowed):
            await town.call(SwitchHook, other, made.hook.id, off=True)
        for use_case, more in (
            (ListHooks, ()),
            (AddHook, (program.url, ALL)),
            (RemoveHook, (made.hook.id,)),
            (RotateSecret, (made.hook.id,)),
            (ListTellings, (made.hook.id, None, 5)),
            (TellAgain, (made.hook.id, UUID(int=1))),
        ):
            with pytest.raises(NotAllowed):
                await town.call(use_case, other, *more)
    await happens(town)
    await town.call(RemoveHook, head, made.hook.id)
    await rounds(town)
    assert program.got == []
    with pytest.raises(HookNotThere):
        await town.call(SwitchHook, head, made.hook.id, off=True)
    for gone in (RemoveHook, RotateSecret, ListTellings):
        with pytest.raises(HookNotThere):
            await town.call(gone, head, made.hook.id, *((None, 5) if gone is ListTellings else ()))


async def test_there_are_no_more_addresses_than_anybody_needs(town: Town, head: Staff) -> None:
    with pytest.raises(NothingToTell):
        await town.call(AddHook, head, "https://example.org/", frozenset())
    for each in range(20):
        await added(town, head, f"https://example.org/{each}")
    with pytest.raises(TooManyHooks):
        await added(town, head, "https://example.org/more")


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest", "https://127.0.0.1/", "https://[::1]/",
        "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/",
        "https://0.0.0.0/", "https://localhost/", "https://desk.internal/", "https://100.64.0.1/", "https://224.0.0.1/",
    ],
)  # fmt: skip
def test_an_address_inside_the_network_is_refused(url: str) -> None:
    with pytest.raises(InsideAddress):
        checked_address(url, Reach())


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://", "https://user:word@example.org/", "https://example.org/#x",
        "https://127.1/", "https://2130706433/", "https://intranet/", "https://exa mple.org/", "https://example.org:99999/",
        "https://example.org\\@10.0.0.1/", "https://" + "a" * 600 + ".org/", "https://[::1/", "",
    ],
)  # fmt: skip
def test_what_is_no_https_address_is_refused(url: str) -> None:
    with pytest.raises((BadHookAddress, InsideAddress)):
        checked_address(url, Reach())


def test_with_the_playground_this_machine_may_be_told() -> None:
    assert checked_address("http://127.0.0.1:9000/told", Reach(loopback=True))
    with pytest.raises(InsideAddress):
        Reach(loopback=True).refuse("10.0.0.1")
    assert checked_address("https://hooks.example.org:8443/told?x=1", Reach())
