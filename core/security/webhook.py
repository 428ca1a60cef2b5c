"""How what programs are told is signed: Standard Webhooks, version 1 (HMAC-SHA256 over id, time and body).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

PREFIX = "whsec_"
BYTES = 32


def fresh_secret() -> str:
    """Return a new secret as receivers are given it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signed(secret: str, id_: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the three headers."""
    key, stamp = base64.b64decode(secret.removeprefix(PREFIX)), str(int(at.timestamp()))
    made = hmac.new(key, f"{id_}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": id_,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(made).decode(),
    }
