"""Invented results for the previews."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from core.domain.ids import AccountId, ClinicId, RecordId, new_id
from core.domain.record import Category, Coding, Kind, Measured, Panel, Result
from core.domain.record.coding import LOINC
from core.domain.record.course import courses_of
from core.domain.record.looking import Paging
from core.services.record import Categories, CourseView, Entry, ResultPage

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ACCOUNT, CLINIC = AccountId(new_id(NOW)), ClinicId(new_id(NOW))
INSTITUTION = "Городская поликлиника № 7"
GLUCOSE = Coding(LOINC, "2339-0", "Glucose")
PRESSURE = Coding(LOINC, "55284-4", "Blood Pressure")
LIPIDS = Coding(LOINC, "57698-3", "Lipid Panel")


def value(code: str, display: str, number: str, unit: str, low: str = "", high: str = "") -> Measured:
    """Return one value."""
    ends = [Decimal(end) if end else None for end in (low, high)]
    return Measured(Coding(LOINC, code, display), Decimal(number), unit, low=ends[0], high=ends[1])


def result(days: int, coding: Coding, *measured: Measured, panel: RecordId | None = None) -> Result:
    """Return one result, so many days old."""
    vital = coding is PRESSURE
    return Result(
        id=RecordId(new_id(NOW)),
        account=ACCOUNT,
        clinic=CLINIC,
        category=Category.VITAL if vital else Category.LABORATORY,
        taken_at=NOW - timedelta(days=days),
        coding=coding,
        measured=measured,
        institution=INSTITUTION,
        panel=panel,
    )


def glucose(days: int, number: str) -> Result:
    """Return a glucose."""
    return result(days, GLUCOSE, value("2339-0", "Glucose", number, "mmol/L", "3.3", "5.5"))


def pressure(days: int) -> Result:
    """Return a blood pressure."""
    upper = value("8480-6", "Systolic Blood Pressure", "148", "mm[Hg]", high="139")
    return result(days, PRESSURE, upper, value("8462-4", "Diastolic Blood Pressure", "86", "mm[Hg]", high="89"))


def lipids(days: int) -> Entry:
    """Return a panel with its results."""
    panel = Panel(
        RecordId(new_id(NOW)), ACCOUNT, CLINIC, Category.LABORATORY, NOW - timedelta(days=days), LIPIDS,
        "Общий холестерин немного повышен.", INSTITUTION,
    )  # fmt: skip
    values = (
        value("2093-3", "Total Cholesterol", "5.84", "mmol/L", high="5.2"),
        value("2571-8", "Triglycerides", "1.3", "mmol/L", high="1.7"),
        value("18262-6", "Low Density Lipoprotein Cholesterol", "3.4135723443", "mmol/L", high="3.3"),
        value("2085-9", "High Density Lipoprotein Cholesterol", "1.5", "mmol/L", "1.0"),
    )
    held = tuple(result(days, each.coding, each, panel=panel.id) for each in values)
    return Entry(panel, held)


def page() -> ResultPage:
    """Return the second page of seven."""
    alone = (glucose(4, "5.9"), pressure(4), glucose(90, "4.7"))
    entries = (lipids(4), *(Entry(each, (each,)) for each in alone))
    return ResultPage(entries, Paging(52, 8, 2), exist=True)


def categories() -> Categories:
    """Return what exists."""
    return Categories({Category.LABORATORY: 48, Category.INSTRUMENTAL: 3, Category.VITAL: 31})


def course() -> CourseView:
    """Return the course of a value."""
    series = tuple(glucose(days, number) for days, number in ((4, "5.9"), (90, "4.7"), (200, "5.1"), (400, "4.4")))
    return CourseView(GLUCOSE, series, Paging(4, 10), tuple(courses_of(series)))


def found() -> list[Kind]:
    """Return what was found."""
    return [Kind(glucose(4, "5.9"), 12), Kind(lipids(4).record, 5)]
