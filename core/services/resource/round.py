"""One delivery while it is taken in: what was kept before, what changes, what belongs together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.domain.ids import AccountId, ClinicId, RecordId
from core.domain.resource import (
    OF_CLINIC,
    TIMETABLE,
    Arrived,
    Content,
    Issue,
    Kept,
    Key,
    Malformed,
    Mark,
    Outcome,
    Resources,
    outcome_of,
    record_id,
)
from core.ports import BlindIndexes, Deliveries, Picture

DIGEST = "resource.digest"
RECORDED = frozenset({"Encounter", "DiagnosticReport", "Observation", "Immunization", "ServiceRequest"})
"""What becomes a visit, a panel, a result, a vaccination; a referral, where it is one."""
SHOWN = RECORDED | {"Condition", "MedicationRequest", "CarePlan"}
"""What the citizen sees something of, if it says itself whose it is; else it is kept and no more."""
USED = frozenset({"Patient", "Organization", "Practitioner", "PractitionerRole", "Location", "Medication", *TIMETABLE})
"""What is not shown by itself but matches, names and places what is."""
ROUNDS = 4
"""How far names are followed: an observation, its encounter, the role of its doctor, the doctor."""


@dataclass(slots=True)
class Round:
    """Works inside the open transaction of whoever uses it."""

    clinic: ClinicId
    account: AccountId | None
    resources: Resources
    deliveries: Deliveries
    indexes: BlindIndexes
    ids: dict[Key, RecordId] = field(default_factory=dict)
    marks: dict[RecordId, Mark] = field(default_factory=dict)
    known: dict[Key, Content] = field(default_factory=dict)
    outcomes: dict[Key, Outcome] = field(default_factory=dict)
    changed: list[Arrived] = field(default_factory=list)
    wanted: dict[Key, None] = field(default_factory=dict)
    panels: dict[Key, RecordId] = field(default_factory=dict)
    parts: dict[Key, list[Key]] = field(default_factory=dict)
    paths: dict[Key, str] = field(default_factory=dict)
    hidden: set[Key] = field(default_factory=set)

    def id_of(self, key: Key) -> RecordId:
        """Return under which id a resource of this clinic is kept."""
        found = self.ids.get(key)
        if found is None:
            account = None if key.type in OF_CLINIC else self.account
            found = self.ids[key] = record_id(self.clinic, account, key)
        return found

    async def compare(self, arrived: Sequence[Arrived]) -> None:
        """Find out what is new. Raises Malformed for references to what this clinic has never sent."""
        pointed = {link for each in arrived for link in each.links}
        here = [each.key for each in arrived]
        self.marks.update(await self.resources.marks([self.id_of(key) for key in (*pointed, *here)]))
        dangling = [
            Issue("not-found", "the clinic has never sent what this refers to", f"{path}.reference")
            for each in arrived
            for link, path in each.links.items()
            if self.id_of(link) not in self.marks
        ]
        if dangling:
            raise Malformed(*dangling)
        for each in arrived:
            digest = self.indexes.of(DIGEST, each.stamp.digest).hex()
            one = replace(each, stamp=replace(each.stamp, digest=digest))
            mark = self.marks.get(self.id_of(one.key))
            outcome = outcome_of(one, mark.stamp if mark else None, was_removed=mark is not None and mark.removed)
            self.outcomes[one.key], self.paths[one.key] = outcome, one.path
            if outcome.changes:
                self.changed.append(one)
            if outcome is Outcome.STALE:
                continue
            if one.removed or not self._to_show(one.key, one.content):
                self.hidden.add(one.key)
            else:
                self.known[one.key] = one.content

    async def gather(self) -> None:
        """Find out which records have to be made (anew), and load whatever they are made of."""
        await self._find_wholes()
        for key in (each.key for each in self.changed if each.key not in self.hidden and each.key.type in RECORDED):
            self.wanted[key] = None
        await self._find_parts()
        self._join()
        tried: set[Key] = set()
        for _ in range(ROUNDS):
            missing = (
                (self.deliveries.missing(self.known, self.wanted) | self.wanted.keys()) - self.known.keys() - tried
            )
            if not missing:
                break
            tried |= missing
            await self._load(self.id_of(key) for key in missing)
        self.wanted = {key: None for key in self.wanted if key in self.known}

    def picture(self, account: AccountId) -> Picture:
        """Return everything that records are made of."""
        return Picture(self.clinic, account, self.known, self.ids, self.panels, self.parts, self.paths)

    def kept(self, shown: Collection[RecordId]) -> list[Kept]:
        """Return what is to be stored of the changed resources. `shown` are the ids of the records that were made."""
        visits = {key for key in self.wanted if self.id_of(key) in shown}
        found = []
        for each in self.changed:
            id_, before, whole = self.id_of(each.key), self.mark_of(each.key), self._whole(each)
            mark = Mark(
                id=id_,
                clinic=self.clinic,
                account=self.account if each.of_patient else None,
                type=each.key.type,
                stamp=each.stamp,
                edition=before.edition + 1 if before else 1,
                part_of=self.id_of(whole) if whole else self.panels.get(each.key),
                shown=not each.removed and (id_ in shown or whole in visits or each.key.type in USED),
                removed=each.removed,
            )
            found.append(Kept(mark, each.body))
        return found

    def attached(self) -> Mapping[RecordId, RecordId | None]:
        """Return which kept results have come into another panel, or out of one, without being delivered themselves."""
        changed = {each.key for each in self.changed}
        moved = {}
        for key in self.wanted:
            before = self.mark_of(key)
            if key.type == "Observation" and key not in changed and before is not None:
                panel = self.panels.get(key)
                if panel != before.part_of:
                    moved[before.id] = panel
        return moved

    def mark_of(self, key: Key) -> Mark | None:
        """Return what was kept before."""
        return self.marks.get(self.id_of(key))

    async def _find_wholes(self) -> None:
        """Visits to which something was added, or from which something was taken."""
        left = set()
        for each in self.changed:
            whole, before = self._whole(each), self.mark_of(each.key)
            if whole is not None:
                self.wanted[whole] = None
            if before is not None and before.part_of is not None and each.key.type != "Observation":
                left.add(before.part_of)
        await self._load(self.id_of(key) for key in list(self.wanted) if key not in self.known)
        for key in await self._load(left):
            self.wanted[key] = None

    async def _find_parts(self) -> None:
        """What was delivered before and belongs to visits and panels that change."""
        anew = {self.id_of(each.key) for each in self.changed if each.key.type == "DiagnosticReport"}
        anew |= {self.id_of(key) for key in self.wanted if key.type in {"Encounter", "Observation"}}
        here = {self.id_of(key) for key, outcome in self.outcomes.items() if outcome is not Outcome.STALE}
        parts = await self.resources.parts([id_ for id_ in anew if id_ in self.marks or id_ not in here])
        self.marks.update({mark.id: mark for mark in parts})
        for key in await self._load(mark.id for mark in parts if mark.id not in here):
            if key.type == "Observation":
                self.wanted[key] = None

    def _join(self) -> None:
        """Put diagnoses to their visits and results into their panels, each in the order of its report."""
        changed = {self.id_of(each.key) for each in self.changed}
        ordered: dict[Key, None] = {}
        for key, content in self.known.items():
            whole = self.deliveries.whole_of(content)
            if whole is not None:
                self.parts.setdefault(whole, []).append(key)
            for member in self.deliveries.members_of(content):
                self.panels[member] = self.id_of(key)
                if key in self.wanted or member in self.wanted:
                    ordered[member] = None
        for key in self.wanted:
            before = self.mark_of(key)
            kept = before.part_of if before is not None and key.type == "Observation" else None
            if kept is not None and kept not in changed:
                self.panels.setdefault(key, kept)
        self.wanted = {key: None for key in self.wanted if key not in ordered} | ordered

    def _whole(self, arrived: Arrived) -> Key | None:
        return None if arrived.key in self.hidden else self.deliveries.whole_of(arrived.content)

    def _to_show(self, key: Key, content: Content) -> bool:
        return key.type not in SHOWN or self.deliveries.says_whose(content)

    async def _load(self, ids: Iterable[RecordId]) -> list[Key]:
        """Open kept resources that may be shown; returns what they are called. What was delivered now is not overwritten."""
        found = []
        for id_, content in (await self.resources.contents(list(ids))).items():
            key = Key(content["resourceType"], content["id"])
            self.ids[key] = id_
            if key in self.hidden or not self._to_show(key, content):
                continue
            self.known.setdefault(key, content)
            found.append(key)
        if found:
            unknown = [self.ids[key] for key in found if self.ids[key] not in self.marks]
            self.marks.update(await self.resources.marks(unknown))
        return found
