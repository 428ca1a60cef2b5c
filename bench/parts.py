"""The parts of a run: what each starts, measures and says, as rows of one table."""

import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from dishka import AsyncContainer
from pydantic import SecretStr

from bench import (
    bookings,
    broadcast,
    calls,
    growth,
    intake,
    knowledge,
    latency,
    records,
    resources,
    size,
    slots,
    turns,
    weight,
)
from bench import subjects as kinds
from bench.readings import Row
from bench.relay import measured, told
from bench.services import fresh_database
from bench.sizes import Sizes
from bench.subjects import Kind, Subject, standing
from core.security.keyring import KeyRing
from ops.container import make_container
from ops.settings import Settings


async def run_turns(up: "Stand", sizes: Sizes) -> list[Row]:
    """Turns a second and CPU a turn, against the peer."""
    found = await turns.in_turn(await up.all(*kinds.PEERS, *kinds.OURS), sizes.rounds, sizes.walks)
    rows = []
    for kind in kinds.OURS:
        ours, peer = found[kind], found[kinds.peer_of(kind)]
        wanted = "at least 1.0" if kind.database == "postgresql" else ""
        share = f"{ours['rate'].middle / peer['rate'].middle:.2f} of {peer['rate']}"
        rows.append(Row("turns a second", kind.name, str(ours["rate"]), share, wanted))
        cheap = f"{peer['cpu'].middle / ours['cpu'].middle:.2f} of {peer['cpu']}"
        rows.append(Row("CPU a turn, ms", kind.name, str(ours["cpu"]), cheap, wanted))
        rows.append(Row("CPU of PostgreSQL and Redis, ms", kind.name, str(ours["behind"]), str(peer["behind"])))
    return rows


async def run_latency(up: "Stand", sizes: Sizes) -> list[Row]:
    """The 95th percentile at half of full load, against the peer."""
    ours, peers = (kinds.POSTGRES_POLLING, kinds.POSTGRES_WEBHOOK), kinds.PEERS
    found = await latency.in_turn(await up.all(*peers, *ours), sizes.rounds, sizes.walks)
    rows = []
    for kind in ours:
        mine, theirs = found[kind], found[kinds.peer_of(kind)]
        times = f"{mine['p95'].middle / theirs['p95'].middle:.1f} times {theirs['p95']}"
        what = f"p95 at {mine['asked'].middle:.0f} turns/s, ms"
        rows.append(Row(what, kind.name, str(mine["p95"]), times, "at most 2"))
    return rows


async def run_calls(up: "Stand", sizes: Sizes) -> list[Row]:
    """Bot API calls a turn."""
    rows = []
    for kind in (kinds.POSTGRES_POLLING, kinds.POSTGRES_WEBHOOK, *kinds.PEERS):
        counted = await calls.counted((await up.all(kind))[kind], sizes.alone)
        aim = "at most 1.3" if kind.ours else ""
        rows.append(Row("calls waited for, a turn", kind.name, f"{counted['waited']:.2f}", "", aim))
        rows.append(Row("calls in all, a turn", kind.name, f"{counted['all']:.2f}"))
    return rows


async def run_resources(up: "Stand", sizes: Sizes) -> list[Row]:
    """CPU and memory: idle, 1,000 turns, the same with many conversations known."""
    rows = []
    for kind in (kinds.POSTGRES_POLLING, kinds.PEER_POLLING):
        subject = (await up.all(kind))[kind]
        rest = await resources.idle(subject)
        rows.append(Row("idle: CPU ms a second", kind.name, f"{rest['cpu_ms_per_s']:.1f}"))
        rows.append(Row("idle: memory, MB", kind.name, f"{rest['memory_mb']:.0f}"))
        used = await resources.thousand_turns(subject, sizes.walks)
        rows.append(Row("1,000 turns: CPU s, MB more", kind.name, f"{used['cpu_s']:.2f}, {used['grown_mb']:.1f}"))
        await resources.know(subject, sizes.conversations)
        known = f"with {sizes.conversations:,} conversations known"
        rest = await resources.idle(subject)
        rows.append(Row(f"{known}, idle: CPU ms a second", kind.name, f"{rest['cpu_ms_per_s']:.1f}"))
        used = await resources.thousand_turns(subject, sizes.walks)
        rows.append(
            Row(f"{known}, 1,000 turns: CPU s, MB more", kind.name, f"{used['cpu_s']:.2f}, {used['grown_mb']:.1f}")
        )
        told = f"{used['memory_mb']:.0f} and {used['redis_mb']:.0f}"
        rows.append(Row(f"{known}: memory of the bot and of its Redis, MB", kind.name, told))
    return rows


