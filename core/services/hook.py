"""Addresses of programs: kept by administrators, told by the worker until they answer or a day is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from core.domain.actor import Actor, Role, System
from core.domain.audit import AuditLog, Operation
from core.domain.hook import (
    BOTH_SIGN_FOR,
    HELD_FOR,
    MOST_HOOKS,
    Due,
    Hook,
    HookEvent,
    Hooks,
    NothingToTell,
    Telling,
    TellingState,
    TooManyHooks,
    checked_address,
    next_try,
)
from core.domain.ids import HookId, new_id
from core.domain.staff import require_role
from core.ports import Clock, HookPost, Transaction, Unavailable

ITSELF = System("hooks")
LEASE = timedelta(seconds=60)
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class HookView:
    """An address, and how many tellings were given up."""

    hook: Hook
    given_up: int


@dataclass(frozen=True, slots=True)
class NewHook:
    """An address that was just added, or given another secret, with that: this once."""

    hook: Hook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListHooks:
    """An administrator looks at the addresses. Raises NotAllowed."""

    transaction: Transaction
    hooks: Hooks
    audit: AuditLog

    async def __call__(self, actor: Actor) -> Sequence[HookView]:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction.looking():
            failing = await self.hooks.failing()
            found = [HookView(each, failing.get(each.id, 0)) for each in await self.hooks.all()]
            self.audit.record(staff, Operation.HOOKS_VIEWED)
        return found


@dataclass(frozen=True, slots=True)
class AddHook:
    """An administrator adds an address; its secret is told this once.

    Raises NotAllowed, BadHookAddress, InsideAddress, NothingToTell, TooManyHooks.
    """

    transaction: Transaction
    hooks: Hooks
    post: HookPost
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, url: str, events: Collection[HookEvent]) -> NewHook:
        staff = require_role(actor, Role.ADMINISTRATOR)
        address = checked_address(url.strip(), self.post.reach)
        if not events:
            raise NothingToTell
        now, secret = self.clock.now(), self.post.fresh_secret()
        async with self.transaction:
            if len(await self.hooks.all()) >= MOST_HOOKS:
                raise TooManyHooks
            hook = Hook(HookId(new_id(now)), address, frozenset(events), now, staff.staff)
            await self.hooks.add(hook, secret)
            self.audit.record(staff, Operation.HOOK_ADDED, None, hook=str(hook.id))
        return NewHook(hook, secret)


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """An administrator gives an address another secret, told this once. For a day both sign, then the old one goes.

    Rotated again within the day, the oldest of the three goes at once. Raises NotAllowed, HookNotThere.
    """

    transaction: Transaction
    hooks: Hooks
    post: HookPost
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, hook: HookId) -> NewHook:
        staff = require_role(actor, Role.ADMINISTRATOR)
        secret = self.post.fresh_secret()
        async with self.transaction:
            until = self.clock.now() + BOTH_SIGN_FOR
            found = await self.hooks.rotate(hook, secret, until)
            self.audit.record(staff, Operation.HOOK_SECRET_ROTATED, None, hook=str(hook), until=until.isoformat())
        return NewHook(found, secret)


@dataclass(frozen=True, slots=True)
class SwitchHook:
    """An administrator switches an address off, or on again. Twice is once. Raises NotAllowed, HookNotThere.

    What happens while it is off is never told to it; what waited goes on when it is on again, until its day is over.
    """

    transaction: Transaction
    hooks: Hooks
    audit: AuditLog

    async def __call__(self, actor: Actor, hook: HookId, *, off: bool) -> None:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction:
            await self.hooks.switch(hook, off=off)
            self.audit.record(staff, Operation.HOOK_SWITCHED, None, hook=str(hook), to="off" if off else "on")


@dataclass(frozen=True, slots=True)
class RemoveHook:
    """An administrator takes an address away, with what waits for it. Raises NotAllowed, HookNotThere."""

    transaction: Transaction
    hooks: Hooks
    audit: AuditLog

    async def __call__(self, actor: Actor, hook: HookId) -> None:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction:
            await self.hooks.remove(hook)
            self.audit.record(staff, Operation.HOOK_REMOVED, None, hook=str(hook))


@dataclass(frozen=True, slots=True)
class ListTellings:
    """An administrator looks at what an address was told, the newest first. Raises NotAllowed, HookNotThere."""

    transaction: Transaction
    hooks: Hooks
    audit: AuditLog

    async def __call__(self, actor: Actor, hook: HookId, before: UUID | None, limit: int) -> Sequence[Telling]:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction.looking():
            found = await self.hooks.tellings(hook, before, limit)
            self.audit.record(staff, Operation.HOOKS_VIEWED, None, hook=str(hook))
        return found


@dataclass(frozen=True, slots=True)
class TellAgain:
    """An administrator has something told again that was given up. Raises NotAllowed, HookNotThere, StillTrying."""

    transaction: Transaction
    hooks: Hooks
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, hook: HookId, telling: UUID) -> None:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction:
            await self.hooks.again(hook, telling, self.clock.now())
            self.audit.record(staff, Operation.HOOK_TOLD_AGAIN, None, hook=str(hook), telling=str(telling))


@dataclass(frozen=True, slots=True)
class TellPrograms:
    """The worker sends one telling whose time has come, outside of any transaction; False when there was none."""

    transaction: Transaction
    hooks: Hooks
    post: HookPost
    audit: AuditLog
    clock: Clock

    async def __call__(self) -> bool:
        now = self.clock.now()
        async with self.transaction:
            claimed = await self.hooks.claim(now, now + LEASE, 1)
        for due in claimed:
            await self._try(due)
        return bool(claimed)

    async def _try(self, due: Due) -> None:
        telling, status = due.telling, None
        if due.secret:
            try:
                status = await self.post.send(due, self.clock.now())
            except Unavailable:
                status = None
        now = self.clock.now()
        # Nobody can tell who sent what is not signed: without its secret it is not told at all.
        taken, again = status is not None and 200 <= status < 300, next_try(telling, now) if due.secret else None
        if taken:
            settled = replace(telling, state=TellingState.SENT, status=status, settled_at=now)
        elif again is None:
            settled = replace(telling, state=TellingState.GIVEN_UP, status=status, settled_at=now)
        else:
            settled = replace(telling, due_at=again, status=status)
        async with self.transaction:
            await self.hooks.settle(settled)
            if status is None or status >= 500:
                await self.hooks.hold(telling.hook, now + HELD_FOR)
            if settled.state is TellingState.GIVEN_UP:
                self.audit.record(
                    ITSELF, Operation.HOOK_GIVEN_UP, None, hook=str(telling.hook), telling=str(telling.id)
                )


@dataclass(frozen=True, slots=True)
class ForgetTellings:
    """The worker removes what was settled a month ago, and secrets that sign no longer."""

    transaction: Transaction
    hooks: Hooks
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction:
            await self.hooks.drop_former(self.clock.now())
            return await self.hooks.forget_before(self.clock.now() - KEPT)
