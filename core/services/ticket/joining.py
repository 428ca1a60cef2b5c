"""One request out of several that went into it: what was said in each, in the order of time."""

from collections.abc import Sequence

from core.domain.ids import RemarkId
from core.domain.ticket import Portion, Remark, RemarkSide, Ticket


def joined(ticket: Ticket, merged: Sequence[Ticket], said: Portion) -> list[Remark]:
    """Return the remarks, without an opening that has nothing; the description of each that went into it is a remark, too."""
    told = [
        Remark(RemarkId(each.id), each.id, RemarkSide.CITIZEN, each.opened_at, each.description)
        for each in merged
        if each.description and said.covers(each.opened_at)
    ]
    shown = [each for each in said.remarks if each.text or each.files]
    return sorted([*told, *shown], key=lambda each: (each.at, each.ticket != ticket.id, each.number))
