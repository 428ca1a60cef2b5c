"""Observations and DiagnosticReports as results and panels."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from core.domain.record import Category, Mark, Measured, Panel, Result
from core.domain.resource import Content, Key
from core.gateways.fhir.names import Names
from core.gateways.fhir.packing import opened
from core.gateways.fhir.values import (
    Moment,
    codes,
    coding,
    each,
    first,
    moment,
    number,
    plain,
    quantity,
    target,
    unit_of,
    words,
)
from core.ports.deliveries import Picture

NOT_SHOWN = frozenset({"entered-in-error", "cancelled"})
CATEGORIES = {
    "laboratory": Category.LABORATORY,
    "vital-signs": Category.VITAL,
    "imaging": Category.INSTRUMENTAL,
    "procedure": Category.INSTRUMENTAL,
    "survey": Category.SURVEY,
    # Diagnostic service sections (HL7 table 0074) of reports.
    **dict.fromkeys(
        (
            "LAB",
            "CH",
            "HM",
            "MB",
            "MCB",
            "BG",
            "BLB",
            "CG",
            "CP",
            "CTH",
            "GE",
            "IMM",
            "MYC",
            "PAR",
            "SR",
            "TX",
            "VR",
            "SP",
        ),
        Category.LABORATORY,
    ),
    **dict.fromkeys(
        (
            "RAD",
            "RUS",
            "RX",
            "CT",
            "CUS",
            "EC",
            "EN",
            "NMR",
            "NMS",
            "NRS",
            "OUS",
            "PF",
            "US",
            "VUS",
            "XRC",
            "CRD",
            "PHY",
        ),
        Category.INSTRUMENTAL,
    ),
}
MARKS = {
    **dict.fromkeys(("L", "LL", "LU", "<"), Mark.BELOW),
    **dict.fromkeys(("H", "HH", "HU", ">"), Mark.ABOVE),
    **dict.fromkeys(("A", "AA", "IE"), Mark.OUTSIDE),
    "N": Mark.WITHIN,
}
"""What a clinic says of a value itself (HL7 ObservationInterpretation)."""
YES, NO = "да", "нет"


def members(content: Content) -> Sequence[Key]:
    """Return the observations that a report holds, or that an observation without a value of its own only groups."""
    if content.get("resourceType") == "DiagnosticReport":
        listed = content.get("result")
    elif not _has_value(content):
        listed = content.get("hasMember")
    else:
        return ()
    return tuple(key for one in each(listed) if (key := target(one)) is not None and key.type == "Observation")


def result(key: Key, picture: Picture, names: Names, now: datetime) -> Result | None:
    """Return an observation as a result; None where there is nothing to show."""
    content = opened(picture.known[key])
    taken = _taken(content, picture.paths.get(key, str(key)), now)
    measured = _measured(content)
    if content.get("status") in NOT_SHOWN or taken is None or not measured:
        return None
    found = names.who(content)
    return Result(
        id=picture.ids[key],
        account=picture.account,
        clinic=picture.clinic,
        category=_category(content) or Category.OTHER,
        taken_at=taken.at,
        coding=coding(content.get("code")),
        measured=measured,
        institution=found.institution,
        doctor=found.doctor,
        note="\n".join(one.get("text", "") for one in each(content.get("note"))),
        panel=picture.panels.get(key),
        day_only=taken.day_only,
    )


def panel(key: Key, picture: Picture, names: Names, now: datetime) -> Panel | None:
    """Return a report as a panel; None where it holds neither results nor a conclusion."""
    content = opened(picture.known[key])
    taken = _taken(content, picture.paths.get(key, str(key)), now)
    held, conclusion = members(content), _conclusion(content)
    if content.get("status") in NOT_SHOWN or taken is None or not (held or conclusion):
        return None
    inside = (_category(picture.known[one]) for one in held if one in picture.known)
    category = _category(content) or next((one for one in inside if one), Category.OTHER)
    return Panel(
        id=picture.ids[key],
        account=picture.account,
        clinic=picture.clinic,
        category=category,
        taken_at=taken.at,
        coding=coding(content.get("code")),
        conclusion=conclusion,
        institution=names.who(content).institution,
        day_only=taken.day_only,
    )


def _taken(content: Content, path: str, now: datetime) -> Moment | None:
    for name in ("effectiveDateTime", "effectiveInstant"):
        if content.get(name):
            return moment(content[name], f"{path}.{name}", now)
    period = first(content.get("effectivePeriod"))
    for name in ("start", "end"):
        if period.get(name):
            return moment(period[name], f"{path}.effectivePeriod.{name}", now)
    return moment(content.get("issued"), f"{path}.issued", now)


def _category(content: Content) -> Category | None:
    known = [CATEGORIES[code] for code in sorted(codes(content.get("category"))) if code in CATEGORIES]
    return known[0] if known else None


def _conclusion(content: Content) -> str:
    told = [content.get("conclusion") or "", *(words(one) for one in each(content.get("conclusionCode")))]
    return "\n".join(part for part in told if part)


def _has_value(content: Content) -> bool:
    return bool(content.get("component")) or any(name.startswith("value") for name in content)


def _measured(content: Content) -> tuple[Measured, ...]:
    """Return the value of an observation itself, then those of its components."""
    own = _value(content, content)
    parts = (_value(part, content) for part in each(content.get("component")))
    return tuple(one for one in (own, *parts) if one is not None)


def _value(part: Content, whole: Content) -> Measured | None:
    amount, unit, text = _told(part)
    if amount is None and not text:
        text = words(part.get("dataAbsentReason"))
    if amount is None and not text:
        return None
    found = Measured(coding(part.get("code") or whole.get("code")), amount, unit, text)
    return _judged(found, part)


def _told(part: Content) -> tuple[Decimal | None, str, str]:
    """Return number, unit and text of a value; a number that is only a bound («< 5») is text."""
    measured = part.get("valueQuantity")
    if isinstance(measured, Mapping):
        amount = number(measured.get("value"))
        if measured.get("comparator") or amount is None:
            return None, "", quantity(measured)
        return amount, unit_of(measured), ""
    if (whole := number(part.get("valueInteger"))) is not None:
        return whole, "", ""
    if isinstance(part.get("valueBoolean"), bool):
        return None, "", YES if part["valueBoolean"] else NO
    for name in ("valueString", "valueTime", "valueDateTime"):
        if isinstance(part.get(name), str):
            return None, "", part[name]
    concept, ratio = part.get("valueCodeableConcept"), first(part.get("valueRatio"))
    if concept:
        return None, "", words(concept)
    if ratio:
        return None, "", f"{quantity(ratio.get('numerator'))} : {quantity(ratio.get('denominator'))}"
    between = first(part.get("valueRange")) or first(part.get("valuePeriod"))
    bounds = (between.get("low") or between.get("start"), between.get("high") or between.get("end"))
    said = [bound if isinstance(bound, str) else quantity(bound) for bound in bounds if bound]
    return None, "", " – ".join(said)


def _judged(found: Measured, part: Content) -> Measured:
    """Add the reference range, and the mark: as the clinic interpreted the value, else by the range."""
    ranges = list(each(part.get("referenceRange")))
    normal = [one for one in ranges if not one.get("type") or "normal" in codes(one.get("type"))]
    chosen = first(normal or ranges)
    low, high = first(chosen.get("low")), first(chosen.get("high"))
    bounds = number(low.get("value")), number(high.get("value"))
    said = sorted(codes(part.get("interpretation")) & MARKS.keys())
    mark = MARKS[said[0]] if said else None
    units = {unit_of(one) for one in (low, high) if one.get("value") is not None} - {""}
    if mark is None and found.number is not None and units <= {found.unit}:
        mark = _placed(found.number, *bounds)
    return replace(found, low=bounds[0], high=bounds[1], reference=chosen.get("text") or _range(*bounds), mark=mark)


def _placed(value: Decimal, low: Decimal | None, high: Decimal | None) -> Mark | None:
    if low is None and high is None:
        return None
    if low is not None and value < low:
        return Mark.BELOW
    return Mark.ABOVE if high is not None and value > high else Mark.WITHIN


def _range(low: Decimal | None, high: Decimal | None) -> str:
    match low, high:
        case None, None:
            return ""
        case None, _:
            return f"≤ {plain(high)}" if high is not None else ""
        case _, None:
            return f"≥ {plain(low)}" if low is not None else ""
        case _:
            return f"{plain(low)}–{plain(high)}" if low is not None and high is not None else ""
