"""Cells of every table that is taken along as CSV: what people wrote stays words, whatever a spreadsheet would make of it.

By the rule of OWASP against formulas in CSV: signs of whole width count as the narrow ones do in a spreadsheet of the East, and
a tab or an end of a line in front of a cell is dropped by some and uncovers what stands behind. Quotes and separators are
the csv module's business.
"""

import re

BEGINS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
BREAKS_OUT = ("\t", "\r", "\n")
NUMBER = re.compile(r"[-+−]?\d+([.,]\d+)?")


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; a number is none."""
    bare = cell.lstrip()
    if cell.startswith(BREAKS_OUT) or (bare.startswith(BEGINS_A_FORMULA) and not NUMBER.fullmatch(bare)):
        return f"'{cell}"
    return cell
