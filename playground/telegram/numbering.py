"""Numbers that must never come twice, not even after the playground was started anew: bots keep databases."""

import secrets
import time

# 2024-01-01T00:00:00Z
_EPOCH = 1_704_067_200


def first_update_id() -> int:
    """Tenths of a millisecond since 2024: below it fit ten thousand updates a second over the life of the process."""
    return int((time.time() - _EPOCH) * 10_000)


def next_message_id(last: int) -> int:
    """Quarters of a second since 2024, or one more than the last: grows, and stays within int32 until 2040."""
    return max(last + 1, int((time.time() - _EPOCH) * 4))


def new_callback_query_id() -> str:
    return str(secrets.randbits(62) + 1)


def new_chat_instance() -> str:
    return str(secrets.randbits(62) + 1)


def new_media_group_id() -> str:
    return str(10**16 + secrets.randbelow(9 * 10**16))
