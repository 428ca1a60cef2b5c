"""Resources of a delivery: of a small one they stay open, of a large one they are held packed and opened one after another."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from core.domain.resource import Content, packed, unpacked
from core.gateways.fhir.parsing import exact

OPEN_AT_ONCE = 16
"""A visit with its diagnoses and prescriptions, and those who were there."""
TIES = frozenset({
    "encounter", "hasMember", "location", "managingOrganization", "medicationReference", "organization", "participant",
    "patient", "performer", "practitioner", "result", "resultsInterpreter", "serviceProvider", "subject",
})  # fmt: skip
"""What says how resources belong together: looked at again and again, so it stays in the open."""


def reopened(body: bytes) -> dict[str, Any]:
    """Return what was packed: it was read strictly once."""
    content: dict[str, Any] = json.loads(unpacked(body), parse_float=Decimal)
    return content


def opened(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a resource opened, for whoever looks at all of it."""
    return content.opened() if isinstance(content, Packed) else content


class OpenShelf:
    """The resources of one delivery that is not large: they stay as they were read."""

    def put(self, content: dict[str, Any], body: bytes) -> tuple[Content, bytes]:
        """Return how a resource that will not change any more is held, and its exact JSON packed."""
        return content, packed(body)

    def aside(self, content: dict[str, Any]) -> Callable[[], dict[str, Any]]:
        """Return how to get back a resource that is not finished yet."""
        return lambda: content


class Shelf:
    """The resources of one delivery, packed: the few that were opened last stay open, and what many say alike is held once."""

    def __init__(self) -> None:
        self._open = OrderedDict[bytes, dict[str, Any]]()
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._references: dict[str, dict[str, Any]] = {}

    def put(self, content: dict[str, Any], body: bytes) -> tuple[Content, bytes]:
        """Return how a resource that will not change any more is held, and its exact JSON packed."""
        names = tuple(content)
        ties = {name: self._shared(content[name]) for name in names if name in TIES}
        held = Packed(self, self._names.setdefault(names, names), content["resourceType"], ties, packed(body))
        return held, held.body

    def aside(self, content: dict[str, Any]) -> Callable[[], dict[str, Any]]:
        """Return how to get back a resource that is not finished yet."""
        return partial(reopened, packed(exact(content)))

    def opened(self, body: bytes) -> dict[str, Any]:
        """Return the whole content of what was packed."""
        found = self._open.get(body)
        if found is None:
            found = self._open[body] = reopened(body)
            if len(self._open) > OPEN_AT_ONCE:
                self._open.popitem(last=False)
        else:
            self._open.move_to_end(body)
        return found

    def _shared(self, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        if isinstance(value, dict) and value.keys() == {"reference"} and isinstance(value["reference"], str):
            return self._references.setdefault(value["reference"], value)
        return [self._shared(each) for each in value] if isinstance(value, list) else value


class Packed(Mapping[str, Any]):
    """`core.domain.resource.Content`."""

    __slots__ = ("_names", "_shelf", "_ties", "_type", "body")

    def __init__(self, shelf: Shelf, names: tuple[str, ...], type_: str, ties: dict[str, Any], body: bytes) -> None:
        self._shelf, self._names, self._type, self._ties, self.body = shelf, names, type_, ties, body

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        if name == "resourceType":
            return self._type
        if name in self._ties:
            return self._ties[name]
        if name not in self._names:
            raise KeyError(name)
        return self.opened()[name]

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return a value; what is absent costs nothing."""
        return self[name] if name in self._names else default

    def opened(self) -> Mapping[str, Any]:
        """Return the whole content; a few of a delivery stay open."""
        return self._shelf.opened(self.body)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
