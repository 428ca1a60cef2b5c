"""Codings and measured values as JSON has them: what is empty is left out, numbers are kept exact as text."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.domain.record import Coding, Mark, Measured


def coding_in(coding: Coding) -> list[str]:
    """Return what is sealed of a coding."""
    return [coding.system, coding.code, coding.display]


def coding_out(kept: list[str]) -> Coding:
    """Return the coding that was sealed."""
    return Coding(*kept)


def measured_in(value: Measured) -> dict[str, Any]:
    """Return what is sealed of one value."""
    numbers = {"number": value.number, "low": value.low, "high": value.high}
    return {
        "coding": coding_in(value.coding),
        **{name: str(number) for name, number in numbers.items() if number is not None},
        **filled(unit=value.unit, text=value.text, reference=value.reference, mark=value.mark and value.mark.value),
    }


def measured_out(kept: Mapping[str, Any]) -> Measured:
    """Return the value that was sealed."""
    told = kept.get
    number, low, high, mark = told("number"), told("low"), told("high"), told("mark")
    return Measured(
        Coding(*kept["coding"]),
        None if number is None else Decimal(number),
        told("unit", ""),
        told("text", ""),
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        told("reference", ""),
        None if mark is None else Mark(mark),
    )


def filled(**values: Any) -> dict[str, Any]:
    """Return what is not empty."""
    return {name: value for name, value in values.items() if value not in (None, "", [], False)}
