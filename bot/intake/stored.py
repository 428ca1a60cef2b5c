"""What was kept in the inbox, read back."""

import json

from bot.intake.arrival import Arrival
from core.domain.update import Kept


def arrival_of(kept: Kept) -> Arrival:
    """Return the arrival that was kept."""
    return Arrival(
        kept.id, kept.chat, kept.kind, json.loads(kept.raw), tries=kept.tries, kept=True, put_back=kept.put_back
    )
