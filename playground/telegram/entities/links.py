"""Which addresses Telegram accepts in a link, and what it makes of them."""

import re
from typing import Any

_USER = re.compile(r"tg://user\?id=(\d+)$")
_WEB = re.compile(r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://)?(?P<host>[^\s/?#:@]+)(?::\d+)?(?P<rest>[/?#]\S*)?$")
# The real Telegram refuses a host without a dot; here the bot's own pages live on this machine.
_LOCAL = frozenset({"localhost"})


def checked_link(url: str) -> str | None:
    """The address in full, or None when Telegram would drop the link."""
    url = url.strip()
    if url.startswith(("tg://", "ton://", "tonsite://", "mailto:", "tel:")):
        return url
    found = _WEB.match(url)
    if found is None:
        return None
    host, scheme = found["host"], found["scheme"]
    if (scheme or "http").lower() not in ("http", "https"):
        return None
    if host not in _LOCAL and ("." not in host.strip(".") or host.startswith(".")):
        return None
    address = url if scheme else f"http://{url}"
    return address if found["rest"] else f"{address}/"


def link_entity(url: str, offset: int, length: int) -> dict[str, Any] | None:
    """A text_link or text_mention entity; None when the link is dropped and its text stays."""
    mention = _USER.match(url)
    if mention:
        user = {"id": int(mention[1]), "is_bot": False, "first_name": ""}
        return {"type": "text_mention", "offset": offset, "length": length, "user": user}
    checked = checked_link(url)
    return {"type": "text_link", "offset": offset, "length": length, "url": checked} if checked else None
