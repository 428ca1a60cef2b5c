"""Whose record it is: СНИЛС and policy among the identifiers that a clinic sends."""

from collections.abc import Mapping
from typing import Any

from core.domain.identifiers import SNILS_SYSTEM, InvalidValue, PolicyNumber, Snils
from core.domain.identifiers.policy import PolicyKind
from core.domain.resource import Claim, Content, Issue, Key, Malformed
from core.gateways.fhir.values import each, target
from core.gateways.fhir.walking import asked_by_identifier, of_patient

SNILS_SYSTEMS = frozenset({SNILS_SYSTEM, "1.2.643.100.3", "urn:oid:1.2.643.2.69.1.1.1.6.223"})
POLICY_SYSTEMS = frozenset({
    "urn:oid:1.2.643.2.69.1.1.1.6.226", "urn:oid:1.2.643.2.69.1.1.1.6.227", "urn:oid:1.2.643.2.69.1.1.1.6.228",
    "urn:oid:1.2.643.2.40.5.100.201", "urn:oid:1.2.643.5.1.13.2.7.100.2",
})  # fmt: skip
"""Names of the numbering of policies in use; the single number (ЕНП) is known by its form under any name."""


def claimed(identifiers: object, path: str, key: Key | None = None) -> Claim:
    """Return what the identifiers of a patient say. Raises Malformed for a СНИЛС or policy with a wrong check digit."""
    snils, policies = set(), set()
    for place, one in enumerate(identifiers if isinstance(identifiers, list) else [identifiers]):
        if not isinstance(one, Mapping) or not isinstance(one.get("value"), str):
            continue
        where = f"{path}[{place}].value" if isinstance(identifiers, list) else f"{path}.value"
        system = one.get("system")
        if system in SNILS_SYSTEMS:
            snils.add(_snils(one["value"], where))
        elif system in POLICY_SYSTEMS:
            policies.add(_policy(one["value"], where))
        else:
            policies |= _single(one)
    return Claim(path, key, frozenset(snils), frozenset(policies))


def says_whose(content: Content) -> bool:
    """Whether a kept resource says itself whose record it is part of: by the clinic's Patient, or by СНИЛС or policy."""
    subject = content.get("patient") or content.get("subject")
    if not isinstance(subject, Mapping):
        return False
    named, reference = target(subject), subject.get("reference")
    if named is not None:
        return named.type == "Patient"
    told = [subject.get("identifier")] if of_patient(subject, "subject") else []
    if isinstance(reference, str):
        asked = asked_by_identifier(reference)
        told += [asked[1]] if asked is not None and asked[0] == "Patient" else []
        told += [
            identifier
            for one in each(content.get("contained"))
            if one.get("resourceType") == "Patient" and f"#{one.get('id')}" == reference
            for identifier in each(one.get("identifier"))
        ]
    found = claimed(told, "")
    return bool(found.snils or found.policies)


def _snils(value: str, path: str) -> str:
    try:
        return Snils.parse(value).canonical
    except InvalidValue:
        raise Malformed(Issue("value", "not a СНИЛС: 11 digits with the right check digits", path)) from None


def _policy(value: str, path: str) -> str:
    try:
        return PolicyNumber.parse(value).canonical
    except InvalidValue:
        raise Malformed(
            Issue("value", "not a policy number (ЕНП): 16 digits, the last by the Luhn rule", path)
        ) from None


def _single(identifier: Mapping[str, Any]) -> set[str]:
    """Return the number if it has the form of an ЕНП: 16 digits, the last by the Luhn rule."""
    value = identifier["value"].replace(" ", "").replace("-", "").replace("\u00a0", "")
    if len(value) != 16 or not (value.isascii() and value.isdigit()):
        return set()
    try:
        policy = PolicyNumber.parse(value)
    except InvalidValue:
        return set()
    return {policy.canonical} if policy.kind is PolicyKind.SINGLE else set()
