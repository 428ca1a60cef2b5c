"""Who and where: the names that Organizations, Practitioners and Locations give to what refers to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.domain.resource import Content, Key
from core.gateways.fhir.values import display, each, first, human, target, words

PEOPLE = frozenset({"Practitioner", "PractitionerRole"})
PLACES = frozenset({"Organization", "Location"})


@dataclass(frozen=True, slots=True)
class Who:
    """A doctor and an institution, each empty where unknown."""

    doctor: str = ""
    speciality: str = ""
    institution: str = ""

    def filled(self, other: "Who") -> "Who":
        """Take from another what is unknown here."""
        return Who(
            self.doctor or other.doctor, self.speciality or other.speciality, self.institution or other.institution
        )


NOBODY = Who()


@dataclass(slots=True)
class Names:
    """What is known of whom and where; each that is named is looked at once, however many refer to it.

    References are followed only from a kind to the kind that it names, so no chain and no circle of them goes on.
    """

    known: Mapping[Key, Content]
    _said: dict[Key, Who] = field(default_factory=dict)
    _seen: dict[Key, Who] = field(default_factory=dict)

    def who(self, content: Content) -> Who:
        """Return who did it and where: as the resource says, else as its encounter does."""
        found = self._told(content)
        encounter = target(content.get("encounter"))
        if encounter is None or encounter.type != "Encounter" or content.get("resourceType") == "Encounter":
            return found
        if encounter not in self._seen:
            self._seen[encounter] = self._told(self.known.get(encounter, {}))
        return found.filled(self._seen[encounter])

    def named(self, reference: object) -> Who:
        """Return whom or what a single Reference names."""
        return self._named(reference)

    def _told(self, content: Content) -> Who:
        found = NOBODY
        for reference in named_by(content):
            found = found.filled(self._named(reference))
        return found

    def _named(self, reference: object, *kinds: str) -> Who:
        """Return whom or what a Reference (to one of these kinds) names, else the words that it brings along."""
        key = target(reference)
        kind = key.type if key else (reference.get("type") if isinstance(reference, Mapping) else None)
        if kind not in (kinds or (PEOPLE | PLACES)):
            return NOBODY
        said = display(reference)
        words_of_it = Who(institution=said) if kind in PLACES else Who(doctor=said)
        content = self.known.get(key) if key else None
        if key is None or content is None:
            return words_of_it
        if key not in self._said:
            self._said[key] = self._of(content)
        return self._said[key].filled(words_of_it)

    def _of(self, content: Content) -> Who:
        """Return what one of PEOPLE and PLACES says of itself."""
        match content.get("resourceType"):
            case "Organization":
                return Who(institution=str(content.get("name") or ""))
            case "Location":
                within = self._named(content.get("managingOrganization"), "Organization")
                return within.filled(Who(institution=str(content.get("name") or "")))
            case "Practitioner":
                return Who(human(first(content.get("name"))), _speciality(content.get("qualification")))
            case _:
                speciality = Who(speciality=words(first(content.get("specialty"))))
                doctor = self._named(content.get("practitioner"), "Practitioner")
                return speciality.filled(doctor).filled(self._named(content.get("organization"), "Organization"))


def _speciality(qualifications: object) -> str:
    return words(first(qualifications).get("code"))


def named_by(content: Content) -> Iterator[object]:
    """Yield the references by which a resource says who and where, the more telling first."""
    yield content.get("serviceProvider")
    for participant in each(content.get("participant")):
        yield participant.get("individual")
    performers = content.get("performer")
    for performer in each(performers):
        yield performer.get("actor") or performer
    yield content.get("location") if isinstance(content.get("location"), Mapping) else None
    for place in each(content.get("location")):
        yield place.get("location")
    yield content.get("managingOrganization")
    yield content.get("practitioner")
    yield content.get("organization")
    yield from each(content.get("resultsInterpreter"))
