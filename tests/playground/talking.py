"""How the tests speak: as the bot over the Bot API, as a person over the person's side."""

from typing import Any

import httpx

Json = dict[str, Any]


class BotSide:
    """Calls of one bot. `offset` confirms as a polling bot would."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client = client
        self.token = token
        self.offset = 0

    async def raw(self, method: str, files: Any = None, **parameters: Any) -> Json:
        """The whole answer, good or bad."""
        address = f"/bot{self.token}/{method}"
        if files is not None:
            answer = await self.client.post(address, data=parameters, files=files)
        else:
            answer = await self.client.post(address, json=parameters)
        body: Json = answer.json()
        assert answer.status_code == (200 if body["ok"] else body["error_code"])
        return body

    async def call(self, method: str, files: Any = None, **parameters: Any) -> Any:
        """The result of a call that has to go well."""
        body = await self.raw(method, files, **parameters)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, files: Any = None, **parameters: Any) -> str:
        """The words of a refusal."""
        body = await self.raw(method, files, **parameters)
        assert not body["ok"], body
        return str(body["description"])

    async def updates(self, **parameters: Any) -> list[Json]:
        """What came in; the next call confirms it."""
        got: list[Json] = await self.call("getUpdates", offset=self.offset, **parameters)
        if got:
            self.offset = got[-1]["update_id"] + 1
        return got

    async def send(self, chat_id: int, text: str = "Здравствуйте", **parameters: Any) -> int:
        sent = await self.call("sendMessage", chat_id=chat_id, text=text, **parameters)
        return int(sent["message_id"])


class PersonSide:
    """One person."""

    def __init__(self, client: httpx.AsyncClient, person_id: int) -> None:
        self.client = client
        self.id = person_id

    async def do(self, verb: str, status: int = 200, **asked: Any) -> Json:
        answer = await self.client.post(f"/people/{self.id}/{verb}", json=asked)
        assert answer.status_code == status, answer.text
        done: Json = answer.json()
        return done

    async def start(self, payload: str | None = None) -> int:
        return int((await self.do("start", payload=payload))["message_id"])

    async def say(self, text: str, **asked: Any) -> int:
        return int((await self.do("say", text=text, **asked))["message_id"])

    async def chat(self, after: int = 0, wait: float = 0) -> Json:
        answer = await self.client.get(f"/people/{self.id}/chat", params={"after": after, "wait": wait})
        seen: Json = answer.json()
        return seen

    async def last(self) -> Json:
        messages: list[Json] = (await self.chat())["messages"]
        return messages[-1]

    async def alerts(self) -> list[Json]:
        seen: list[Json] = (await self.client.get(f"/people/{self.id}/alerts")).json()
        return seen

    async def upload(
        self, *files: tuple[str, bytes, str], kind: str = "document", caption: str = "", **more: str
    ) -> list[int]:
        parts = [("file", one) for one in files]
        answer = await self.client.post(
            f"/people/{self.id}/upload", data={"as": kind, "caption": caption, **more}, files=parts
        )
        assert answer.status_code == 200, answer.text
        ids: list[int] = answer.json()["message_ids"]
        return ids
