"""The nursery of a product that is broken on purpose: no update is marked as done together with its effect.

Run as `python -m tests.faults.unmarked`. It shows that a storm notices: see `test_broken.py`.
"""

from core.storage.transaction import SqlTransaction
from tests.faults.nursery import main


async def unmarked(self: SqlTransaction, update: int) -> None:
    """Write no mark."""


if __name__ == "__main__":
    SqlTransaction._mark = unmarked  # type: ignore[method-assign]
    main()
