"""A body to a delivery, in one go or entry by entry as it comes; nothing is stored before the whole was found right."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from core.domain.resource import TIMETABLE, Delivery, Issue, Key, Malformed, UnknownType
from core.gateways.fhir.joining import TOLD, Draft
from core.gateways.fhir.packing import OpenShelf
from core.gateways.fhir.parsing import DEEPEST, exact, parsed
from core.gateways.fhir.splitting import Splitter
from core.gateways.fhir.validating import Validator, model_of

WITHIN = 2
"""Levels of nesting around an entry: the bundle, and its list of entries."""
MOST_ENTRIES = 50_000
"""Of one bundle: the largest that can come has half as many, unless they are made small on purpose."""
MOST_TIMES = 5_000
"""Schedules, slots and appointments of one bundle: nobody else changes the clinic's timetable while they are taken in."""


class BundleReader:
    """A transaction Bundle. Of one that comes in pieces no more is held of an entry than what will be kept of it."""

    def __init__(self) -> None:
        self._splitter, self._draft, self._validator = Splitter(), Draft(), Validator()
        self._in_pieces, self._entries, self._times = False, 0, 0

    @property
    def waiting(self) -> int:
        """How many bytes wait for more."""
        return self._splitter.waiting

    def feed(self, some: bytes) -> None:
        """Read as many entries as end in this piece. Raises Malformed for what is no JSON."""
        self._in_pieces = True
        for cut in self._splitter.feed(some):
            path = f"Bundle.entry[{cut.place}]"
            content = parsed(cut.text, path, DEEPEST - WITHIN, cut.at.__add__)
            self._read(content, path)

    def closed(self, rest: bytes) -> Delivery:
        """Read the last piece, or all if there was none before, and return the whole. Raises Malformed with all that is wrong."""
        content = None if self._in_pieces else self._at_once(rest)
        if content is None:
            self.feed(rest)
            content = parsed(self._splitter.shell(), whence=self._splitter.whence)
        draft = self._draft
        if content.get("resourceType") != "Bundle":
            raise Malformed(Issue("structure", "a transaction Bundle is expected here", "Bundle.resourceType"))
        if content.get("type") != "transaction":
            raise Malformed(Issue("not-supported", "only bundles of the type transaction are taken", "Bundle.type"))
        entries = content.pop("entry", None)
        if not isinstance(entries, list) or not entries:
            raise Malformed(Issue("required", "the bundle has no entries", "Bundle.entry"))
        for place, entry in enumerate(entries):
            # What was cut out has left `{}` and was read.
            if entry != {} or not self._in_pieces:
                self._read(entry, f"Bundle.entry[{place}]")
        draft.issues[:0] = self._validator.faults(content, "Bundle")
        draft.stop()
        return draft.closed()

    def _at_once(self, body: bytes) -> dict[str, Any] | None:
        """Return a whole bundle; None for what is no JSON, which is cut up to say in which entry."""
        try:
            content = parsed(body)
        except Malformed:
            return None
        self._draft.shelf = OpenShelf()
        return content

    def _read(self, entry: object, path: str) -> None:
        draft = self._draft
        self._entries += 1
        if self._entries > MOST_ENTRIES:
            raise Malformed(Issue("too-costly", f"a bundle has at most {MOST_ENTRIES} entries", "Bundle.entry"))
        if len(draft.issues) >= TOLD:
            # Nothing more would be told: whoever sends millions of them costs no more than the first few.
            draft.stop()
        if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
            draft.issues.append(Issue("required", "an entry holds a resource", f"{path}.resource"))
            return
        resource, url = entry["resource"], entry.get("fullUrl")
        path, named = f"{path}.resource", _requested(entry.get("request"), path, resource.get("resourceType"), draft)
        key = _key(resource, path, named, url, draft)
        if key is None:
            return
        self._times += key.type in TIMETABLE
        if self._times > MOST_TIMES:
            says = f"a bundle has at most {MOST_TIMES} of {', '.join(TIMETABLE)}: send it in several"
            raise Malformed(Issue("too-costly", says, "Bundle.entry"))
        draft.add(key, path, url)
        _taken(key, path, resource, draft, self._validator)


def single(body: bytes, type_: str, id_: str | None) -> Delivery:
    """Read a resource of that type (and id). Raises Malformed with all that is wrong."""
    content, draft = parsed(body), Draft()
    if content.get("resourceType") != type_:
        raise Malformed(Issue("value", f"a {type_} is expected here", "resourceType"))
    if id_ is not None and content.get("id") != id_:
        raise Malformed(Issue("value", "the id of the resource and of the address differ", f"{type_}.id"))
    key = _key(content, type_, id_, None, draft)
    if key is not None:
        draft.add(key, type_)
        _taken(key, type_, content, draft, Validator())
    draft.stop()
    return draft.closed()


def refuse_unknown(type_: str) -> None:
    """Raise UnknownType for what is no resource that is sent by itself."""
    if type_ == "Bundle" or model_of(type_) is None:
        raise UnknownType


def _taken(key: Key, path: str, content: dict[str, Any], draft: Draft, validator: Validator) -> None:
    """Validate a resource and join it to the others; once enough is wrong no more is looked for."""
    if len(draft.issues) >= TOLD:
        return
    content["id"] = key.id
    draft.issues += validator.faults(content, path)
    if not draft.issues:
        draft.join(key, path, content)


def _requested(request: object, path: str, type_: object, draft: Draft) -> str | None:
    """Return the id that an entry is to be put under, where it says one."""
    method = request.get("method") if isinstance(request, dict) else None
    url = request.get("url") if isinstance(request, dict) else None
    if method not in {"POST", "PUT"}:
        draft.issues.append(Issue("not-supported", "only POST and PUT are taken", f"{path}.request.method"))
        return None
    target = url.partition("?")[0].strip("/").split("/") if isinstance(url, str) else []
    if not target or target[0] != type_ or len(target) > 2:
        draft.issues.append(Issue("value", "names another resource than the entry holds", f"{path}.request.url"))
        return None
    return target[1] if method == "PUT" and len(target) == 2 else None


def _key(content: Mapping[str, Any], path: str, named: str | None, url: object, draft: Draft) -> Key | None:
    """Return how the clinic calls a resource: its id, else its address in the bundle, its first identifier, its content."""
    type_, id_ = content.get("resourceType"), content.get("id")
    if not isinstance(type_, str) or type_ == "Bundle" or model_of(type_) is None:
        draft.issues.append(Issue("not-supported", "there is no such resource type to take", f"{path}.resourceType"))
        return None
    if named is not None and id_ is not None and id_ != named:
        draft.issues.append(Issue("value", "the id of the resource and of its request differ", f"{path}.id"))
    found = named or id_
    if isinstance(found, str) and found:
        return Key(type_, found)
    if isinstance(url, str) and url.startswith("urn:uuid:"):
        return Key(type_, url.removeprefix("urn:uuid:"))
    named_by = content.get("identifier")
    first = named_by[0] if isinstance(named_by, list) and named_by and type_ != "Patient" else None
    try:
        return Key(type_, "i-" + sha256(exact(first or content)).hexdigest()[:48])
    except (TypeError, ValueError):
        draft.issues.append(Issue("value", "a text is not Unicode", path))
        return None
