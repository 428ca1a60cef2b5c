"""References followed as far as the delivery is known: each resource is finished, and put away, as soon as all of its are."""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from core.domain.resource import Arrived, Claim, Delivery, Issue, Key, Malformed, Stamp
from core.gateways.fhir.packing import OpenShelf, Shelf
from core.gateways.fhir.parsing import exact
from core.gateways.fhir.patients import claimed
from core.gateways.fhir.walking import HIERARCHY, Walk, asked_by_identifier, circle, elsewhere, key_of, walked

TOLD = 50
"""Faults that are told of one delivery."""
ENTERED_IN_ERROR = "entered-in-error"
SPARED = ("resourceType", "id", "meta", "identifier", "status", "slot", "cancelationReason", "start", "end")
"""What is held of an Appointment."""


@dataclass(slots=True)
class Draft:
    """A delivery while it is read. `arrived` is in its order, None while a resource waits for what comes after it."""

    arrived: dict[Key, Arrived | None] = field(default_factory=dict)
    waiting: list[tuple[Key, str, Callable[[], dict[str, Any]]]] = field(default_factory=list)
    urls: dict[str, Key] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    named: dict[Key, str] = field(default_factory=dict)
    edges: dict[Key, list[tuple[Key, str]]] = field(default_factory=dict)
    shelf: Shelf | OpenShelf = field(default_factory=Shelf)

    def add(self, key: Key, path: str, url: object = None) -> None:
        """Note a resource, by the clinic's name of it and by its address in the bundle."""
        if isinstance(url, str) and url:
            if url in self.urls:
                says = "this fullUrl stands twice"
                self.issues.append(Issue("duplicate", says, path.removesuffix("resource") + "fullUrl"))
            self.urls[url] = key
        if key in self.arrived:
            self.issues.append(Issue("duplicate", "this resource stands twice in the bundle", f"{path}.id"))
        self.arrived[key] = None

    def join(self, key: Key, path: str, content: dict[str, Any], *, last: bool = False) -> None:
        """Finish a valid resource if all that it refers to is known; whatever else is wrong with it is noted.

        `last`: nothing comes after it.
        """
        content["id"] = key.id
        try:
            walk = walked(content, path, exact(content))
            if not last and any(self._may_come(node["reference"]) for _, _, node in walk.references):
                self.waiting.append((key, path, self.shelf.aside(content)))
            else:
                self.arrived[key] = self._finished(key, path, content, walk)
        except Malformed as fault:
            self.issues += fault.issues
        except (TypeError, ValueError):
            self.issues.append(Issue("value", "a text is not Unicode", path))

    def closed(self) -> Delivery:
        """Finish what waits, and put everything together. Raises Malformed with all that is wrong."""
        waiting, self.waiting = self.waiting[::-1], []
        while waiting and not self.issues:
            key, path, fetch = waiting.pop()
            self.join(key, path, fetch(), last=True)
        closing = circle(self.edges)
        if closing:
            self.issues.append(Issue("business-rule", "these references form a circle", closing))
        self.stop()
        claims = [*self.claims, *(Claim(place, key) for key, place in self.named.items())]
        return Delivery([self._outside(each) for each in self.arrived.values() if each is not None], claims)

    def stop(self) -> None:
        """Raise Malformed if anything is wrong."""
        if self.issues:
            raise Malformed(*self.issues[:TOLD])

    def _outside(self, arrived: Arrived) -> Arrived:
        """Leave of its links those that lead out of the delivery."""
        if self.arrived.keys().isdisjoint(arrived.links):
            return arrived
        return replace(arrived, links={link: at for link, at in arrived.links.items() if link not in self.arrived})

    def _may_come(self, reference: str) -> bool:
        """Whether it is an address that an entry to come may have."""
        return reference not in self.urls and (reference.startswith("urn:") or "://" in reference)

    def _finished(self, key: Key, path: str, content: dict[str, Any], walk: Walk) -> Arrived:
        links: dict[Key, str] = {}
        if key.type == "Appointment":
            # Whose it is, is known by its number: who takes part says nothing, and is not kept.
            walk = Walk([one for one in walk.references if one[0].startswith(f"{path}.slot[")])
        inside = {f"#{each.get('id')}" for each in content.get("contained") or ()} | {"#"}
        for place, name, reference in walk.references:
            for found in self._resolved(reference["reference"], place, inside):
                if isinstance(found, Claim):
                    self.claims.append(found)
                    continue
                # Addresses within the bundle mean nothing later: kept are the clinic's own names (FHIR, transactions).
                reference["reference"] = str(found)
                if found.type == "Patient":
                    identifier = reference.get("identifier")
                    if isinstance(identifier, dict):
                        self.claims.append(claimed(identifier, f"{place}.identifier", found))
                    self.named.setdefault(found, place)
                    continue
                if found not in self.arrived and key.type != "Appointment":
                    links.setdefault(found, place)
                if name in HIERARCHY:
                    self.edges.setdefault(key, []).append((found, place))
        if key.type == "Appointment":
            return self._of_booking(key, path, content)
        self.claims += [claimed(each, f"{place}.identifier") for place, each in walk.logical]
        self.claims += _patients(key, path, content)
        return self._held(key, path, content, exact(content), links)

    def _of_booking(self, key: Key, path: str, content: dict[str, Any]) -> Arrived:
        """An appointment that was made here: what the clinic says became of it is held, and nothing of its patient."""
        body, spared = exact(content), {name: content[name] for name in SPARED if name in content}
        return self._held(key, path, spared, body, {})

    def _held(self, key: Key, path: str, content: dict[str, Any], body: bytes, links: Mapping[Key, str]) -> Arrived:
        """Hold a resource; its stamp is that of all that came."""
        meta = content.get("meta") or {}
        updated_at = self._moment(meta.get("lastUpdated"), f"{path}.meta.lastUpdated")
        stamp = Stamp(meta.get("versionId", ""), updated_at, sha256(body).hexdigest())
        kept = body if key.type != "Appointment" else exact(content)
        return Arrived(key, path, stamp, *self.shelf.put(content, kept), links, removed=_is_error(content))

    def _resolved(self, reference: str, path: str, inside: Set[str]) -> Iterator[Key | Claim]:
        """Yield what a reference leads to; what leads outside of the clinic's own records is left as it is.

        `inside` are the references to what the resource contains.
        """
        if reference in self.urls:
            yield self.urls[reference]
        elif reference.startswith("#"):
            if reference not in inside:
                self.issues.append(Issue("not-found", "nothing of this name is contained", f"{path}.reference"))
        elif reference.startswith("urn:"):
            self.issues.append(Issue("not-found", "nothing in the bundle has this fullUrl", f"{path}.reference"))
        elif (asked := asked_by_identifier(reference)) is not None:
            if asked[0] == "Patient":
                yield claimed(asked[1], f"{path}.reference")
        elif (key := key_of(reference)) is not None:
            yield key
        elif (key := elsewhere(reference)) is None:
            self.issues.append(Issue("value", "not a reference to a resource", f"{path}.reference"))
        elif key.type == "Patient":
            says = "a patient of another server: send the Patient in the bundle, or name it by an identifier"
            self.issues.append(Issue("not-found", says, f"{path}.reference"))

    def _moment(self, text: object, path: str) -> datetime | None:
        if not isinstance(text, str):
            return None
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            self.issues.append(Issue("value", "not a moment that can be", path))
            return None


def _patients(key: Key, path: str, content: Mapping[str, Any]) -> Iterator[Claim]:
    if key.type == "Patient":
        yield claimed(content.get("identifier", []), f"{path}.identifier", key)
    for place, each in enumerate(content.get("contained") or ()):
        if each.get("resourceType") == "Patient":
            yield claimed(each.get("identifier", []), f"{path}.contained[{place}].identifier")


def _is_error(content: Mapping[str, Any]) -> bool:
    if content.get("status") == ENTERED_IN_ERROR:
        return True
    verification = content.get("verificationStatus")
    codings = verification.get("coding") or () if isinstance(verification, Mapping) else ()
    return any(coding.get("code") == ENTERED_IN_ERROR for coding in codings)
