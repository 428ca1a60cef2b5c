"""SMS through a gateway that speaks HTTP."""

import re
from uuid import UUID

import httpx

from core.gateways.wire import Answer, ask
from core.ports import Later, Refused, Unavailable

SECONDS = 10.0
PAUSE = 30.0
LONGEST_PAUSE = 3600.0


class HttpSms:
    """`core.ports.Sms`: POST `{url}/send` with `{to, text, id}`; the gateway sends one id once."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._url = url.rstrip("/") + "/send"
        self._http = http

    async def send(self, phone: str, text: str, *, key: UUID) -> None:
        """Hand the message over. Raises Later for 429, Refused for the other 4xx, Unavailable for anything else odd.

        Uncertain where the request was written and no whole answer came.
        """
        body = {"to": phone, "text": text, "id": str(key)}
        answer = await ask(self._http, "POST", self._url, system="sms", seconds=SECONDS, json=body, has_effect=True)
        if answer.status == 429:
            raise Later(_pause(answer))
        if 400 <= answer.status < 500:
            raise Refused(_reason(answer))
        if not 200 <= answer.status < 300:
            raise Unavailable("sms")


def _pause(answer: Answer) -> float:
    told = answer.headers.get("retry-after", "")
    return min(float(told), LONGEST_PAUSE) if re.fullmatch(r"\d{1,6}", told) else PAUSE


def _reason(answer: Answer) -> str:
    # The reason is kept and logged, so a sentence that might repeat the phone number or the text is not taken.
    told = (answer.json() or {}).get("error")
    return told if isinstance(told, str) and re.fullmatch(r"[a-z_.-]{1,64}", told) else f"status {answer.status}"
