"""The page of the lock; and a form that came while the sections were closed, held in it until they are open again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from api.routes.page.faults import status_of, told
from api.routes.page.session import OURS, Mine, show
from api.words import words_for
from core.domain.factor import FactorKind
from core.services.factor import ViewSecurity

HELD = "held."
"""Before the names of a held form's fields, among those of the lock's own."""
PATH = f"{HELD}:path"
MOST = 16 * 1024
"""So many characters of a form are held: more than any of ours has."""
ONCE = frozenset({"csrf", "code"})
"""Not held: the secret is of this session anyway, and a code works once."""


@dataclass(frozen=True, slots=True)
class Held:
    """A form that waits: where it goes, and its fields as they were sent. It stands in the page, and nowhere else."""

    path: str
    fields: Sequence[tuple[str, str]] = field(repr=False)
    files: bool = False

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The fields that carry it through the lock."""
        return [(PATH, self.path), *((HELD + name, value) for name, value in self.fields)]


def held_in(form: FormData, path: str) -> Held | None:
    """Return what was sent to a path of ours; None for what is none, or too long."""
    if not OURS.fullmatch(path):
        return None
    words = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in ONCE]
    files = any(not isinstance(value, str) and value.filename for _, value in form.multi_items())
    return Held(path, words, files) if sum(len(name) + len(value) for name, value in words) <= MOST else None


def held_by(form: FormData) -> Held | None:
    """Return what the lock's own form carries; None where it carries nothing."""
    items = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    path = next((value for name, value in items if name == PATH), "")
    if not OURS.fullmatch(path):
        return None
    return Held(
        path, [(name.removeprefix(HELD), value) for name, value in items if name.startswith(HELD) and name != PATH]
    )


async def show_lock(
    request: Request,
    mine: Mine,
    view: ViewSecurity,
    *,
    onward: str = "",
    held: Held | None = None,
    fault: Exception | None = None,
) -> Response:
    """Show the lock, and how it opens."""
    seen, words = await view(mine.citizen), await words_for(request)
    # A form that came while the sections are closed was not done: that is no success.
    status = 403 if held and fault is None else status_of(fault)
    locked = words("factor.locked", until=words.time(seen.locked_until, mine.zone)) if seen.locked_until else None
    return await show(
        request,
        mine,
        "unlock",
        status,
        seen=seen,
        by_sms=seen.kind is FactorKind.SMS,
        onward=onward if OURS.fullmatch(onward) else "",
        held=held,
        error=None if fault is None or locked else told(fault, words),
        locked=locked,
    )
