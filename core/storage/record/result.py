"""Results and panels: a page is one query, whatever the table holds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, update

from core.domain.ids import AccountId, RecordId
from core.domain.record import Category, Coding, Kind, NotFound, Panel, Period, Result
from core.ports import BlindIndexes
from core.storage.base import table_of
from core.storage.key import Seals
from core.storage.record.rows import ResultRow
from core.storage.record.shelf import Record, batches, moments, opened, put, remove
from core.storage.record.written import coding_in, filled, measured_in, measured_out
from core.storage.transaction import SqlTransaction

CODE = "result.code"
CATEGORY = {category.value: category for category in Category}
ROWS = table_of(ResultRow)
MINE = ROWS.c.account == bindparam("account")
WITHIN = (ROWS.c.taken_at >= bindparam("since"), ROWS.c.taken_at < bindparam("until"))
STANDS = ROWS.c.panel.is_(None)
NEWEST = (ROWS.c.taken_at.desc(), ROWS.c.id.desc())
SOME = ROWS.c.id.in_(bindparam("ids", expanding=True))

CATEGORIES = select(ROWS.c.category, func.count().label("many")).where(MINE, STANDS, *WITHIN).group_by(ROWS.c.category)
ONE = select(ROWS).where(MINE, ROWS.c.id == bindparam("id"))
OF_PANELS = (
    select(ROWS).where(MINE, ROWS.c.panel.in_(bindparam("panels", expanding=True))).order_by(ROWS.c.position, ROWS.c.id)
)
SERIES = (
    select(ROWS)
    .where(MINE, ROWS.c.code_index == bindparam("code"), ROWS.c.is_panel.is_(False))
    .order_by(ROWS.c.taken_at, ROWS.c.id)
)
RANKED = (
    select(
        ROWS.c.id,
        func.row_number()
        .over(partition_by=(ROWS.c.is_panel, ROWS.c.code_index), order_by=(ROWS.c.taken_at.desc(), ROWS.c.id.desc()))
        .label("place"),
        func.count().over(partition_by=(ROWS.c.is_panel, ROWS.c.code_index)).label("times"),
    )
    .where(MINE)
    .subquery("ranked")
)
KINDS = select(ROWS, RANKED.c.times).join(RANKED, RANKED.c.id == ROWS.c.id).where(RANKED.c.place == 1).order_by(*NEWEST)
SOME_OF = select(ROWS).where(MINE, SOME)
EVERY = select(ROWS).where(MINE, ROWS.c.is_panel.is_(False), *WITHIN).order_by(*NEWEST)
PLACES = select(ROWS.c.id, ROWS.c.panel, ROWS.c.position).where(SOME)
LET_GO = (
    update(ROWS)
    .where(ROWS.c.account == bindparam("owner"), ROWS.c.panel.in_(bindparam("panels", expanding=True)))
    .values(panel=None, position=0)
)


@dataclass(frozen=True, slots=True)
class SqlResults:
    """`core.domain.record.Results`."""

    transaction: SqlTransaction
    seals: Seals
    indexes: BlindIndexes

    async def put(self, results: Sequence[Result], panels: Sequence[Panel]) -> None:
        """Store them, hundreds in one statement; NotFound, with nothing stored, for an id that is another person's.

        Results of one panel stand in the order in which they come here; one that comes again without its panel (a
        correction) keeps its place.
        """
        positions = await self._positions(results, {panel.id for panel in panels})
        records = [self._record(result, position) for result, position in zip(results, positions, strict=True)]
        await put(self.transaction, self.seals, ResultRow, [*records, *map(self._panel_record, panels)])

    async def remove(self, account: AccountId, ids: Sequence[RecordId]) -> None:
        """Delete those that are this account's; what a panel held stands alone from then on."""
        await remove(self.transaction, ResultRow, account, ids)
        for some in batches(ids):
            await self.transaction.alter(LET_GO, owner=account, panels=some)

    async def categories(self, account: AccountId, period: Period) -> Mapping[Category, int]:
        """Count what stands alone and panels, by category."""
        rows = await self.transaction.ask(CATEGORIES, account=account, **moments(period))
        found = {row.category: int(row.many) for row in rows}
        return {category: found[category.value] for category in Category if category.value in found}

    async def page(
        self, account: AccountId, category: Category | None, period: Period, limit: int, offset: int = 0
    ) -> Sequence[Result | Panel]:
        """Walk the index to the page, and fetch the page's rows alone."""
        kind = {} if category is None else {"category": category.value}
        asked = _page(category is None)
        found = await self.transaction.ask(
            asked, account=account, limit=limit, offset=offset, **kind, **moments(period)
        )
        return await self._read(found)

    async def count(self, account: AccountId, category: Category | None, period: Period) -> int:
        """Count what `page` walks through."""
        counted = await self.categories(account, period)
        return sum(counted.values()) if category is None else counted.get(category, 0)

    async def one(self, account: AccountId, record: RecordId) -> Result | Panel:
        """Return a result or a panel; raises NotFound."""
        found = await self._read(await self.transaction.ask(ONE, account=account, id=record))
        if not found:
            raise NotFound
        return found[0]

    async def of_panels(self, account: AccountId, panels: Sequence[RecordId]) -> Mapping[RecordId, Sequence[Result]]:
        """Return the results of each panel, in their order; one without results has an empty list."""
        held: dict[RecordId, list[Result]] = {panel: [] for panel in panels}
        for some in batches(panels):
            for each in await self._results(await self.transaction.ask(OF_PANELS, account=account, panels=some)):
                if each.panel is not None:
                    held[each.panel].append(each)
        return held

    async def series(self, account: AccountId, coding: Coding) -> Sequence[Result]:
        """Return every result with this code, the oldest first."""
        return await self._results(
            await self.transaction.ask(SERIES, account=account, code=self._code(account, coding))
        )

    async def kinds(self, account: AccountId) -> Sequence[Kind]:
        """Return the newest of each code, found in the index alone, and how many there are."""
        rows = await self.transaction.ask(KINDS, account=account)
        return [Kind(each, int(row.times)) for row, each in zip(rows, await self._read(rows), strict=True)]

    async def some(self, account: AccountId, records: Sequence[RecordId]) -> Sequence[Result | Panel]:
        """Return those of them that are this account's, in the order in which they are asked for."""
        found: dict[RecordId, Result | Panel] = {}
        for ids in batches(records):
            read = await self._read(await self.transaction.ask(SOME_OF, account=account, ids=ids))
            found |= {each.id: each for each in read}
        return [found[record] for record in dict.fromkeys(records) if record in found]

    async def every(self, account: AccountId, period: Period) -> Sequence[Result]:
        """Return all results of a period, the newest first."""
        return await self._results(await self.transaction.ask(EVERY, account=account, **moments(period)))

    async def _positions(self, results: Sequence[Result], whole: set[RecordId]) -> list[int]:
        """Return the places within panels: of a report that comes whole, as they come; else the one that is kept."""
        apart = [each.id for each in results if each.panel is not None and each.panel not in whole]
        kept: dict[tuple[RecordId, RecordId], int] = {}
        for some in batches(apart):
            for row in await self.transaction.ask(PLACES, ids=some):
                kept[row.id, row.panel] = row.position
        met = Counter[RecordId]()
        positions = []
        for each in results:
            if each.panel is None:
                positions.append(0)
                continue
            positions.append(kept.get((each.id, each.panel), met[each.panel]))
            met[each.panel] += 1
        return positions

    def _record(self, result: Result, position: int) -> Record:
        clear = {
            "clinic": result.clinic,
            "category": result.category.value,
            "taken_at": result.taken_at,
            "is_panel": False,
            "panel": result.panel,
            "position": position,
            "code_index": self._code(result.account, result.coding),
        }
        content = {
            "coding": coding_in(result.coding),
            "measured": [measured_in(value) for value in result.measured],
            **filled(institution=result.institution, doctor=result.doctor, note=result.note, day_only=result.day_only),
        }
        return Record(result.id, result.account, clear, content)

    def _panel_record(self, panel: Panel) -> Record:
        clear = {
            "clinic": panel.clinic,
            "category": panel.category.value,
            "taken_at": panel.taken_at,
            "is_panel": True,
            "panel": None,
            "position": 0,
            "code_index": self._code(panel.account, panel.coding),
        }
        content = {
            "coding": coding_in(panel.coding),
            **filled(conclusion=panel.conclusion, institution=panel.institution, day_only=panel.day_only),
        }
        return Record(panel.id, panel.account, clear, content)

    def _code(self, account: AccountId, coding: Coding) -> bytes:
        # Where only words came, the words are the code.
        told = f"{coding.system}|{coding.code}" if coding.code else f"|{coding.display.casefold()}"
        return self.indexes.of(CODE, f"{account}|{told}")

    async def _results(self, rows: Sequence[Row[Any]]) -> list[Result]:
        return [each for each in await self._read(rows) if isinstance(each, Result)]

    async def _read(self, rows: Sequence[Row[Any]]) -> list[Result | Panel]:
        return [_opened(row, kept) for row, kept in await opened(self.seals, ResultRow, rows)]


