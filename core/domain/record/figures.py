"""How values are written: numbers in the reader's language, units by their usual names, the range and the mark in words.

A number with up to three decimals is shown as it came; a longer one (165.13572344324407) is rounded to four significant
digits. It is kept exact, and given exact in the CSV.
"""

from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import format_decimal

from core.domain.record.names import answer_of, tidy
from core.domain.record.result import Mark, Measured

AS_IT_CAME = 3
SIGNIFICANT = 4
LONGEST = 15
"""More digits than this before the decimal point are no measurement that can be read: shown as they came."""

UNITS = {
    "mmol/L": "ммоль/л", "umol/L": "мкмоль/л", "µmol/L": "мкмоль/л", "nmol/L": "нмоль/л", "pmol/L": "пмоль/л",
    "mg/dL": "мг/дл", "g/dL": "г/дл", "g/L": "г/л", "mg/L": "мг/л", "ug/L": "мкг/л", "ng/mL": "нг/мл", "pg/mL": "пг/мл",
    "ug/dL": "мкг/дл", "mg/g": "мг/г", "pg": "пг", "fL": "фл", "kg": "кг", "g": "г", "cm": "см", "m": "м", "mm": "мм",
    "kg/m2": "кг/м²", "mm[Hg]": "мм рт. ст.", "mmHg": "мм рт. ст.", "Cel": "°C", "U/L": "Ед/л", "[iU]/L": "МЕ/л",
    "IU/L": "МЕ/л", "m[iU]/L": "мМЕ/л", "10*3/uL": "тыс./мкл", "10*6/uL": "млн/мкл", "10*9/L": "10⁹/л",
    "10*12/L": "10¹²/л", "/min": "в минуту", "{beats}/min": "уд./мин", "mL/min": "мл/мин",
    "mL/min/{1.73_m2}": "мл/мин/1,73 м²", "mL/min/1.73_m2": "мл/мин/1,73 м²", "mm/h": "мм/ч", "s": "с",
    "{score}": "балл.", "(score)": "балл.", "{T-score}": "", "{INR}": "", "1": "",
}  # fmt: skip
"""The standard Russian names of units of UCUM; what is not here is shown as it came."""
ENGLISH = {
    "{score}": "points", "(score)": "points", "{T-score}": "", "mm[Hg]": "mmHg", "Cel": "°C", "kg/m2": "kg/m²", "1": "",
    "10*3/uL": "10³/µL", "10*6/uL": "10⁶/µL", "10*9/L": "10⁹/L", "10*12/L": "10¹²/L", "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "{INR}": "", "{beats}/min": "beats/min", "[iU]/L": "IU/L", "m[iU]/L": "mIU/L",
}  # fmt: skip


def number(value: Decimal, language: str) -> str:
    """Return a number in a language: «165,1», «1 234,56», «−2,4»."""
    if not value.is_finite() or value.adjusted() >= LONGEST:
        return str(value)
    rounded = sensible(value)
    decimals = max(0, -int(rounded.as_tuple().exponent))
    shape = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(rounded, shape, locale=language, decimal_quantization=False).replace("-", "−")


def sensible(value: Decimal) -> Decimal:
    """Return a number as it came when it has up to three decimals, else with four significant digits."""
    exponent = int(value.as_tuple().exponent)
    if exponent >= -AS_IT_CAME:
        return value.quantize(Decimal(1)) if exponent > 0 else value
    decimals = max(0, SIGNIFICANT - 1 - value.adjusted()) if value else 0
    rounded = value.quantize(Decimal(1).scaleb(-min(decimals, -exponent)), ROUND_HALF_EVEN)
    stripped = rounded.normalize()
    return stripped.quantize(Decimal(1)) if int(stripped.as_tuple().exponent) > 0 else stripped


def unit_of(unit: str, language: str) -> str:
    """Return a unit by its usual name in a language."""
    return UNITS.get(unit, tidy(unit)) if language == "ru" else ENGLISH.get(unit, tidy(unit))


def value_of(measured: Measured, language: str) -> str:
    """Return a value with its unit, «5,4 ммоль/л»; an answer in words; «—» where nothing came."""
    if measured.number is None:
        return answer_of(measured.text, language) or "—"
    return f"{number(measured.number, language)} {unit_of(measured.unit, language)}".rstrip()


def reference_of(measured: Measured, language: str) -> str:
    """Return the reference range in the value's unit: «3,3–5,5», «до 5,5», «от 3,3»; the clinic's words; or nothing."""
    low, high = measured.low, measured.high
    if low is not None and high is not None:
        return f"{number(low, language)}–{number(high, language)}"
    if high is not None:
        return f"{'до' if language == 'ru' else 'up to'} {number(high, language)}"
    if low is not None:
        return f"{'от' if language == 'ru' else 'from'} {number(low, language)}"
    return tidy(measured.reference)


def mark_of(measured: Measured) -> Mark | None:
    """Return where the value lies: as the clinic said, else by its own range; None where nobody knows."""
    if measured.mark is not None or measured.number is None:
        return measured.mark
    if measured.low is not None and measured.number < measured.low:
        return Mark.BELOW
    if measured.high is not None and measured.number > measured.high:
        return Mark.ABOVE
    return Mark.WITHIN if measured.low is not None or measured.high is not None else None


def is_outside(measured: Measured) -> bool:
    """Tell whether a value is to be marked."""
    return mark_of(measured) in {Mark.BELOW, Mark.ABOVE, Mark.OUTSIDE}
