"""The person's side over HTTP: `/people` and what stands under it, and `/files/<file_id>` for the chat page."""

import re
from dataclasses import asdict
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from playground.telegram import http
from playground.telegram import person_actions as actions
from playground.telegram.person_actions import PersonError
from playground.telegram.person_view import unread, watch
from playground.telegram.server import PEOPLE_LIMIT, Telegram
from playground.telegram.state import Json, Person

_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}$")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?$")
_PHONE = re.compile(r"\+?\d{7,15}$")


class PeopleSide:
    """Small and bare, because the load generator's people come through here too."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, content = await self._route(scope, receive)
        except PersonError as error:
            status, content = error.status, {"error": str(error)}
        except http.BodyTooLarge:
            status, content = 413, {"error": "the body is too large"}
        except http.ClientGone:
            return
        await http.answer_json(send, status, content)

    async def _route(self, scope: Scope, receive: Receive) -> tuple[int, Any]:
        parts = scope["path"].strip("/").split("/")
        method: str = scope["method"]
        if len(parts) == 1:
            if method == "GET":
                return 200, [_listed(person) for person in list(self._telegram.people.values())]
            if method == "POST":
                return 201, self._create(await _json(receive))
            raise PersonError("GET or POST", 405)
        person = self._telegram.people.get(int(parts[1])) if parts[1].isdecimal() and len(parts[1]) < 19 else None
        if person is None:
            raise PersonError("no such person", 404)
        if len(parts) == 2 and method == "GET":
            return 200, {**_listed(person), "phone": person.phone, "username": person.username}
        if len(parts) == 3 and method == "GET":
            return 200, await self._read(person, parts[2], http.query(scope))
        if len(parts) == 3 and method == "POST":
            return 200, await self._act(person, parts[2], scope, receive)
        raise PersonError("no such address", 404)

    async def _read(self, person: Person, what: str, query: dict[str, str]) -> object:
        after = _number(query.get("after"))
        if what == "chat":
            return await watch(self._telegram, person, int(after), _number(query.get("wait")))
        if what == "alerts":
            return [asdict(alert) for alert in person.alerts if alert.seq > after]
        raise PersonError("no such address", 404)

    async def _act(self, person: Person, verb: str, scope: Scope, receive: Receive) -> object:
        telegram = self._telegram
        if verb == "upload":
            return await self._upload(person, scope, receive)
        asked = await _json(receive)
        match verb:
            case "say":
                ids = actions.say(telegram, person, _text(asked, "text"), _whole(asked, "reply_to"))
                return {"message_id": ids[0], "message_ids": ids}
            case "tap":
                return actions.tap(telegram, person, asked)
            case "start":
                payload = asked.get("payload")
                return {"message_id": actions.start(telegram, person, str(payload) if payload else None)[0]}
            case "contact":
                return {"message_id": actions.share_contact(telegram, person, asked)}
            case "location":
                place = asked.get("latitude"), asked.get("longitude")
                return {"message_id": actions.share_location(telegram, person, *place)}
            case "edit":
                actions.edit(telegram, person, asked.get("message_id"), _text(asked, "text"))
            case "delete":
                actions.delete(person, asked.get("message_id"), asked.get("all") is True)
            case "block":
                actions.block(telegram, person)
            case "unblock":
                actions.unblock(telegram, person)
            case _:
                raise PersonError("no such address", 404)
        return {"ok": True}

    async def _upload(self, person: Person, scope: Scope, receive: Receive) -> Json:
        if not http.header(scope, b"content-type").startswith("multipart/"):
            raise PersonError("files come as multipart/form-data")
        try:
            fields, files = await http.read_form(scope, receive)
        except http.BadForm:
            raise PersonError("the multipart body cannot be read") from None
        kind = fields.get("as") or http.query(scope).get("as") or "document"
        uploads = [one for name, one in files if name == "file"]
        answered = fields.get("reply_to")
        if answered is not None and not answered.isdecimal():
            raise PersonError("reply_to is a whole number")
        reply_to = int(answered) if answered else None
        ids = await actions.upload(self._telegram, person, kind, fields.get("caption", ""), uploads, reply_to)
        return {"message_ids": ids}

    def _create(self, asked: Json) -> Json:
        name = _text(asked, "name").strip()
        language = asked.get("language", "ru")
        username, phone = asked.get("username"), asked.get("phone")
        if not 1 <= len(name) <= 128:
            raise PersonError("name is 1 to 128 characters")
        if not isinstance(language, str) or not _LANGUAGE.match(language):
            raise PersonError("language is a code such as ru or en")
        if username is not None and not (isinstance(username, str) and _USERNAME.match(username)):
            raise PersonError("username is 4 to 32 Latin letters, digits and underscores")
        if phone is not None and not (isinstance(phone, str) and _PHONE.match(phone)):
            raise PersonError("phone is 7 to 15 digits, with + or without")
        if len(self._telegram.people) >= PEOPLE_LIMIT:
            raise PersonError("there are too many people already", 409)
        person = self._telegram.new_person(name, language, username, phone)
        return {"id": person.id, "name": person.name, "language": person.language}

    async def file(self, scope: Scope, send: Send) -> None:
        """A file for the browser, by its file_id."""
        stored = self._telegram.files.get(scope["path"].removeprefix("/files/"))
        if stored is None:
            await http.answer_json(send, 404, {"error": "no such file"})
            return
        await http.answer_file(send, stored.name, stored.mime, stored.content)


def _listed(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "language": person.language,
        "blocked": person.blocked,
        "unread": unread(person),
    }


async def _json(receive: Receive) -> Json:
    body = await http.read_body(receive)
    if not body:
        return {}
    try:
        loaded = orjson.loads(body)
    except ValueError:
        raise PersonError("the body is not JSON") from None
    if not isinstance(loaded, dict):
        raise PersonError("the body is a JSON object")
    return loaded


def _text(asked: Json, key: str) -> str:
    value = asked.get(key)
    if not isinstance(value, str):
        raise PersonError(f"{key} is a text")
    return value


def _whole(asked: Json, key: str) -> int | None:
    value = asked.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise PersonError(f"{key} is a whole number")
    return value


def _number(value: str | None) -> float:
    try:
        number = float(value or 0)
    except ValueError:
        raise PersonError("after and wait are numbers") from None
    if not 0 <= number < 2**53:
        raise PersonError("after and wait are numbers from zero on")
    return number