@cache
def _page(every: bool) -> Select[Any]:
    """Return the statement of a page. The index alone leads to the ids: rows that are passed over are not fetched."""
    conditions: list[ColumnElement[bool]] = [MINE, STANDS, *WITHIN]
    if not every:
        conditions.append(ROWS.c.category == bindparam("category"))
    reached = select(ROWS.c.id).where(*conditions).order_by(*NEWEST)
    ids = reached.limit(bindparam("limit")).offset(bindparam("offset")).subquery("reached")
    return select(ROWS).join(ids, ids.c.id == ROWS.c.id).order_by(*NEWEST)


def _opened(row: Row[Any], kept: Mapping[str, Any]) -> Result | Panel:
    # By place, in the order of the columns: by name each costs a call, and there are thousands.
    columns: Any = row
    record, account, clinic, category, taken_at, is_panel, panel, *_ = columns
    told = kept.get
    if is_panel:
        return Panel(
            record, account, clinic, CATEGORY[category], taken_at, Coding(*kept["coding"]), told("conclusion", ""),
            told("institution", ""), told("day_only", False),
        )  # fmt: skip
    return Result(
        record, account, clinic, CATEGORY[category], taken_at, Coding(*kept["coding"]),
        tuple(map(measured_out, kept["measured"])), told("institution", ""), told("doctor", ""), told("note", ""),
        panel, told("day_only", False),
    )  # fmt: skip
