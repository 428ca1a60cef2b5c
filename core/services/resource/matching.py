"""Whose record a delivery is: one card, found by СНИЛС, by policy, or by what the clinic said before."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from core.domain.access import Deed, Section
from core.domain.actor import Clinic, NotAllowed
from core.domain.card import Cards
from core.domain.consent import NoConsent
from core.domain.ids import AccountId
from core.domain.resource import Claim, Issue, Key, Malformed, PatientUnclear, Resources
from core.services.access import Gate

Identity = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class PatientMatch:
    """Works inside the open transaction of whoever uses it."""

    cards: Cards
    resources: Resources
    gate: Gate

    async def __call__(self, clinic: Clinic, claims: Sequence[Claim]) -> AccountId:
        """Return whose record it is; whether it stands open to the clinic is still to be asked, with the card held.

        Each place that brings identifiers is judged by its own. One that names a patient without any says nothing where
        that patient's come from elsewhere in the delivery; else it is whoever was remembered. Cards without a standing
        consent count as no cards at all, so that nobody learns who has one.
        Raises NoConsent where no open card is found, PatientUnclear where one patient's identifiers belong to different
        people, Malformed where the delivery is about more than one person.
        """
        if not claims:
            raise Malformed(Issue("required", "nothing here says whose record it is"))
        if any(len(claim.snils) > 1 for claim in claims):
            raise PatientUnclear
        identified = {claim.key for claim in claims if claim.key and (claim.snils or claim.policies)}
        unknown = {claim.key.id for claim in claims if claim.key and claim.key not in identified}
        remembered = await self.resources.patients(clinic.clinic, unknown)
        bearers = {identity: await self._bearers(*identity) for identity in dict.fromkeys(map(_identity, claims))}
        cards = {account for bears in bearers.values() for each in bears for account in each} | set(remembered.values())
        opened = {account for account in cards if await self._is_open(clinic, account)}
        if not opened:
            if len(cards) == 1:
                return cards.pop()
            raise NoConsent
        whose: list[tuple[str, AccountId | Key | Identity]] = []
        for claim in claims:
            if claim.snils or claim.policies:
                identity = _identity(claim)
                whose.append((claim.path, _one_of(opened, claim, *bearers[identity]) or identity))
            elif claim.key and claim.key not in identified:
                known = remembered.get(claim.key.id)
                whose.append((claim.path, known if known in opened else claim.key))
        return _only(whose)

    async def _bearers(self, snils: frozenset[str], policies: frozenset[str]) -> tuple[frozenset[AccountId], ...]:
        """Return whose cards bear this СНИЛС, and whose these policies."""
        by_snils = await self.cards.bearers(snils=snils, policies=()) if snils else frozenset()
        by_policy = await self.cards.bearers(snils=(), policies=policies) if policies else frozenset()
        return by_snils, by_policy

    async def _is_open(self, clinic: Clinic, account: AccountId) -> bool:
        try:
            await self.gate.other(clinic, account, Section.VISITS, Deed.DELIVER)
        except (NoConsent, NotAllowed):
            return False
        return True


def _identity(claim: Claim) -> Identity:
    return claim.snils, claim.policies


def _one_of(
    opened: Set[AccountId], claim: Claim, by_snils: Set[AccountId], by_policy: Set[AccountId]
) -> AccountId | None:
    """Return the open card that a claim is about. A card with the policy and without the СНИЛС is another person's."""
    found = (by_snils | by_policy) & opened
    if len(found) > 1 or (claim.snils and found and not found & by_snils):
        raise PatientUnclear
    return next(iter(found), None)


def _only(whose: Sequence[tuple[str, AccountId | Key | Identity]]) -> AccountId:
    people = dict.fromkeys(person for _, person in whose)
    if len(people) > 1:
        first = next(iter(people))
        other = next(path for path, person in whose if person != first)
        raise Malformed(Issue("business-rule", "belongs to another patient than what stands before it", other))
    account = next(iter(people), None)
    if account is None or isinstance(account, tuple | Key):
        raise NoConsent
    return account
