"""Where the desk leads: its places in their order, who sees which, and where each role begins."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.actor import Role

ANSWERING = frozenset({Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
IN_SIGHT = 4
"""So many links stand in the bar; where there are more than one more, the rest waits under a word of its own."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place of the desk: `key` says its name. Pages below its path belong to it, unless it is `alone`."""

    path: str
    key: str
    roles: frozenset[Role]
    alone: bool = False

    def leads_to(self, path: str) -> bool:
        """Whether a page belongs here."""
        return path == self.path or (not self.alone and path.startswith(f"{self.path}/"))


LINKS: tuple[Link, ...] = (
    Link("/desk/talks", "desk.nav.talks", ANSWERING),
    Link("/desk/tickets", "desk.nav.tickets", ANSWERING),
    Link("/desk", "desk.queue.title", frozenset({Role.REVIEWER, Role.ADMINISTRATOR}), alone=True),
    Link("/desk/extracts", "desk.extracts.title", frozenset({Role.DOCTOR})),
    Link("/desk/vaccinations", "desk.vaccinations.title", frozenset({Role.REGISTRAR, Role.NURSE, Role.DOCTOR})),
    Link("/desk/schedule", "schedule.title", frozenset({Role.REGISTRAR, Role.DOCTOR, Role.ADMINISTRATOR})),
    Link("/desk/proofs", "desk.proofs.title", frozenset({Role.REVIEWER, Role.REGISTRAR, Role.ADMINISTRATOR})),
    Link("/desk/articles", "desk.nav.articles", ANSWERING),
    Link("/desk/figures", "desk.nav.figures", ANSWERING),
    Link("/desk/wall", "desk.nav.wall", ANSWERING),
    Link("/desk/staff", "desk.nav.staff", ADMINISTRATOR),
    Link("/desk/teams", "desk.nav.teams", ADMINISTRATOR),
    Link("/desk/hours", "desk.nav.hours", ADMINISTRATOR),
    Link("/desk/broadcasts", "broadcast.title", ADMINISTRATOR),
    Link("/desk/keys", "desk.keys.title", ADMINISTRATOR),
    Link("/desk/hooks", "desk.nav.hooks", ADMINISTRATOR),
    Link("/desk/updates", "desk.nav.updates", ADMINISTRATOR),
    Link("/desk/notifications", "desk.nav.undelivered", ADMINISTRATOR),
    Link("/desk/audit", "desk.nav.audit", frozenset({Role.AUDITOR})),
)
HOMES: Mapping[Role, str] = {
    Role.OPERATOR: "/desk/talks",
    Role.SENIOR: "/desk/talks",
    Role.DOCTOR: "/desk/extracts",
    Role.NURSE: "/desk/vaccinations",
    Role.REGISTRAR: "/desk/vaccinations",
    Role.AUDITOR: "/desk/audit",
}
"""Where the work of a role is, unless it is the queue."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What somebody sees at the top of a page: the links in sight, those behind «more», and the one that they are at."""

    shown: tuple[Link, ...]
    more: tuple[Link, ...]
    here: Link | None


def bar(role: Role, path: str) -> Bar:
    """Return the bar of a role on a page."""
    links = tuple(link for link in LINKS if role in link.roles)
    cut = IN_SIGHT if len(links) > IN_SIGHT + 1 else len(links)
    return Bar(links[:cut], links[cut:], next((link for link in links if link.leads_to(path)), None))


def home(role: Role) -> str:
    """Return where somebody begins."""
    return HOMES.get(role, "/desk")
