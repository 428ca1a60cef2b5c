"""What the portal's userinfo says of a person, read with care: a claim in an unexpected form counts as not told."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from core.domain.account import PortalPassport, PortalPerson
from core.ports import SignInRefused

LONGEST = 500
LEVELS = frozenset({"KD", "P", "PR"})
LEAST_LEVEL = "P"
SEXES = frozenset({"male", "female"})


def person(claims: Mapping[str, object]) -> PortalPerson:
    """Read the claims (OpenID Connect Core, 5.1, and the portal's own); SignInRefused without a name or subject.

    An unknown level counts as P, the unconfirmed one, so that nobody gains rights by a claim we do not understand.
    """
    subject, family, given = (_text(claims, name) for name in ("sub", "family_name", "given_name"))
    if subject is None or family is None or given is None:
        raise SignInRefused("the portal did not say who this is")
    level, sex = _text(claims, "level"), _text(claims, "gender")
    return PortalPerson(
        subject=subject,
        level=level if level in LEVELS else LEAST_LEVEL,
        family_name=family,
        given_name=given,
        middle_name=_text(claims, "middle_name"),
        birth_date=_date(claims, "birthdate"),
        sex=sex if sex in SEXES else None,
        snils=_text(claims, "snils"),
        inn=_text(claims, "inn"),
        phone=_text(claims, "phone_number"),
        email=_text(claims, "email"),
        address=_text(_group(claims, "address"), "formatted"),
        passport=_passport(_group(claims, "passport")),
        policy=_text(_group(claims, "oms"), "enp"),
    )


def _passport(claims: Mapping[str, object]) -> PortalPassport | None:
    series, number = _text(claims, "series"), _text(claims, "number")
    if series is None or number is None:
        return None
    return PortalPassport(
        series=series,
        number=number,
        issued_at=_date(claims, "issued_at"),
        issuer=_text(claims, "issuer"),
        department_code=_text(claims, "department_code"),
    )


def _group(claims: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = claims.get(name)
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _text(claims: Mapping[str, object], name: str) -> str | None:
    value = claims.get(name)
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    # Line ends inside an address become spaces; invisible characters have no business in a name.
    return "".join(letter for letter in " ".join(value.split()) if letter.isprintable()) or None


def _date(claims: Mapping[str, object], name: str) -> date | None:
    try:
        return date.fromisoformat(_text(claims, name) or "")
    except ValueError:
        return None
