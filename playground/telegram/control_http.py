"""What tests ask of Telegram itself: the journal of calls, faults, repeated updates, rate limits, health."""

from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from playground.telegram import http
from playground.telegram.disorder import Disorder
from playground.telegram.faults import Fault
from playground.telegram.limits import OVERALL_PER_SECOND
from playground.telegram.server import Telegram

PATHS = frozenset(
    {"/calls", "/faults", "/faults/suffered", "/updates/repeat", "/updates/disorder", "/limits", "/healthz"}
)
FAULTS_LIMIT = 1_000


class ControlSide:
    """Addresses in PATHS."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path == "/calls" and method == "GET":
            try:
                after = int(http.query(scope).get("after", "0"))
            except ValueError:
                await http.answer_json(send, 400, {"error": "after is a whole number"})
                return
            await http.answer(send, 200, self._telegram.calls.after(after))
            return
        try:
            body = await http.read_body(receive)
            asked = orjson.loads(body) if body else {}
            if not isinstance(asked, dict):
                raise TypeError("the body is a JSON object")
            status, content = self._answer(path, method, asked)
        except (ValueError, TypeError) as error:
            status, content = 400, {"error": str(error)}
        except http.BodyTooLarge:
            status, content = 413, {"error": "the body is too large"}
        except http.ClientGone:
            return
        await http.answer_json(send, status, content)

    def _answer(self, path: str, method: str, asked: dict[str, Any]) -> tuple[int, Any]:
        telegram = self._telegram
        match method, path:
            case "GET" | "HEAD", "/healthz":
                return 200, {"status": "ok"}
            case "POST", "/calls":
                telegram.calls.keep = bool(asked.get("keep", True))
                return 200, {"keep": telegram.calls.keep}
            case "DELETE", "/calls":
                telegram.calls.forget()
                return 200, {"ok": True}
            case "POST", "/faults":
                if len(telegram.faults.rules) >= FAULTS_LIMIT:
                    raise ValueError("there are too many faults already")
                telegram.faults.rules.append(Fault.parse(asked))
                return 201, telegram.faults.listing()
            case "GET", "/faults":
                return 200, telegram.faults.listing()
            case "DELETE", "/faults":
                telegram.faults.rules.clear()
                return 200, []
            case "GET", "/faults/suffered":
                return 200, telegram.faults.suffered
            case "GET" | "POST", "/limits":
                return self._limit(method, asked)
            case "GET", "/updates/disorder":
                updates = telegram.updates
                left = updates.disorder.deliveries
                return 200, {"deliveries": left, "twice": updates.twice, "out_of_order": updates.out_of_order}
            case "POST", "/updates/repeat" | "/updates/disorder":
                return self._deliver_oddly(path, asked)
        return 405, {"error": "no such method here"}

    def _limit(self, method: str, asked: dict[str, Any]) -> tuple[int, Any]:
        limits = self._telegram.limits
        if method == "POST":
            rate = asked.get("rate", OVERALL_PER_SECOND)
            if not isinstance(rate, int | float) or not 1 <= rate <= 10_000:
                raise ValueError("rate is messages a second, 1 to 10000")
            limits.switch(bool(asked.get("on")), rate)
            return 200, {"on": limits.on}
        return 200, {
            "on": limits.on,
            "rate": limits.rate,
            "fullest_second": limits.fullest,
            "messages": limits.messages,
        }

    def _deliver_oddly(self, path: str, asked: dict[str, Any]) -> tuple[int, Any]:
        updates = self._telegram.updates
        if path == "/updates/disorder":
            updates.disorder = Disorder.parse(asked)
            return 200, {"deliveries": updates.disorder.deliveries}
        update_id = asked.get("update_id")
        if not isinstance(update_id, int) or not updates.repeat(update_id):
            return 404, {"error": "no such update"}
        return 200, {"update_id": update_id}
