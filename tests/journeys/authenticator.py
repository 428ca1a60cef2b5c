"""Codes as people take them off an authenticator: not the one that is about to run out."""

import time

STEP_S = 30
TYPED_WITHIN_S = 20
"""So long it may take from looking at a code to its being checked, on a machine that is busy with other things."""


def next_step(used: int) -> int:
    """Return the first step after `used` whose code is good for as long as typing takes; the product allows one of drift."""
    return max(used + 1, int(time.time() + TYPED_WITHIN_S) // STEP_S - 1)


def is_early(step: int) -> bool:
    """Whether the code of a step is not taken yet."""
    return step > int(time.time()) // STEP_S + 1
