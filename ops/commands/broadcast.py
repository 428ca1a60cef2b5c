"""`medkarta broadcast`: one message to many, from the command line."""

import asyncio
import json
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from core.domain.actor import NotAllowed, System
from core.domain.broadcast import (
    ENDS,
    BadMoment,
    BadSegment,
    Broadcast,
    BroadcastMoved,
    Segment,
    TextMissing,
    TextTooLong,
    ages_of,
    fitting,
    moscow_moment,
)
from core.domain.ids import BroadcastId
from core.domain.notification import Topic
from core.ports import Clock
from core.services.broadcast import (
    CancelBroadcast,
    CountReach,
    CreateBroadcast,
    LaunchBroadcast,
    ListBroadcasts,
    PauseBroadcast,
    Reach,
    ResumeBroadcast,
    ViewBroadcast,
    Wanted,
)
from ops.commands.broadcasts_shown import counted, moscow, previewed, reached, report_of
from ops.commands.work import scope
from ops.settings import Settings

app = typer.Typer(no_args_is_help=True, help="One message to many.")
ORDERED_BY = System("command line")
LOOK_EVERY_S = 2.0
T = TypeVar("T")
Id = Annotated[UUID, typer.Argument(help="The broadcast, as `list` shows it.", show_default=False)]

FAULTS: dict[type[Exception], str] = {
    TextMissing: "There must be a Russian text: --text-ru FILE, or - for standard input.",
    BadSegment: "Ages are like 60-, 18-30 or -17, from 0 to 120; regions are numbers of two digits, languages ru and en.",
    BadMoment: 'A time is Moscow\'s, to come, within a year, for example --at "2026-12-01 10:00".',
    BroadcastMoved: "The broadcast is past that: see `medkarta broadcast show`.",
    NotAllowed: "There is no such broadcast: see `medkarta broadcast list`.",
}


