"""Recovery codes as a person reads them off paper: `7K2M9-XQ4TD`. Fifty random bits, no letter that looks like a digit."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32."""
LENGTH = 10
HALF = LENGTH // 2
READ_AS = str.maketrans("OILОАВЕКМНРСТХУ", "0110ABEKMHPCTXY")
"""What is mistaken for one of ours, Cyrillic twins included."""
SEPARATORS = re.compile(r"[\s\-‐-―−_.]+")


def fresh() -> str:
    """Return a new one."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[:HALF]}-{drawn[HALF:]}"


def canonical(typed: str) -> str | None:
    """Return the ten characters of what could be a recovery code, None for anything else."""
    if len(typed) > 4 * LENGTH:
        return None
    found = SEPARATORS.sub("", typed).upper().translate(READ_AS)
    return found if len(found) == LENGTH and set(found) <= set(ALPHABET) else None
