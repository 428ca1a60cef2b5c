"""Whom a clinic is for, told by who receives there: children's clinics are for those under 18, adults' for the others."""

from collections.abc import Collection

from core.domain.account import ADULT
from core.domain.schedule import Facility

FIRST_CONTACT = {"therapist": False, "paediatrician": True}
"""The doctors that a clinic's people come to first, and whether those are children."""
CHILDRENS = "детск"
"""How the name of a children's clinic begins, where its schedule has neither of these doctors."""


def for_children(facility: Facility, specialities: Collection[str]) -> bool | None:
    """Whether a clinic is for children, for adults (False), or for both or who knows whom (None).

    `specialities` are codes of all that somebody receives for there.
    """
    whom = {children for code, children in FIRST_CONTACT.items() if code in specialities}
    if not whom and facility.name.casefold().startswith(CHILDRENS):
        return True
    return whom.pop() if len(whom) == 1 else None


def receives_age(facility: Facility, specialities: Collection[str], years: int | None) -> bool:
    """Whether a clinic is for somebody of so many full years; whose age is not known is refused nowhere."""
    children = for_children(facility, specialities)
    return years is None or children is None or children is (years < ADULT)
