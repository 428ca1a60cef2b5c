"""СНИЛС: what is read, what is refused, and exactly which slips the control number cannot see."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.identifiers import InvalidSnils, Snils
from core.domain.identifiers.snils import control_of
from tests.strategies import snils, snils_written


def refused(raw: str) -> InvalidSnils:
    with pytest.raises(InvalidSnils) as caught:
        Snils.parse(raw)
    return caught.value


@pytest.mark.parametrize(
    "raw",
    [
        "112-233-445 95",
        "11223344595",
        "112 233 445 95",
        "112-233-445-95",
        "СНИЛС: 112-233-445 95",
        "№ 112\u00a0233\u00a0445\u00a095",
        "112–233—445 95",
        "\u202e112-233-445 95\u202c",
        "１１２-２３３-４４５ ９５",
        "l12-2З3-445 95",
    ],
)
def test_every_way_of_writing_is_read(raw: str) -> None:
    value = Snils.parse(raw)
    assert value.canonical == "11223344595"
    assert str(value) == "112-233-445 95"
    assert value.masked == "•••-•••-445 95"
    assert repr(value) == "Snils(…)"


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("", "snils.empty"),
        (" \u200b\u00a0", "snils.empty"),
        ("СНИЛС", "snils.empty"),
        ("1" * 5000, "snils.too_long"),
        ("не помню", "snils.not_digits"),
        ("ООО-ООО-ООО lО", "snils.not_digits"),
        ("112-233-445 96", "snils.check_digit"),
        ("000-000-000 00", "snils.zeros"),
    ],
)
def test_the_fault_is_named(raw: str, key: str) -> None:
    error = refused(raw)
    assert error.message_key == key
    assert error.params == {"example": "112-233-445 95"}
    assert Snils.parse(error.example).canonical == "11223344595"


def test_a_missing_digit_is_counted() -> None:
    error = refused("112-233-445 9")
    assert error.message_key == "snils.wrong_length"
    assert error.params["found"] == "10"


def test_the_control_is_checked_above_the_threshold_only() -> None:
    assert Snils.parse("001-001-998 77").canonical == "00100199877"
    assert refused("001-001-999 77").message_key == "snils.check_digit"
    assert Snils.parse("001001999" + control_of("001001999"))


@given(st.data())
def test_a_right_number_is_read_in_every_writing(data: st.DataObject) -> None:
    digits = data.draw(snils())
    value = Snils.parse(data.draw(snils_written(digits)))
    assert value.canonical == digits
    assert Snils.parse(str(value)) == Snils.parse(value.canonical) == value


def weighted(number: str) -> int:
    return sum((9 - place) * int(digit) for place, digit in enumerate(number))


def escapes(right: str, wrong: str) -> bool:
    """The theory: a slip escapes below the threshold, or where the sum goes between 100 and 101, both shown as 00."""
    if int(wrong[:9]) <= 1_001_998:
        return int(wrong[:9]) > 0
    if right[9:] != wrong[9:]:
        return False
    before, after = weighted(right[:9]) % 101, weighted(wrong[:9]) % 101
    return {before, after} == {0, 100}


def accepted(digits: str) -> bool:
    try:
        return Snils.parse(digits).canonical == digits
    except InvalidSnils:
        return False


def with_one_wrong_digit(digits: str) -> list[str]:
    return [
        digits[:place] + other + digits[place + 1 :]
        for place, digit in enumerate(digits)
        for other in "0123456789"
        if other != digit
    ]


def with_one_swap(digits: str) -> list[str]:
    return [
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(len(digits) - 1)
        if digits[place] != digits[place + 1]
    ]


@given(snils())
@settings(deadline=None)
def test_one_wrong_digit_escapes_only_where_the_rule_cannot_see_it(digits: str) -> None:
    for wrong in with_one_wrong_digit(digits):
        assert accepted(wrong) == escapes(digits, wrong)


@given(snils())
@settings(deadline=None)
def test_one_swap_escapes_only_where_the_rule_cannot_see_it(digits: str) -> None:
    for wrong in with_one_swap(digits):
        assert accepted(wrong) == escapes(digits, wrong)


@pytest.mark.parametrize("right", ["11223344595", "98765432183", "90100150001"])
def test_a_whole_block_of_numbers_agrees_with_the_theory(right: str) -> None:
    for last in range(0, 1000, 7):
        number = f"{right[:6]}{last:03}"
        digits = number + control_of(number)
        for wrong in with_one_wrong_digit(digits) + with_one_swap(digits):
            assert accepted(wrong) == escapes(digits, wrong)


def test_a_sum_of_100_and_one_of_101_look_alike_in_control() -> None:
    # Both have the control 00 and differ in the ninth digit by one: the only wrong digit that a large number hides.
    before = next(f"{n:09}" for n in range(900_000_000, 999_999_999) if weighted(f"{n:09}") == 100 and n % 10 < 9)
    after = f"{int(before) + 1:09}"
    assert control_of(before) == control_of(after) == "00"
    assert accepted(before + "00")
    assert accepted(after + "00")


def residues(weights: list[int]) -> Counter[int]:
    """How many ways of choosing the digits give each sum modulo 101."""
    counts: Counter[int] = Counter({0: 1})
    for weight in weights:
        grown: Counter[int] = Counter()
        for total, ways in counts.items():
            for digit in range(10):
                grown[(total + weight * digit) % 101] += ways
        counts = grown
    return counts


def test_the_share_of_wrong_digits_that_escape_is_what_theory_gives() -> None:
    # All 10**9 numbers counted by residues (the threshold aside): only the ninth digit can hide, one up from a sum of
    # 100 or one down from a sum of 0.
    others = residues(list(range(9, 1, -1)))
    hidden = sum(others[(100 - digit) % 101] for digit in range(9)) + sum(
        others[-digit % 101] for digit in range(1, 10)
    )
    for weight in range(1, 10):
        moves = {weight * delta % 101 for delta in range(-9, 10) if delta}
        assert (moves & {1, 100} != set()) == (weight == 1)
    share = Fraction(hidden, 10**9 * 11 * 9)
    assert share == Fraction(2_237_989, 12_375_000_000)
    assert round(float(share), 6) == 0.000181
