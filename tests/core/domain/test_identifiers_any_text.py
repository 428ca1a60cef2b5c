"""Whatever is typed, each kind reads it or says what is wrong: nothing else is raised, and nothing typed gets out."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given, settings

from core.domain import identifiers
from core.domain.identifiers import (
    MESSAGE_KEYS,
    Address,
    BirthCertificate,
    BirthDate,
    DepartmentCode,
    Email,
    FullName,
    Icd10,
    Identifier,
    Inn,
    InvalidDate,
    InvalidValue,
    OneTimeCode,
    PassportIssue,
    PassportIssuer,
    PassportNumber,
    Phone,
    PolicyNumber,
    Sex,
    Snils,
)
from core.domain.identifiers.normalise import MAX_INPUT, clean
from tests.strategies import TODAY, junk

BORN = BirthDate.parse("01.05.1980", today=TODAY)

KINDS: dict[str, Callable[[str], Identifier]] = {
    "snils": Snils.parse,
    "inn": Inn.parse,
    "policy": PolicyNumber.parse,
    "passport": PassportNumber.parse,
    "department_code": DepartmentCode.parse,
    "passport_issue": partial(PassportIssue.parse, birth_date=BORN, today=TODAY),
    "passport_issuer": PassportIssuer.parse,
    "birth_certificate": BirthCertificate.parse,
    "phone": Phone.parse,
    "email": Email.parse,
    "name": FullName.parse,
    "birth_date": partial(BirthDate.parse, today=TODAY),
    "address": Address.parse,
    "icd10": Icd10.parse,
    "sex": Sex.parse,
    "one_time_code": OneTimeCode.parse,
}


def concrete_errors(error: type[InvalidValue] = InvalidValue) -> list[type[InvalidValue]]:
    found = [error, *(deeper for child in error.__subclasses__() for deeper in concrete_errors(child))]
    return [kind for kind in found if kind not in (InvalidValue, InvalidDate)]


def test_every_error_belongs_to_a_kind() -> None:
    assert {error.field for error in concrete_errors()} == set(KINDS)


@pytest.mark.parametrize("error", concrete_errors(), ids=lambda error: error.field)
def test_every_example_is_itself_right(error: type[InvalidValue]) -> None:
    value = KINDS[error.field](error.example)
    assert str(value) == error.example or isinstance(value, Sex)


@given(junk())
@example("")
@example("²³ ١٢٣ ꙮ")
@example("1" * MAX_INPUT)
@example("а-" * (MAX_INPUT // 2))
@example("a@" + "b." * 100)
@example("\ud800")
@settings(deadline=None)
def test_any_text_is_read_or_refused_with_a_known_key(raw: str) -> None:
    for field, parse in KINDS.items():
        value = read(parse, raw)
        if isinstance(value, InvalidValue):
            assert value.message_key in MESSAGE_KEYS
            assert value.message_key.startswith(f"{field}.")
            assert set(value.params) == MESSAGE_KEYS[value.message_key]
            assert str(value) == value.message_key
            assert value.__suppress_context__ or value.__context__ is None
        else:
            assert repr(value) == f"{type(value).__name__}(…)"
            assert parse(value.canonical) == value
            assert clean(value.canonical) == value.canonical


def read(parse: Callable[[str], Identifier], raw: str) -> Identifier | InvalidValue:
    try:
        return parse(raw)
    except InvalidValue as error:
        return error


@given(junk())
@settings(deadline=None)
def test_cleaning_is_done_once(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)
    assert clean(raw).isprintable()


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "а",
        "а ",
        "а-",
        "а'",
        "-",
        " -",
        ".",
        "1.",
        "a@",
        ",",
        ", ",
        "I",
        "IV",
        "«",
        "№",
        "N ",
        "\u202e",
        "\u0301",
        "😀",
        "серия ",
    ],
)
def test_a_text_four_times_as_long_takes_about_four_times_as_long(piece: str) -> None:
    def cost(length: int) -> float:
        text = (piece * MAX_INPUT)[: length - 1] + "!"
        tries = []
        for _ in range(5):
            started = process_time()
            for parse in KINDS.values():
                with pytest.raises(InvalidValue):
                    parse(text)
            tries.append(process_time() - started)
        return min(tries)

    # An expression that backtracks would take sixteen times as long, or for ever.
    assert cost(MAX_INPUT) < 12 * cost(MAX_INPUT // 4)


def test_every_key_that_the_code_raises_is_listed_and_the_other_way_round() -> None:
    folder = Path(identifiers.__file__).parent
    sources = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    raised = set(re.findall(r'(?:Invalid\w+|error)\(\s*"(\w+)"', "".join(sources.values())))
    indirect = set(re.findall(r'"((?:surname|given|patronymic)_too_long)"', sources["full_name"]))
    conditional = set(re.findall(r'Invalid\w+\("(\w+)" if .*? else "(\w+)"\)', "".join(sources.values())))
    listed = {key.partition(".")[2] for key in MESSAGE_KEYS}
    assert raised | indirect | {fault for pair in conditional for fault in pair} == listed
