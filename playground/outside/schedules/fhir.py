"""The clinics' servers over HTTP: FHIR R4 in JSON, each under its own base, `/clinics/{code}/fhir`."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.outside.faults import Faults
from playground.outside.schedules.resources import Refused, Resource, capability, outcome
from playground.outside.schedules.searching import searched
from playground.outside.schedules.server import Server

MEDIA = "application/fhir+json"
BASE = "/clinics/{code}/fhir"
LARGEST_BODY = 256 * 1024
Endpoint: TypeAlias = Callable[[Server, Request], Awaitable[Response]]


class FhirServers:
    """`faults` knows each clinic by its code: `770901.read` for what is read, `770901.write` for what is changed."""

    def __init__(self, servers: Mapping[str, Server], public_url: str) -> None:
        self._servers, self._public_url = servers, public_url
        self.faults = Faults(*(f"{code}.{kind}" for code in servers for kind in ("read", "write")))

    def base(self, code: str) -> str:
        """Where a clinic's server is."""
        return f"{self._public_url}{BASE.format(code=code)}"

    def routes(self) -> list[Route]:
        return [
            *self.faults.routes("/clinics/faults"),
            Route(f"{BASE}/metadata", self._at("read", self.metadata)),
            Route(f"{BASE}/{{type}}", self._at("read", self.search), methods=["GET"]),
            Route(f"{BASE}/{{type}}/{{id}}", self._at("read", self.read), methods=["GET"]),
            Route(f"{BASE}/{{type}}", self._at("write", self.create), methods=["POST"]),
            Route(f"{BASE}/{{type}}/{{id}}", self._at("write", self.update), methods=["PUT"]),
            Route(BASE, self._at("write", self.transaction), methods=["POST"]),
        ]

    async def metadata(self, server: Server, _request: Request) -> Response:
        return _answer(capability(server.town, server.clock()))

    async def search(self, server: Server, request: Request) -> Response:
        asked = request.query_params.multi_items()
        return _answer(searched(server, request.path_params["type"], asked, self.base(server.town.code)))

    async def read(self, server: Server, request: Request) -> Response:
        return _answer(server.read(request.path_params["type"], request.path_params["id"]))

    async def create(self, server: Server, request: Request) -> Response:
        told = await _body(request)
        with server.all_or_nothing():
            made, new = server.post(request.path_params["type"], told, request.headers.get("if-none-exist"))
        return _answer(made, 201 if new else 200, self.base(server.town.code))

    async def update(self, server: Server, request: Request) -> Response:
        told, params = await _body(request), request.path_params
        with server.all_or_nothing():
            changed = server.put(params["type"], params["id"], told, request.headers.get("if-match"))
        return _answer(changed, base=self.base(server.town.code))

    async def transaction(self, server: Server, request: Request) -> Response:
        """All entries or none: POST before PUT, as FHIR has it; answered in the order in which they came."""
        told = await _body(request)
        entries = told.get("entry")
        if told.get("resourceType") != "Bundle" or told.get("type") != "transaction" or not isinstance(entries, list):
            raise Refused(400, "invalid", "a Bundle of type transaction is wanted")
        answers: dict[int, Resource] = {}
        with server.all_or_nothing():
            for method in ("POST", "PUT"):
                for place, entry in enumerate(entries):
                    if _wish(entry).get("method") == method:
                        answers[place] = _done(server, entry, method)
            if len(answers) != len(entries):
                raise Refused(422, "not-supported", "only POST and PUT can stand in a transaction here")
        entry = [answers[place] for place in range(len(entries))]
        return _answer({"resourceType": "Bundle", "type": "transaction-response", "entry": entry})

    def _at(self, kind: str, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def answered(request: Request) -> Response:
            server = self._servers.get(request.path_params["code"])
            if server is None:
                return _answer(outcome("not-found", "there is no such server"), 404)

            async def asked(request: Request) -> Response:
                try:
                    return await endpoint(server, request)
                except Refused as refused:
                    return _answer(refused.outcome, refused.status)

            return await self.faults.guard(f"{server.town.code}.{kind}", asked)(request)

        return answered


def _done(server: Server, entry: Resource, method: str) -> Resource:
    wish, resource = _wish(entry), entry.get("resource")
    type_, _, id_ = str(wish.get("url", "")).partition("/")
    if not isinstance(resource, dict):
        raise Refused(400, "required", "an entry without a resource")
    if method == "POST":
        made, new = server.post(type_, resource, wish.get("ifNoneExist"))
    else:
        made, new = server.put(type_, id_, resource, wish.get("ifMatch")), False
    version = made["meta"]["versionId"]
    return {
        "response": {
            "status": "201 Created" if new else "200 OK",
            "location": f"{made['resourceType']}/{made['id']}/_history/{version}",
            "etag": f'W/"{version}"',
            "lastModified": made["meta"]["lastUpdated"],
        }
    }


def _wish(entry: object) -> Resource:
    wish = entry.get("request") if isinstance(entry, dict) else None
    return wish if isinstance(wish, dict) else {}


async def _body(request: Request) -> Resource:
    body = await request.body()
    try:
        told = json.loads(body) if len(body) <= LARGEST_BODY else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Refused(400, "structure", "the body is no JSON object, or too large")
    return told


def _answer(resource: Resource, status: int = 200, base: str = "") -> Response:
    meta = resource.get("meta", {})
    headers = {"ETag": f'W/"{meta["versionId"]}"'} if "versionId" in meta else {}
    if base and status == 201:
        headers["Location"] = f"{base}/{resource['resourceType']}/{resource['id']}/_history/{meta['versionId']}"
    return JSONResponse(resource, status, headers, media_type=MEDIA)
