"""`python -m bench`: run parts, all by default, and print one table."""

import argparse
import time
from dataclasses import fields, replace
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from bench.parts import PARTS, run
from bench.readings import Row, this_machine
from bench.services import stay_on_first_core
from bench.sizes import QUICK, Sizes

HEADINGS = ("what", "of", "measured", "compared", "aim")


def as_markdown(rows: list[Row]) -> str:
    """Return the table as Markdown."""
    lines = [" | ".join(HEADINGS), " | ".join("---" for _ in HEADINGS)]
    lines += [f"{row.what} | {row.subject} | {row.value} | {row.compared} | {row.aim}" for row in rows]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def main() -> None:
    """Measure and print; a part that fails is named, and the others go on."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all of them by default")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it runs, not what it costs")
    for size in fields(Sizes):
        parser.add_argument(f"--{size.name}", type=type(size.default), help=f"instead of {size.default:,}")
    parser.add_argument("--output", type=Path, help="write the table there too, as Markdown")
    told = parser.parse_args()
    chosen = {size.name: value for size in fields(Sizes) if (value := getattr(told, size.name)) is not None}
    sizes = replace(QUICK if told.quick else Sizes(), **chosen)
    stay_on_first_core()
    console, rows, failed = Console(), [], []
    for part in told.parts or PARTS:
        began = time.monotonic()
        try:
            rows += uvloop.run(run(part, sizes))
        except Exception as fault:
            failed.append(part)
            console.print(f"{part}: {type(fault).__name__}: {fault}", markup=False)
        console.print(f"{part}: {time.monotonic() - began:.0f} s", style="dim")
    table = Table(*HEADINGS, title=f"{this_machine()}; medians (least–most)")
    for row in rows:
        table.add_row(row.what, row.subject, row.value, row.compared, row.aim)
    console.print(table)
    if told.output:
        told.output.write_text(as_markdown(rows), "utf-8")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
