"""One walk through a resource: what it points to, and whether its texts can be kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from core.domain.identifiers import SNILS_SYSTEM
from core.domain.resource import Issue, Key, Malformed

PATIENT_FIELDS = frozenset({"subject", "patient", "beneficiary", "for"})
"""Fields whose logical reference is to a patient unless it says otherwise."""
HIERARCHY = frozenset({"partOf", "hasMember", "derivedFrom", "replaces", "priorPrescription"})
"""References by which something lies within or follows from another: a circle of them makes no sense."""
ZERO, NULL = rb"\u0000", b"null"
REFERENCE, IDENTIFIER = b'"reference":', b'"identifier":{'
"""How exact JSON writes them; within a text the quotes would be escaped."""


@dataclass(slots=True)
class Walk:
    """What a walk finds. `references` are (place, name of the field, the Reference); `logical` are (place, identifier)."""

    references: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    logical: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)


def walked(content: Mapping[str, Any], path: str, text: bytes) -> Walk:
    """Walk through a resource without recursion, until all is found that its exact JSON, `text`, speaks of.

    Raises Malformed for a zero byte or a null.
    """
    if ZERO in text or NULL in text:
        _refuse_unkept(content, path)
    found = Walk()
    left = text.count(REFERENCE) + text.count(IDENTIFIER)
    ahead: list[tuple[Any, tuple[str | int, ...]]] = [(content, ())]
    while ahead and left:
        node, way = ahead.pop()
        if isinstance(node, dict):
            reference, identifier = node.get("reference"), node.get("identifier")
            left -= ("reference" in node) + isinstance(identifier, dict)
            if isinstance(reference, str):
                found.references.append((placed(path, way), _field(way), node))
            if isinstance(identifier, dict) and way and of_patient(node, _field(way)):
                found.logical.append((placed(path, way), identifier))
        ahead += [(child, (*way, name)) for name, child in _named(node) if isinstance(child, dict | list)]
    return found


def _refuse_unkept(content: Mapping[str, Any], path: str) -> None:
    """Raise Malformed for a zero byte or a null, with its place. Within texts the signs of them mean nothing."""
    ahead: list[tuple[Any, tuple[str | int, ...]]] = [(content, ())]
    while ahead:
        node, way = ahead.pop()
        for name, child in _named(node):
            if isinstance(child, dict | list):
                ahead.append((child, (*way, name)))
            elif isinstance(child, str) and "\0" in child:
                raise Malformed(Issue("value", "a text holds a zero byte", placed(path, (*way, name))))
            elif child is None and isinstance(name, str):
                raise Malformed(Issue("value", "null is no value in FHIR", placed(path, (*way, name))))


def _named(node: Any) -> Iterable[tuple[str | int, Any]]:  # noqa: ANN401 - whatever JSON holds
    return node.items() if isinstance(node, dict) else enumerate(node)


def of_patient(node: Mapping[str, Any], name: str) -> bool:
    """Whether a Reference with an identifier is to a patient: by its type, else by the field that it stands in."""
    reference = node.get("reference", "#")
    if not isinstance(reference, str) or not reference.startswith(("#", "Patient?")):
        return False
    return node.get("type") == "Patient" or ("type" not in node and name in PATIENT_FIELDS)


def placed(path: str, way: tuple[str | int, ...]) -> str:
    """Return a place as FHIRPath writes it: `Bundle.entry[3].resource.valueQuantity.value`."""
    return path + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in way)


def _field(way: tuple[str | int, ...]) -> str:
    return next((each for each in reversed(way) if isinstance(each, str)), "")


def key_of(reference: str) -> Key | None:
    """Return what a relative reference names: `Type/id`, with or without a version; None for anything else."""
    return _key(reference.split("/"))


def elsewhere(reference: str) -> Key | None:
    """Return what an absolute reference names on the server that it leads to; None for anything else."""
    scheme, apart, rest = reference.partition("://")
    _, *parts = rest.split("/")
    versioned = len(parts) > 3 and parts[-2] == "_history"
    return _key(parts[-4:] if versioned else parts[-2:]) if scheme.isalpha() and apart else None


def _key(parts: Sequence[str]) -> Key | None:
    if len(parts) == 4 and parts[2] == "_history":
        parts = parts[:2]
    if len(parts) != 2 or not parts[0].isalpha() or not parts[0][0].isupper() or not _is_id(parts[1]):
        return None
    return Key(parts[0], parts[1])


def _is_id(text: str) -> bool:
    return 0 < len(text) <= 64 and text.isascii() and all(each.isalnum() or each in "-." for each in text)


def asked_by_identifier(reference: str) -> tuple[str, Mapping[str, str]] | None:
    """Return type and identifier of a conditional reference: `Patient?identifier=urn:oid:1.2.643.100.3|11223344595`."""
    kind, _, query = reference.partition("?")
    if not query or not kind.isalpha() or not kind[0].isupper():
        return None
    told = dict(parse_qsl(query)).get("identifier", "")
    system, _, value = told.rpartition("|")
    return kind, {"system": system or SNILS_SYSTEM, "value": value}


def circle(edges: Mapping[Key, list[tuple[Key, str]]]) -> str | None:
    """Return the place of a reference that closes a circle, or None. `edges`: from each resource to others, with places."""
    done: set[Key] = set()
    for start in edges:
        within: dict[Key, None] = {start: None}
        ahead = [iter(edges[start])] if start not in done else []
        while ahead:
            step = next(ahead[-1], None)
            if step is None:
                ahead.pop()
                done.add(within.popitem()[0])
                continue
            target, place = step
            if target in within:
                return place
            if target in edges and target not in done:
                within[target] = None
                ahead.append(iter(edges[target]))
    return None
