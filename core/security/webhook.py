"""How what programs are told is signed: Standard Webhooks, version 1 (HMAC-SHA256 over id, time and body).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

PREFIX = "whsec_"
BYTES = 32


def fresh_secret() -> str:
    """Return a new secret as receivers are given it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signed(secrets_: Sequence[str], id_: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the three headers, with a signature by each of the secrets, parted by spaces: whoever knows one can tell."""
    stamp = str(int(at.timestamp()))
    content = f"{id_}.{stamp}.".encode() + body
    keys = [base64.b64decode(each.removeprefix(PREFIX)) for each in secrets_]
    made = [base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() for key in keys]
    return {
        "webhook-id": id_,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{each}" for each in made),
    }