@app.command()
def new(
    text_ru: Annotated[str, typer.Option(help="A file with the Russian text; - reads standard input.")],
    text_en: Annotated[str | None, typer.Option(help="A file with the English text; others read Russian.")] = None,
    title: Annotated[str, typer.Option(help="For staff; the text's first line when absent.")] = "",
    language: Annotated[list[str] | None, typer.Option(help="ru or en; repeat for both.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="A region's number, like 66; repeat for more.")] = None,
    age: Annotated[str, typer.Option(help="Full years: 60-, 18-30, -17.")] = "",
    topic: Annotated[Topic, typer.Option(help="What it is about: whoever turned it off is left out.")] = Topic.NEWS,
    follows: Annotated[list[Topic] | None, typer.Option(help="Only people who follow this topic too.")] = None,
    at: Annotated[str, typer.Option(help='When, Moscow time: "2026-12-01 10:00"; at once when absent.')] = "",
    urgent: Annotated[bool, typer.Option("--urgent", help="Do not wait for the end of quiet hours.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show preview and count, and keep nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Show what people will see and how many they are, ask, and send."""
    settings, console = Settings.read(), Console(highlight=False)
    if "-" in {text_ru, text_en} and not (yes or dry_run):
        Console(stderr=True).print("With the text on standard input nobody can be asked: add --yes or --dry-run.")
        raise typer.Exit(1)
    texts = {"ru": _text(text_ru), "en": _text(text_en) if text_en else ""}

    async def check() -> tuple[Wanted, Reach]:
        youngest, oldest = ages_of(age)
        asked = Segment(frozenset(language or ()), frozenset(region or ()), youngest, oldest, frozenset(follows or ()))
        wanted = Wanted(texts, title, asked, topic, urgent).clean()
        async with scope(settings) as request:
            if at:
                fitting(moscow_moment(at), (await request.get(Clock)).now())
            count = await request.get(CountReach)
            return wanted, await count(ORDERED_BY, wanted.segment, wanted.topic, wanted.texts)

    wanted, reach = told_plainly(check())
    previewed(console, wanted.title, wanted.texts)
    reached(console, reach)
    if dry_run:
        console.print("A dry run: nothing was sent.")
        return
    if not yes and not typer.confirm(f"Send to {reach.people}{f' at {at} Moscow time' if at else ' now'}?"):
        console.print("Nothing was sent.")
        raise typer.Exit(1)

    async def send() -> Broadcast:
        async with scope(settings) as request:
            draft = await (await request.get(CreateBroadcast))(ORDERED_BY, wanted)
            moment = moscow_moment(at) if at else None
            return await (await request.get(LaunchBroadcast))(ORDERED_BY, draft.id, moment, draft.version)

    launched = told_plainly(send())
    when = f"leaves {moscow(launched.scheduled_at)}" if at else "leaves as soon as a worker runs"
    console.print(f"{launched.id} {when}.", soft_wrap=True)


@app.command("list")
def list_() -> None:
    """Show the latest broadcasts."""

    async def work(settings: Settings) -> list[Broadcast]:
        async with scope(settings) as request:
            return await (await request.get(ListBroadcasts))(ORDERED_BY)

    table = Table("Id", "State", "Title", "Leaves (Moscow)", "Sent")
    for each in told_plainly(work(Settings.read())):
        table.add_row(str(each.id), each.state.value, each.title, moscow(each.scheduled_at), str(each.counts.sent))
    Console().print(table)


@app.command()
def show(broadcast: Id) -> None:
    """Show one: its text, its segment, how far it is."""
    found, console = _found(broadcast), Console(highlight=False)
    previewed(console, found.title, found.texts)
    counted(console, found)


@app.command()
def preview(broadcast: Id) -> None:
    """Show what people will see, and count them; sends nothing."""
    found, console = _found(broadcast), Console(highlight=False)

    async def work(settings: Settings) -> Reach:
        async with scope(settings) as request:
            count = await request.get(CountReach)
            return await count(ORDERED_BY, found.segment, found.topic, found.texts)

    previewed(console, found.title, found.texts)
    reached(console, told_plainly(work(Settings.read())))


@app.command()
def pause(broadcast: Id) -> None:
    """Halt it: what has not left stays."""
    _steered(PauseBroadcast, broadcast)


@app.command()
def resume(broadcast: Id) -> None:
    """Let it go on, also one that stopped itself."""
    _steered(ResumeBroadcast, broadcast)


@app.command()
def cancel(broadcast: Id) -> None:
    """Take it back: what has left has left."""
    _steered(CancelBroadcast, broadcast)


@app.command()
def progress(
    broadcast: Id,
    follow: Annotated[bool, typer.Option("--follow", help="Go on showing it until it is over.")] = False,
) -> None:
    """Show how far it is."""
    console = Console(highlight=False)
    while True:
        found = _found(broadcast)
        counted(console, found)
        if not follow or (found.state in ENDS and not found.counts.unsettled):
            return
        time.sleep(LOOK_EVERY_S)


@app.command()
def report(broadcast: Id, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show what became of it; ends with 2 while it is not over."""
    found = _found(broadcast)
    if as_json:
        sys.stdout.write(json.dumps(report_of(found), ensure_ascii=False, indent=2) + "\n")
    else:
        counted(Console(highlight=False), found)
    if found.state not in ENDS:
        raise typer.Exit(2)


def told_plainly(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work; a fault that has a plain sentence is told in it."""
    try:
        return asyncio.run(work)
    except TextTooLong as fault:
        sentence = f"The text ({fault.language}) is {fault.over} characters too long: 4096 fit into a message."
    except tuple(FAULTS) as fault:
        sentence = next(said for kind, said in FAULTS.items() if isinstance(fault, kind))
    Console(stderr=True).print(sentence, soft_wrap=True)
    raise typer.Exit(1)


def _found(broadcast: UUID) -> Broadcast:
    async def work(settings: Settings) -> Broadcast:
        async with scope(settings) as request:
            return (await (await request.get(ViewBroadcast))(ORDERED_BY, BroadcastId(broadcast))).broadcast

    return told_plainly(work(Settings.read()))


def _steered(use_case: type[PauseBroadcast | ResumeBroadcast | CancelBroadcast], broadcast: UUID) -> None:
    async def work(settings: Settings) -> Broadcast:
        async with scope(settings) as request:
            return await (await request.get(use_case))(ORDERED_BY, BroadcastId(broadcast))

    counted(Console(highlight=False), told_plainly(work(Settings.read())))


def _text(source: str) -> str:
    """Read a text from a file or standard input; a file that is not there ends the command with one line."""
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        why = "it is not UTF-8" if isinstance(fault, UnicodeDecodeError) else fault.strerror
        Console(stderr=True).print(f"{source} cannot be read: {why}.", soft_wrap=True)
        raise typer.Exit(1) from None
