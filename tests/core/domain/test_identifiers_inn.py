"""ИНН of a person."""

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum.ru.inn import calc_personal_check_digits

from core.domain.identifiers import Inn, InvalidInn
from tests.strategies import inn, inn_written

FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


@pytest.mark.parametrize(
    "raw", ["500100732259", "ИНН 5001 0073 2259", "5OO1OO732259", " 500\u2009100\u2009732\u2009259 "]
)
def test_every_way_of_writing_is_read(raw: str) -> None:
    value = Inn.parse(raw)
    assert value.canonical == str(value) == "500100732259"
    assert value.masked == "••••••••2259"
    assert repr(value) == "Inn(…)"


@pytest.mark.parametrize(
    ("raw", "key", "found"),
    [
        ("", "inn.empty", None),
        ("5" * 4097, "inn.too_long", None),
        ("нет ИНН", "inn.not_digits", None),
        ("50010073225", "inn.wrong_length", "11"),
        ("7707083893", "inn.company", None),
        ("7707083894", "inn.wrong_length", "10"),
        ("000000000000", "inn.leading_zeros", None),
        ("500100732258", "inn.check_digit", None),
    ],
)
def test_the_fault_is_named(raw: str, key: str, found: str | None) -> None:
    with pytest.raises(InvalidInn) as caught:
        Inn.parse(raw)
    assert caught.value.message_key == key
    assert caught.value.params.get("found") == found


@given(st.data())
def test_a_right_number_is_read_in_every_writing(data: st.DataObject) -> None:
    digits = data.draw(inn())
    value = Inn.parse(data.draw(inn_written(digits)))
    assert value.canonical == digits
    assert Inn.parse(value.canonical) == value


def accepted(digits: str) -> bool:
    try:
        return Inn.parse(digits).canonical == digits
    except InvalidInn:
        return False


@given(inn())
@settings(deadline=None)
def test_one_wrong_digit_is_always_caught(digits: str) -> None:
    for place, other in product(range(12), "0123456789"):
        if digits[place] != other:
            assert not accepted(digits[:place] + other + digits[place + 1 :])


def test_no_wrong_digit_can_escape_in_theory() -> None:
    # A wrong digit moves both sums by weight times delta. It escapes one control where the sum goes between 0 and 10
    # (both shown as 0), that is by ±1 modulo 11, and has to escape both at once. No digit has weights that allow it.
    for place, delta in product(range(10), range(-9, 10)):
        if delta:
            moves = (FIRST[place] * delta % 11, SECOND[place] * delta % 11)
            assert 0 not in moves
            assert not set(moves) <= {1, 10}


def sums(digits: str) -> tuple[int, int]:
    first = sum(weight * int(digit) for weight, digit in zip(FIRST, digits, strict=False)) % 11
    second = sum(weight * int(digit) for weight, digit in zip(SECOND, digits, strict=False)) % 11
    return first, second


def swap_escapes(digits: str, place: int) -> bool:
    """The theory: a sum of 10 and one of 0 both give the control digit 0, and nothing else hides a swap.

    Digits 9 and 10 escape where they are 5 or 6 apart and both sums go between 0 and 10. Digit 10 and the first control
    digit escape where they are 6 and 0, the 0 stands for a sum of 10, and the second sum goes between 0 and 10.
    """
    (first, second), (first_after, second_after) = sums(digits), sums(swapped_at(digits, place))
    if {second, second_after} != {0, 10}:
        return False
    if place == 8:
        return abs(int(digits[8]) - int(digits[9])) in (5, 6) and {first, first_after} == {0, 10}
    return place == 9 and {digits[9], digits[10]} == {"0", "6"} and 10 in (first, first_after)


def swapped_at(digits: str, place: int) -> str:
    return digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]


@given(inn())
@example("221677721600")
@example("090000104600")
@settings(deadline=None)
def test_one_swap_escapes_only_where_the_rule_cannot_see_it(digits: str) -> None:
    for place in range(11):
        if digits[place] != digits[place + 1]:
            assert accepted(swapped_at(digits, place)) == swap_escapes(digits, place)


def test_swaps_inside_the_number_are_seen_but_for_one_place() -> None:
    unseen = {
        (place, delta)
        for place, delta in product(range(9), range(1, 10))
        if {(FIRST[place] - FIRST[place + 1]) * delta % 11, (SECOND[place] - SECOND[place + 1]) * delta % 11}
        <= {1, 10, 0}
    }
    assert unseen == {(8, 5), (8, 6)}


def test_the_control_digit_can_be_swapped_unseen_in_one_pair_only() -> None:
    # Digit 10 has the weight 8 in the first sum and the control digit follows from it; what the other nine add is
    # `rest`.
    unseen = {
        (tenth, control)
        for rest, tenth in product(range(11), range(10))
        for control in ((rest + 8 * tenth) % 11 % 10,)
        if tenth != control and (rest + 8 * control) % 11 % 10 == tenth
    }
    assert unseen == {(0, 6), (6, 0)}


@pytest.mark.parametrize("place", [8, 9])
def test_the_swaps_that_escape_exist(place: int) -> None:
    found = [
        digits
        for number in range(7_700_000_000, 7_700_020_000, 5 if place == 9 else 1)
        for digits in (f"{number}{calc_personal_check_digits(str(number))}",)
        if swap_escapes(digits, place)
    ]
    assert found
    assert all(accepted(swapped_at(digits, place)) for digits in found)


def test_a_whole_block_of_numbers_agrees_with_the_theory() -> None:
    for number in range(7_700_000_000, 7_700_003_000):
        digits = f"{number}{calc_personal_check_digits(str(number))}"
        for place in (8, 9, 10):
            if digits[place] != digits[place + 1]:
                assert accepted(swapped_at(digits, place)) == swap_escapes(digits, place)
