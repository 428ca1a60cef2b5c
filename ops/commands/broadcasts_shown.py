"""What the command line tells of a broadcast."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from core.domain.broadcast import Broadcast
from core.domain.chat import DEFAULT_ZONE
from core.domain.region import REGIONS
from core.services.broadcast import Reach


def moscow(at: datetime | None) -> str:
    """Return a moment by Moscow's clock: `2026-12-01 10:00`; nothing for none."""
    return at.astimezone(ZoneInfo(DEFAULT_ZONE)).strftime("%Y-%m-%d %H:%M") if at else ""


def previewed(console: Console, title: str, texts: Mapping[str, str]) -> None:
    """Show the texts as people will see them."""
    for language, text in texts.items():
        # As text, not as rich's own markup: what staff typed is shown as it is.
        console.print(Panel(Text(text), title=Text(f"{title} ({language})"), width=min(72, console.width)))


def reached(console: Console, reach: Reach) -> None:
    """Show how many it would reach."""
    table = Table("Will get it", str(reach.people))
    for language, number in reach.by_language.items():
        table.add_row(f"language {language}", str(number))
    for code, number in reach.by_region.items():
        table.add_row(f"region {code} {REGIONS[code].name('en')}" if code else "region not told", str(number))
    for first, number in reach.by_age.items():
        table.add_row(f"age {first}-{first + 9}", str(number))
    if reach.in_russian:
        table.add_row("of them read Russian instead of their language", str(reach.in_russian))
    for name in ("skipped", "blocked", "no_region", "no_age"):
        if number := getattr(reach, name):
            table.add_row(LEFT_OUT[name], str(number))
    console.print(table)


def counted(console: Console, broadcast: Broadcast) -> None:
    """Show how far it is."""
    table = Table(broadcast.state.value, str(broadcast.counts.found))
    for name, number in asdict(broadcast.counts).items():
        table.add_row(name, str(number))
    console.print(table)
    if broadcast.counted_at:
        console.print(f"Counted {moscow(broadcast.counted_at)} Moscow time.")


def report_of(broadcast: Broadcast) -> dict[str, object]:
    """Return the report for programs; times are UTC."""
    moments = ("created_at", "scheduled_at", "started_at", "ended_at", "counted_at")
    return {
        "id": str(broadcast.id),
        "title": broadcast.title,
        "state": broadcast.state.value,
        "created_by": broadcast.created_by,
        **{name: getattr(broadcast, name) and getattr(broadcast, name).isoformat() for name in moments},
        "found": broadcast.counts.found,
        **asdict(broadcast.counts),
    }


LEFT_OUT = {
    "skipped": "left out: turned the topic off",
    "blocked": "left out: blocked the bot",
    "no_region": "left out: told no region",
    "no_age": "left out: age unknown",
}
