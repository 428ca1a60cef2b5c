"""ServiceRequests as referrals, where they are referrals to a doctor; every other one is kept as it came and no more."""

from datetime import date, datetime

from core.domain.record import Referral
from core.domain.record.coding import SNOMED
from core.domain.resource import Content, Issue, Key, Malformed
from core.gateways.fhir.names import Names
from core.gateways.fhir.specialities import meant
from core.gateways.fhir.values import each, first, moment
from core.ports.deliveries import Picture

REFERRALS = frozenset({(SNOMED, code) for code in ("3457005", "103696004", "306206005")})
"""Patient referral; to a specialist; to a service."""
SAID = frozenset({"направление", "направление к врачу", "referral"})
ONLY_THOUGHT_OF = frozenset({"proposal", "plan", "option"})
LONGEST = 40


def referral(key: Key, picture: Picture, names: Names, now: datetime) -> Referral | None:
    """Return an active order to be seen by a doctor whom we know the speciality of; None for anything else."""
    content, path = picture.known[key], picture.paths.get(key, str(key))
    speciality = _speciality(content)
    is_order = content.get("status") == "active" and content.get("intent") not in ONLY_THOUGHT_OF
    if speciality is None or not is_order or content.get("doNotPerform"):
        return None
    period = first(content.get("occurrencePeriod"))
    authored = moment(content.get("authoredOn") or period.get("start"), f"{path}.authoredOn", now)
    issuer = names.named(content.get("requester"))
    return Referral(
        id=picture.ids[key],
        account=picture.account,
        clinic=picture.clinic,
        authored_on=authored.day if authored else now.date(),
        speciality=speciality,
        number=_number(content)[:LONGEST],
        issuer=issuer.institution or issuer.doctor,
        valid_until=_day(period.get("end"), f"{path}.occurrencePeriod.end"),
    )


def _speciality(content: Content) -> str | None:
    """Return to whom it leads: as the performer's type says; else, of a referral by its category, as its code says."""
    asked = meant(content.get("performerType"))
    return asked or (meant(content.get("code")) if _is_referral(content) else None)


def _is_referral(content: Content) -> bool:
    for category in each(content.get("category")):
        codings = list(each(category.get("coding")))
        words = [category.get("text"), *(one.get("display") for one in codings)]
        if any((one.get("system"), one.get("code")) in REFERRALS for one in codings):
            return True
        if any(isinstance(word, str) and word.strip().casefold() in SAID for word in words):
            return True
    return False


def _number(content: Content) -> str:
    """Return its number: the official identifier, else the first, else how the clinic calls the resource."""
    told = [one for one in each(content.get("identifier")) if one.get("value")]
    told.sort(key=lambda one: one.get("use") != "official")
    return str(told[0]["value"] if told else content.get("id"))


def _day(text: object, path: str) -> date | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Malformed(Issue("value", "a whole date is needed", path)) from None
