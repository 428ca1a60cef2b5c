"""The SMS gateway: takes a message once under its id, and shows what was sent."""

from collections import OrderedDict
from typing import Any

import phonenumbers
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.outside.answers import body_of, problem
from playground.outside.expiring import Clock
from playground.outside.faults import Faults
from playground.outside.pigeonhole import Item, Pigeonhole, window_of

REMEMBERED_IDS = 20_000


class Message(BaseModel):
    to: str
    text: str = Field(min_length=1, max_length=1000)
    id: str = Field(min_length=1, max_length=100)


class SmsGateway:
    def __init__(self, pigeonhole: Pigeonhole, clock: Clock) -> None:
        self._pigeonhole, self._clock = pigeonhole, clock
        self._taken: OrderedDict[str, Message] = OrderedDict()
        self._faults = Faults("send")

    async def send(self, request: Request) -> Response:
        """202 {"id", "status"}: the same id again is the same message, told once; with another text or phone it is 409."""
        message = await body_of(request, Message)
        try:
            phone = phonenumbers.parse(message.to, "RU")
        except phonenumbers.NumberParseException:
            return problem(422, "to: not a phone number")
        message.to = phonenumbers.format_number(phone, phonenumbers.PhoneNumberFormat.E164)
        if not phonenumbers.is_valid_number(phone):
            return problem(422, "to: no such phone number")
        before = self._taken.get(message.id)
        if before is not None and before != message:
            return problem(409, "this id belongs to another message")
        if before is None:
            self._taken[message.id] = message
            if len(self._taken) > REMEMBERED_IDS:
                self._taken.popitem(last=False)
            await self._pigeonhole.put(
                Item(
                    self._pigeonhole.next_seq(),
                    "sms",
                    message.id,
                    self._clock(),
                    (message.to,),
                    message.text,
                )
            )
        return JSONResponse({"id": message.id, "status": "accepted"}, status_code=202)

    async def messages(self, request: Request) -> Response:
        """`to` (part of a phone), `after` (seq), `wait` (seconds, at most 30): oldest first."""
        return JSONResponse([_shown(item) for item in await window_of(request, self._pigeonhole, "sms")])

    def routes(self) -> list[Route]:
        return [
            Route("/sms/send", self._faults.guard("send", self.send), methods=["POST"]),
            Route("/sms/messages", self.messages),
            *self._faults.routes("/sms/faults"),
        ]


def _shown(item: Item) -> dict[str, Any]:
    return {
        "seq": item.seq,
        "id": item.id,
        "to": item.to[0],
        "text": item.text,
        "code": item.code,
        "time": item.time.isoformat(),
    }
