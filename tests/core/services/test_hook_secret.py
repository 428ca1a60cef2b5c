"""A program's secret changed with a day in which both sign; an address switched off and on again."""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import timedelta

from core import ports
from core.domain.actor import Role, Staff
from core.domain.audit import Operation, Sought
from core.domain.hook import Hooks
from core.domain.ids import HookId
from core.services.audit import ReadAudit
from core.services.hook import ForgetTellings, NewHook, RotateSecret, SwitchHook
from tests.core.services.test_hook import Program, added, happens, head, program, rounds, tellings
from tests.core.services.town import Town

__all__ = ["head", "program"]


def signs(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether a receiver that knows this secret takes it: one of the signatures is its own (Standard Webhooks)."""
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    own = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return own in headers["webhook-signature"].split(" ")


async def rotated(town: Town, head: Staff, hook: HookId) -> NewHook:
    made = await town.call(RotateSecret, head, hook)
    assert isinstance(made, NewHook)
    return made


async def test_for_a_day_after_a_new_secret_both_sign_and_then_the_new_one_alone(
    town: Town, head: Staff, program: Program
) -> None:
    old = await added(town, head, program.url)
    new = await rotated(town, head, old.hook.id)
    assert new.secret != old.secret
    assert new.hook.former_until == town.clock.now() + timedelta(days=1)
    told: list[list[bool]] = []
    for hours in (0, 23.9, 0.1):
        town.clock.turn(hours=hours)
        await happens(town)
        await rounds(town)
        headers, body = program.got[-1]
        assert len(headers["webhook-signature"].split(" ")) == (2 if len(told) < 2 else 1)
        told.append([signs(each.secret, headers, body) for each in (new, old)])
    assert told == [[True, True], [True, True], [True, False]]
    await town.call(ForgetTellings)
    async with town.container() as scope:
        hooks = await scope.get(Hooks)
        async with (await scope.get(ports.Transaction)).looking():
            assert [each.former_until for each in await hooks.all()] == [None]
    page = await town.call(ReadAudit, Staff(head.staff, Role.AUDITOR), Sought(operation=Operation.HOOK_SECRET_ROTATED))
    assert [each.details["hook"] for each in page.entries] == [str(old.hook.id)]  # type: ignore[attr-defined]
    assert new.secret not in str(page)


async def test_a_secret_that_was_told_to_others_is_gone_after_two_changes(
    town: Town, head: Staff, program: Program
) -> None:
    first = await added(town, head, program.url)
    second, third = await rotated(town, head, first.hook.id), await rotated(town, head, first.hook.id)
    await happens(town)
    await rounds(town)
    ((headers, body),) = program.got
    assert [signs(each.secret, headers, body) for each in (third, second, first)] == [True, True, False]


async def test_two_changes_at_once_leave_two_secrets_that_were_told(town: Town, head: Staff, program: Program) -> None:
    first = await added(town, head, program.url)
    both = await asyncio.gather(*(rotated(town, head, first.hook.id) for _ in range(2)))
    await happens(town)
    await rounds(town)
    ((headers, body),) = program.got
    assert [signs(each.secret, headers, body) for each in (*both, first)] == [True, True, False]


async def test_what_is_switched_off_hears_nothing_and_goes_on_with_what_waited(
    town: Town, head: Staff, program: Program
) -> None:
    made = await added(town, head, program.url)
    waited = await happens(town)
    for _ in range(2):
        await town.call(SwitchHook, head, made.hook.id, off=True)
    await happens(town)
    await rounds(town)
    assert program.got == []
    assert [row.tries for row in await tellings(town, head, made.hook.id)] == [0]
    await town.call(SwitchHook, head, made.hook.id, off=False)
    town.clock.turn(seconds=1)  # what is due at one moment has no order
    after = await happens(town)
    await rounds(town)
    assert [json.loads(body)["data"]["id"] for _, body in program.got] == [str(waited.id), str(after.id)]
