"""Pictures of a value's course, by matplotlib, in a thread of their own: the library is slow to load, and not for two at once."""

import asyncio
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from babel.numbers import format_decimal

from core.ports.papers import Chart, Point

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INCHES = (8.0, 5.0)
DOTS = 150
"""1200 by 750: sharp on a phone, some 60 kB."""
INK, LINE, BAND, OUT, GRID = "#1c2429", "#1f6f8b", "#dcefe3", "#b3261e", "#e4e8ea"
FEW = 14
"""Up to so many points each is marked; more are a line."""
MOST = 1000
"""More points than dots are thinned, the least and the greatest kept."""
NARROW = timedelta(hours=36)


class MatplotlibCharts:
    """`core.ports.Charts`. Colour carries no meaning alone: what lies outside the range is a square, the rest round."""

    def __init__(self) -> None:
        self._hand = ThreadPoolExecutor(1, "charts")

    def close(self) -> None:
        """Let the thread go."""
        self._hand.shutdown(wait=False, cancel_futures=True)

    async def png(self, chart: Chart) -> bytes:
        """Draw it. Raises ValueError for a chart without points."""
        if not chart.points:
            raise ValueError("a chart has points")
        return await asyncio.get_running_loop().run_in_executor(self._hand, drawn, chart)


def drawn(chart: Chart) -> bytes:
    """Return the picture."""
    # Here, not above: it takes most of a second and 60 MB, and most processes never draw.
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with mpl.rc_context({"font.family": "DejaVu Sans", "text.parse_math": False}):
        figure = Figure(INCHES, DOTS, facecolor="white", layout=ConstrainedLayoutEngine(w_pad=0.2, h_pad=0.16))
        axes = figure.add_subplot()
        _plot(axes, chart)
        title = chart.title if not chart.unit else f"{chart.title}, {chart.unit}"
        axes.set_title(_wrapped(title), loc="left", color=INK, fontsize=15, fontweight="bold", pad=14)
        out = io.BytesIO()
        FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})  # type: ignore[no-untyped-call]  # no types
    return out.getvalue()


def _plot(axes: "Axes", chart: Chart) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    points = thinned(sorted(chart.points, key=lambda point: point.at))
    times: list[Any] = [point.at.replace(tzinfo=None) for point in points]
    values = [float(point.value) for point in points]
    outside = [_is_outside(point.value, chart) for point in points]
    axes.plot(times, values, color=LINE, linewidth=2.2, zorder=3)
    if len(points) <= FEW * 4:
        for marker, colour, wanted in (("o", LINE, False), ("s", OUT, True)):
            chosen = [(at, value) for at, value, out in zip(times, values, outside, strict=True) if out is wanted]
            if chosen:
                xs, ys = zip(*chosen, strict=True)
                axes.plot(xs, ys, marker, color=colour, markersize=8, markeredgecolor="white", zorder=4)
    _frame(axes, chart, times, values)
    if len(points) <= FEW:
        for place, (at, value, point) in enumerate(zip(times, values, points, strict=True)):
            beside = [*values[max(0, place - 1) : place], *values[place + 1 : place + 2]]
            # A valley has its room below, everything else above.
            below = bool(beside) and value < sum(beside) / len(beside)
            axes.annotate(
                _number(point.value, chart.language), (at, value), xytext=(0, -18 if below else 10),
                textcoords="offset points", ha="center", color=INK, fontsize=10.5, zorder=5,
            )  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(Decimal(repr(float(value))), chart.language)))
    _dates(axes, times, chart.language)


def _frame(axes: "Axes", chart: Chart, times: list[Any], values: list[float]) -> None:
    """Leave room, draw the range where it is known, and say what it is in words."""
    ends = [*values, *(float(end) for end in (chart.low, chart.high) if end is not None)]
    room = (max(ends) - min(ends)) * 0.14 or abs(ends[0]) * 0.1 or 1.0
    bottom, top = min(ends) - room, max(ends) + room * 1.3
    if min(ends) >= 0:
        bottom = max(0.0, bottom)
    axes.set_ylim(bottom, top)
    low = bottom if chart.low is None else float(chart.low)
    high = top if chart.high is None else float(chart.high)
    if chart.low is not None or chart.high is not None:
        axes.axhspan(low, high, color=BAND, zorder=0)
        for end in (chart.low, chart.high):
            if end is not None:
                axes.axhline(float(end), color="#7bb08f", linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        label = "норма" if chart.language == "ru" else "normal range"
        axes.annotate(
            label, (1, high), xycoords=("axes fraction", "data"), xytext=(-6, -5), textcoords="offset points",
            ha="right", va="top", color="#2f6b48", fontsize=10.5, zorder=6, bbox={"facecolor": BAND, "edgecolor": "none", "pad": 2},
        )  # fmt: skip
    across = times[-1] - times[0]
    margin = max(across * 0.04, NARROW)
    axes.set_xlim(times[0] - margin, times[-1] + margin)
    axes.grid(axis="y", color=GRID, zorder=0)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#9aa5ab")
    axes.tick_params(colors=INK, labelsize=11, length=0)


def _dates(axes: "Axes", times: list[Any], language: str) -> None:
    """Write the days in the reader's language, as finely as the span asks for."""
    from matplotlib.dates import AutoDateLocator, num2date
    from matplotlib.ticker import FuncFormatter

    days = (times[-1] - times[0]).days
    shape = "y" if days > 365 * 6 else "LLL y" if days > 90 else "d MMM"
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=7))  # type: ignore[no-untyped-call]  # no types
    written = FuncFormatter(
        lambda at, _: format_date(num2date(at), shape, locale=language)  # type: ignore[no-untyped-call]  # no types
    )
    axes.xaxis.set_major_formatter(written)


def thinned(points: Sequence[Point]) -> list[Point]:
    """Return no more points than can be seen: of each stretch its least and its greatest, in their order."""
    if len(points) <= MOST:
        return list(points)
    stretch = -(-len(points) * 2 // MOST)
    kept: list[Point] = []
    for start in range(0, len(points), stretch):
        some = points[start : start + stretch]
        ends = {id(end): end for end in (min(some, key=_value), max(some, key=_value))}
        kept += sorted(ends.values(), key=lambda point: point.at)
    return kept


def _value(point: Point) -> Decimal:
    return point.value


def _is_outside(value: Decimal, chart: Chart) -> bool:
    return (chart.low is not None and value < chart.low) or (chart.high is not None and value > chart.high)


def _number(value: Decimal, language: str) -> str:
    return format_decimal(value, "#,##0.####" if abs(value) < 1 else "#,##0.##", locale=language)


def _wrapped(title: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(title, 56)[:3])