async def run_broadcast(up: "Stand", sizes: Sizes) -> list[Row]:
    """The share of the allowed rate."""
    rows = []
    ways = {"an outbox, one worker": broadcast.at_rate, "a real one, two workers": broadcast.really}
    for rate in (30, 1_000):
        for name, way in ways.items():
            # Each before a bot and a database of its own: what one broadcast leaves behind is not the next one's.
            subject = await up.another(kinds.POSTGRES_POLLING)
            try:
                read = await way(subject, rate, sizes.seconds)
            except TimeoutError as fault:
                # The other rows stand by themselves.
                rows.append(Row(f"broadcast at {rate}/s", name, f"not measured: {fault}"))
                continue
            rows.append(Row(f"broadcast at {rate}/s: share", name, f"{read['share']:.3f}", "", "at least 0.98"))
            rows.append(Row(f"broadcast at {rate}/s: fullest second", name, f"{read['fullest']:.3f}", "", "at most 1"))
    subject = await up.another(kinds.POSTGRES_POLLING)
    most = await broadcast.ceiling(subject, min(10.0, sizes.seconds))
    rows.append(Row("messages a second that the playground takes", "a bare loop", f"{most:.0f}"))
    return rows


async def run_size(up: "Stand", sizes: Sizes) -> list[Row]:
    """A turn in a large database against one in an empty one, by two bots side by side."""
    empty = (await up.all(kinds.POSTGRES_POLLING))[kinds.POSTGRES_POLLING]
    full = await up.another(kinds.POSTGRES_POLLING)
    await size.fill(full, sizes.citizens, sizes.notices)
    small, large = await size.compared(empty, full, sizes.rounds, sizes.walks)
    there = f"with {sizes.citizens:,} citizens, {sizes.notices:,} notices"
    times = f"{large.middle / small.middle:.2f} times {small}"
    rows = [Row(f"CPU a turn {there}, ms", kinds.POSTGRES_POLLING.name, str(large), times, "at most 1.2")]
    small, large = await size.claims(empty), await size.claims(full)
    times = f"{large.middle / small.middle:.2f} times {small}"
    return [*rows, Row(f"a claim of {size.CLAIMED} rows {there}, ms", "worker", str(large), times)]


async def run_records(up: "Stand", sizes: Sizes) -> list[Row]:
    """Fifty results, against the bare query and decryption; and what a large table changes."""
    container = await up.product()
    whose = await records.patient(container)
    rows, costs = [], {}
    for many in (records.OWN, records.OWN + sizes.results):
        if many > records.OWN:
            await records.fill(container, sizes.results)
        read = await records.compared(container, whose, sizes.looks)
        put = await records.delivered(container, whose, max(3, sizes.looks // 20))
        costs[many] = put.middle
        of = f"PostgreSQL, {many:,} results"
        bare, page, used = read["bare"], read["collected"], read["used"]
        times = f"{page.middle / bare.middle:.2f} of {bare}"
        rows += [
            Row("50 results counted, read, opened, ms", of, str(page), times, "at most 1.5"),
            Row("the same with gate and journal, ms", of, str(used), f"{used.middle / bare.middle:.2f} of {bare}"),
            Row("500 results delivered, ms", of, str(put)),
        ]
    first, last = costs.values()
    rows.append(Row("cost of a delivery in the large table", "PostgreSQL", f"{last / first:.2f}", "", "flat"))
    return rows


async def run_intake(up: "Stand", sizes: Sizes) -> list[Row]:
    """Observations taken in from bundles, against bare validation of the same bundles."""
    read = await intake.compared(up.folder, up.keys, sizes.observations, sizes.rounds)
    share = f"{read.taken / read.validated:.2f} of {read.validated:.0f}"
    return [Row("Observations taken in a second", "PostgreSQL, HTTP", f"{read.taken:.0f}", share, "at least 0.5")]


async def run_bookings(up: "Stand", sizes: Sizes) -> list[Row]:
    """Confirmed bookings a second while ten people want each time, and a thousand on one time, against bare inserts."""
    container = await up.product()
    rows = []
    for what, a_time in (("ten people a time", 10), ("all on one time", sizes.contenders)):
        found = await bookings.contended(container, sizes.contenders, a_time)
        of = f"PostgreSQL, {found.people:,} people, {what}"
        share = f"{found.ours / found.bare:.2f} of {found.bare:.1f}"
        rows.append(Row("confirmed bookings a second", of, f"{found.ours:.1f}", share))
        share = f"{found.our_attempts / found.bare_attempts:.2f} of {found.bare_attempts:.0f}"
        rows.append(Row("answered people a second", of, f"{found.our_attempts:.0f}", share))
    return rows


async def run_slots(up: "Stand", sizes: Sizes) -> list[Row]:
    """Free slots and days with some, against the bare SQL of the same answer; how PostgreSQL does it is printed."""
    container = await up.product()
    await slots.fill(container, sizes.slots)
    rows = []
    for what, read in (await slots.compared(container, sizes.questions)).items():
        asked, of = f"p95 of {what}, {read.rows:.0f} rows, ms", f"PostgreSQL, {sizes.slots:,} slots"
        times = f"{read.ours / read.bare:.2f} of {read.bare:.2f}"
        rows.append(Row(asked, of, f"{read.ours:.2f}", times, "at most 1.5"))
        whole = f"{read.whole / read.bare:.2f} of {read.bare:.2f}"
        rows.append(Row("the same with scope and transaction, ms", of, f"{read.whole:.2f}", whole))
    print(await slots.plans(container))
    return rows


async def run_weight(up: "Stand", sizes: Sizes) -> list[Row]:
    """The memory that a large bundle takes, against bare validation of it."""
    read = await weight.weighed(up.folder, up.keys, sizes.megabytes)
    of, bare = f"a bundle of {read.wire:.0f} MB, PostgreSQL, HTTP", f"{read.bare / read.wire:.1f} by bare validation"
    return [
        Row("memory of api at its most, times the bundle's size", of, f"{read.grown / read.wire:.1f}", bare),
        Row("the same, seconds", of, f"{read.seconds:.1f}"),
    ]


async def run_growth(up: "Stand", sizes: Sizes) -> list[Row]:
    """A bundle and a look in a database that grows, against a small one."""
    rows, begins = [], 0
    async with intake.door(up.folder, up.keys) as first, intake.door(up.folder, up.keys) as second:
        sides = await growth.Side.of(first), await growth.Side.of(second)
        for ends in sorted({0, *(each for each in growth.STEPS if each < sizes.results), sizes.results}):
            held = await growth.fill(sides[1], begins, ends)
            begins, of = ends, f"{ends:,} resources and results, {held:.1f} GB"
            small, large = await growth.taking(sides, max(5, sizes.looks // 10))
            for name, what in (("wall", "ms"), ("cpu", "ms of CPU, PostgreSQL's included")):
                times = f"{large[name].middle / small[name].middle:.2f} times {small[name]}"
                rows.append(Row(f"a bundle of 300 Observations, {what}", of, str(large[name]), times, "flat"))
            small, large = await growth.reading(sides, sizes.looks)
            times = f"{large.middle / small.middle:.2f} times {small}"
            rows.append(Row("50 results, ms", of, str(large), times, "flat"))
        rows += [Row(f"plan: {name}", of, told) for name, told in (await growth.plans(sides[1])).items()]
        for side in sides:
            await side.container.close()
    return rows


async def run_relay(up: "Stand", sizes: Sizes) -> list[Row]:
    """Citizens and operators who hear each other, beside a bare relay, and while parts restart."""
    subject = (await up.all(kinds.POSTGRES_POLLING))[kinds.POSTGRES_POLLING]
    found = await measured(subject, sizes.talks, sizes.operators, sizes.seconds)
    return told(found, sizes.talks, sizes.operators)


PARTS: dict[str, Callable[["Stand", Sizes], Awaitable[list[Row]]]] = {
    "turns": run_turns,
    "latency": run_latency,
    "calls": run_calls,
    "resources": run_resources,
    "broadcast": run_broadcast,
    "size": run_size,
    "records": run_records,
    "intake": run_intake,
    "slots": run_slots,
    "bookings": run_bookings,
    "weight": run_weight,
    "growth": run_growth,
    "knowledge": knowledge.run,
    "relay": run_relay,
}


class Stand:
    """The subjects of a part, started when they are asked for and ended together."""

    def __init__(self, stack: AsyncExitStack, folder: Path) -> None:
        self._stack, self.folder, self.keys = stack, folder, folder / "keys"
        self._up: dict[Kind, Subject] = {}
        KeyRing.open(self.keys)

    async def all(self, *wanted: Kind) -> dict[Kind, Subject]:
        """Return these, started."""
        for kind in wanted:
            if kind not in self._up:
                self._up[kind] = await self.another(kind)
        return {kind: self._up[kind] for kind in wanted}

    async def product(self) -> AsyncContainer:
        """Return the product without its bot, on a fresh PostgreSQL database."""
        url = await self._stack.enter_async_context(fresh_database("postgresql", self.folder))
        settings = Settings(database_url=SecretStr(url), state_dir=self.folder / "product", keyring_path=self.keys)
        container = make_container(settings)
        self._stack.push_async_callback(container.close)
        return container

    async def another(self, kind: Kind) -> Subject:
        """Start one more of a kind."""
        return await self._stack.enter_async_context(standing(kind, self.folder, self.keys))


async def run(part: str, sizes: Sizes) -> list[Row]:
    """Run one part from start to end."""
    with tempfile.TemporaryDirectory(prefix="medkarta-bench-") as folder:
        async with AsyncExitStack() as stack:
            return await PARTS[part](Stand(stack, Path(folder)), sizes)
